"""How much travels at a time: more on a good link, little after a cut, so that a weak link still moves on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from nehe_desktop.core.store import Store
from nehe_desktop.sync import tables

LEAST, MOST = 4 << 10, 256 << 10
"""Bounds of a message in bytes on the wire, before its packing is known exactly."""

_FACTOR = 5  # how much smaller a message gets by packing
_QUICK, _SLOW = 2.0, 8.0  # seconds of one round trip


@dataclass
class Pace:
    """The present size of a message, in bytes on the wire."""

    size: int = 16 << 10

    @classmethod
    def kept(cls, store: Store) -> Self:
        """The size at which the last sync ended."""
        return cls(tables.kept(store, "pace", cls.size))

    def keep(self, store: Store) -> None:
        """Remembers the size for the next sync."""
        if tables.kept(store, "pace") != self.size:
            store.database.write(lambda writing: tables.keep(writing, "pace", self.size)).result()

    @property
    def up(self) -> int:
        """Bytes of transactions, unpacked, that one request carries."""
        return self.size * _FACTOR

    @property
    def down(self) -> int:
        """Bytes of rows that one answer may carry on the wire."""
        return self.size

    def took(self, seconds: float) -> None:
        """A round trip came to its end."""
        if seconds < _QUICK:
            self.size = min(MOST, self.size * 2)
        elif seconds > _SLOW:
            self.size = max(LEAST, self.size // 2)

    def cut(self) -> None:
        """A round trip was cut off."""
        self.size = LEAST if self.size > 4 * LEAST else max(LEAST, self.size // 2)
