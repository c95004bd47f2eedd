"""What a key on the grid does, without a window."""

from __future__ import annotations

from datetime import date

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance import fill
from nehe_desktop.features.attendance.month import Cell, Month, next_open, numbers, shifted
from nehe_desktop.features.attendance.screen_queries import clock_went_back, member_at_keyboard, month_of
from nehe_desktop.features.attendance.selection import Selection
from nehe_desktop.features.attendance.steps import Steps


@pytest.fixture
def month(august: Store) -> Month:
    """August of the team."""
    return month_of(august, "202008")


def on(month: Month, line: int, day: int) -> Cell:
    """A member's day of August."""
    return Cell(month.mates[line], date(2020, 8, day))


def test_a_whole_day_is_two_halves(month: Month) -> None:
    step = fill.fill(month, [on(month, 0, 31)], "全天", "V")
    assert {key[2] for key in step.halves} == {"AM", "PM"}


def test_what_is_entered_a_day_later_is_made_up(month: Month) -> None:
    step = fill.fill(month, [on(month, 0, 28), on(month, 0, 31)], "上午", "V")
    assert [(half.source, half.late) for half in step.halves.values() if half] == [("补签", True), ("手工", False)]


def test_days_before_the_posting_are_refused(month: Month) -> None:
    assert fill.fill(month, [on(month, 2, 10)], "全天", "V").why == fill.NOT_POSTED


def test_days_to_come_hold_plans_only(august: Store) -> None:
    ahead = month_of(august, "202009")
    cell = Cell(ahead.mates[0], date(2020, 9, 1))
    assert [fill.fill(ahead, [cell], "全天", code).count for code in "VALORSBN"] == [0, 0, 0, 2, 2, 2, 2, 2]


def test_the_same_again_changes_nothing(month: Month) -> None:
    step = fill.fill(month, [on(month, 0, 31)], "全天", "V")
    again = fill.fill(month.taking(step.halves, {}), [on(month, 0, 31)], "全天", "V")
    assert not again.changes


def test_a_status_that_changes_loses_its_old_explanation(month: Month) -> None:
    cell = on(month, 0, 31)
    here = month.taking(fill.fill(month, [cell], "全天", "O").halves, {})
    here = here.taking(fill.explain(here, [cell], "全天", "到市里开会").halves, {})
    step = fill.fill(here, [cell], "全天", "V")
    assert {half.place for half in step.halves.values() if half} == {""}


def test_filling_the_workdays_leaves_weekends_and_what_is_there(month: Month) -> None:
    here = month.taking(fill.fill(month, [on(month, 0, 3)], "上午", "S").halves, {})
    step = fill.fill_workdays(here, here.mates[:1])
    assert len(step.halves) == 21 * 2 - 1


def test_a_copied_line_keeps_what_the_other_has(month: Month) -> None:
    here = month.taking(fill.fill(month, [on(month, 0, 20), on(month, 0, 5)], "全天", "V").halves, {})
    here = here.taking(fill.fill(here, [on(month, 2, 20)], "上午", "B").halves, {})
    step = fill.copy_line(here, here.mates[0], here.mates[2])
    assert {key[1:] for key in step.halves} == {(date(2020, 8, 20), "PM")}


def test_nights_are_turned_on_together_then_off(month: Month) -> None:
    cells = [on(month, 0, 30), on(month, 0, 31)]
    step = fill.toggle_nights(month, cells)
    here = month.taking({}, step.nights)
    assert {n.stayed for n in step.nights.values() if n} == {"住村"}
    assert {n.stayed for n in fill.toggle_nights(here, cells).nights.values() if n} == {"未住"}


def test_a_fill_is_one_step_back_and_one_forth(august: Store, month: Month) -> None:
    steps = Steps(august)
    steps.do(fill.fill_workdays(month, month.mates).changes, "考勤").result()
    before = month_of(august, "202008").halves
    back = steps.undo()
    assert back is not None
    back.result()
    assert not month_of(august, "202008").halves
    forth = steps.redo()
    assert forth is not None
    forth.result()
    assert month_of(august, "202008").halves == before


def test_undo_at_once_waits_for_the_write(august: Store, month: Month) -> None:
    steps = Steps(august)
    steps.do(fill.fill_workdays(month, month.mates).changes, "考勤")
    back = steps.undo()
    assert back is not None
    back.result()
    assert not month_of(august, "202008").halves


def test_there_is_nothing_to_undo_at_first(august: Store) -> None:
    assert Steps(august).undo() is None


def test_signing_in_is_the_morning_of_today(month: Month) -> None:
    step = fill.sign_in(month, month.mates[1], "上午", clock_went_back=False)
    assert [(key[1], key[2], h.source) for key, h in step.halves.items() if h] == [(month.today, "AM", "签到")]


def test_a_clock_set_back_refuses_to_sign(month: Month) -> None:
    with pytest.raises(Refused, match="校准"):
        fill.sign_in(month, month.mates[1], "上午", clock_went_back=True)


def test_a_clock_that_stands_on_its_last_record_is_trusted(august: Store) -> None:
    assert not clock_went_back(august)


def test_who_is_at_the_keyboard_is_found_by_name(august: Store, month: Month) -> None:
    mate = member_at_keyboard(august, month)
    assert mate is not None
    assert mate.name == "李工"


def test_the_next_empty_day_comes_line_by_line(month: Month) -> None:
    assert next_open(month, on(month, 0, 31)) == on(month, 1, 3)


def test_the_four_numbers_are_their_own_cells(month: Month) -> None:
    here = month.taking(fill.fill(month, [on(month, 0, 3)], "全天", "A").halves, {})
    counted = numbers(here)
    assert counted.absent == {on(month, 0, 3)}
    assert (len(counted.due), len(counted.served), len(counted.open)) == (21 + 21 + 15, 0, 20 - 1 + 20 + 14)


def test_months_follow_over_the_year() -> None:
    assert (shifted("202012", 1), shifted("202001", -1)) == ("202101", "201912")


def test_a_range_grows_from_its_anchor_and_stays_in_the_month(month: Month) -> None:
    chosen = Selection().at(month, 1, 29).moved(month, 5, 5, extend=True)
    assert [(c.mate.name, c.day.day) for c in chosen.cells(month)] == [
        ("李工", 30), ("李工", 31), ("陈雪", 30), ("陈雪", 31),
    ]  # fmt: skip
