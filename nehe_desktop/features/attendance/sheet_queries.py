"""How the month's sheets stand, and which entries made up later wait to be confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from nehe_desktop.core.clock import moment_of
from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance.ledger import HALVES, STATUSES
from nehe_desktop.features.attendance.queries import month_bounds, weights
from nehe_desktop.features.attendance.rules import attendance_rate
from nehe_desktop.features.attendance.screen_queries import TeamLine, mates_in, teams_in
from nehe_desktop.features.attendance.sheet_rules import (
    HALF,
    NIGHT,
    Made,
    Progress,
    digest_of,
    is_over,
    made_up,
    month_digest,
    progress,
)
from nehe_desktop.features.attendance.sheets import LateNightStep, LateStep, MonthLock, SheetStep
from nehe_desktop.features.teams.rules import serves


@dataclass(frozen=True)
class Sheet:
    """A team's month: who is on it, how far it has come, what is still missing; its rate in per cent.

    What nobody registered counts as absent in the rate only once the month is locked (domain §8.3).
    """

    team: str
    name: str
    month: str
    members: tuple[str, ...] = ()
    digest: str = ""
    progress: Progress = field(default_factory=Progress)
    unregistered: int = 0
    waiting: int = 0
    over: bool = True
    rate: Decimal | None = None

    @property
    def lacks(self) -> str:
        """Why the sheet cannot be confirmed yet, or nothing."""
        if not self.over:
            return "这个月还没有过完"
        return f"还有 {self.unregistered} 个半天没有登记" if self.unregistered else ""

    @property
    def keeps_open(self) -> str:
        """Why the month cannot be locked yet, or nothing."""
        return self.lacks or (f"还有 {self.waiting} 处补签没有确认" if self.waiting else "")


AT_NIGHT = "夜间"
"""In the place of a half where an entry is a night."""


class LateEntry(NamedTuple):
    """A half-day or a night that was entered more than a day later, and how far it has come."""

    id: str
    team: str
    member: str
    day: date
    half: str
    status: str
    said: str
    digest: str
    made: Made
    leads: bool = False
    author: str = ""
    at: datetime | None = None

    @property
    def when(self) -> str:
        """8 月 12 日上午, or 8 月 12 日夜间."""
        return f"{self.day.month} 月 {self.day.day} 日{HALVES.get(self.half, self.half)}"

    @property
    def what(self) -> str:
        """公出, or 住村."""
        return STATUSES.get(self.status, self.status)


_STATUS = HALF.index("status")
_BETWEEN = "WHERE day BETWEEN ?1 AND ?2 AND (?3 = '' OR team = ?3)"
_HALVES = f"SELECT team, {', '.join(HALF)} FROM attendance_half {_BETWEEN}"
_NIGHTS = f"SELECT team, {', '.join(NIGHT)} FROM night {_BETWEEN}"


def sheets_in(store: Store, month: str, team: str = "") -> list[Sheet]:
    """The sheets of a month YYYYMM of all teams of this laptop, or of one."""
    first, last = month_bounds(month)
    bounds = (first.isoformat(), last.isoformat(), team)
    halves, nights = _by_team(store.rows(_HALVES, bounds)), _by_team(store.rows(_NIGHTS, bounds))
    steps, locks, waiting = _steps(store, month), _locks(store, month), _waiting(store, month, team)
    mates, over = mates_in(store, first, last), is_over(month, store.clock.today())
    weighed = weights(store, first.year)

    def sheet(of: TeamLine) -> Sheet:
        lines = [
            _Line(mate.member, mate.name, _posted(mate.terms, first, last)) for mate in mates.get(of.id, ())
        ]
        posted = ((line.member, len(line.days)) for line in lines)
        digest = month_digest(halves.get(of.id, ()), nights.get(of.id, ()), posted)
        names = tuple(line.name for line in lines)
        told = progress(steps.get(of.id, ()), locks.get(of.id), digest, names)
        missing = _unregistered(lines, halves.get(of.id, ()))
        statuses = [*(row[_STATUS] for row in halves.get(of.id, ()) if row[_STATUS] != "U"), *["U"] * missing]
        rate = attendance_rate(statuses, weighed, locked=told.closed)
        return Sheet(of.id, of.name, month, names, digest, told, missing, waiting.get(of.id, 0), over, rate)

    return [sheet(each) for each in teams_in(store, month) if team in ("", each.id)]


def sheet_of(store: Store, team: str, month: str) -> Sheet:
    """The sheet of one team; an empty one where nobody served."""
    return next(iter(sheets_in(store, month, team)), Sheet(team, "", month))


class _Line(NamedTuple):
    member: str
    name: str
    days: frozenset[str]


def _posted(terms: Iterable[tuple[date, date | None]], first: date, last: date) -> frozenset[str]:
    known = tuple(terms)
    days = (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))
    return frozenset(day.isoformat() for day in days if any(serves(*term, day) for term in known))


def _by_team(rows: Iterable[Sequence[Any]]) -> dict[str, list[Sequence[Any]]]:
    found: dict[str, list[Sequence[Any]]] = {}
    for team, *said in rows:
        found.setdefault(team, []).append(said)
    return found


def _unregistered(lines: Iterable[_Line], halves: Iterable[Sequence[Any]]) -> int:
    entered = {(member, day, half) for member, day, half, status, *_ in halves if status not in ("", "U")}
    return sum(
        (line.member, day, half) not in entered
        for line in lines
        for day in line.days
        for half in ("AM", "PM")
    )


def _steps(store: Store, month: str) -> dict[str, list[SheetStep]]:
    found: dict[str, list[SheetStep]] = {}
    for step in store.all(SheetStep, "month = ?", (month,), "at, id"):
        found.setdefault(step.team, []).append(step)
    return found


def _locks(store: Store, month: str) -> dict[str, MonthLock]:
    return {lock.team: lock for lock in store.all(MonthLock, "month = ?", (month,))}


def closed_teams(store: Store, month: str) -> frozenset[str]:
    """The teams whose month is locked."""
    return frozenset(lock.team for lock in _locks(store, month).values() if lock.closed)


_OF = "FROM {0} h JOIN member m ON m.id = h.member WHERE h.late = 1 AND h.day BETWEEN ?1 AND ?2 AND (?3 = '' OR h.team = ?3)"
_LEADS = """
EXISTS (SELECT 1 FROM posting p WHERE p.member = h.member AND p.team = h.team AND p.role <> '队员'
  AND p.since <= h.day AND (p.until IS NULL OR p.until >= h.day))
