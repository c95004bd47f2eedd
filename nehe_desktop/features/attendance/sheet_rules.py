"""How far a month's sheet and an entry made up later have come, told by the steps alone (domain §8.3, §11.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any, TypeVar

from nehe_desktop.core.deciding import same_person
from nehe_desktop.features.attendance.sheets import (
    DECISIONS,
    LATE_STEPS,
    STEPS,
    LateNightStep,
    LateStep,
    MonthLock,
    SheetStep,
)

S = TypeVar("S", SheetStep, LateStep, LateNightStep)
DIFFERS = "，本机另有县里没有接收的改动"
LOCK = "锁定"
"""What comes after the four steps, on a laptop of the county."""
DUE_DAY = 3
"""The sheet is due on the 3rd of the next month (domain §8.3)."""
_DEPUTIES = LATE_STEPS[:2]


@dataclass(frozen=True)
class Progress:
    """How far the sheet of a month has come; nothing of it is stored.

    `done` are the steps that count, in their order; `stale` those after which the attendance changed;
    `returned` is why the sheet lies with the team again; `differs` says that this laptop shows something else than
    what was locked, such as entries that the county did not take.
    """

    revision: int = 1
    done: tuple[SheetStep, ...] = ()
    stale: tuple[SheetStep, ...] = ()
    returned: SheetStep | None = None
    lock: MonthLock | None = None
    differs: bool = False

    @property
    def closed(self) -> bool:
        """Whether the month is locked."""
        return self.lock is not None and self.lock.closed

    @property
    def following(self) -> str:
        """The step that comes next; empty once the month is locked."""
        return "" if self.closed else (*STEPS, LOCK)[len(self.done)]

    @property
    def words(self) -> str:
        """The state in a few words."""
        draft = f"（第 {self.revision} 稿）" if self.revision > 1 else ""
        if self.closed:
            return f"已锁定{draft}{DIFFERS if self.differs else ''}"
        if self.stale and not self.done:
            return f"确认后又改过，要重新确认{draft}"
        if self.returned:
            return f"{self.returned.by}退回{draft}"
        return f"待{self.following.replace('党组织', '')}{draft}"


def progress(
    steps: Iterable[SheetStep], lock: MonthLock | None, digest: str, members: Sequence[str]
) -> Progress:
    """How far a sheet has come; `digest` is that of the attendance as it is now, `members` are who is on the sheet.

    A step counts when it was taken after the last return, of the same attendance, by another person each time
    and, from the village's secretary on, by nobody who is on the sheet.
    """
    revision = lock.revision if lock else 1
    agreed, back = _since_return(_in_order(s for s in steps if s.revision == revision), members)
    held = lock is not None and lock.closed
    done: list[SheetStep] = []
    for name in STEPS:
        fit = (s for s in reversed(agreed) if s.step == name and (held or s.digest == digest))
        found = next((s for s in fit if not why_not(s.step, s.by, done, members)), None)
        if found is None:
            break
        done.append(found)
    names = {step.step for step in done}
    fit = (s for s in agreed if s.step not in names and not why_not(s.step, s.by, (), members))
    stale = () if held else tuple(s for s in fit if s.digest != digest)
    returned = back if not agreed else None
    differs = held and bool(done) and done[-1].digest != digest
    return Progress(revision, tuple(done), stale, returned, lock, differs)


def _since_return(said: Iterable[SheetStep], members: Sequence[str]) -> tuple[list[SheetStep], SheetStep | None]:
    """What was agreed to since the last return, and that return.

    Nobody on the sheet sends it back, and none below who has it already.
    """
    agreed: list[SheetStep] = []
    back: SheetStep | None = None
    for each in said:
        if each.decision == "同意":
            agreed.append(each)
        elif each.step in STEPS[1:] and not why_not(each.step, each.by, (), members):
            above = STEPS[STEPS.index(each.step) + 1 :]
            if not any(one.step in above and one.digest == each.digest for one in agreed):
                agreed, back = [], each
    return agreed, back


def _in_order(steps: Iterable[S]) -> list[S]:
    """Whole steps by their time; what an altered program wrote by halves is none."""
    whole = (step for step in steps if step.by and step.at and step.decision in DECISIONS)
    return sorted(whole, key=lambda step: (step.at.timestamp(), step.id))


def why_not(step: str, person: str, done: Iterable[SheetStep], members: Iterable[str]) -> str:
    """Why a person may not take a step of a sheet, or nothing: nobody approves his own, nobody twice (domain §11.2)."""
    if step != STEPS[0] and any(same_person(person, name) for name in members):
        return f"{person}自己的考勤在这张表上，“{step}”要由另一个人办"
    earlier = next((each for each in done if same_person(each.by, person)), None)
    return f"{person}已经办过“{earlier.step}”，“{step}”要由另一个人办" if earlier else ""


@dataclass(frozen=True)
class Made:
    """How far an entry made up later has come: who confirmed it, or who sent it back."""

    leading: LateStep | LateNightStep | None = None
    village: LateStep | LateNightStep | None = None
    returned: LateStep | LateNightStep | None = None

    @property
    def confirmed(self) -> bool:
        """Whether two others have confirmed it."""
        return self.leading is not None and self.village is not None

    @property
    def words(self) -> str:
        """The state in a few words."""
        if self.returned:
            return f"{self.returned.by}退回：{self.returned.opinion}"
        if self.confirmed:
            return "已确认"
        waiting = "、".join(
            word for word, step in (("队长", self.leading), ("村书记", self.village)) if step is None
        )
        return f"待{waiting}确认"


def made_up(steps: Iterable[S], digest: str, member: str, *, leads: bool = False) -> Made:
    """How far an entry has come: a leader and the village's secretary, two people, neither the member himself.

    Where the member `leads` the team, the township may stand in for another leader. What was said of the half-day
    before it changed does not count.
    """
    said = _in_order(s for s in steps if s.digest == digest and not same_person(s.by or "", member))
    back = max((at for at, step in enumerate(said) if step.decision == "退回"), default=-1)
    others = said[back + 1 :]
    leading = [s for s in others if s.step in (_DEPUTIES if leads else _DEPUTIES[:1])]
    village = [s for s in others if s.step not in _DEPUTIES]
    pairs = ((a, b) for a in leading for b in village if not same_person(a.by, b.by))
    found = next(pairs, None)
    if found:
        return Made(*found)
    one = Made(leading[0]) if leading else Made(village=village[0]) if village else Made()
    return Made(returned=said[back]) if back >= 0 and not others else one


def late_why_not(step: str, person: str, member: str, found: Made, *, leads: bool = False) -> str:
    """Why a person may not confirm an entry, or nothing."""
    if same_person(person, member):
        return f"{member}自己的补签，要由另一个人确认"
    if step == _DEPUTIES[1] and not leads:
        return f"{member}不是队长，由队长确认"
    other = found.village if step in _DEPUTIES else found.leading
    if other and same_person(other.by, person):
        return f"{person}已经以“{other.step}”确认过，要由两个人确认"
    return ""


def digest_of(said: Iterable[Sequence[Any]]) -> str:
    """BLAKE2b-128 over what a sheet or a half-day says, in any order."""
    lines = sorted("\x1f".join("" if each is None else str(each) for each in line) for line in said)
    return blake2b("\x1e".join(lines).encode(), digest_size=16).hexdigest()


HALF = ("member", "day", "half", "status", "source", "place", "note", "late")
NIGHT = ("member", "day", "stayed", "source", "note", "late")
"""What of a half-day and of a night a step was taken of."""


def month_digest(
    halves: Iterable[Sequence[Any]], nights: Iterable[Sequence[Any]], lines: Iterable[tuple[str, int]]
) -> str:
    """The digest of a month: HALF and NIGHT of its rows, and each member with how many days he was posted."""
    return digest_of([*halves, *nights, *lines])


def due_on(month: str) -> date:
    """The day on which the sheet of a month YYYYMM is due."""
    year, number = divmod(int(month[:4]) * 12 + int(month[4:]), 12)
    return date(year, number + 1, DUE_DAY)


def is_over(month: str, today: date) -> bool:
    """Whether the last day of a month has come, so that its sheet can be made."""
    return today >= due_on(month) - timedelta(days=DUE_DAY)
