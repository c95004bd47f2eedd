"""What is entered later than a day after its half-day is made up (domain §8.3)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

LATE_AFTER = timedelta(hours=24)
_ENDS = {"AM": time(12), "PM": time(18)}


def is_late(day: date, half: str, entered: datetime) -> bool:
    """Whether an entry is made more than 24 hours after its half-day, so that it needs confirming."""
    end = datetime.combine(day, _ENDS[half], entered.tzinfo)
    return entered - end > LATE_AFTER


def is_night_late(day: date, entered: datetime) -> bool:
    """Whether a night is entered more than 24 hours after its day was over."""
    return entered - datetime.combine(day + timedelta(days=1), time(), entered.tzinfo) > LATE_AFTER
