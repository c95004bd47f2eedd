"""What the month screen asks: teams, who served in them, what was entered, the year so far."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from nehe_desktop.core.clock import moment_of
from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance import queries, rules
from nehe_desktop.features.attendance.ledger import HalfDay, Night
from nehe_desktop.features.attendance.month import Group, Mate, Month, YearSoFar
from nehe_desktop.features.reference.queries import setting


class TeamLine(NamedTuple):
    """A team that can be chosen."""

    id: str
    name: str
    village: str


_TEAMS = """
SELECT t.id, t.name, coalesce(d.name, '') FROM team t LEFT JOIN division d ON d.id = t.village
WHERE EXISTS (SELECT 1 FROM posting p WHERE p.team = t.id AND p.since <= ?2
  AND (p.until IS NULL OR p.until >= ?1)) ORDER BY t.name, t.id
"""


def teams_in(store: Store, month: str) -> list[TeamLine]:
    """Every team with somebody stationed in a month YYYYMM."""
    first, last = queries.month_bounds(month)
    return [TeamLine(*row) for row in store.rows(_TEAMS, (first.isoformat(), last.isoformat()))]


_POSTED = """
SELECT p.team, m.id, m.name, p.role, p.since, p.until FROM posting p JOIN member m ON m.id = p.member
WHERE p.since <= ?2 AND (p.until IS NULL OR p.until >= ?1)
ORDER BY p.role = '队员', p.role = '第一书记', p.since, m.id
"""


def mates_in(store: Store, first: date, last: date) -> dict[str, tuple[Mate, ...]]:
    """The members of each team who served in a period, leader first."""
    found: dict[tuple[str, str], Mate] = {}
    for team, member, name, role, since, until in store.rows(_POSTED, (first.isoformat(), last.isoformat())):
        term = (date.fromisoformat(since), date.fromisoformat(until) if until else None)
        known = found.get((team, member))
        if known:
            found[team, member] = known._replace(terms=(*known.terms, term))
        else:
            found[team, member] = Mate(member, team, name, role, (term,))
    grouped: dict[str, list[Mate]] = {}
    for mate in found.values():
        grouped.setdefault(mate.team, []).append(mate)
    return {team: tuple(mates) for team, mates in grouped.items()}


_YEAR = "SELECT member, status, count(*) FROM attendance_half WHERE day BETWEEN ? AND ? GROUP BY 1, 2"
_TERMS = """
SELECT member, since, until FROM posting WHERE since <= ?2 AND (until IS NULL OR until >= ?1)
"""


def years_so_far(store: Store, until: date) -> dict[str, YearSoFar]:
    """Of every member the days served and due from 1 January up to a day, both counted."""
    first = date(until.year, 1, 1)
    bounds = (first.isoformat(), until.isoformat())
    weights, goal = queries.weights(store, until.year), goal_of(store, until.year)
    statuses: dict[str, list[str]] = {}
    for member, status, count in store.rows(_YEAR, bounds):
        statuses.setdefault(member, []).extend([status] * count)
    posted: dict[str, int] = {}
    for member, since, end in store.rows(_TERMS, bounds):
        term = (date.fromisoformat(since), date.fromisoformat(end) if end else None)
        posted[member] = posted.get(member, 0) + rules.days_posted(*term, first, until)
    return {
        member: YearSoFar(
            rules.credit([s for s in statuses.get(member, ()) if s != "O"], weights),
            rules.credit([s for s in statuses.get(member, ()) if s == "O"], weights),
            rules.target(days, until.year, goal),
            goal,
        )
        for member, days in posted.items()
    }


def goal_of(store: Store, year: int) -> int:
    """Days in the village a year, from the setting stationed_days; the seed's 240 where it is missing."""
    row = setting(store, "stationed_days", year)
    return int(row.value) if row and row.value.isdecimal() else rules.GOAL


def month_of(store: Store, month: str, team: str = "") -> Month:
    """Everything the screen shows of a month YYYYMM, of one team or of all."""
    first, last = queries.month_bounds(month)
    now = store.clock.now()
    mates = mates_in(store, first, last)
    groups = [Group(t.id, t.name, mates[t.id]) for t in teams_in(store, month) if team in ("", t.id)]
    where, params = "day BETWEEN ? AND ?", [first.isoformat(), last.isoformat()]
    if team:
        where, params = f"{where} AND team = ?", [*params, team]
    until = min(max(now.date(), first), date(first.year, 12, 31))
    return Month(
        month,
        now,
        queries.calendar(store, first, last),
        tuple(groups),
        {(h.member, h.day, h.half): h for h in store.all(HalfDay, where, params)},
        {(n.member, n.day): n for n in store.all(Night, where, params)},
        years_so_far(store, until),
        queries.weights(store, first.year),
    )


def newest_month(store: Store) -> str:
    """The present month YYYYMM by this laptop's clock."""
    return f"{store.clock.today():%Y%m}"


def clock_went_back(store: Store) -> bool:
    """Whether this laptop's clock stands before its last record; made-up data are compared by day."""
    row = store.one("SELECT max(hlc) FROM journal")
    if not row or not row[0]:
        return False
    last, now = moment_of(row[0]), store.clock.now()
    if store.recall("demo"):
        return now.date() < last.astimezone(now.tzinfo).date()
    return (last - now).total_seconds() > 1


def member_at_keyboard(store: Store, month: Month) -> Mate | None:
    """The member whose name is that of the person at the keyboard, or None."""
    return next((mate for mate in month.mates if mate.name == store.author), None)
