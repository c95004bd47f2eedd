"""The log of what was looked at, printed and carried away, as the hub holds it, and whether each laptop's chain is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nehe_desktop.hub.store import HubStore, Line
from nehe_desktop.security import chain
from nehe_desktop.security.chain import Break, Link

Entry = Mapping[str, Any]
_AT_ONCE = 5000
_ENTRIES = (
    "SELECT pk, data FROM record WHERE county = ? AND tbl = 'audit_log' AND gone = 0 AND pk > ?"
    " ORDER BY pk LIMIT ?"
)


@dataclass(frozen=True)
class Trail:
    """What the hub has of one laptop's log: how many entries, from when to when (ISO), and where its chain breaks."""

    device: str
    count: int
    first: str
    last: str
    breaks: tuple[Break, ...]


@dataclass
class _Found:
    links: list[Link] = field(default_factory=list)
    first: str = ""
    last: str = ""


def entries(store: HubStore, county: str, device: str = "") -> Iterator[Entry]:
    """The entries of all laptops or of one, some thousands at a time."""
    last = ""
    while True:
        lines = _some(store, county, last)
        found = (json.loads(packed) for _, packed in lines)
        yield from (each for each in found if device in ("", each.get("device")))
        if len(lines) < _AT_ONCE:
            return
        last = lines[-1][0]


def trails(store: HubStore, county: str, device: str = "") -> list[Trail]:
    """One line a laptop that ever sent an entry."""
    by_device: dict[str, _Found] = {}
    for entry in entries(store, county, device):
        link, at = chain.link_of(entry), str(entry.get("at", ""))
        found = by_device.setdefault(link.device, _Found(first=at))
        found.links.append(link)
        found.first, found.last = min(found.first, at), max(found.last, at)
    return [_trail(name, found) for name, found in sorted(by_device.items())]


def _some(store: HubStore, county: str, last: str) -> list[Line]:
    return store.read(lambda link: link.all(_ENTRIES, (county, last, _AT_ONCE)))


def _trail(device: str, found: _Found) -> Trail:
    broken = tuple(chain.breaks_between(sorted(found.links, key=lambda link: link.number)))
    return Trail(device, len(found.links), found.first, found.last, broken)
