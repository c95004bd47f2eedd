"""What approved leaves say of the half-days of a month, for the attendance (domain §8.3, §8.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance.calendar import DayKind
from nehe_desktop.features.attendance.entering import Shown, shown_month
from nehe_desktop.features.attendance.month import Slip
from nehe_desktop.features.attendance.queries import calendar, month_bounds
from nehe_desktop.features.leave.queries import Case, cases
from nehe_desktop.features.leave.rules import CODES, OVERDUE, day_of, due_back, present, slot, taken, works
from nehe_desktop.features.leave.words import number_of

Slips = dict[tuple[str, date, str], Slip]
_ABSENT = "A"


def month_with_slips(store: Store, month: str, team: str) -> Shown:
    """A month as the page shows it, with what the approved leaves say of it."""
    found = shown_month(store, month, team)
    return found._replace(month=replace(found.month, slips=slips_in(store, month)))


def slips_in(store: Store, month: str) -> Slips:
    """What the approved leaves say of the working half-days of a month YYYYMM, by member, day and half.

    Who is not back in the first half-day after his leave is absent from then on.
    """
    first, last = month_bounds(month)
    days = calendar(store, first, last)
    where = "submitted = 1 AND since <= ? AND (until >= ? OR until >= date(?, '-60 days'))"
    found = cases(store, where, (last.isoformat(), first.isoformat(), first.isoformat()), all_rows=True)
    return {
        (case.leave.member, *day_of(at)): slip
        for case in found
        if case.told.granted
        for at, slip in _said(case, days, present(store.clock.now()))
        if first <= day_of(at)[0] <= last
    }


def _said(case: Case, days: dict[date, DayKind], now: int) -> Iterator[tuple[int, Slip]]:
    kind = case.leave.kind
    trip = kind == "公出"
    words = f"{'公出单' if trip else '请假单'} {number_of(case.leave)}：{kind}"
    place = f"{case.leave.destination} {case.leave.reason}".strip()[:60] if trip else ""
    slip = Slip(CODES.get(kind, "N"), "公出单" if trip else "请假单", words, place)
    yield from ((at, slip) for at in taken(case.leave, case.told) if works(at, days))
    late = Slip(_ABSENT, "请假单", f"{words}，逾期未归")
    yield from ((at, late) for at in _overdue(case, days, now) if works(at, days))


def _overdue(case: Case, days: dict[date, DayKind], now: int) -> range:
    """The half-days from the first one he should have been back in to his return, or to the present one."""
    back = case.told.back
    if back and back.returned_on:
        ends = slot(back.returned_on, back.returned_half or "AM")
    else:
        ends = now if case.state == OVERDUE else 0
    return range(due_back(case.leave, days), ends)
