"""Hybrid logical clock: stamps that order changes made on many laptops (Kulkarni et al. 2014).

A stamp is one integer: 48 bits of milliseconds since 1970 and 16 bits of counter.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime

_COUNTER_BITS = 16
_FAR = 10 * 60 * 1000 << _COUNTER_BITS  # a stamp that far ahead comes from a wrong clock


def _wall() -> datetime:
    return datetime.now().astimezone()


class Clock:
    """The time as this laptop believes it, and stamps that never go back."""

    def __init__(self, wall: Callable[[], datetime] = _wall, last: int = 0) -> None:
        """`wall` gives the local time with offset; `last` is the highest stamp known so far."""
        self._wall = wall
        self._last = last
        self._lock = threading.Lock()
        self.offset = 0  # milliseconds that the hub's clock is ahead; stamps follow it, days do not

    def now(self) -> datetime:
        """The local time with its offset from UTC."""
        return self._wall()

    def today(self) -> date:
        """The local calendar day."""
        return self.now().date()

    def stamp(self) -> int:
        """A stamp larger than every one given or seen before."""
        with self._lock:
            physical = (int(self.now().timestamp() * 1000) + self.offset) << _COUNTER_BITS
            self._last = max(physical, self._last + 1)
            return self._last

    def correct(self, offset: int) -> None:
        """Learns how many milliseconds the hub's clock is ahead; stamps given while one's own was far ahead end."""
        with self._lock:
            self.offset = offset
            physical = (int(self.now().timestamp() * 1000) + offset) << _COUNTER_BITS
            if self._last > physical + _FAR:
                self._last = physical

    def saw(self, stamp: int) -> None:
        """Takes note of another laptop's stamp."""
        with self._lock:
            self._last = max(self._last, stamp)


def moment_of(stamp: int) -> datetime:
    """The local time that a stamp holds."""
    return datetime.fromtimestamp((stamp >> _COUNTER_BITS) / 1000).astimezone()


def fixed(at: str) -> Clock:
    """A clock that stands still at an ISO time with offset; stamps still grow."""
    moment = datetime.fromisoformat(at)
    return Clock(lambda: moment)


def living_on(day: date) -> Clock:
    """A clock whose days are shifted so that it starts on a day, as made-up data want it."""
    start = datetime.now().astimezone()
    shift = day - start.date()
    return Clock(lambda: datetime.now().astimezone() + shift)


__all__ = ["Clock", "fixed", "living_on", "moment_of"]
