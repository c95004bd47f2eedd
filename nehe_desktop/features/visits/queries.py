"""Questions about visits and problems."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from nehe_desktop.core.store import Store
from nehe_desktop.features.visits.ledger import ProblemTicket, Visit
from nehe_desktop.features.visits.rules import days_between_visits, days_overdue, is_overdue, next_visit


class Due(NamedTuple):
    """A household and the day by which it is to be visited."""

    household: str
    head: str
    hamlet: str
    away: bool
    last: date | None
    due: date
    days_overdue: int


_LAST = """
SELECT h.id, coalesce(p.name, ''), coalesce(h.hamlet, ''),
  (SELECT count(*) FROM person m WHERE m.household = h.id AND m.present = 1 AND m.died_on IS NULL AND m.at_home = 0) > 0
  AND NOT EXISTS (SELECT 1 FROM person m WHERE m.household = h.id AND m.present = 1 AND m.died_on IS NULL
                  AND (m.at_home IS NULL OR m.at_home = 1)),
  (SELECT max(v.day) FROM visit v WHERE v.household = h.id AND v.day <= ?2)
FROM household h LEFT JOIN person p ON p.id = h.head
WHERE h.village = ?1 AND h.status = '有效' AND h.base_type IN ('01', '02')
"""
LevelOf = Callable[[str], int | None]


def _no_level(_household: str) -> int | None:
    return None


def visits_by_due_day(store: Store, village: str, today: date, level_of: LevelOf = _no_level) -> list[Due]:
    """Registered and borderline households, the longest overdue first; `level_of` gives warning levels."""
    rows = store.rows(_LAST, (village, today.isoformat()))
    found = (_due(row, today, level_of(row[0])) for row in rows)
    return sorted(found, key=lambda due: (due.due, due.last or date.min, due.household))


def overdue_visits(store: Store, village: str, today: date, level_of: LevelOf = _no_level) -> list[Due]:
    """Households that should have been visited by today, never visited ones included."""
    return [d for d in visits_by_due_day(store, village, today, level_of) if d.days_overdue or not d.last]


def _due(row: tuple[str, str, str, int, str | None], today: date, level: int | None) -> Due:
    household, head, hamlet, away, stored = row
    last = date.fromisoformat(stored) if stored else None
    every = days_between_visits(level, away=bool(away))
    due, late = next_visit(last, every, today), days_overdue(last, every, today)
    return Due(household, head, hamlet, bool(away), last, due, late)


def visits_of(store: Store, household: str) -> list[Visit]:
    """The visits to a household, newest first."""
    return store.all(Visit, "household = ?", (household,), "day DESC, id DESC")


def last_visit(store: Store, household: str) -> Visit | None:
    """The newest visit to a household."""
    return next(iter(store.all(Visit, "household = ?", (household,), "day DESC, id DESC", 1)), None)


_MONTHS = """
SELECT substr(v.day, 1, 7), count(DISTINCT v.household) FROM visit v JOIN household h ON h.id = v.household
WHERE h.village = ?1 AND v.day >= ?2 AND v.day <= ?3 GROUP BY 1
"""


def households_visited_by_month(store: Store, village: str, year: int) -> list[int]:
    """Households visited at least once, for each of the twelve months."""
    found = dict(store.rows(_MONTHS, (village, f"{year}-01-01", f"{year}-12-31")))
    return [found.get(f"{year}-{month:02d}", 0) for month in range(1, 13)]


_VISITED = """
SELECT count(DISTINCT v.household), count(*) FROM visit v JOIN household h ON h.id = v.household
WHERE h.village = ? AND h.status = '有效' AND h.base_type IN ('01', '02') AND v.day BETWEEN ? AND ?
"""


def households_and_visits(store: Store, village: str, first: date, last: date) -> tuple[int, int]:
    """户 and 次 in a period: registered or borderline households visited, and visits made to them."""
    row = store.one(_VISITED, (village, first.isoformat(), last.isoformat()))
    return (row[0], row[1]) if row else (0, 0)


_TO_VISIT = (
    "SELECT count(*) FROM household WHERE village = ? AND status = '有效' AND base_type IN ('01', '02')"
)


def households_to_visit(store: Store, village: str) -> int:
    """Registered and borderline households of a village."""
    row = store.one(_TO_VISIT, (village,))
    return row[0] if row else 0


def open_problems(store: Store, village: str) -> list[ProblemTicket]:
    """Problems that are not struck off or merged, by their day."""
    where = "village = ? AND state NOT IN ('销号', '重复合并')"
    return store.all(ProblemTicket, where, (village,), "coalesce(due, raised_on), id")


def overdue_problems(store: Store, village: str, today: date) -> list[ProblemTicket]:
    """Open problems that are past their day."""
    return [ticket for ticket in open_problems(store, village) if is_overdue(ticket, today)]


def problems_of(store: Store, household: str) -> list[ProblemTicket]:
    """The problems of a household, newest first."""
    return store.all(ProblemTicket, "household = ?", (household,), "raised_on DESC, id DESC")


def solved_between(store: Store, village: str, first: date, last: date) -> int:
    """Problems struck off in a period (解决难题件数)."""
    where = "village = ? AND state = '销号' AND closed_on BETWEEN ? AND ?"
    return store.count(ProblemTicket, where, (village, first.isoformat(), last.isoformat()))


class HomeCounts(NamedTuple):
    """The numbers on the first page that come from visits and problems."""

    to_visit: int
    visited_this_month: int
    overdue_visits: int
    open_problems: int
    overdue_problems: int


def home_counts(store: Store, village: str, today: date) -> HomeCounts:
    """Visits of the month so far and what is overdue, in one village."""
    visited, _ = households_and_visits(store, village, today.replace(day=1), today)
    open_now = open_problems(store, village)
    return HomeCounts(
        households_to_visit(store, village),
        visited,
        len(overdue_visits(store, village, today)),
        len(open_now),
        sum(is_overdue(ticket, today) for ticket in open_now),
    )


def due_within(store: Store, village: str, today: date, days: int = 7) -> list[Due]:
    """Households whose visit falls due in the next days and is not overdue yet."""
    last = today + timedelta(days=days)
    return [d for d in visits_by_due_day(store, village, today) if d.last and today <= d.due <= last]
