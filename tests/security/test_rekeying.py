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
from nehe_desktop.security import backup, rekeying, restoring, succession, vault
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
