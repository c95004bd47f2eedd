"""The month sheets of a made-up team on their way up: old months locked, the last one with the village (domain §8.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone

from nehe_desktop.core.record import Record
from nehe_desktop.features.attendance.ledger import HalfDay, Night
from nehe_desktop.features.attendance.queries import month_bounds
from nehe_desktop.features.attendance.sheet_rules import HALF, NIGHT, due_on, month_digest
from nehe_desktop.features.attendance.sheets import STEPS, MonthLock, SheetStep
from nehe_desktop.features.demo import words
from nehe_desktop.features.demo.helping import Crew
from nehe_desktop.features.demo.numbers import chance, ids
from nehe_desktop.features.demo.people import given

LOCKED = 5
"""January to May are locked where the sample is a whole county; June is with its office, July with the village."""
_JULY = 7
_BEIJING = timezone(timedelta(hours=8))


def sheets(
    crew: Crew, village: int, halves: Sequence[HalfDay], nights: Sequence[Night], *, county: bool
) -> Iterator[Record]:
    """Steps and locks of January to July; a sample of one village has only what a village's laptop may write."""
    new, people = ids("sheets", village), _people(crew, village)
    for number in range(1, _JULY + 1):
        month = f"2020{number:02}"
        taken = 1 if number == _JULY else 2 if not county else 4 if number <= LOCKED else 3
        digest = _digest(crew, month, halves, nights)
        for at in range(taken):
            yield _step(new(), crew, month, at, people[at], digest)
        if county and number <= LOCKED:
            yield MonthLock.of(crew.team.id, month, closed=True, by=people[3])


def _people(crew: Crew, village: int) -> tuple[str, ...]:
    """Leader and secretary of the village; of township and county one for all, none of them a member."""
    rng, members = chance("sheets", village), {member.name for member in crew.members}
    while (secretary := rng.choice(words.SURNAMES) + given(rng, "1")) in members:
        pass
    return crew.members[0].name, secretary, "孙委员", "周主任"


def _digest(crew: Crew, month: str, halves: Sequence[HalfDay], nights: Sequence[Night]) -> str:
    first, last = month_bounds(month)
    days = [_said(half, HALF) for half in halves if first <= half.day <= last]
    slept = [_said(night, NIGHT) for night in nights if first <= night.day <= last]
    return month_digest(days, slept, ((member.id, last.day) for member in crew.members))


def _said(row: HalfDay | Night, names: Sequence[str]) -> list[object]:
    stored = row.stored()
    return [stored[name] for name in names]


def _step(id: str, crew: Crew, month: str, at: int, by: str, digest: str) -> SheetStep:
    day: date = due_on(month) - timedelta(days=2) + timedelta(days=at)
    return SheetStep(
        id=id,
        team=crew.team.id,
        month=month,
        step=STEPS[at],
        decision="同意",
        by=by,
        at=datetime(day.year, day.month, day.day, 9, 10 + at, tzinfo=_BEIJING),
        digest=digest,
        members="、".join(member.name for member in crew.members if at or member.name != by),
    )
