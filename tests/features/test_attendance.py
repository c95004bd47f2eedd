"""Attendance: the worked month of the domain text, leap years, the calendar, the sheet."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import chinese_calendar
import pytest

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.attendance import queries, rules
from nehe_desktop.features.attendance.calendar import calendar_of, shipped_workdays, workdays_between
from nehe_desktop.features.attendance.lateness import is_late
from nehe_desktop.features.attendance.ledger import HalfDay
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.reference.ledger import Setting
from nehe_desktop.features.reference.queries import shipped_settings
from nehe_desktop.features.teams.ledger import Member, Posting, Team

AUGUST = ["V"] * 38 + ["O"] * 3 + ["S"] * 2 + ["B"] + ["R"] * 18  # domain §8.3, test vector
CALENDAR = calendar_of(date(2019, 1, 1), date(2026, 12, 31), shipped_workdays())
BEIJING = timezone(timedelta(hours=8))


def test_august_2020_has_62_half_days() -> None:
    assert len(AUGUST) == 62


def test_august_2020_gives_20_and_a_half_days() -> None:
    assert rules.credit(AUGUST) == Decimal("20.5")


def test_august_2020_has_a_rate_of_93_18() -> None:
    assert rules.attendance_rate(AUGUST) == Decimal("93.18")


def test_august_2020_is_paid_1900_yuan() -> None:
    assert rules.subsidy(rules.subsidy_days(AUGUST)) == Decimal("1900.00")


def test_the_target_of_august_2020_is_20_days() -> None:
    assert rules.target(31, 2020) == 20


def test_a_whole_year_is_240_days_leap_or_not() -> None:
    assert (rules.target(366, 2020), rules.target(365, 2021)) == (240, 240)


def test_a_target_is_rounded_half_up() -> None:
    assert rules.target(183, 2020, goal=241) == 121  # 120.5


def test_coming_late_is_a_quarter_of_a_day_and_unpaid() -> None:
    assert (rules.credit(["L"]), rules.subsidy_days(["L"])) == (Decimal("0.25"), Decimal(0))


def test_the_county_may_count_half_of_official_trips() -> None:
    weights = rules.Weights(official=Decimal("0.5"), official_pay=Decimal(1))
    assert (rules.credit(["O"], weights), rules.subsidy_days(["O"], weights)) == (
        Decimal("0.25"),
        Decimal("0.5"),
    )


def test_sick_leave_may_stay_out_of_the_rate() -> None:
    assert rules.attendance_rate(["V", "B"], rules.Weights(sick_in_rate=False)) == Decimal("100.00")


def test_what_nobody_registered_counts_as_absent_only_after_locking() -> None:
    assert rules.attendance_rate(["V", "U"]) == Decimal("100.00")
    assert rules.attendance_rate(["V", "U"], locked=True) == Decimal("50.00")


def test_a_month_of_rest_has_no_rate() -> None:
    assert rules.attendance_rate(["R", "–"]) is None


def test_a_month_with_a_gap_cannot_be_locked() -> None:
    assert rules.can_lock(AUGUST)
    assert not rules.can_lock([*AUGUST, "U"])


def test_more_than_five_days_behind_is_behind() -> None:
    assert not rules.is_behind(Decimal(135), 140)
    assert rules.is_behind(Decimal("134.5"), 140)


def test_what_is_missing_is_spread_over_the_months_left() -> None:
    assert rules.must_per_month(Decimal(140), date(2020, 8, 31)) == Decimal("25.0")
    assert rules.must_per_month(Decimal(140), date(2020, 8, 30)) == Decimal("20.0")


def test_a_goal_that_the_year_cannot_hold_is_out_of_reach() -> None:
    assert rules.is_out_of_reach(Decimal(200), date(2020, 12, 1))
    assert not rules.is_out_of_reach(Decimal(210), date(2020, 12, 1))


def test_a_posting_counts_only_its_own_days() -> None:
    assert rules.days_posted(date(2020, 8, 11), None, date(2020, 8, 1), date(2020, 8, 31)) == 21


def test_an_entry_after_24_hours_is_late() -> None:
    noon = datetime(2020, 8, 11, 12, tzinfo=BEIJING)
    assert not is_late(date(2020, 8, 10), "AM", noon)
    assert is_late(date(2020, 8, 10), "AM", noon + timedelta(minutes=1))


def test_august_2020_has_21_workdays() -> None:
    assert workdays_between({d: k for d, k in CALENDAR.items() if (d.year, d.month) == (2020, 8)}) == 21


@pytest.mark.parametrize("day", [(1, 19), (4, 26), (5, 9), (6, 28), (9, 27), (10, 10)])
def test_the_make_up_workdays_of_2020_are_worked(day: tuple[int, int]) -> None:
    assert CALENDAR[date(2020, *day)].kind == "调休上班"


@pytest.mark.parametrize("day", [(1, 1), (1, 24), (2, 2), (4, 6), (5, 5), (6, 27), (10, 1), (10, 8)])
def test_the_holidays_of_2020_are_free(day: tuple[int, int]) -> None:
    assert CALENDAR[date(2020, *day)].kind == "法定"


def test_the_shipped_calendar_is_that_of_the_maintained_package() -> None:
    differing = [day for day, kind in CALENDAR.items() if kind.works != chinese_calendar.is_workday(day)]
    assert not differing
    assert len(CALENDAR) == 2922


def team_of_two(store: Store) -> tuple[Team, Member, Member]:
    village = Division(name="明星村", level="village")
    team = Team(village=village.id, name="县水务局驻学田镇明星村工作队")
    leader, other = Member(name="李建国", team=team.id), Member(name="王海波", team=team.id)
    posted = Posting(team=team.id, member=other.id, since=date(2020, 8, 11))
    led = Posting(team=team.id, member=leader.id, role="队长", since=date(2020, 1, 1))
    store.write([Put(r) for r in (village, team, leader, other, posted, led)], "建队")
    return team, leader, other


def test_the_month_sheet_has_every_half_day_of_every_member(store: Store) -> None:
    team, leader, _ = team_of_two(store)
    half = HalfDay(member=leader.id, team=team.id, day=date(2020, 8, 10), half="PM", status="V")
    store.write([Put(half)], "签到")
    first, second = queries.month_grid(store, team.id, "202008")
    assert (first.name, first.statuses[10, "PM"], first.statuses[10, "AM"]) == ("李建国", "V", "U")
    assert (second.statuses[10, "AM"], second.statuses[11, "AM"], len(second.statuses)) == ("–", "U", 62)


def test_a_member_who_came_back_in_the_same_month_has_one_line(store: Store) -> None:
    team, leader, other = team_of_two(store)
    gone = Posting(team=team.id, member=other.id, since=date(2020, 8, 1), until=date(2020, 8, 5))
    store.write([Put(gone)], "补录")
    grid = queries.month_grid(store, team.id, "202008")
    assert [line.member for line in grid] == [leader.id, other.id]
    assert [grid[1].statuses[day, "AM"] for day in (5, 6, 11)] == ["U", "–", "U"]


def test_the_half_days_of_a_year_leave_other_years_out(store: Store) -> None:
    team, leader, _ = team_of_two(store)
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31))
    halves = [HalfDay(member=leader.id, team=team.id, day=day, half="AM", status="V") for day in days]
    store.write([Put(half) for half in halves], "导入")
    assert [half.day for half in queries.half_days_of_year(store, leader.id, 2020)] == list(days[1:])
    assert queries.statuses_by_month(store, leader.id, 2020)[11] == {"V": 1}


def test_the_countys_correction_of_the_calendar_wins(store: Store) -> None:
    workdays = [w for w in shipped_workdays() if w.day.year == 2020]
    store.write([Put(w) for w in workdays], "下发")
    kinds = queries.calendar(store, date(2020, 10, 8), date(2020, 10, 12))
    assert [kind.kind for kind in kinds.values()] == ["法定", "工作日", "调休上班", "周末", "工作日"]


def test_what_the_county_counts_is_a_setting(store: Store) -> None:
    assert queries.weights(store, 2020) == rules.STANDARD
    store.write([Put(row) for row in shipped_settings()], "下发")
    assert queries.weights(store, 2020) == rules.STANDARD
    store.write([Put(Setting(name="official_trip_pay", year=2020, value="0.5"))], "县里改")
    assert queries.weights(store, 2020).official_pay == Decimal("0.5")
    assert queries.weights(store, 2021).official_pay == 0
