"""Approved leaves on the month of attendance: marked, filled by one act, never overwritten (domain §8.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.attendance import fill
from nehe_desktop.features.attendance.ledger import HalfDay
from nehe_desktop.features.attendance.month import Cell, Month, words_of
from nehe_desktop.features.leave import acts
from nehe_desktop.features.leave.slips import month_with_slips
from tests.leave.conftest import asked, at, look, say, sit

TUE, WED, FRI, MON = date(2020, 8, 18), date(2020, 8, 19), date(2020, 8, 21), date(2020, 8, 24)


def month(store: Store) -> Month:
    return month_with_slips(store, "202008", "").month


def filled(store: Store) -> list[tuple[str, str, str, str]]:
    step = fill.fill_slips(month(store), month(store).mates)
    store.write(step.changes, "按请假单填")
    rows = store.all(HalfDay, "", (), "day, half")
    return [
        (row.day.isoformat()[8:] + row.half, row.status, row.source, row.place or row.note) for row in rows
    ]


def test_an_approved_leave_fills_its_working_half_days(team: Store) -> None:
    leave = asked(team, "李工", FRI, MON, since_half="PM")
    say(team, leave, "王海波", "孙委员")
    number = look(team, leave).leave.id[-8:].upper()
    told = f"请假单 {number}：事假"
    sit(team, "王海波")
    assert filled(team) == [
        ("21PM", "S", "请假单", told),
        ("24AM", "S", "请假单", told),
        ("24PM", "S", "请假单", told),
    ]


def test_a_trip_counts_with_where_to_and_an_illness_as_such(team: Store) -> None:
    trip = asked(team, "李工", TUE, TUE, kind="公出", destination="市委党校", reason="培训")
    ill = asked(team, "陈雪", WED, WED, kind="病假")
    for leave in (trip, ill):
        say(team, leave, "王海波")
    found = filled(sit(team, "王海波"))
    assert found[:2] == [("18AM", "O", "公出单", "市委党校 培训"), ("18PM", "O", "公出单", "市委党校 培训")]
    assert [each[1] for each in found[2:]] == ["B", "B"]


def test_what_is_not_approved_fills_nothing(team: Store) -> None:
    asked(team, "李工", TUE, TUE)
    assert filled(sit(team, "王海波")) == []


def test_what_was_entered_stays_and_the_workdays_leave_the_leave_out(team: Store) -> None:
    leave = asked(team, "李工", TUE, WED)
    say(team, leave, "王海波", "孙委员")
    entered = HalfDay(member="m1", team="team", day=TUE, half="AM", status="V", source="签到")
    sit(team, "李工").write([Put(entered)], "签到")
    at(sit(team, "王海波"), "2020-08-19T20:00")
    view = month(team)
    workdays = fill.fill_workdays(view, view.mates)
    assert [key for key in workdays.halves if key[0] == "m1" and key[1] >= TUE] == []
    first, *rest = filled(team)
    assert first[:3] == ("18AM", "V", "签到")
    assert len(rest) == 3


def test_the_day_says_which_slip_it_has(team: Store) -> None:
    leave = asked(team, "李工", TUE, TUE)
    say(team, leave, "王海波")
    view = month(sit(team, "王海波"))
    mate = next(each for each in view.mates if each.member == "m1")
    assert words_of(view, Cell(mate, TUE)).endswith("：事假）")
    assert "事假" not in words_of(view, Cell(mate, WED))


def test_who_is_not_back_is_absent_from_the_first_half_day_on(team: Store) -> None:
    leave = asked(team, "李工", FRI, FRI)
    say(team, leave, "王海波")
    at(sit(team, "王海波"), "2020-08-25T13:00")
    found = [(each[0], each[1]) for each in filled(team)]
    assert found == [("21AM", "S"), ("21PM", "S"), ("24AM", "A"), ("24PM", "A"), ("25AM", "A")]
    assert team.all(HalfDay, "status = 'A'")[0].note.endswith("事假，逾期未归")


def test_an_early_return_ends_the_leave_s_days(team: Store) -> None:
    leave = asked(team, "李工", TUE, FRI)
    say(team, leave, "王海波", "孙委员", "周主任")
    acts.confirm_back(
        sit(at(team, "2020-08-20T08:00"), "赵书记"), look(team, leave), date(2020, 8, 20), "AM"
    ).result()
    assert [each[0] for each in filled(sit(team, "王海波"))] == ["18AM", "18PM", "19AM", "19PM"]


def test_a_change_after_the_word_takes_the_mark_away(team: Store) -> None:
    leave = asked(team, "李工", TUE, TUE)
    say(team, leave, "王海波")
    assert month(team).slips
    sit(team, "李工").write([Put(replace(look(team, leave).leave, until=FRI))], "改")
    assert not month(team).slips
