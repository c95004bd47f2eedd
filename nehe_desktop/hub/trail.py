"""The log of what was looked at, printed and carried away, as the hub holds it, and whether each laptop's chain is whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.security import chain
from nehe_desktop.security.chain import Break

Entry = Mapping[str, Any]
_TABLE = "audit_log"
_ENTRIES = f"SELECT data FROM record WHERE county = ? AND tbl = '{_TABLE}' AND gone = 0"


@dataclass(frozen=True)
class Trail:
    """What the hub has of one laptop's log: how many entries, from when to when (ISO), and where its chain breaks."""

    device: str
    count: int
    first: str
    last: str
    breaks: tuple[Break, ...]


def entries(store: HubStore, county: str, device: str = "") -> list[Entry]:
    """The entries of all laptops or of one, by laptop and number."""

    def job(link: Link) -> list[Entry]:
        return [json.loads(packed) for (packed,) in link.all(_ENTRIES, (county,))]

    found = (each for each in store.read(job) if device in ("", each.get("device")))
    return sorted(found, key=lambda each: (str(each.get("device", "")), _number(each)))


def trails(store: HubStore, county: str, device: str = "") -> list[Trail]:
    """One line a laptop that ever sent an entry."""
    by_device: dict[str, list[Entry]] = {}
    for each in entries(store, county, device):
        by_device.setdefault(str(each.get("device", "")), []).append(each)
    return [_trail(name, part) for name, part in by_device.items()]


def _trail(device: str, part: list[Entry]) -> Trail:
    times = sorted(str(each.get("at", "")) for each in part)
    sound = [{**each, "number": _number(each)} for each in part]
    return Trail(device, len(part), times[0], times[-1], tuple(chain.breaks(sound)))


def _number(entry: Entry) -> int:
    """The number of an entry; 0 for what a changed program wrote there."""
    number = entry.get("number")
    return number if isinstance(number, int) else 0