"""
_LATE = f"""
SELECT h.id, h.team, m.name, h.day, h.half, h.status, h.source, h.place, h.note, {_LEADS} {_OF.format("attendance_half")}
UNION ALL
SELECT h.id, h.team, m.name, h.day, '{AT_NIGHT}', h.stayed, h.source, '', h.note, {_LEADS} {_OF.format("night")}
ORDER BY 2, 4, 3, 5
"""
_LAST = "SELECT author, hlc FROM journal WHERE tbl IN ('attendance_half', 'night') AND pk = ? ORDER BY jid DESC LIMIT 1"


def late_entries(store: Store, month: str, team: str = "") -> list[LateEntry]:
    """Every half-day and night of a month that was made up later, with how far it has come."""
    first, last = month_bounds(month)
    rows = store.rows(_LATE, (first.isoformat(), last.isoformat(), team))
    steps = _late_steps(store, first, last) if rows else {}
    return [_late(row, steps.get(row[0], ())) for row in rows]


def with_hands(store: Store, entries: Iterable[LateEntry]) -> list[LateEntry]:
    """The same entries with who wrote each last and when, as far as this laptop knows."""
    found = []
    for entry in entries:
        row = store.one(_LAST, (entry.id,))
        found.append(entry._replace(author=row[0], at=moment_of(row[1])) if row else entry)
    return found


def _late(row: Sequence[Any], steps: Iterable[Any]) -> LateEntry:
    id, team, member, day, half, status, source, place, note, leads = row
    digest = digest_of([(status, source, place, note)])
    said = place or note or ""
    made = made_up(steps, digest, member, leads=bool(leads))
    return LateEntry(id, team, member, date.fromisoformat(day), half, status, said, digest, made, bool(leads))


def _late_steps(store: Store, first: date, last: date) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    bounds = (first.isoformat(), last.isoformat())
    for cls, name, table in ((LateStep, "half", "attendance_half"), (LateNightStep, "night", "night")):
        where = f"[{name}] IN (SELECT id FROM {table} WHERE late = 1 AND day BETWEEN ? AND ?)"
        for step in store.all(cls, where, bounds, "at, id"):
            found.setdefault(getattr(step, name), []).append(step)
    return found


def _waiting(store: Store, month: str, team: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for entry in late_entries(store, month, team):
        found[entry.team] = found.get(entry.team, 0) + (not entry.made.confirmed)
    return found
