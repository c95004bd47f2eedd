"""A month as it is looked at: who served, what stands in each half-day, the numbers above the grid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from nehe_desktop.features.attendance import rules
from nehe_desktop.features.attendance.calendar import DayKind
from nehe_desktop.features.attendance.ledger import HALVES, STATUSES, HalfDay, Night
from nehe_desktop.features.attendance.rules import Weights
from nehe_desktop.features.teams.rules import serves

WEEKDAYS = "一二三四五六日"
LOCKED = "这个月的考勤已经锁定，要改先请市驻村办重开"
OTHERS = "您登记自己的考勤；别人的由本人登录来签，或由队长登记"
NOBODY = "考勤由工作队登记，这里只能看"
FIXED = "队长登记过的，要改请队长改"


class Mate(NamedTuple):
    """A member as a line of the month, with the terms in which he serves in the team."""

    member: str
    team: str
    name: str
    role: str
    terms: tuple[tuple[date, date | None], ...]

    def posted(self, day: date) -> bool:
        """Whether he serves in the team on a day."""
        return any(serves(since, until, day) for since, until in self.terms)


class Group(NamedTuple):
    """A team with its lines."""

    team: str
    name: str
    mates: tuple[Mate, ...]


class YearSoFar(NamedTuple):
    """Days of a year so far: in the village, on official trips, due by now, due in all."""

    village: Decimal
    official: Decimal
    aim: int
    goal: int

    @property
    def served(self) -> Decimal:
        """Days that count."""
        return self.village + self.official

    @property
    def behind(self) -> bool:
        """Whether more than the tolerated days are missing."""
        return rules.is_behind(self.served, self.aim)


class Cell(NamedTuple):
    """A member's day."""

    mate: Mate
    day: date


class Slip(NamedTuple):
    """What an approved leave says of a half-day: its status, the source of such an entry, in words, where to."""

    status: str
    source: str
    words: str
    place: str = ""


class Numbers(NamedTuple):
    """The four numbers above the grid, as the very cells and members they count."""

    due: frozenset[Cell]
    served: frozenset[Cell]
    open: frozenset[Cell]
    absent: frozenset[Cell]
    on_pace: frozenset[Mate]
    all: frozenset[Mate]


@dataclass(frozen=True)
class Hands:
    """What who is at the keyboard may enter: teams whose month is locked, members (None for all), rows of others.

    `confirmed` are the half-days made up later that two people confirmed.
    """

    locked: frozenset[str] = frozenset()
    members: frozenset[str] | None = None
    fixed: frozenset[str] = frozenset()
    confirmed: frozenset[str] = frozenset()

    def refusal(self, mate: Mate) -> str:
        """Why nothing of a member may be entered, or nothing."""
        if mate.team in self.locked:
            return LOCKED
        if self.members is None or mate.member in self.members:
            return ""
        return OTHERS if self.members else NOBODY


