"""How often somebody may ask: a bucket of requests for each device and each address, filled at a steady rate."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nehe_desktop.sync.protocol import Refusal
from nehe_desktop.sync.transport import Denied


@dataclass(frozen=True)
class Rate:
    """So many requests at once, and so many a second in the long run."""

    at_once: float
    a_second: float


RATES = {
    "guess": Rate(20, 0.1),  # wrong codes and signatures; a whole office may stand behind one address
    "otp": Rate(5, 1 / 300),  # wrong codes of a laptop's phone: one in three hundred thousand is right
    "escrow": Rate(10, 1 / 60),  # a laptop leaves its key once, and anew after a change
    "token": Rate(1000, 20),
    "pack": Rate(20, 0.5),
    "hello": Rate(1000, 50),
    "device": Rate(3000, 300),  # above what an honest laptop does, even with one change a request
}
"""By what is asked for."""

_MOST = 20_000  # buckets kept


class Limits:
    """The buckets of everybody, in memory: they begin full again when the hub starts."""

    def __init__(
        self, rates: Mapping[str, Rate] = RATES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` gives seconds."""
        self._rates, self._clock = rates, clock
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, kind: str, who: str, count: int = 1) -> None:
        """Takes one request out of a bucket; raises Denied 429 with the seconds until there is one again.

        With a count of 0 nothing is taken, but there must be one.
        """
        rate, now = self._rates[kind], self._clock()
        with self._lock:
            left, at = self._buckets.get((kind, who), (rate.at_once, now))
            left = min(rate.at_once, left + (now - at) * rate.a_second)
            enough = left >= 1
            self._buckets[kind, who] = (left - count if enough else left, now)
            if len(self._buckets) > _MOST:
                self._forget_full(now)
        if not enough:
            raise Denied(429, Refusal("often", "请求太频繁，请稍后再试"), after=(1 - left) / rate.a_second)

    def _forget_full(self, now: float) -> None:
        """Drops those who have not asked for so long that their bucket is full; the oldest where none is."""
        kept = {
            key: (left, at)
            for key, (left, at) in self._buckets.items()
            if left + (now - at) * self._rates[key[0]].a_second < self._rates[key[0]].at_once
        }
        oldest = sorted(kept, key=lambda key: kept[key][1])[: max(0, len(kept) - _MOST // 2)]
        for key in oldest:
            del kept[key]
        self._buckets = kept
