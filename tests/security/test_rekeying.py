"""The key of the data is changed: nothing is lost, whatever happens on the way, and old copies still open."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from nehe_desktop.core.database import Database
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.visits.ledger import Visit
from nehe_desktop.security import asides, backup, rekeying, restoring, succession, vault
from nehe_desktop.security.envelope import Cost, Key
from nehe_desktop.security.large import Stopped
from tests.durability.work import visit
from tests.security.rekey_work import PIN, STEPS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def key(tmp_path: Path) -> Key:
    """The key of a laptop with three hundred visits that nobody has sent yet."""
    made, _ = vault.create(tmp_path / "nehe.vault", "甲某", PIN, cost=Cost(8, 1, 1))
    with closing(Store.open(tmp_path / "nehe.nhdb", made, "甲某")) as store:
        store.write((Put(visit(number)) for number in range(300)), "走访登记")
    return made


def opened(folder: Path) -> tuple[Key, int]:
    """The key by the person's PIN at the next start, and how many visits wait to be sent."""
    found = vault.unlock(folder / "nehe.vault", "甲某", PIN)
    found = rekeying.settled(folder / "nehe.nhdb", folder / "nehe.vault", found)
    with closing(Store.open(folder / "nehe.nhdb", found, "甲某")) as store:
        assert store.database.check() == []
        waiting = store.rows("SELECT count(*) FROM journal WHERE state = 'pending' AND tbl = 'visit'")
        assert store.count(Visit) == waiting[0][0]
        return found, store.count(Visit)


def changed(folder: Path, key: Key) -> Key:
    """The key after a change of it."""
    return rekeying.change(folder / "nehe.nhdb", folder / "nehe.vault", key)


def test_after_the_change_the_same_pin_opens_the_same_work_and_the_old_key_nothing(
    tmp_path: Path, key: Key
) -> None:
    following = changed(tmp_path, key)
    assert opened(tmp_path) == (following, 300)
    with pytest.raises(Trouble):
        Database.open(tmp_path / "nehe.nhdb", key)
    assert {path.name for path in tmp_path.iterdir()} == {"nehe.nhdb", "nehe.vault", "nehe.vault.previous"}


