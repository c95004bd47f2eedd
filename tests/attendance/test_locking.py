"""The month's sheet goes up step by step, and a lock closes it for everybody (domain §8.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from nehe_desktop.core.clock import fixed
from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.guard import UNGUARDED
from nehe_desktop.core.store import Put, Remove, Store
from nehe_desktop.features.attendance import fill, sheet_acts
from nehe_desktop.features.attendance.entering import entered_month
from nehe_desktop.features.attendance.intake import export_month, read_month
from nehe_desktop.features.attendance.ledger import HalfDay, Night
from nehe_desktop.features.attendance.month import LOCKED, Cell
from nehe_desktop.features.attendance.sheet_queries import sheet_of
from nehe_desktop.features.attendance.sheets import STEPS, MonthLock, SheetStep
from nehe_desktop.security.laptop import Profile, tell
from tests.attendance.conftest import FOUR, confirmed, sit

MONTH = "202008"


def words(store: Store) -> str:
    return sheet_of(store, "team", MONTH).progress.words


def locked(store: Store) -> Store:
    sheet_acts.lock(sit(store, "周主任", "R7"), confirmed(store, *FOUR)).result()
    return store


def a_half(store: Store) -> HalfDay:
    return store.all(HalfDay, "member = 'm1' AND day = '2020-08-31' AND half = 'AM'")[0]


def test_the_four_levels_confirm_and_the_county_locks(full: Store) -> None:
    told = ["待队长确认"]
    for who in FOUR:
        confirmed(full, who)
        told.append(words(full))
    assert told[1:] == ["待村书记确认", "待乡镇党委审核", "待驻村办备案", "待锁定"]
    sheet_acts.lock(full, sheet_of(full, "team", MONTH)).result()
    assert words(full) == "已锁定"
    assert [step.by for step in sheet_of(full, "team", MONTH).progress.done] == [name for name, _ in FOUR]


def test_a_step_belongs_to_its_role(full: Store) -> None:
    with pytest.raises(Refused, match="现在等“队长确认”，由队长或第一书记办理"):
        confirmed(full, ("李工", "R1"))
    confirmed(full, FOUR[0])
    with pytest.raises(Refused, match="现在等“村党组织书记确认”"):
        confirmed(full, FOUR[2])


def test_who_is_on_the_sheet_confirms_it_only_as_the_leader(full: Store) -> None:
    confirmed(full, FOUR[0])
    with pytest.raises(Refused, match="李工自己的考勤在这张表上"):
        confirmed(full, ("李工", "R4"))
    with pytest.raises(Refused, match="王海波自己的考勤在这张表上"):
        confirmed(full, ("王海波", "R4"))


def test_nobody_takes_two_steps(full: Store) -> None:
    confirmed(full, *FOUR[:2])
    with pytest.raises(Refused, match="赵书记已经办过“村党组织书记确认”"):
        confirmed(full, ("赵书记", "R5"))


def test_the_store_refuses_a_step_of_somebody_on_the_sheet(full: Store) -> None:
    sit(full, "李工", "R4")
    step = SheetStep(team="team", month=MONTH, step=STEPS[1], decision="同意", by="李工", at=full.clock.now(),
                     members="王海波、李工、陈雪")  # fmt: skip
    with pytest.raises(Invalid, match="李工自己的日考勤"):
        full.write([Put(step)], "审核")
    full.write([Put(replace(step, members=""))], "审核")  # a list left empty gains nothing
    assert words(full) == "待队长确认"
    confirmed(full, FOUR[0])
    assert words(full) == "待村书记确认"


def test_a_later_change_makes_the_confirmations_void(full: Store) -> None:
    confirmed(full, *FOUR[:2])
    sit(full, "王海波", "R2").write([Put(replace(a_half(full), status="O", place="开会"))], "改")
    assert words(full) == "确认后又改过，要重新确认"
    confirmed(full, FOUR[0])
    assert words(full) == "待村书记确认"


def test_a_sheet_sent_back_begins_anew_with_a_reason(full: Store) -> None:
    sheet = confirmed(full, *FOUR[:2])
    with pytest.raises(Invalid, match="退回要写明理由"):
        sheet_acts.send_back(sit(full, "孙委员", "R5"), sheet, " ").result()
    sheet_acts.send_back(full, sheet, "25 日李工在市里开会").result()
    assert words(full) == "孙委员退回"
    confirmed(full, *FOUR[:1])
    assert words(full) == "待村书记确认"


@pytest.mark.parametrize(("name", "step"), [("王海波", STEPS[0]), ("李工", STEPS[1]), ("赵书记", STEPS[1])])
def test_nobody_of_the_team_and_none_below_takes_a_sheet_back_from_above(full: Store, name: str, step: str) -> None:
    sheet = confirmed(full, *FOUR[:3])
    late = full.clock.now() + timedelta(hours=1)
    back = SheetStep(team="team", month=MONTH, step=step, decision="退回", opinion="不认", by=name, at=late,
                     digest=sheet.digest)  # fmt: skip
    full.guard = UNGUARDED  # as an altered program would
    full.write([Put(back)], "退回")
    assert words(full) == "待驻村办备案"


def test_an_empty_half_day_and_an_unfinished_month_block(full: Store) -> None:
    sit(full, "王海波", "R2").write([Remove(HalfDay, a_half(full).id)], "清除")
    with pytest.raises(Refused, match="还有 1 个半天没有登记"):
        confirmed(full, FOUR[0])
    full.clock = fixed("2020-08-30T20:00:00+08:00")
    assert sheet_of(full, "team", MONTH).lacks == "这个月还没有过完"


def test_what_was_made_up_and_not_confirmed_blocks_the_lock(full: Store) -> None:
    view = entered_month(sit(full, "王海波", "R2"), MONTH)
    full.write(fill.fill(view, [Cell(view.mates[1], date(2020, 8, 20))], "上午", "O").changes, "考勤")
    sheet = confirmed(full, *FOUR)
    with pytest.raises(Refused, match="还有 1 处补签没有确认"):
        sheet_acts.lock(full, sheet)


def test_a_locked_month_takes_no_entry_from_any_hand(full: Store, tmp_path: Path) -> None:
    path = tmp_path / "考勤.xlsx"
    export_month(full, "team", MONTH, path)
    kept = a_half(full)
    sit(locked(full), "王海波", "R2")
    view = entered_month(full, MONTH)
    assert fill.fill(view, [Cell(view.mates[1], date(2020, 8, 31))], "全天", "A").why == LOCKED
    assert read_month(full, path).filling.count == 0
    night = Night(member="m1", team="team", day=date(2020, 8, 31), stayed="住村")
    for change in (Put(replace(kept, status="A")), Remove(HalfDay, kept.id), Put(night),
                   Put(replace(kept, day=date(2020, 9, 1)))):  # fmt: skip
        with pytest.raises(Invalid, match="已经锁定"):
            full.write([change], "改")


def test_a_filled_workbook_of_a_locked_month_names_every_row(full: Store, tmp_path: Path) -> None:
    path = tmp_path / "考勤.xlsx"
    export_month(full, "team", MONTH, path)
    refused = read_month(locked(full), path).refused
    assert refused[0] == f"王海波 8月1日：{LOCKED}"
    assert len(refused) == (31 + 31 + 21) * 2


def test_a_month_is_opened_again_with_a_reason_as_the_second_draft(full: Store) -> None:
    locked(full)
    with pytest.raises(Invalid, match="重开要写明理由"):
        sheet_acts.reopen(full, sheet_of(full, "team", MONTH), "").result()
    sheet_acts.reopen(full, sheet_of(full, "team", MONTH), "核查发现 25 日不在村").result()
    assert words(full) == "待队长确认（第 2 稿）"
    sit(full, "王海波", "R2").write([Put(replace(a_half(full), status="O", place="开会"))], "改")
    locked(full)
    assert words(full) == "已锁定（第 2 稿）"


def test_a_lock_is_neither_undone_nor_removed_without_a_reason(full: Store) -> None:
    tx = sheet_acts.lock(sit(full, "周主任", "R7"), confirmed(full, *FOUR)).result().tx
    with pytest.raises(Refused, match="要重开请写明理由"):
        full.undo(tx)
    with pytest.raises(Refused, match="要重开请写明理由"):
        full.write([Remove(MonthLock, full.all(MonthLock)[0].id)], "删除")
    assert words(full) == "已锁定"


def test_what_nobody_registered_is_absence_only_once_the_month_is_locked(full: Store) -> None:
    full.write([Remove(HalfDay, half.id) for half in full.all(HalfDay, "status = 'V'", limit=6)], "清除")
    assert sheet_of(full, "team", MONTH).rate == Decimal("100.00")
    full.write([Put(MonthLock.of("team", MONTH, closed=True))], "县里下令锁定")
    assert sheet_of(full, "team", MONTH).rate == Decimal("94.74")  # 108 of 114


@pytest.mark.parametrize("role", ["R1", "R2", "R4", "R5", "R8", "R12"])
def test_only_the_office_of_the_county_locks(full: Store, role: str) -> None:
    sheet = confirmed(full, *FOUR)
    with pytest.raises(Refused):
        sheet_acts.lock(sit(full, "钱某", role), sheet)
    with pytest.raises(Refused):
        full.write([Put(MonthLock.of("team", MONTH, closed=True))], "锁定")
    assert full.count(MonthLock) == 0


def test_a_laptop_of_a_village_or_township_locks_nothing_whoever_sits_there(full: Store) -> None:
    sheet = confirmed(full, *FOUR)
    tell(full, Profile("王海波", "v", "team"))
    with pytest.raises(Invalid, match="由县里的电脑锁定和重开"):
        sheet_acts.lock(full, sheet).result()


def test_what_is_undone_by_the_steps_stays_only_added(full: Store) -> None:
    confirmed(full, FOUR[0])
    step = full.all(SheetStep)[0]
    for change in (Put(replace(step, by="李工")), Remove(SheetStep, step.id)):
        with pytest.raises(Invalid, match="只能添加"):
            full.write([change], "改")
