"""PINs behind the system's key store: a copy of the files and the right PIN open nothing, and nothing is lost with it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from nehe_desktop.core.clock import fixed
from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.security import (
    backup,
    envelope,
    escrow,
    keystore,
    laptop,
    outer_lock,
    rekeying,
    restoring,
    switching,
    vault,
    vault_file,
    wiping,
)
from nehe_desktop.security.envelope import Cost, Key
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.security.outer_lock import Unkept
from nehe_desktop.security.recovery import RecoverySheet
from tests.conftest import NOW
from tests.keystores import Failing, Forgetful, Hanging, Memory, PlainText
from tests.security.test_vault import PowerCutError, cut_after

CHEAP = Cost(memory=8, passes=1, lanes=1)
WHO, COLLEAGUE = "李建国", "王强"
PIN, OTHER, NEW = "805172", "914306", "730164"


class Kept:
    """A laptop that was set up on a system with a key store: two people, a file, a backup."""

    def __init__(self, folder: Path, key: Key, sheet: RecoverySheet) -> None:
        self.here, self.key, self.sheet = Laptop(folder), key, sheet

    def opens(self, who: str = WHO, pin: str = PIN) -> Key:
        return vault.unlock(self.here.vault, who, pin)

    def backs_up(self) -> backup.Copy:
        with closing(laptop.open_store(self.here, self.key, WHO, fixed(NOW))) as store:
            return backup.make(
                store.database, self.key, self.here.vault, self.here.backups, fixed(NOW).now()
            ).copy

    def recovers(self, pin: str = NEW) -> Key:
        return vault.recover(self.here.vault, "\n".join(self.sheet.lines), WHO, pin, cost=CHEAP)


def set_up(folder: Path, *, guarded: bool) -> Kept:
    here = Laptop(folder)
    here.vault.parent.mkdir(parents=True)
    key, sheet = vault.create(here.vault, WHO, PIN, cost=CHEAP, guarded=guarded)
    vault.add_person(here.vault, key, COLLEAGUE, OTHER, cost=CHEAP)
    return Kept(folder, key, sheet)


@pytest.fixture
def kept(tmp_path: Path, system: Memory) -> Kept:
    assert not system.secrets
    return set_up(tmp_path / "kept", guarded=True)


@pytest.fixture
def elsewhere(kept: Kept, system: Memory) -> Iterator[Memory]:
    """From now on the same files lie on another computer, or the system was installed anew."""
    assert kept.opens() == kept.key
    keyring.set_keyring(other := Memory())
    yield other
    keyring.set_keyring(system)


def on_system(store: KeyringBackend) -> None:
    keyring.set_keyring(store)


def wrong_tries(kept: Kept) -> int:
    return sum(holder.wrong for holder in vault.people(kept.here.vault))


# -- what it protects ------------------------------------------------------------------------------


def test_a_laptop_that_is_set_up_uses_the_key_store_by_itself(kept: Kept, system: Memory) -> None:
    assert switching.standing(kept.here) == switching.Standing(on=True, behind=2)
    assert len(system.secrets) == 1
    assert kept.opens() == kept.opens(COLLEAGUE, OTHER) == kept.key


@pytest.mark.usefixtures("elsewhere")
def test_a_thief_with_the_files_and_the_right_pin_opens_nothing_and_no_try_is_counted(kept: Kept) -> None:
    for _ in range(12):
        with pytest.raises(Unkept, match=r"口令对也打不开.*不算输错.*恢复单.*县里"):
            kept.opens()
    assert wrong_tries(kept) == 0


def test_a_wrong_secret_opens_nothing_whatever_it_calls_itself(kept: Kept, elsewhere: Memory) -> None:
    content, false = vault_file.load(kept.here.vault), envelope.new_key()
    keystore.keep(outer_lock.entry(content, content["kept_by"]), false)
    with pytest.raises(Unkept):
        kept.opens()
    for holder in content["people"].values():
        holder["lock"]["kept"]["by"] = envelope.fingerprint(false)
    vault_file.save(kept.here.vault, content)
    keystore.keep(outer_lock.entry(content, envelope.fingerprint(false)), false)
    with pytest.raises(Unkept):
        kept.opens()
    assert len(elsewhere.secrets) == 2


@pytest.mark.usefixtures("elsewhere")
def test_no_part_of_the_key_file_answers_whether_a_pin_is_right(kept: Kept) -> None:
    content = vault_file.load(kept.here.vault)
    lock = content["people"][WHO]["lock"]
    assert "box" not in lock
    for nonce in (lock["nonce"], lock["kept"]["nonce"]):
        guess = {**lock, "box": lock["kept"]["box"], "nonce": nonce}
        assert envelope.unlocked(guess, PIN, vault.about(content, WHO, "lock")) is None
    assert "box" in content["recovery"]["lock"]


def test_the_secret_is_in_no_file_and_alone_opens_nothing(kept: Kept, system: Memory) -> None:
    (text,) = system.secrets.values()
    for path in kept.here.folder.rglob("*"):
        assert path.is_dir() or text.encode() not in path.read_bytes()
    with pytest.raises(Refused, match="口令不对"):
        kept.opens(pin="640071")
    assert wrong_tries(kept) == 1


def test_an_envelope_cannot_be_moved_to_a_colleague(kept: Kept) -> None:
    content = vault_file.load(kept.here.vault)
    content["people"][COLLEAGUE]["lock"] = content["people"][WHO]["lock"]
    vault_file.save(kept.here.vault, content)
    with pytest.raises(Unkept):
        kept.opens(COLLEAGUE, PIN)


# -- what is lost with it, and the two ways back ---------------------------------------------------


def test_the_printed_sheet_opens_on_a_new_system_with_a_new_pin_and_a_new_secret(
    kept: Kept, elsewhere: Memory, system: Memory
) -> None:
    before = dict(system.secrets)
    assert kept.recovers() == kept.key
    assert kept.opens(pin=NEW) == kept.key
    assert elsewhere.secrets.keys().isdisjoint(before)
    assert switching.standing(kept.here) == switching.Standing(on=True, behind=2, former=(COLLEAGUE,))
    with pytest.raises(Unkept, match="请能登录的同事"):
        kept.opens(COLLEAGUE, OTHER)
    vault.add_person(kept.here.vault, kept.key, COLLEAGUE, NEW, cost=CHEAP)
    assert kept.opens(COLLEAGUE, NEW) == kept.key
    assert system.secrets == before


@pytest.mark.usefixtures("elsewhere")
def test_the_countys_answer_opens_on_a_new_system_with_a_new_secret(kept: Kept) -> None:
    asked = escrow.ask(kept.here.vault, WHO, NEW, cost=CHEAP)
    answer = "\n".join(escrow.answer(asked, kept.key))
    assert escrow.take(kept.here.vault, answer, NEW, cost=CHEAP) == (kept.key, WHO)
    assert kept.opens(pin=NEW) == kept.key


@pytest.mark.parametrize("store", [Failing, PlainText, Forgetful])
@pytest.mark.usefixtures("elsewhere")
def test_where_there_is_no_key_store_any_more_the_new_pin_stands_alone(
    kept: Kept, store: type[Memory]
) -> None:
    on_system(store())
    with pytest.raises(Unkept):
        kept.opens()
    assert kept.recovers() == kept.key
    assert kept.opens(pin=NEW) == kept.key
    assert not switching.standing(kept.here).on


def test_a_store_that_is_away_for_a_moment_costs_nothing(kept: Kept, system: Memory) -> None:
    on_system(Failing())
    with pytest.raises(Unkept, match="还没有试，不算输错"):
        kept.opens()
    with pytest.raises(Trouble, match="打不开"):
        vault.add_person(kept.here.vault, kept.key, "周工", NEW, cost=CHEAP)
    on_system(system)
    assert kept.opens() == kept.key
    assert wrong_tries(kept) == 0


# -- what goes on with it --------------------------------------------------------------------------


def test_a_pin_is_changed_and_a_colleague_leaves(kept: Kept, system: Memory) -> None:
    before = dict(system.secrets)
    vault.change_pin(kept.here.vault, WHO, PIN, NEW, cost=CHEAP)
    vault.remove_person(kept.here.vault, kept.key, COLLEAGUE)
    assert kept.opens(pin=NEW) == kept.key
    assert switching.standing(kept.here) == switching.Standing(on=True, behind=1)
    assert system.secrets == before


def test_the_last_one_leaves_and_who_takes_over_comes_in_by_the_sheet(kept: Kept) -> None:
    code = "\n".join(kept.sheet.lines)
    assert vault.recover(kept.here.vault, code, "周接任", NEW, cost=CHEAP) == kept.key
    vault.remove_person(kept.here.vault, kept.key, WHO)
    assert kept.opens("周接任", NEW) == kept.key


def test_who_deleted_the_secret_himself_gets_a_new_one_with_a_new_pin(kept: Kept, system: Memory) -> None:
    system.secrets.clear()
    with pytest.raises(Refused, match="先改一次自己的口令"):
        switching.switch_off(kept.here, kept.key)
    vault.add_person(kept.here.vault, kept.key, WHO, NEW, cost=CHEAP)
    assert kept.opens(pin=NEW) == kept.key


def test_the_key_of_the_data_is_changed_and_old_backups_still_come_back(kept: Kept) -> None:
    copy = kept.backs_up()
    following = rekeying.change(kept.here.file, kept.here.vault, kept.key)
    assert kept.opens() == kept.opens(COLLEAGUE, OTHER) == following
    restoring.restore(copy, kept.here.file, following, kept.here.vault, fixed(NOW).now(), agreed=True)
    Store.open(kept.here.file, kept.opens(), WHO).close()
    assert kept.recovers() == following


def test_a_backup_that_is_brought_to_another_computer_opens_by_the_sheet_only(
    kept: Kept, elsewhere: Memory, tmp_path: Path
) -> None:
    copy = kept.backs_up()
    other = Kept(tmp_path / "other", kept.key, kept.sheet)
    other.here.vault.parent.mkdir(parents=True)
    shutil.copy(copy.path, other.here.file)
    shutil.copy(copy.key_file, other.here.vault)
    with pytest.raises(Unkept):
        other.opens()
    Store.open(other.here.file, other.recovers(), WHO).close()
    assert other.opens(pin=NEW) == kept.key
    assert len(elsewhere.secrets) == 1


def test_an_emptied_laptop_leaves_nothing_in_the_key_store(kept: Kept, system: Memory) -> None:
    system.secrets["another-vault"] = "x"
    kept.backs_up()
    wiping.wipe(kept.here)
    assert list(system.secrets) == ["another-vault"]


# -- on and off ------------------------------------------------------------------------------------


def test_switched_on_it_covers_everybody_and_the_backups_without_anybodys_pin(
    tmp_path: Path, system: Memory
) -> None:
    bare = set_up(tmp_path / "bare", guarded=False)
    copy = bare.backs_up()
    assert switching.switch_on(bare.here, bare.key) == 2
    assert switching.standing(bare.here) == switching.Standing(on=True, behind=2)
    assert bare.opens() == bare.opens(COLLEAGUE, OTHER) == vault.unlock(copy.key_file, WHO, PIN) == bare.key
    on_system(Memory())
    for path in (bare.here.vault, copy.key_file):
        with pytest.raises(Unkept):
            vault.unlock(path, COLLEAGUE, OTHER)
    assert len(system.secrets) == 1


def test_switched_off_the_pins_stand_alone_and_the_store_is_empty(kept: Kept, system: Memory) -> None:
    copy = kept.backs_up()
    assert switching.switch_off(kept.here, kept.key) == 2
    assert not system.secrets
    assert kept.opens() == kept.opens(COLLEAGUE, OTHER) == vault.unlock(copy.key_file, WHO, PIN) == kept.key
    assert json.loads(kept.here.vault.read_bytes())["version"] == 1


def test_an_older_program_is_told_instead_of_stumbling(kept: Kept) -> None:
    assert json.loads(kept.here.vault.read_bytes())["version"] == 2


@pytest.mark.parametrize("step", range(12))
@pytest.mark.parametrize("turn", [switching.switch_on, switching.switch_off])
def test_a_power_cut_while_switching_shuts_nobody_out(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, turn: object, step: int
) -> None:
    copy = kept.backs_up()
    if turn is switching.switch_on:
        switching.switch_off(kept.here, kept.key)
    cut_after(step, monkeypatch)
    with pytest.raises(PowerCutError):
        turn(kept.here, kept.key)  # type: ignore[operator]
    monkeypatch.undo()
    for path in (kept.here.vault, copy.key_file):
        assert vault.unlock(path, COLLEAGUE, OTHER) == kept.key
    turn(kept.here, kept.key)  # type: ignore[operator]
    assert switching.standing(kept.here).bare_copies == 0
    assert kept.opens() == kept.key


# -- what is no key store --------------------------------------------------------------------------


@pytest.mark.parametrize("store", [PlainText, Failing, Forgetful])
def test_a_store_that_keeps_nothing_safe_is_none(tmp_path: Path, system: Memory, store: type[Memory]) -> None:
    on_system(store())
    bare = set_up(tmp_path / "bare", guarded=True)
    assert switching.standing(bare.here) == switching.Standing(on=False, behind=0)
    with pytest.raises(Trouble, match="没有能用的系统钥匙库"):
        switching.switch_on(bare.here, bare.key)
    on_system(system)
    assert bare.opens() == bare.key


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("module", ["fail", "null"])
def test_keyrings_own_stand_ins_are_none(module: str) -> None:
    on_system(keyring.core.load_keyring(f"keyring.backends.{module}.Keyring"))
    assert not keystore.works()


@pytest.mark.usefixtures("system")
def test_a_dialog_that_nobody_answers_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keystore, "LIMIT", 0.05)
    on_system(Hanging())
    assert not switching.standing(set_up(tmp_path / "bare", guarded=True).here).on
    with pytest.raises(keystore.Unreachable, match="没有回答"):
        keystore.kept("x")
    Hanging.answered.set()


@pytest.mark.usefixtures("system")
def test_nothing_is_left_of_the_trial(system: Memory) -> None:
    assert keystore.works()
    assert not system.secrets
