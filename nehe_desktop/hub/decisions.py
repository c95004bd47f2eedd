"""What was decided on transactions that had been set aside, for the laptops that still show them so."""

from __future__ import annotations

from collections.abc import Sequence

from nehe_desktop.hub.devices import names_of
from nehe_desktop.hub.store import Link
from nehe_desktop.hub.taking import AGAIN, APPLIED, DROPPED
from nehe_desktop.sync.protocol import Decision

_MOST = 500  # asked about in one request


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
