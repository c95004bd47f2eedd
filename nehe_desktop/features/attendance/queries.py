"""Questions about attendance."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance.calendar import DayKind, calendar_of
from nehe_desktop.features.attendance.ledger import HALVES, HalfDay, Night, Workday
from nehe_desktop.features.attendance.rules import STANDARD, Weights
from nehe_desktop.features.reference.queries import setting
from nehe_desktop.features.teams.ledger import Posting
from nehe_desktop.features.teams.rules import serves


class MemberMonth(NamedTuple):
    """A line of the month sheet: every half-day of the month by (day of month, AM or PM)."""

    member: str
    name: str
    role: str
    statuses: Mapping[tuple[int, str], str]


def month_bounds(month: str) -> tuple[date, date]:
    """First and last day of a month YYYYMM."""
    first = date(int(month[:4]), int(month[4:]), 1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


_POSTED = """
SELECT m.id, m.name, p.role, p.since, p.until FROM posting p JOIN member m ON m.id = p.member
WHERE p.team = ?1 AND p.since <= ?3 AND (p.until IS NULL OR p.until >= ?2)
ORDER BY p.role = '队员', p.role = '第一书记', p.since, m.id
"""
_HALVES = "SELECT member, day, half, status FROM attendance_half WHERE team = ? AND day BETWEEN ? AND ?"


def month_grid(store: Store, team: str, month: str) -> list[MemberMonth]:
    """The month sheet of a team, leader first: 不在任 outside a posting, 未登记 where nothing was entered."""
    first, last = month_bounds(month)
    entered = {
        (member, date.fromisoformat(day), half): status
        for member, day, half, status in store.rows(_HALVES, (team, first.isoformat(), last.isoformat()))
    }
    served: dict[tuple[str, str, str], list[tuple[date, date | None]]] = {}
    for id, name, role, since, until in store.rows(_POSTED, (team, first.isoformat(), last.isoformat())):
        line = next((key for key in served if key[0] == id), (id, name, role))
        served.setdefault(line, []).append((date.fromisoformat(since), _day(until)))
    return [
        MemberMonth(*line, _month(line[0], terms, entered, first, last)) for line, terms in served.items()
    ]


def _month(
    member: str,
    terms: Iterable[tuple[date, date | None]],
    entered: Mapping[tuple[str, date, str], str],
    first: date,
    last: date,
) -> dict[tuple[int, str], str]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    known = tuple(terms)
    posted = {day: any(serves(since, until, day) for since, until in known) for day in days}
    return {
        (day.day, half): entered.get((member, day, half), "U" if posted[day] else "–")
        for day in days
        for half in HALVES
    }


def half_days(store: Store, member: str, first: date, last: date) -> list[HalfDay]:
    """The half-days of a member from a day to a day, in order."""
    where = "member = ? AND day BETWEEN ? AND ?"
    return store.all(HalfDay, where, (member, first.isoformat(), last.isoformat()), "day, half")


def half_days_of_year(store: Store, member: str, year: int) -> list[HalfDay]:
    """The half-days of a member in a calendar year."""
    return half_days(store, member, date(year, 1, 1), date(year, 12, 31))


def half_day(store: Store, member: str, day: date, half: str) -> HalfDay | None:
    """What was entered for one half-day."""
    where = "member = ? AND day = ? AND half = ?"
    return next(iter(store.all(HalfDay, where, (member, day.isoformat(), half))), None)


def nights(store: Store, team: str, month: str) -> dict[tuple[str, int], str]:
    """Who slept in the village, by member and day of the month."""
    first, last = month_bounds(month)
    found = store.all(Night, "team = ? AND day BETWEEN ? AND ?", (team, first.isoformat(), last.isoformat()))
    return {(night.member, night.day.day): night.stayed for night in found}


def postings_in(store: Store, member: str, first: date, last: date) -> list[Posting]:
    """The postings of a member that touch a period."""
    where = "member = ?1 AND since <= ?3 AND (until IS NULL OR until >= ?2)"
    return store.all(Posting, where, (member, first.isoformat(), last.isoformat()), "since")


_MONTHS = """
SELECT substr(day, 6, 2), status, count(*) FROM attendance_half
WHERE member = ? AND day BETWEEN ? AND ? GROUP BY 1, 2
"""


def statuses_by_month(store: Store, member: str, year: int) -> list[dict[str, int]]:
    """For each of the twelve months, how many half-days have each status."""
    months: list[dict[str, int]] = [{} for _ in range(12)]
    for month, status, count in store.rows(_MONTHS, (member, f"{year}-01-01", f"{year}-12-31")):
        months[int(month) - 1][status] = count
    return months


def calendar(store: Store, first: date, last: date) -> dict[date, DayKind]:
    """Every day of a period with its kind, by the county's calendar."""
    where = "day BETWEEN ? AND ?"
    return calendar_of(first, last, store.all(Workday, where, (first.isoformat(), last.isoformat())))


def weights(store: Store, year: int) -> Weights:
    """What the county counts, from the settings of a year; the standard where a setting is missing."""
    official = setting(store, "official_trip_credit", year)
    pay = setting(store, "official_trip_pay", year)
    sick = setting(store, "sick_in_rate", year)
    return Weights(
        Decimal(official.value) if official else STANDARD.official,
        Decimal(pay.value) if pay else STANDARD.official_pay,
        sick.value == "是" if sick else STANDARD.sick_in_rate,
    )


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None
