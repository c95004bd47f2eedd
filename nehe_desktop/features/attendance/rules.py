"""Formulas of the attendance of stationed teams (domain §8.3): half-days in, days and rates out."""

from __future__ import annotations

from calendar import isleap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

GOAL = 240
"""Days in the village a year (the seed's rule; the setting stationed_days may change it)."""
SLACK = 5
"""Days behind the target that are still tolerated before a warning."""
_HALF = Decimal("0.5")


@dataclass(frozen=True)
class Weights:
    """What the county counts: shares of a half-day on official trips, and sick leave in the rate."""

    official: Decimal = Decimal(1)
    official_pay: Decimal = Decimal(0)
    sick_in_rate: bool = True


STANDARD = Weights()


def half_up(number: Decimal, places: int = 0) -> Decimal:
    """Rounded half-up, as the office does."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def credit(statuses: Iterable[str], weights: Weights = STANDARD) -> Decimal:
    """Days that count towards the yearly goal, from the statuses of half-days."""
    worth = {"V": _HALF, "O": _HALF * weights.official, "L": Decimal("0.25")}
    return sum((worth.get(status, Decimal(0)) for status in statuses), Decimal(0))


def subsidy_days(statuses: Iterable[str], weights: Weights = STANDARD) -> Decimal:
    """Days that are paid; halves are possible."""
    worth = {"V": _HALF, "O": _HALF * weights.official_pay}
    return sum((worth.get(status, Decimal(0)) for status in statuses), Decimal(0))


def subsidy(days: Decimal, per_day: Decimal = Decimal(100)) -> Decimal:
    """Yuan for the paid days."""
    return half_up(days * per_day, 2)


def attendance_rate(
    statuses: Iterable[str], weights: Weights = STANDARD, *, locked: bool = False
) -> Decimal | None:
    """Per cent of the half-days due that were served; None where nothing was due.

    Half-days not registered count as absent once the month is locked by order of the hub.
    """
    count = Counter(statuses)
    served = count["V"] + count["O"]
    missed = count["S"] + count["A"] + count["L"]
    missed += count["B"] if weights.sick_in_rate else 0
    missed += count["U"] if locked else 0
    due = served + missed
    return half_up(Decimal(100 * served) / due, 2) if due else None


def can_lock(statuses: Iterable[str]) -> bool:
    """Whether a month is complete: no half-day is left unregistered."""
    return "U" not in set(statuses)


def days_in_year(year: int) -> int:
    """365, or 366 in a leap year."""
    return 366 if isleap(year) else 365


def target(days_posted: int, year: int, goal: int = GOAL) -> int:
    """Days that should have been served after so many days of posting, half-up."""
    return int(half_up(Decimal(goal * days_posted) / days_in_year(year)))


def days_posted(since: date, until: date | None, first: date, last: date) -> int:
    """Days of a posting that fall between two days, both counted."""
    start, end = max(since, first), min(until or last, last)
    return max(0, (end - start).days + 1)


def pace(served: Decimal, aim: int) -> Decimal | None:
    """Served over target, three places; None before the first day."""
    return half_up(served / aim, 3) if aim else None


def is_behind(served: Decimal, aim: int) -> bool:
    """Whether a member is more than the tolerated days behind his target."""
    return served < aim - SLACK


def months_left(day: date) -> int:
    """Calendar months of the year that are not over yet, the present one until its last day."""
    ends_today = (day + timedelta(days=1)).month != day.month
    return 12 - day.month + (0 if ends_today else 1)


def must_per_month(served: Decimal, day: date, goal: int = GOAL) -> Decimal:
    """Days to serve in each month left, one place; nothing when the goal is reached."""
    missing = max(Decimal(0), goal - served)
    return half_up(missing / max(1, months_left(day)), 1)


def is_out_of_reach(served: Decimal, day: date, goal: int = GOAL) -> bool:
    """Whether more days are missing than the year has left."""
    left = (date(day.year, 12, 31) - day).days
    return goal - served > left
