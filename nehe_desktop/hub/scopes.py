"""Which scopes a laptop holds, and since when it no longer holds what it once had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nehe_desktop.core.fields import Level
from nehe_desktop.hub.store import Link
from nehe_desktop.sync.protocol import COUNTY, EVERY, OFFICE

TOWN = "level:town"
"""Granted beside the villages of a township: its laptop decides what belongs to a township's level."""

_ALL = "SELECT scope FROM head WHERE county = ? UNION SELECT scope FROM scope_grant WHERE county = ?"
_GRANTS = "SELECT scope, until FROM scope_grant WHERE county = ? AND dev = ?"


@dataclass(frozen=True)
class Held:
    """The scopes of a laptop, `county` first; `lost` says of those it once had when they were taken away (ms).

    `town` says that it belongs to a township.
    """

    scopes: tuple[str, ...]
    everything: bool = False
    lost: Mapping[str, int] = field(default_factory=dict)
    town: bool = False

    @property
    def above(self) -> frozenset[Level]:
        """The levels that stand above a laptop: what belongs to them it decides not."""
        return frozenset() if self.everything else frozenset({"county"} if self.town else {"county", "town"})

    def __contains__(self, scope: str) -> bool:
        return self.everything or scope in self.scopes


def held(link: Link, county: str, dev: str) -> Held:
    """What a laptop holds; a county laptop holds every scope that there is, and the office's own even while it is empty."""
    grants = dict(link.all(_GRANTS, (county, dev)))
    mine = {scope for scope, until in grants.items() if not until}
    everything = EVERY in mine
    if everything:
        mine.update({OFFICE}, (row[0] for row in link.all(_ALL, (county, county))))
    scopes = (COUNTY, *sorted(mine - {COUNTY, EVERY, TOWN}))
    lost = {scope: until for scope, until in grants.items() if until and scope != TOWN}
    return Held(scopes, everything, lost, town=TOWN in mine)
