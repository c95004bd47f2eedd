"""What of the sheets and late entries stands under 今天要办, for whom it is."""

from __future__ import annotations

from datetime import date

from nehe_desktop.core.clock import fixed
from nehe_desktop.core.store import Put, Remove, Store
from nehe_desktop.features.attendance import fill
from nehe_desktop.features.attendance.entering import entered_month
from nehe_desktop.features.attendance.ledger import HalfDay
from nehe_desktop.features.attendance.month import Cell
from nehe_desktop.features.attendance.sheet_duties import duties
from nehe_desktop.features.home.agenda import Task, sheet_tasks
from tests.attendance.conftest import FOUR, confirmed, second_team, sit


def tasks(store: Store, name: str, role: str, day: str = "2020-09-01") -> list[Task]:
    """What stands on somebody's first page that day."""
    store.clock = fixed(f"{day}T09:00:00+08:00")
    return list(sheet_tasks(duties(sit(store, name, role)), store.clock.today()))


def titles(*told: Task) -> list[str]:
    return [task.title for task in told]


def test_the_sheet_waits_for_whom_it_is_and_for_nobody_else(full: Store) -> None:
    for who in FOUR:
        assert titles(*tasks(full, *who)) == ["办理 8 月考勤表"]
        assert [titles(*tasks(full, *other)) for other in FOUR if other != who] == [[]] * 3
        confirmed(full, who)
    assert titles(*tasks(full, "李工", "R1")) == []


def test_the_third_of_the_month_is_the_day(full: Store) -> None:
    assert tasks(full, *FOUR[0])[0].detail == "队长确认 · 9 月 3 日前报送"
    assert tasks(full, *FOUR[0], "2020-09-05")[0].detail == "队长确认 · 已过报送日 2 天"


def test_empty_half_days_are_filled_before_the_sheet_is_confirmed(full: Store) -> None:
    full.write([Remove(HalfDay, half.id) for half in full.all(HalfDay, limit=3)], "清除")
    (task,) = tasks(full, *FOUR[0])
    assert (task.title, task.where) == ("补齐 8 月考勤表", {"month": "202008"})
    assert task.detail.startswith("还有 3 个半天没有登记")


def test_late_entries_wait_for_who_confirms_them(august: Store) -> None:
    view = entered_month(sit(august, "王海波", "R2"), "202008")
    cells = [Cell(view.mates[n], date(2020, 8, 20)) for n in (0, 1)]
    august.write(fill.fill(view, cells, "上午", "V").changes, "考勤")
    assert "确认 8 月 1 处补签" in titles(*tasks(august, "王海波", "R2", "2020-08-31"))
    assert titles(*tasks(august, "赵书记", "R4", "2020-08-31")) == ["确认 8 月 2 处补签"]
    assert titles(*tasks(august, "李工", "R1", "2020-08-31")) == []


def test_many_teams_wait_together(full: Store) -> None:
    full.write(map(Put, second_team()), "建队")
    halves = [
        HalfDay(**{**half.values(), "member": "n0", "team": "team2"})
        for half in full.all(HalfDay, "member = 'm0'")
    ]
    full.write(map(Put, halves), "考勤")
    assert titles(*tasks(full, *FOUR[0])) == ["办理 2 支工作队的 8 月考勤表"]
