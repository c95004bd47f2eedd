"""The calendar of working days: shipped exceptions, weekends in between (domain §8.3)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from nehe_desktop.features.attendance.ledger import Workday
from nehe_desktop.features.reference.codes import shipped

_NAMES = uuid.UUID("6f6b7d5c-6a54-5c6e-9d0f-230281000001")  # the same day has the same id on every laptop
_SATURDAY = 5


class DayKind(NamedTuple):
    """What a day is, and the holiday it belongs to."""

    kind: str
    name: str = ""

    @property
    def works(self) -> bool:
        """Whether people go to work."""
        return self.kind in ("工作日", "调休上班")


def shipped_workdays() -> list[Workday]:
    """Legal holidays and make-up workdays of 2019 to 2026; all other days follow the week."""
    return [
        Workday(
            id=uuid.uuid5(_NAMES, row["day"]).hex,
            day=date.fromisoformat(row["day"]),
            kind=row["kind"],
            name=row["name"],
            source=row["source"],
        )
        for row in shipped("workdays")
    ]


def day_kind(day: date, exceptions: Mapping[date, DayKind]) -> DayKind:
    """What a day is: as the calendar says, else a workday or a weekend."""
    return exceptions.get(day) or DayKind("周末" if day.weekday() >= _SATURDAY else "工作日")


def calendar_of(first: date, last: date, rows: Iterable[Workday]) -> dict[date, DayKind]:
    """Every day from the first to the last with its kind."""
    exceptions = {row.day: DayKind(row.kind, row.name) for row in rows}
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {day: day_kind(day, exceptions) for day in days}


def workdays_between(calendar: Mapping[date, DayKind]) -> int:
    """How many days of a calendar are worked."""
    return sum(kind.works for kind in calendar.values())
