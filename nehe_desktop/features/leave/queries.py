"""Questions about leaves: how each stands, what it runs against, what was changed after somebody agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from nehe_desktop.core.deciding import same_person
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance.calendar import DayKind
from nehe_desktop.features.attendance.queries import calendar
from nehe_desktop.features.custody.audit import device_of
from nehe_desktop.features.leave.checks import Around, Mate, Taken
from nehe_desktop.features.leave.ledger import COUNTY, LEADER, TOWN, Leave, LeaveStep
from nehe_desktop.features.leave.rules import (
    PERSONAL,
    Applicant,
    Chain,
    Limits,
    Standing,
    chain_of,
    counted,
    days,
    labels_of,
    standing,
    taken,
)
from nehe_desktop.features.reference.queries import setting
from nehe_desktop.features.teams.rules import serves
from nehe_desktop.security.laptop import COUNTY as OF_COUNTY
from nehe_desktop.security.laptop import profile_of
from nehe_desktop.security.rights import Rights, only_own

LEADING = ("队长", "第一书记", "队长兼第一书记")
_AFTER = timedelta(days=40)
"""Days looked at behind the end of a leave: the longest holidays are shorter."""
Terms = Mapping[tuple[str, str], Sequence[tuple[str, date, date | None]]]


@dataclass(frozen=True)
class Case:
    """A leave as it is looked at: whose, in which team, with what was said of it, how it stands, how long it is."""

    leave: Leave
    who: Applicant
    role: str
    team: str
    village: str
    substitute: str
    steps: tuple[LeaveStep, ...]
    told: Standing
    days: Decimal
    void: frozenset[str] = frozenset()
    """The ids of words that the county did not take, that this laptop may not say, or of a leader who was none."""
    leaders: frozenset[str] = frozenset()
    """Who leads the team today, by the postings."""
    @property
    def state(self) -> str:
        """The state in a few words."""
        return self.told.state


_TEAMS = "SELECT t.id, t.name, d.name FROM team t LEFT JOIN division d ON d.id = t.village"


class Book:
    """What many leaves need to be told, read once: names, terms of service, limits of a year, the calendar."""

    def __init__(self, store: Store, leaves: Sequence[Leave]) -> None:
        self.store, self.now = store, store.clock.now()
        self._limits: dict[int, Limits] = {}
        self.names = dict(store.rows("SELECT id, name FROM member"))
        self.teams = {id: (name, village or "") for id, name, village in store.rows(_TEAMS)}
        self.terms = _terms(store)
        self.calendar = _calendar(store, leaves, self.now.date())
        self.void = _void(store)

    def limits(self, year: int) -> Limits:
        """What the county set for a year."""
        if year not in self._limits:
            self._limits[year] = limits_of(self.store, year)
        return self._limits[year]

    def role(self, member: str, team: str, day: date) -> str:
        """As what a member serves in a team on a day, else as what he served last."""
        terms = self.terms.get((team, member), ())
        there = [role for role, since, until in terms if serves(since, until, day)]
        return (there or [role for role, _, _ in terms] or ["队员"])[-1]

    def who(self, leave: Leave) -> Applicant:
        """Who asks, as he served when his leave began."""
        leads = self.role(leave.member, leave.team, leave.since) in LEADING
        led = any(
            role in LEADING
            and team == leave.team
            and member != leave.member
            and serves(since, until, leave.since)
            for (team, member), terms in self.terms.items()
            for role, since, until in terms
        )
        return Applicant(self.names.get(leave.member, ""), leads, led)

    def leaders(self, team: str, day: date) -> frozenset[str]:
        """The names of those who lead a team on a day, by their postings: an account alone makes no leader."""
        return frozenset(
            self.names.get(member, "")
            for (of, member), terms in self.terms.items()
            for role, since, until in terms
            if of == team and role in LEADING and serves(since, until, day)
        )

    def _no_leaders(self, leave: Leave, steps: Iterable[LeaveStep]) -> set[str]:
        """The ids of the leader's words that somebody said who did not lead the team then."""
        own = (step for step in steps if step.step == LEADER)
        return {
            step.id
            for step in own
            if not any(same_person(step.by, name) for name in self.leaders(leave.team, step.at.date()))
        }

    def chain(self, leave: Leave) -> Chain:
        """Whose word an application needs."""
        length = days(counted(leave, self.calendar))
        return chain_of(leave.kind, length, self.who(leave), self.limits(leave.since.year))

    def case(self, leave: Leave, steps: Iterable[LeaveStep] = ()) -> Case:
        """A leave with all that is to be told of it."""
        said, who = tuple(steps), self.who(leave)
        void = (self.void & {step.id for step in said}) | self._no_leaders(leave, said)
        valid = (step for step in said if step.id not in void)
        told = standing(leave, valid, who, self.chain(leave), self.calendar, self.now)
        name, village = self.teams.get(leave.team, ("", ""))
        role = self.role(leave.member, leave.team, leave.since)
        other = self.names.get(leave.substitute or "", "")
        length, leaders = days(counted(leave, self.calendar)), self.leaders(leave.team, self.now.date())
        return Case(leave, who, role, name, village, other, said, told, length, void, leaders)


_NOT_TAKEN = "SELECT pk FROM journal WHERE tbl = 'leave_step' AND state IN ('quarantined', 'dropped')"
_OWN_ABOVE = "SELECT id FROM leave_step WHERE step IN (?, ?) AND device = ?"


def _void(store: Store) -> frozenset[str]:
    """Words that count nowhere: set aside by the county, or said at this laptop for a level that is not its own."""
    profile, here = profile_of(store), device_of(store)
    above = (
        (TOWN, COUNTY)
        if profile.village
        else (COUNTY, COUNTY)
        if profile.office not in ("", OF_COUNTY)
        else ()
    )
    own = store.rows(_OWN_ABOVE, (*above, here)) if above and here else []
    return frozenset(row[0] for row in (*store.rows(_NOT_TAKEN), *own))


