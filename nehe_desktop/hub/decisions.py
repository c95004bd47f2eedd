"""What was decided on transactions that had been set aside, for the laptops that still show them so."""

from __future__ import annotations

from collections.abc import Sequence

from nehe_desktop.hub.store import Link
from nehe_desktop.hub.taking import AGAIN, APPLIED, DROPPED
from nehe_desktop.sync.protocol import Decision

_MOST = 500  # asked about in one request
_NAMES = 20  # how often a laptop may have been given a new name


def decided(link: Link, county: str, dev: str, aside: Sequence[tuple[str, int]]) -> list[Decision]:
    """Which of a laptop's transactions wait no longer; it may ask about those of its earlier names too."""
    if not aside:
        return []
    names = names_of(link, county, dev)
    sql = "SELECT state FROM tx WHERE county = ? AND dev = ? AND seq = ?"
    found: list[Decision] = []
    for other, seq in aside[:_MOST]:
        row = link.one(sql, (county, other, seq)) if other in names and 0 < seq < 2**62 else None
        if row and row[0] in (APPLIED, AGAIN, DROPPED):
            found.append(Decision(other, seq, row[0] != DROPPED))
    return found


def names_of(link: Link, county: str, dev: str) -> set[str]:
    """A laptop's name and the names that it had before."""
    found: set[str] = set()
    while dev and dev not in found and len(found) < _NAMES:
        found.add(dev)
        row = link.one("SELECT was FROM device WHERE county = ? AND dev = ?", (county, dev))
        dev = str(row[0]) if row else ""
    return found
