"""What the pages of visits and problems ask: a household at a glance, the rows of their lists."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from nehe_desktop.core.store import Store
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.households.queries import members_of
from nehe_desktop.features.teams.queries import helpers_of
from nehe_desktop.features.visits.ledger import DONE, ProblemTicket, Visit
from nehe_desktop.features.visits.queries import Due, problems_of, visits_by_due_day, visits_of
from nehe_desktop.security.laptop import profile_of


@dataclass(frozen=True)
class Case:
    """What is known of a household when a visit to it is entered."""

    household: Household
    members: tuple[Person, ...]
    categories: tuple[str, ...]
    visits: tuple[Visit, ...]
    problems: tuple[ProblemTicket, ...]
    helpers: tuple[str, ...]

    @property
    def head(self) -> str:
        """The name of the head, or what stands for it."""
        head = next((m for m in self.members if m.id == self.household.head), None)
        head = head or next((m for m in self.members if m.relation == "01"), None)
        return head.name if head else self.household.local_no or self.household.hh_no or "未登记户主"

    @property
    def phone(self) -> str:
        """The telephone of the household, else the first of a member."""
        numbers = (self.household.phone, *(member.phone for member in self.members))
        return next((number for number in numbers if number), "")

    def last_before(self, visit: str = "") -> Visit | None:
        """The newest visit that is not the one with this id."""
        return next((each for each in self.visits if each.id != visit), None)

    def said_before(self, name: str, visit: str = "") -> Any:
        """What the newest other visit that asked for it says in a field, None where none did."""
        said = (getattr(each, name) for each in self.visits if each.id != visit)
        return next((value for value in said if value is not None), None)


_CATEGORIES = """
SELECT category FROM household_category
WHERE household = ?1 AND since <= ?2 AND (until IS NULL OR until >= ?2) ORDER BY since DESC
"""


def case_of(store: Store, household: str, today: date) -> Case | None:
    """The household at a glance, None where it is gone."""
    found = store.find(Household, household)
    if found is None:
        return None
    categories = store.rows(_CATEGORIES, (household, today.isoformat()))
    open_now = (ticket for ticket in problems_of(store, household) if ticket.state not in DONE)
    return Case(
        found,
        tuple(members_of(store, household)),
        tuple(dict.fromkeys(row[0] for row in categories)),
        tuple(visits_of(store, household)),
        tuple(open_now),
        tuple(helper.name for helper in helpers_of(store, household, today)),
    )


_VILLAGES = "SELECT village, count(*) FROM household GROUP BY village ORDER BY 2 DESC LIMIT 1"


def village_of(store: Store) -> str:
    """The village this laptop works for: as it was told, else where most households are."""
    told = profile_of(store).village
    row = store.one(_VILLAGES)
    return told or (row[0] if row else "")


def due_now(store: Store, village: str, today: date) -> list[Due]:
    """今天该走的户: overdue, due today or never visited, the longest waiting first."""
    return [due for due in visits_by_due_day(store, village, today) if due.due <= today]


_NAMED = """
SELECT h.id, coalesce(p.name, ''), coalesce(h.hamlet, ''), (SELECT max(v.day) FROM visit v WHERE v.household = h.id)
FROM household h LEFT JOIN person p ON p.id = h.head
WHERE h.status = '有效' AND h.id IN (SELECT value FROM json_each(?))
"""


class Named(NamedTuple):
    """A household with the names by which it is known and its last visit."""

    household: str
    head: str
    hamlet: str
    last: date | None


def named(store: Store, households: Sequence[str]) -> list[Named]:
    """Valid households in the order given."""
    rows = {row[0]: row for row in store.rows(_NAMED, (json.dumps(list(households)),))}
    found = (rows[id] for id in households if id in rows)
    return [Named(id, head, hamlet, date.fromisoformat(d) if d else None) for id, head, hamlet, d in found]


@dataclass(frozen=True)
class Visits:
    """Which visits are listed: of a village, in a period, to one household, or these ids."""

    village: str = ""
    first: str = ""
    last: str = "9999"
    household: str = ""


class ListedVisit(NamedTuple):
    """A visit as one row."""

    id: str
    day: date
    head: str
    hamlet: str
    kind: str
    visitors: str
    troubles: int
    note: str


_VISITS_WHERE = "(?1 = '' OR h.village = ?1) AND v.day BETWEEN ?2 AND ?3 AND (?4 = '' OR v.household = ?4)"
_VISIT_ORDERS = {
    "day": "v.day {way}, v.rowid {way}",
    "head": "p.name {way}, v.day DESC",
    "kind": "v.kind {way}, v.day DESC",
    "visitors": "v.visitors {way}, v.day DESC",
}
_HOMES = "FROM visit v JOIN household h ON h.id = v.household LEFT JOIN person p ON p.id = h.head"


def visit_ids(
    store: Store, wanted: Visits, sort: str = "day", *, descending: bool = True, limit: int = 0
) -> array[int]:
    """Row ids of visits in the order of a column."""
    order = _VISIT_ORDERS.get(sort, _VISIT_ORDERS["day"]).format(way="DESC" if descending else "ASC")
    sql = f"SELECT v.rowid {_HOMES} WHERE {_VISITS_WHERE} ORDER BY {order}"
    sql += f" LIMIT {limit}" if limit else ""
    params = (wanted.village, wanted.first, wanted.last, wanted.household)
    return array("q", (row[0] for row in store.rows(sql, params)))


_VISIT_ROWS = f"""
SELECT v.rowid, v.id, v.day, coalesce(p.name, ''), coalesce(h.hamlet, ''), v.kind, v.visitors,
  (v.food IS '有问题') + (v.housing IS '有问题') + (v.water IS '有问题') + (v.medical IS '有问题')
  + (v.schooling IS '有问题'), coalesce(v.note, '')
{_HOMES} WHERE v.rowid IN (SELECT value FROM json_each(?))
"""


def visit_rows(store: Store, numbers: Sequence[int]) -> dict[int, ListedVisit]:
    """The visits of these row ids."""
    rows = store.rows(_VISIT_ROWS, (json.dumps(list(numbers)),))
    return {n: ListedVisit(id, date.fromisoformat(day), *rest) for n, id, day, *rest in rows}


@dataclass(frozen=True)
class Problems:
    """Which problems are listed: of a village, open or finished ones, of one household."""

    village: str = ""
    finished: bool = False
    household: str = ""
    late_on: str = ""  # an ISO day: only those that are past their day then


class ListedProblem(NamedTuple):
    """A problem as one row."""

    id: str
    ticket: ProblemTicket
    head: str


_DUE = (
    "coalesce(t.due, date(t.raised_on, CASE t.level WHEN '较急' THEN '+3 day' WHEN '紧急' THEN '+1 day'"
    " WHEN '难点' THEN '+30 day' ELSE '+7 day' END))"
)
_PROBLEM_ORDERS = {
    "due": f"{_DUE} {{way}}, t.id",
    "category": f"t.category {{way}}, {_DUE}",
    "state": f"t.state {{way}}, {_DUE}",
    "handler": f"t.handler {{way}}, {_DUE}",
    "head": f"p.name {{way}}, {_DUE}",
}
_PROBLEM_HOMES = "FROM problem t LEFT JOIN household h ON h.id = t.household LEFT JOIN person p ON p.id = h.head"


def problem_ids(
    store: Store, wanted: Problems, sort: str = "due", *, descending: bool = False, limit: int = 0
) -> array[int]:
    """Row ids of problems in the order of a column, by their day where none is named."""
    order = _PROBLEM_ORDERS.get(sort, _PROBLEM_ORDERS["due"]).format(way="DESC" if descending else "ASC")
    sql = (
        f"SELECT t.rowid {_PROBLEM_HOMES} WHERE (?1 = '' OR t.village = ?1)"
        f" AND (t.state IN ('销号', '重复合并')) = ?2 AND (?3 = '' OR t.household = ?3)"
        f" AND (?4 = '' OR ({_DUE} < ?4 AND t.state != '挂起')) ORDER BY {order}"
    )
    sql += f" LIMIT {limit}" if limit else ""
    params = (wanted.village, int(wanted.finished), wanted.household, wanted.late_on)
    return array("q", (row[0] for row in store.rows(sql, params)))


def problem_rows(store: Store, numbers: Sequence[int]) -> dict[int, ListedProblem]:
    """The problems of these row ids."""
    sql = f"SELECT t.rowid, t.id, coalesce(p.name, '') {_PROBLEM_HOMES} WHERE t.rowid IN (SELECT value FROM json_each(?))"
    keys = store.rows(sql, (json.dumps(list(numbers)),))
    where = "id IN (SELECT value FROM json_each(?))"
    tickets = {t.id: t for t in store.all(ProblemTicket, where, (json.dumps([row[1] for row in keys]),))}
    return {number: ListedProblem(id, tickets[id], head) for number, id, head in keys if id in tickets}


def household_title(store: Store, household: Any) -> str:
    """The head's name of a household, empty where it is unknown."""
    found = named(store, [household]) if household else []
    return found[0].head if found else ""
