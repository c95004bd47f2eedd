"""The vault: wrong PINs, lost PINs, damaged files, power cuts, key changes."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.security import durable, succession, vault, vault_file
from nehe_desktop.security.durable import previous_of
from nehe_desktop.security.envelope import Cost, Key
from nehe_desktop.security.recovery import RecoverySheet

CHEAP = Cost(memory=64, passes=1, lanes=1)
PIN, OTHER = "805172", "棉花地里种玉米"
WHO = "测试甲"
LATER = itertools.count(1e9, 1e4)  # every look at the time is hours after the one before


class Machine:
    """A machine whose time since start moves by hand."""

    def __init__(self) -> None:
        self.up = 1000.0

    def __call__(self) -> float:
        return self.up


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "台账.key"


@pytest.fixture
def made(path: Path) -> tuple[Key, RecoverySheet]:
    def day() -> datetime:
        return datetime.fromisoformat("2026-11-23T08:00:00+08:00")

    return vault.create(path, WHO, PIN, laptop="一号电脑", cost=CHEAP, wall=day)


def wrong(path: Path, times: int, machine: Machine) -> None:
    for _ in range(times):
        with pytest.raises(Refused, match="口令不对"):
            vault.unlock(path, WHO, "999111", uptime=machine)
        machine.up += 1000


def test_the_right_pin_gives_the_key(path: Path, made: tuple[Key, RecoverySheet]) -> None:
    assert vault.unlock(path, WHO, PIN) == made[0]
    assert len(made[0]) == 32


def test_a_pin_typed_in_full_width_is_the_same_pin(path: Path, made: tuple[Key, RecoverySheet]) -> None:
    assert vault.unlock(path, WHO, "８０５１７２") == made[0]


def test_no_secret_is_readable_in_the_files_or_in_a_repr(path: Path, made: tuple[Key, RecoverySheet]) -> None:
    key, sheet = made
    for file in path.parent.iterdir():
        data = file.read_bytes()
        assert key not in data
        assert key.hex().encode() not in data
        assert PIN.encode() not in data
        assert not any(line.encode() in data for line in sheet.lines)
    assert repr(key) == str(key) == f"{key}" == "Key(…)"
    assert sheet.lines[0] not in repr(sheet)


@pytest.mark.usefixtures("made")
def test_a_wrong_pin_waits_longer_each_time(path: Path) -> None:
    machine, waits = Machine(), []
    for _ in range(6):
        wrong(path, 1, machine)
        machine.up -= 1000
        waits.append(vault.people(path, uptime=machine)[0].wait)
        machine.up += 1000
    assert waits == [1, 2, 5, 15, 60, 300]


def test_during_the_wait_even_the_right_pin_is_refused(path: Path, made: tuple[Key, RecoverySheet]) -> None:
    machine = Machine()
    wrong(path, 4, machine)
    machine.up -= 990
    with pytest.raises(Refused, match="请等 5 秒"):
        vault.unlock(path, WHO, PIN, uptime=machine)
    machine.up += 5
    assert vault.unlock(path, WHO, PIN, uptime=machine) == made[0]


@pytest.mark.usefixtures("made")
def test_neither_the_clock_nor_a_restart_shortens_the_wait(path: Path) -> None:
    machine = Machine()
    wrong(path, 5, machine)
    machine.up = 20.0  # restarted twenty seconds ago; the wall clock is not asked at all
    with pytest.raises(Refused, match="请等 40 秒"):
        vault.unlock(
            path, WHO, PIN, uptime=machine, wall=lambda: datetime.fromisoformat("2040-01-01T00:00+08:00")
        )


@pytest.mark.usefixtures("made")
def test_a_right_pin_forgets_the_wrong_ones(path: Path) -> None:
    machine = Machine()
    wrong(path, 3, machine)
    vault.unlock(path, WHO, PIN, uptime=machine)
    assert vault.people(path)[0].wrong == 0


def test_ten_wrong_pins_lock_and_the_printed_code_opens_again(
    path: Path, made: tuple[Key, RecoverySheet]
) -> None:
    machine = Machine()
    wrong(path, 10, machine)
    with pytest.raises(Refused, match="已锁定"):
        vault.unlock(path, WHO, PIN, uptime=machine)
    assert vault.recover(path, "\n".join(made[1].lines), WHO, OTHER, cost=CHEAP) == made[0]
    assert vault.unlock(path, WHO, OTHER, uptime=machine) == made[0]


@pytest.mark.usefixtures("made")
def test_a_try_is_counted_even_if_the_program_is_killed_in_the_middle(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nehe_desktop.security.envelope.unlocked", killed)
    with pytest.raises(KeyboardInterrupt):
        vault.unlock(path, WHO, "999111")
    assert vault.people(path)[0].wrong == 1


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("12345", "至少 6 位"),
        ("1" * 65, "最多"),
        ("123456", "连着"),
        ("fedcba", "连着"),
        ("111111", "反复"),
        ("123123", "反复"),
        ("qwerty", "常见"),
        ("850312", "日期"),
        ("198503", "日期"),
        ("19850312", "日期"),
        ("03121985", "日期"),
        ("13812345678", "手机"),
        ("测试甲2026x", "姓名"),
    ],
)
def test_an_easy_pin_is_refused_with_its_reason(path: Path, pin: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        vault.create(path, WHO, pin, cost=CHEAP)
    assert not path.exists()


@pytest.mark.usefixtures("made")
def test_the_old_pin_opens_nothing_after_a_change(path: Path) -> None:
    vault.change_pin(path, WHO, PIN, OTHER, cost=CHEAP)
    path.write_bytes(b"")  # so that the previous copy is asked
    with pytest.raises(Refused, match="口令不对"):
        vault.unlock(path, WHO, PIN)


def test_a_colleague_is_added_and_a_former_member_removed(
    path: Path, made: tuple[Key, RecoverySheet]
) -> None:
    vault.add_person(path, made[0], "测试乙", OTHER, cost=CHEAP)
    vault.remove_person(path, made[0], WHO)
    assert vault.unlock(path, "测试乙", OTHER) == made[0]
    with pytest.raises(Refused, match="不能登录"):
        vault.unlock(path, WHO, PIN)


def test_the_last_person_cannot_be_removed(path: Path, made: tuple[Key, RecoverySheet]) -> None:
    with pytest.raises(Refused, match="最后一个"):
        vault.remove_person(path, made[0], WHO)


@pytest.mark.usefixtures("made")
def test_another_laptops_key_changes_nothing(path: Path) -> None:
    with pytest.raises(Trouble, match="不是一套"):
        vault.add_person(path, Key(bytes(32)), "测试乙", OTHER, cost=CHEAP)


def test_a_code_with_a_typing_error_names_its_line(path: Path, made: tuple[Key, RecoverySheet]) -> None:
    lines = list(made[1].lines)
    lines[2] = lines[2][:-1] + ("2" if lines[2][-1] != "2" else "3")
    with pytest.raises(Refused, match=r"^第 3 行有输错的字符"):
        vault.recover(path, "\n".join(lines), WHO, OTHER, cost=CHEAP)


def test_a_code_of_another_sheet_is_told_by_its_number(path: Path, made: tuple[Key, RecoverySheet]) -> None:
    fresh = vault.new_recovery(path, made[0])
    with pytest.raises(Refused, match=fresh.number):
        vault.recover(path, "\n".join(made[1].lines), WHO, OTHER, cost=CHEAP)


@pytest.mark.parametrize("damage", [b"", b"{", b"\0" * 900, b'{"digest": "", "people": {}}', b"[]"])
def test_a_damaged_file_is_replaced_by_its_previous_copy(
    path: Path, made: tuple[Key, RecoverySheet], damage: bytes
) -> None:
    path.write_bytes(damage)
    assert vault_file.condition(path) == "钥匙文件缺失或损坏。"
    assert vault.unlock(path, WHO, PIN) == made[0]
    assert vault_file.condition(path) == ""


@pytest.mark.usefixtures("made")
def test_one_changed_letter_is_damage(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'"wrong": 0', '"wrong": -5', text), encoding="utf-8")
    assert vault.people(path)[0].wrong == 0


@pytest.mark.usefixtures("made")
def test_when_both_copies_are_damaged_the_advice_names_the_backup(path: Path) -> None:
    path.write_bytes(b"?")
    previous_of(path).write_bytes(b"?")
    with pytest.raises(Trouble, match="已损坏") as caught:
        vault.unlock(path, WHO, PIN)
    assert "备份" in caught.value.advice


@pytest.mark.usefixtures("made")
def test_a_vault_of_a_newer_program_is_refused(path: Path) -> None:
    content = vault_file.load(path)
    vault_file.save(path, {**content, "version": 99})
    with pytest.raises(Trouble, match="更新版本"):
        vault.unlock(path, WHO, PIN)


@pytest.mark.usefixtures("made")
def test_a_second_create_does_not_overwrite_the_first(path: Path) -> None:
    with pytest.raises(Trouble, match="已经有"):
        vault.create(path, WHO, PIN, cost=CHEAP)


@pytest.mark.parametrize("step", range(12))
def test_a_power_cut_at_any_step_leaves_a_vault_that_opens(
    path: Path, made: tuple[Key, RecoverySheet], monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    cut_after(step, monkeypatch)
    with contextlib.suppress(PowerCutError):
        vault.change_pin(path, WHO, PIN, OTHER, cost=CHEAP)
    monkeypatch.undo()
    assert made[0] in (tried(path, PIN), tried(path, OTHER))


class PowerCutError(BaseException):
    """The moment the power fails."""


def cut_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets so many disk steps (fsync, rename) happen, then half a write and no more."""
    left = [steps]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise PowerCutError
            return real(*given)

        return step

    monkeypatch.setattr(durable.os, "fsync", counted(durable.os.fsync))
    monkeypatch.setattr(Path, "replace", counted(Path.replace))


