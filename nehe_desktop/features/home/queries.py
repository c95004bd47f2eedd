"""What the first page says: the numbers of a village, what is to be done today, what is coming."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance.queries import calendar, half_days, postings_in
from nehe_desktop.features.attendance.rules import GOAL, credit, days_posted, target
from nehe_desktop.features.households import queries as registry
from nehe_desktop.features.households import screen_queries
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.households.rules import household_doubts, person_doubts
from nehe_desktop.features.households.screen_queries import Wanted
from nehe_desktop.features.teams.ledger import Member
from nehe_desktop.features.visits.ledger import ProblemTicket
from nehe_desktop.features.visits.queries import Due, open_problems, overdue_visits
from nehe_desktop.features.visits.rules import due_of

MONTHS = 6
LOOKED_BACK = 31  # days of attendance that may still be filled in
BACKUP_KEPT = 7  # days after which a copy on a USB stick is old


@dataclass(frozen=True)
class Numbers:
    """The four cards and the two charts; every number has a filter that lists its rows."""

    households: int
    persons: int
    registered: int
    visited: int
    to_visit: int
    watched: int
    monitored: int
    months: tuple[tuple[str, int, int], ...]  # YYYYMM, households visited, households to visit
    categories: Mapping[str, int]


@dataclass(frozen=True)
class Served:
    """Days in the village this year, and how many it should be by now."""

    member: str
    days: Decimal
    aim: int
    goal: int = GOAL


def wanted(store: Store, village: str, filter: str = "all", month: str = "") -> Wanted:  # noqa: A002 - its name in the list
    """The households behind a number."""
    return Wanted(store.clock.today(), village, filter, store.author, month)


def numbers(store: Store, village: str) -> Numbers:
    """The numbers of a village on the day of the clock; no village means all of this laptop."""

    def count(filter: str, month: str = "") -> int:  # noqa: A002
        return screen_queries.count(store, wanted(store, village, filter, month))

    households, persons = screen_queries.totals(store, wanted(store, village))
    visited, still = count("visited"), count("to_visit")
    months = tuple((month, count("visited", month), visited + still) for month in last_months(store.clock.today()))
    monitored, watched = count("monitored"), count("watched")
    kinds = {name: count(name) for name in ("registered", "monitored", "borderline", "ordinary")}
    return Numbers(households, persons, kinds["registered"], visited, still, watched, monitored, months, kinds)


def last_months(today: date, how_many: int = MONTHS) -> list[str]:
    """The last months as YYYYMM, this one at the end."""
    first = today.year * 12 + today.month - 1
    return [f"{at // 12}{at % 12 + 1:02d}" for at in range(first - how_many + 1, first + 1)]


def me(store: Store) -> Member | None:
    """The member of a team who is at the keyboard, by name."""
    return next(iter(store.all(Member, "name = ?", (store.author,), "id", 1)), None)


def served(store: Store) -> Served | None:
    """This year's credit days of the person at the keyboard; None for somebody who is no member."""
    member, today = me(store), store.clock.today()
    if member is None:
        return None
    first = date(today.year, 1, 1)
    terms = postings_in(store, member.id, first, today)
    posted = sum(days_posted(term.since, term.until, first, today) for term in terms)
    statuses = [half.status for half in half_days(store, member.id, first, today)]
    return Served(member.id, credit(statuses), target(posted, today.year))


def posted_days(store: Store, member: str) -> int:
    """Days since the present posting began, the first one counted; 0 where there is none."""
    today = store.clock.today()
    terms = [t for t in postings_in(store, member, today, today) if t.until is None or t.until >= today]
    return (today - min(term.since for term in terms)).days + 1 if terms else 0


def unfilled_days(store: Store, member: str) -> list[date]:
    """Working days of the last month, before today, on which a half-day is missing."""
    today = store.clock.today()
    first = max(today - timedelta(days=LOOKED_BACK), today.replace(day=1) - timedelta(days=1))
    terms = postings_in(store, member, first, today)
    entered = Counter(half.day for half in half_days(store, member, first, today) if half.status != "U")
    days = calendar(store, first, today)
    posted = [d for d in days if any(t.since <= d and (t.until is None or d <= t.until) for t in terms)]
    return [d for d in posted if d < today and days[d].works and entered[d] < 2]


def overdue(store: Store, village: str) -> list[Due]:
    """Households whose visit is overdue, the longest first."""
    today = store.clock.today()
    places = screen_queries.villages(store, wanted(store, village))
    return [due for place in places for due in overdue_visits(store, place, today)]


def problems_due(store: Store, village: str, until: date) -> list[tuple[ProblemTicket, date]]:
    """Open problems whose day comes by then, the nearest first."""
    places = screen_queries.villages(store, wanted(store, village))
    found = [(ticket, due_of(ticket)) for place in places for ticket in open_problems(store, place)]
    return sorted((pair for pair in found if pair[1] <= until and pair[0].state != "挂起"), key=lambda pair: pair[1])


def doubtful(store: Store, village: str) -> dict[str, int]:
    """Registered and borderline households with what would block reporting, and how many such doubts each has."""
    if not village:
        return {}
    today, found = store.clock.today(), Counter[str]()
    people: dict[str, list[Person]] = {}
    where = "present = 1 AND died_on IS NULL AND household IN (SELECT id FROM household WHERE village = ?)"
    for person in store.all(Person, where, (village,)):
        people.setdefault(person.household or "", []).append(person)
    homes = store.all(Household, "village = ? AND status = '有效' AND base_type IN ('01', '02')", (village,))
    for home in homes:
        members = people.get(home.id, [])
        doubts = [*household_doubts(home, members), *(d for p in members for d in person_doubts(p, today))]
        found[home.id] = sum(doubt.level == "error" for doubt in doubts)
    for shared in registry.shared_ids(store):
        found.update(id for id in shared.households if id in found)
    return {id: number for id, number in found.items() if number}


@dataclass(frozen=True)
class Left:
    """A draft that was not saved: its key and the day it was last touched."""

    key: str
    on: date


def drafts_left(store: Store) -> list[Left]:
    """Drafts that wait, the newest first."""
    return [Left(key, datetime.fromisoformat(at).date()) for key, _payload, at in store.drafts()]
