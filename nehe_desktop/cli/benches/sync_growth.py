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
_FEW = 20_000  # rows that the hub of a small county has


def measure(workshop: Workshop) -> Iterator[Measure]:
    """In this process, on the embedded engine: the last changes beside those at the size of a small county."""
    sizes = workshop.sizes
    rows = 2000 if sizes.small else 1_000_000 if sizes.full else 200_000
    few = 1000 if sizes.small else _FEW
    store = open_store(str(workshop.folder / "growing hub.db"), KEY)
    rates = list(_rates(store, rows, few))
    store.close()
    then, now = next(rate for there, rate in rates if there >= few), rates[-1][1]
    yield Measure(
        "同步", f"自带的库：{rows:,} 行时上传", now, "/s", None, now / then, f"{few:,} 行时", least=0.7
    )


def _rates(store: HubStore, rows: int, step: int) -> Iterator[tuple[int, float]]:
    """Rows after each step, and how many changes a second it took, until there are enough."""
    hub = Hub(store, _COUNTY, rules_of(ledgers.ALL))
    devices.introduce(store, _COUNTY, new_keys())
    villages = [f"{number:032x}" for number in range(1, _VILLAGES + 1)]
    laptops = [(_joined(hub, village), Traffic(village)) for village in villages]
    batches = max(1, step // _BATCH // _VILLAGES)
    there = 0
    while there < rows:
        requests = [sender.push(traffic.take(_BATCH)) for sender, traffic in laptops * batches]
        start = time.perf_counter()
        for request in requests:
            hub.sync(request.dev, request)
        took = time.perf_counter() - start
        there = store.read(_count)
        yield there, len(requests) * _BATCH / took


def _count(link: Link) -> int:
    return int((link.one("SELECT count(*) FROM record WHERE county = ?", (_COUNTY,)) or (0,))[0])


def _joined(hub: Hub, village: str) -> Sender:
    keys = new_keys()
    code = devices.invite(hub.store, _COUNTY, village[-4:], [village], hub.wall() + 60_000)
    told = devices.enrol(
        hub.store, _COUNTY, Enrolment(code, "", keys.sign_public, keys.seal_public), hub.wall
    )
    return Sender(_COUNTY, told.dev, keys, told.epoch)