def tried(path: Path, pin: str) -> Key | None:
    try:
        return vault.unlock(path, WHO, pin, uptime=lambda: next(LATER))
    except Refused:
        return None


def test_a_full_disk_is_told_plainly_and_harms_nothing(
    path: Path, made: tuple[Key, RecoverySheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(durable.os, "fsync", full)
        with pytest.raises(Trouble, match="磁盘空间不足"):
            vault.change_pin(path, WHO, PIN, OTHER, cost=CHEAP)
    assert vault.unlock(path, WHO, PIN) == made[0]


def test_a_key_change_needs_nobodys_pin_and_shuts_out_who_left(
    path: Path, made: tuple[Key, RecoverySheet]
) -> None:
    vault.add_person(path, made[0], "测试乙", OTHER, cost=CHEAP)
    vault.remove_person(path, made[0], WHO)
    following = succession.prepare_rekey(path, made[0])
    assert vault.unlock(path, "测试乙", OTHER) == made[0]
    assert succession.following(path, made[0]) == following
    succession.finish_rekey(path, following)
    assert vault.unlock(path, "测试乙", OTHER) == following != made[0]
    assert vault.recover(path, "\n".join(made[1].lines), WHO, PIN, cost=CHEAP) == following


def test_a_dropped_key_change_leaves_the_present_key(path: Path, made: tuple[Key, RecoverySheet]) -> None:
    succession.prepare_rekey(path, made[0])
    succession.drop_rekey(path)
    assert succession.following(path, made[0]) is None
    assert vault.unlock(path, WHO, PIN) == made[0]


def test_a_slipped_in_holder_gets_no_following_key(path: Path, made: tuple[Key, RecoverySheet]) -> None:
    content = vault_file.load(path)
    stranger = json.loads(json.dumps(content["people"][WHO]))
    vault_file.save(path, {**content, "people": {**content["people"], "生人": stranger}})
    with pytest.raises(Trouble, match="生人"):
        succession.prepare_rekey(path, made[0])


def test_the_vault_knows_its_own_key(path: Path, made: tuple[Key, RecoverySheet]) -> None:
    assert vault.opens(path, made[0])
    assert not vault.opens(path, Key(bytes(32)))
