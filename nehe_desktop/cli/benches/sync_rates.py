"""How many changes a hub takes and how many rows it gives in a second: twenty laptops over four connections."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from nehe_desktop.cli.benches.hubs import RunningHub, running_hub
from nehe_desktop.cli.benches.measure import Measure
from nehe_desktop.cli.benches.postgres import running_postgres
from nehe_desktop.cli.benches.pouch import Pouch, bodies, running_pouch
from nehe_desktop.cli.benches.pushing import Sender
from nehe_desktop.cli.benches.raw_hub import raw_rate
from nehe_desktop.cli.benches.traffic import Traffic
from nehe_desktop.cli.benches.workshop import Workshop
from nehe_desktop.sync.http import HttpTransport
from nehe_desktop.sync.protocol import EVERY, SyncReply, SyncRequest, Transaction

AT_ONCE, _BATCH = 4, 200
_PAGE = 1 << 20  # bytes of rows in a reply
_PEER_ROWS = 2000  # rows in a reply of the peer
VILLAGE = "{:032x}"
T = TypeVar("T")


@dataclass(frozen=True)
class Plan:
    """How much is measured: laptops, changes of each in a round, rounds."""

    laptops: int = 20
    changes: int = 1000
    rounds: int = 3

    @property
    def total(self) -> int:
        """Changes in a round."""
        return self.laptops * self.changes


class Fleet:
    """Laptops that have joined one hub, each of a village of its own, and some of the county that only read."""

    def __init__(self, hub: RunningHub, plan: Plan) -> None:
        accounts = [hub.join(number) for number in range(plan.laptops + AT_ONCE)]
        ways = [HttpTransport(account, timeout=60) for account in accounts]
        epoch = ways[0].hello().epoch
        senders = [Sender(each.county, each.dev, each.keys, epoch) for each in accounts]
        everyone = list(zip(ways, senders, strict=True))
        self.plan, self.writers, self.readers = plan, everyone[: plan.laptops], everyone[plan.laptops :]

    def push(self, saves: Sequence[Sequence[Transaction]]) -> float:
        """Changes a second: every laptop sends its own, a batch a request."""
        jobs = [
            (way, [sender.push(batch) for batch in _batches(mine)])
            for (way, sender), mine in zip(self.writers, saves, strict=True)
        ]
        return sum(map(len, saves)) / _timed(_send, jobs)

    def pull(self) -> float:
        """Rows a second: every laptop of the county reads everything but the first row of each village."""
        counted: list[int] = []
        seconds = _timed(lambda reader: counted.append(_read(*reader, self.plan.laptops)), self.readers)
        return sum(counted) / seconds

    def close(self) -> None:
        """Ends the connections."""
        for way, _ in (*self.writers, *self.readers):
            way.close()


def measure(workshop: Workshop) -> Iterator[Measure]:
    """On both engines, beside a peer and beside the bare engines."""
    plan = Plan(3, 200, 1) if workshop.sizes.small else Plan()
    rounds = [_saves(plan, number) for number in range(plan.rounds)]
    with ExitStack() as stack:
        fleets = dict(_fleets(workshop, plan, stack))
        peer = None if workshop.sizes.small else stack.enter_context(running_pouch(workshop.folder / "pouch"))
        pushed: dict[str, list[float]] = {name: [] for name in (*fleets, "peer")}
        for saves in rounds:
            for name, fleet in fleets.items():
                pushed[name].append(fleet.push(saves))
            if peer is not None:
                pushed["peer"].append(_pushed_to_peer(peer, saves))
        pulled = {name: fleet.pull() for name, fleet in fleets.items()}
        beside = (median(pushed["peer"]), _pulled_from_peer(peer)) if peer else (0.0, 0.0)
        for name in fleets:
            yield from _measures(name, median(pushed[name]), pulled[name], beside)
    every = [save for saves in rounds for mine in saves for save in mine]
    for name in fleets:
        rate = median(pushed[name])
        words = f"{name}：上传，对裸库"
        yield Measure(
            "同步", words, rate, "/s", None, rate / raw_rate(workshop, name, every, _BATCH), "executemany"
        )


def _fleets(workshop: Workshop, plan: Plan, stack: ExitStack) -> Iterator[tuple[str, Fleet]]:
    scopes = [[VILLAGE.format(number)] for number in range(1, plan.laptops + 1)] + [[EVERY]] * AT_ONCE
    dsn = stack.enter_context(running_postgres())
    engines = {"自带的库": "", **({"PostgreSQL": dsn} if dsn else {})}
    for name, database in engines.items():
        hub = stack.enter_context(running_hub(workshop.folder / f"hub {name}", scopes, database))
        fleet = Fleet(hub, plan)
        stack.callback(fleet.close)
        yield name, fleet


def _measures(name: str, pushed: float, pulled: float, peer: tuple[float, float]) -> Iterator[Measure]:
    """So many changes a second, or else 1.5 times the peer's and five times as many rows to read."""
    budget = 15_000 if name == "自带的库" else 10_000
    if not peer[0]:
        yield Measure("同步", f"{name}：上传，二百处一批", pushed, "/s", budget)
        yield Measure("同步", f"{name}：下载", pulled, "/s")
        return
    ours = (pushed / peer[0], pulled / peer[1])
    words = f"{name}：上传，二百处一批"
    yield Measure("同步", words, pushed, "/s", budget, ours[0], "PouchDB", least=1.5, either=True)
    least = None if pushed >= budget else 5
    yield Measure("同步", f"{name}：下载", pulled, "/s", None, ours[1], "PouchDB", least)


def _saves(plan: Plan, number: int) -> list[list[Transaction]]:
    villages = map(VILLAGE.format, range(1, plan.laptops + 1))
    return [Traffic(village, seed=number).take(plan.changes) for village in villages]


def _batches(saves: Sequence[Transaction]) -> list[Sequence[Transaction]]:
    return [saves[at : at + _BATCH] for at in range(0, len(saves), _BATCH)]


def _send(job: tuple[HttpTransport, list[SyncRequest]]) -> None:
    way, requests = job
    for request in requests:
        way.call("/v1/sync", request, SyncReply)


def _read(way: HttpTransport, sender: Sender, villages: int) -> int:
    """Rows of all pages; the cursors begin behind the first row, so that no file is offered instead."""
    sender.saw({VILLAGE.format(number): 1 for number in range(1, villages + 1)})
    rows, more = 0, True
    while more:
        reply = way.call("/v1/sync", sender.pull(_PAGE), SyncReply)
        rows += sum(len(page.rows) for page in reply.pages.values())
        sender.saw({scope: page.cur for scope, page in reply.pages.items()})
        more = any(page.more for page in reply.pages.values())
    return rows


def _pushed_to_peer(peer: Pouch, saves: Sequence[Sequence[Transaction]]) -> float:
    jobs = [bodies(mine, _BATCH) for mine in saves]
    return sum(map(len, saves)) / peer.push(jobs, AT_ONCE)


def _pulled_from_peer(peer: Pouch) -> float:
    return peer.rows * AT_ONCE / peer.pull(AT_ONCE, AT_ONCE, _PEER_ROWS)


def _timed(job: Callable[[T], object], jobs: Sequence[T]) -> float:
    start = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(job, jobs))
    return time.perf_counter() - start