def limits_of(store: Store, year: int) -> Limits:
    """The limits of a year from the settings; the usual ones where one is missing."""
    usual = Limits()
    return Limits(
        _number(store, "leave_team_days", year, usual.team),
        _number(store, "leave_town_days", year, usual.town),
        _number(store, "leave_year_days", year, usual.year),
        int(_number(store, "min_on_duty", year, Decimal(usual.on_duty))),
    )


def _number(store: Store, name: str, year: int, usual: Decimal) -> Decimal:
    row = setting(store, name, year)
    told = row.value.strip() if row else ""
    return Decimal(told) if told.replace(".", "", 1).isdecimal() else usual


def _terms(store: Store) -> Terms:
    found: dict[tuple[str, str], list[tuple[str, date, date | None]]] = {}
    for team, member, role, since, until in store.rows(
        "SELECT team, member, role, since, until FROM posting ORDER BY since, id"
    ):
        term = (role, date.fromisoformat(since), date.fromisoformat(until) if until else None)
        found.setdefault((team, member), []).append(term)
    return found


def _calendar(store: Store, leaves: Sequence[Leave], today: date) -> Mapping[date, DayKind]:
    first = min((leave.since for leave in leaves), default=today)
    last = max((leave.until for leave in leaves), default=today)
    return calendar(store, min(first, today), max(last, today) + _AFTER)


def cases(store: Store, where: str = "", params: Sequence[Any] = (), *, all_rows: bool = False) -> list[Case]:
    """Leaves, the latest first; of somebody who may see only his own those alone, unless all are asked for."""
    leaves = store.all(Leave, where, tuple(params), "since DESC, id")
    book = Book(store, leaves)
    if not all_rows and sees_only_own(store):
        leaves = [leave for leave in leaves if same_person(book.names.get(leave.member, ""), store.author)]
    steps = _steps(store, leaves)
    return [book.case(leave, steps.get(leave.id, ())) for leave in leaves]


def case_of(store: Store, leave: str) -> Case | None:
    """One leave with what was said of it; None where it is not there, or is not his to see."""
    return next(iter(cases(store, "id = ?", (leave,))), None)


def sees_only_own(store: Store) -> bool:
    """Whether who is at the keyboard sees his own leaves alone."""
    guard = store.guard
    return isinstance(guard, Rights) and only_own(guard.actor, "read", Leave.ledger.table)


def _steps(store: Store, leaves: Sequence[Leave]) -> dict[str, list[LeaveStep]]:
    found: dict[str, list[LeaveStep]] = {}
    one = len(leaves) == 1
    where, params = ("leave = ?", (leaves[0].id,)) if one else ("", ())
    for step in store.all(LeaveStep, where, params, "at, id") if leaves else ():
        found.setdefault(step.leave, []).append(step)
    return found


def around(store: Store, leave: Leave) -> Around:
    """What an application runs against."""
    near = (leave.since - _AFTER * 10, leave.until + _AFTER * 10)
    others = cases(
        store, "id <> ? AND (team = ? OR member = ?) AND since BETWEEN ? AND ?",
        (leave.id, leave.team, leave.member, near[0].isoformat(), near[1].isoformat()), all_rows=True,
    )  # fmt: skip
    book = Book(store, [leave, *(each.leave for each in others)])
    mates = (
        Mate(member, book.names.get(member, ""), tuple((since, until) for _, since, until in terms))
        for (team, member), terms in book.terms.items()
        if team == leave.team
    )
    busy = (
        Taken(c.leave.member, c.who.name, c.leave.kind, c.state, taken(c.leave, c.told))
        for c in others
        if c.told.blocks
    )
    limits = book.limits(leave.since.year)
    return Around(
        book.calendar, tuple(mates), tuple(busy), _spent(leave, others), limits, store.clock.today()
    )


def _spent(leave: Leave, others: Iterable[Case]) -> Decimal:
    mine = (c for c in others if c.leave.member == leave.member and c.leave.since.year == leave.since.year)
    return sum((c.days for c in mine if c.leave.kind in PERSONAL and c.told.blocks), Decimal(0))


def changed_since(store: Store, case: Case, step: LeaveStep) -> list[str]:
    """What of an application is no more what it was when somebody agreed: 从：2020-08-10 → 2020-08-12."""
    found: dict[str, tuple[Any, Any]] = {}
    for event in store.history(Leave, case.leave.id):
        if event.op == "U" and event.at > step.at:
            for name, (old, new) in event.patch.items():
                found[name] = (found[name][0] if name in found else old, new)
    moved = {name: pair for name, pair in found.items() if pair[0] != pair[1]}
    return [f"{label}：{_shown(store, name, moved[name][0])} → {_shown(store, name, moved[name][1])}"
            for name, label in labels_of(moved).items()]  # fmt: skip


def _shown(store: Store, name: str, stored: Any) -> str:
    field = LEDGERS["leave"].fields[name]
    if name in ("member", "substitute", "team"):
        row = store.one(
            f"SELECT name FROM [{'team' if name == 'team' else 'member'}] WHERE id = ?", (stored,)
        )
        return str(row[0]) if row else "（空）"
    return field.kind.show(field.kind.load(stored)) if stored else "（空）"


def my_member(store: Store) -> tuple[str, str] | None:
    """Member and team of who is at the keyboard; None for somebody who serves in no team."""
    row = store.one(
        "SELECT id, team FROM member WHERE name = ? AND team IS NOT NULL ORDER BY id LIMIT 1", (store.author,)
    )
    return (str(row[0]), str(row[1])) if row else None