@pytest.mark.parametrize(
    ("step", "when"), [*((step, when) for step in STEPS for when in ("before", "after")), ("middle", "")]
)
def test_a_power_cut_at_any_step_loses_nothing(tmp_path: Path, key: Key, step: str, when: str) -> None:
    words = [sys.executable, "-m", "tests.security.rekey_work", str(tmp_path), step, when]
    assert subprocess.run(words, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    found, count = opened(tmp_path)
    is_new = (step, when) in {("settle", "after"), ("finish_rekey", "before"), ("finish_rekey", "after")}
    assert (count, found != key) == (300, is_new)
    assert not (tmp_path / "nehe.nhdb.rekeying").exists()
    assert succession.following(tmp_path / "nehe.vault", found) is None


def test_a_file_that_another_program_holds_at_the_next_start_costs_no_key(
    tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [sys.executable, "-m", "tests.security.rekey_work", str(tmp_path), "finish_rekey", "before"]
    subprocess.run(words, cwd=ROOT, check=False)
    with monkeypatch.context() as held:
        held.setattr(rekeying, "_opens", lambda *_: False)
        with pytest.raises(Trouble, match="还没有收尾"):
            opened(tmp_path)
    found, count = opened(tmp_path)
    assert (found != key, count) == (True, 300)


def test_who_cancels_keeps_the_old_key(tmp_path: Path, key: Key) -> None:
    with pytest.raises(Stopped):
        rekeying.change(tmp_path / "nehe.nhdb", tmp_path / "nehe.vault", key, cancelled=lambda: True)
    assert opened(tmp_path) == (key, 300)


def test_no_key_is_changed_while_the_data_are_open(tmp_path: Path, key: Key) -> None:
    with closing(Store.open(tmp_path / "nehe.nhdb", key, "甲某")), pytest.raises(Trouble, match="正在使用"):
        changed(tmp_path, key)
    assert opened(tmp_path) == (key, 300)


def test_a_pin_that_is_forgotten_between_the_two_halves_is_set_anew_by_the_sheet(
    tmp_path: Path, key: Key
) -> None:
    sheet = vault.new_recovery(tmp_path / "nehe.vault", key)
    words = [sys.executable, "-m", "tests.security.rekey_work", str(tmp_path), "finish_rekey", "before"]
    subprocess.run(words, cwd=ROOT, check=False)
    held = vault.recover(
        tmp_path / "nehe.vault", "\n".join(sheet.lines), "甲某", "914306", cost=Cost(8, 1, 1)
    )
    found = rekeying.settled(tmp_path / "nehe.nhdb", tmp_path / "nehe.vault", held)
    assert vault.unlock(tmp_path / "nehe.vault", "甲某", "914306") == found != key


def test_a_copy_from_before_the_change_opens_with_its_own_key_file_and_comes_back_under_the_new_key(
    tmp_path: Path, key: Key
) -> None:
    with closing(Store.open(tmp_path / "nehe.nhdb", key, "甲某")) as store:
        copy = backup.make(
            store.database, key, tmp_path / "nehe.vault", tmp_path / "copies", store.clock.now()
        ).copy
        now = store.clock.now()
    following = changed(tmp_path, changed(tmp_path, key))
    assert vault.unlock(copy.key_file, "甲某", PIN) == key
    assert backup.prove(copy, following, vault_path=tmp_path / "nehe.vault").sound
    restoring.restore(copy, tmp_path / "nehe.nhdb", following, tmp_path / "nehe.vault", now, agreed=True)
    assert opened(tmp_path) == (following, 300)


def put_aside(folder: Path, key: Key) -> Path:
    """What a restore leaves: the data of before it, beside the data."""
    file, vault_path = folder / "nehe.nhdb", folder / "nehe.vault"
    with closing(Store.open(file, key, "甲某")) as store:
        now = store.clock.now()
        copy = backup.make(store.database, key, vault_path, folder / "copies", now).copy
        store.write([Put(visit(300))], "走访登记")
    made = restoring.restore(copy, file, key, vault_path, now, agreed=True)
    assert made is not None
    return made


def visits_in(file: Path, key: Key) -> int:
    with closing(Store.open(file, key, "甲某")) as store:
        return store.count(Visit)


def test_what_a_restore_put_aside_follows_the_key_whole(tmp_path: Path, key: Key) -> None:
    aside, file, vault_path = put_aside(tmp_path, key), tmp_path / "nehe.nhdb", tmp_path / "nehe.vault"
    following = changed(tmp_path, changed(tmp_path, key))
    assert asides.standing(file, vault_path, following).former == (aside,)
    assert asides.renew(file, vault_path, following) == 1
    assert asides.renew(file, vault_path, following) == 0
    assert asides.standing(file, vault_path, following).former == ()
    assert visits_in(aside, following) == 301
    with pytest.raises(Trouble):
        Database.open(aside, key)
    assert visits_in(file, following) == 300


@pytest.mark.parametrize("step", ["_write_anew", "settle"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_power_cut_while_it_follows_loses_nothing_and_the_next_day_ends_it(
    tmp_path: Path, key: Key, step: str, when: str
) -> None:
    aside, file, vault_path = put_aside(tmp_path, key), tmp_path / "nehe.nhdb", tmp_path / "nehe.vault"
    following = changed(tmp_path, key)
    words = [sys.executable, "-m", "tests.security.rekey_work", str(tmp_path), step, when, "asides"]
    assert subprocess.run(words, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    left = asides.standing(file, vault_path, following)
    assert (left.count, left.strange) == (1, ())
    asides.renew(file, vault_path, following)
    assert visits_in(aside, following) == 301
    assert not list(tmp_path.glob("*.rekeying*"))


def test_data_of_another_key_file_are_told_and_left_alone(tmp_path: Path, key: Key) -> None:
    strange = tmp_path / "nehe-恢复前-20200101-080000.nhdb"
    Store.open(strange, Key(bytes(32)), "乙某").close()
    before = strange.read_bytes()
    found = asides.standing(tmp_path / "nehe.nhdb", tmp_path / "nehe.vault", key)
    assert found.strange == (strange,)
    assert asides.renew(tmp_path / "nehe.nhdb", tmp_path / "nehe.vault", key) == 0
    assert strange.read_bytes() == before


def test_the_data_under_a_second_name_are_not_opened_twice(tmp_path: Path, key: Key) -> None:
    (tmp_path / "nehe-恢复前-20200101-080000.nhdb").hardlink_to(tmp_path / "nehe.nhdb")  # the power went in a restore
    assert asides.standing(tmp_path / "nehe.nhdb", tmp_path / "nehe.vault", key).count == 0