@dataclass(frozen=True)
class Month:
    """What was entered in a month, of one team or several."""

    month: str
    now: datetime
    calendar: Mapping[date, DayKind]
    groups: tuple[Group, ...]
    halves: Mapping[tuple[str, date, str], HalfDay]
    nights: Mapping[tuple[str, date], Night]
    years: Mapping[str, YearSoFar]
    weights: Weights
    hands: Hands = field(default_factory=Hands)
    slips: Mapping[tuple[str, date, str], Slip] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day of this laptop's clock."""
        return self.now.date()

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the month."""
        return tuple(self.calendar)

    @property
    def mates(self) -> tuple[Mate, ...]:
        """Every line, team after team."""
        return tuple(mate for group in self.groups for mate in group.mates)

    @property
    def cells(self) -> Iterator[Cell]:
        """Every member's day, line by line."""
        return (Cell(mate, day) for mate in self.mates for day in self.days)

    def status(self, cell: Cell, half: str) -> str:
        """The status code of a half-day: – outside a posting, U where nothing was entered."""
        found = self.halves.get((cell.mate.member, cell.day, half))
        return found.status if found else "U" if cell.mate.posted(cell.day) else "–"

    def is_late(self, cell: Cell) -> bool:
        """Whether a half of the day was entered more than 24 hours later."""
        found = (self.halves.get((cell.mate.member, cell.day, half)) for half in HALVES)
        return any(half.late for half in found if half)

    @property
    def barred(self) -> str:
        """Why some lines are not to be entered by who is at the keyboard, though the month is open; or nothing."""
        whys = (self.hands.refusal(mate) for mate in self.mates)
        return next((why for why in whys if why and why != LOCKED), "")

    def is_unconfirmed(self, cell: Cell) -> bool:
        """Whether a half of the day was made up later and two others have not confirmed it."""
        found = (self.halves.get((cell.mate.member, cell.day, half)) for half in HALVES)
        return any(half.late and half.id not in self.hands.confirmed for half in found if half)

    def late_night(self, cell: Cell) -> str:
        """补 where the night was made up later; 待确认 where two others have not confirmed it."""
        night = self.nights.get((cell.mate.member, cell.day))
        if night is None or not night.late:
            return ""
        return "补" if night.id in self.hands.confirmed else "待确认"

    def slip(self, cell: Cell) -> Slip | None:
        """What an approved leave says of the day, of its first half that has one."""
        found = (self.slips.get((cell.mate.member, cell.day, half)) for half in HALVES)
        return next((slip for slip in found if slip), None)

    def stayed(self, cell: Cell) -> str:
        """住村, 未住, 未查 or nothing."""
        night = self.nights.get((cell.mate.member, cell.day))
        return night.stayed if night else ""

    def is_open(self, cell: Cell) -> bool:
        """Whether a workday up to today has a half-day that nobody entered."""
        return (
            cell.day <= self.today
            and self.calendar[cell.day].works
            and any(self.status(cell, half) == "U" for half in HALVES)
        )

    def credit(self, mate: Mate) -> Decimal:
        """Days of the month that count towards the year."""
        return rules.credit((self.status(Cell(mate, d), h) for d in self.days for h in HALVES), self.weights)

    def taking(
        self,
        halves: Mapping[tuple[str, date, str], HalfDay | None],
        nights: Mapping[tuple[str, date], Night | None],
    ) -> Month:
        """The month with other half-days and nights; None takes one away."""
        return replace(
            self,
            halves={key: value for key, value in {**self.halves, **halves}.items() if value},
            nights={key: value for key, value in {**self.nights, **nights}.items() if value},
        )


def numbers(month: Month) -> Numbers:
    """Due and served workdays, what is still open before today, absences, who keeps the yearly pace."""
    due = {c for c in month.cells if c.day <= month.today and month.calendar[c.day].works}
    due = {cell for cell in due if cell.mate.posted(cell.day)}
    return Numbers(
        frozenset(due),
        frozenset(c for c in due if any(month.status(c, half) in "VOL" for half in HALVES)),
        frozenset(c for c in due if c.day < month.today and month.is_open(c)),
        frozenset(c for c in month.cells if any(month.status(c, half) == "A" for half in HALVES)),
        frozenset(m for m in month.mates if m.member in month.years and not month.years[m.member].behind),
        frozenset(month.mates),
    )


def words_of(month: Month, cell: Cell) -> str:
    """A member's day in a sentence, for the line below the grid and for screen readers."""
    day, kind = cell.day, month.calendar[cell.day]
    named = f"（{kind.name or kind.kind}）" if kind.kind != "工作日" else ""
    head = f"{cell.mate.name}　{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}{named}"
    if not cell.mate.posted(day):
        return f"{head}　不在任"
    morning, afternoon = (STATUSES[month.status(cell, half)] for half in HALVES)
    said = f"全天{morning}" if morning == afternoon else f"上午{morning}、下午{afternoon}"
    marked = {"补": "（补签）", "待确认": "（补签待确认）"}.get(month.late_night(cell), "")
    night = f"{stayed}{marked}" if (stayed := month.stayed(cell)) else ""
    late = "　补签（待确认）" if month.is_unconfirmed(cell) else "　补签" if month.is_late(cell) else ""
    slip = month.slip(cell)
    return f"{head}　{said}{f'、夜间{night}' if night else ''}{late}{f'　（{slip.words}）' if slip else ''}"


def shifted(month: str, by: int) -> str:
    """The month YYYYMM so many months later."""
    at = int(month[:4]) * 12 + int(month[4:]) - 1 + by
    return f"{at // 12}{at % 12 + 1:02}"


def next_open(month: Month, after: Cell | None) -> Cell | None:
    """The next workday with an empty half, line by line and from the start again."""
    cells = list(month.cells)
    start = cells.index(after) + 1 if after and after in cells else 0
    return next((cell for cell in cells[start:] + cells[:start] if month.is_open(cell)), None)
