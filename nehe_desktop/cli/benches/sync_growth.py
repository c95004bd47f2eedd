"""Whether a hub with very many rows takes changes as fast as one with few."""

from __future__ import annotations

import time
from collections.abc import Iterator

from nehe_desktop.cli.benches.measure import Measure
from nehe_desktop.cli.benches.pushing import Sender
from nehe_desktop.cli.benches.traffic import Traffic
from nehe_desktop.cli.benches.workshop import KEY, Workshop
from nehe_desktop.features import ledgers
from nehe_desktop.hub import devices
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import HubStore, Link, open_store
from nehe_desktop.sync.admission import Enrolment
from nehe_desktop.sync.keys import new_keys
from nehe_desktop.sync.rules import rules_of

_COUNTY, _BATCH, _VILLAGES = "230281", 200, 20
_SMALL = 20_000  # rows that a hub of a small county has


def measure(workshop: Workshop) -> Iterator[Measure]:
    """In this process, on the embedded engine: the last changes beside the first."""
    sizes = workshop.sizes
    rows = 2000 if sizes.small else 1_000_000 if sizes.full else 200_000
    first = 1000 if sizes.small else _SMALL
    store = open_store(str(workshop.folder / "growing hub.db"), KEY)
    rates = _rates(store, rows, first)
    store.close()
    words = f"自带的库：{rows:,} 行时上传"
    yield Measure("同步", words, rates[-1], "/s", None, rates[-1] / rates[0], f"{first:,} 行时", least=0.7)


def _rates(store: HubStore, rows: int, step: int) -> list[float]:
    """Changes a second of each step, until the hub has so many rows."""
    hub = Hub(store, _COUNTY, rules_of(ledgers.ALL))
    devices.introduce(store, _COUNTY, new_keys())
    villages = [f"{number:032x}" for number in range(1, _VILLAGES + 1)]
    laptops = [(_joined(hub, village), Traffic(village)) for village in villages]
    rates: list[float] = []
    there = 0
    while there < rows:
        requests = [
            sender.push(traffic.take(_BATCH))
            for sender, traffic in laptops * (step // _BATCH // _VILLAGES or 1)
        ]
        start = time.perf_counter()
        for request in requests:
            hub.sync(request.dev, request)
        rates.append(len(requests) * _BATCH / (time.perf_counter() - start))
        there = store.read(_count)
    return rates


def _count(link: Link) -> int:
    return int((link.one("SELECT count(*) FROM record WHERE county = ?", (_COUNTY,)) or (0,))[0])


def _joined(hub: Hub, village: str) -> Sender:
    keys = new_keys()
    code = devices.invite(hub.store, _COUNTY, village[-4:], [village], hub.wall() + 60_000)
    told = devices.enrol(
        hub.store, _COUNTY, Enrolment(code, "", keys.sign_public, keys.seal_public), hub.wall
    )
    return Sender(_COUNTY, told.dev, keys, told.epoch)
