"""A heavy day over a weak link, a new laptop over the same, and the whole county to a new laptop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from nehe_desktop.cli.benches.hubs import RunningHub, running_hub
from nehe_desktop.cli.benches.measure import Measure, seconds
from nehe_desktop.cli.benches.traffic import Traffic
from nehe_desktop.cli.benches.weak_link import weak_link
from nehe_desktop.cli.benches.workshop import KEY, Workshop, opened
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.demo.make import make_demo
from nehe_desktop.features.demo.plan import Size
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.sync.client import Client, enrol
from nehe_desktop.sync.http import Connector, first_contact
from nehe_desktop.sync.protocol import EVERY, Change

_BITS, _RTT = 20_000, 0.7
_WIDE = "20 kbit/s、0.7 秒"


def measure(workshop: Workshop) -> Iterator[Measure]:
    """A real hub process over TLS; what is slow lies between."""
    yield _heavy_day(workshop)
    yield _new_village(workshop)
    yield from _new_county(workshop)


def _width(workshop: Workshop) -> tuple[float, float]:
    """Bits a second and seconds there and back; a trial run does not wait for them."""
    return (_BITS * 100, _RTT / 50) if workshop.sizes.small else (_BITS, _RTT)


def _heavy_day(workshop: Workshop) -> Measure:
    """A day's work of a laptop that has been at it for a while: its hub knows it, its village is there."""
    count, village = 20 if workshop.sizes.small else 200, f"{1:032x}"
    homes = [Household(village=village, hamlet="前屯", base_type="03") for _ in range(60)]
    with (
        running_hub(workshop.folder / "weak hub", [[village]]) as hub,
        weak_link(("127.0.0.1", hub.port), *_width(workshop)) as link,
        opened(workshop.folder / "day.db") as store,
    ):
        client = Client(store, Connector(timeout=60))
        store.write(map(Put, homes), "登记")
        _join(store, hub, 0, link.port)
        client.sync()
        for save in Traffic(village, homes=[home.id for home in homes]).take(count):
            store.write([_put(store, save.c[0])], save.r, save.u)
        before, _ = link.passed()
        took = seconds(client.sync)
        bytes_up = link.passed()[0] - before
    words = f"忙的一天 {count} 处改动，{_WIDE}，上行 {bytes_up / 1024:.0f} KB"
    return Measure("同步", words, took, "s", 10)


def _new_village(workshop: Workshop) -> Measure:
    """A laptop that has nothing but its invitation receives the sample's village over a weak link."""
    with (
        running_hub(workshop.folder / "village hub", [[EVERY], [_village(workshop)]]) as hub,
        weak_link(("127.0.0.1", hub.port), *_width(workshop)) as link,
        opened(workshop.folder / "new village.db") as store,
    ):
        _fill(workshop, hub, "village")
        took = seconds(lambda: _filled(store, hub, 1, link.port))
        words = f"新电脑接收一个村，{_WIDE}，{_rows(store):,} 行 {link.passed()[1] / 1024:,.0f} KB"
    return Measure("同步", words, took, "s", 60)


def _new_county(workshop: Workshop) -> Iterator[Measure]:
    """New laptops receive everything on this computer, one of them while somebody types."""
    size: Size = "village" if workshop.sizes.small else "county"
    with running_hub(workshop.folder / f"{size} hub", [[EVERY]] * 3) as hub:
        _fill(workshop, hub, size)
        with opened(workshop.folder / f"new {size}.db") as store:
            took = seconds(lambda: _filled(store, hub, 1, hub.port))
            yield Measure("同步", f"新电脑接收全县，本机，{_rows(store):,} 行", took, "s", 10)
        file = workshop.folder / "typing.db"
        with opened(file) as store:
            _join(store, hub, 2, hub.port)
        told = workshop.ask("probe_sync", str(file))
    yield Measure("同步", f"边接收 {told['rows']:,} 行边打字，窗口停顿，最长", told["stall"] * 1000, "ms", 50)
    yield Measure("同步", "边接收边打字，窗口停顿，千分之一", told["usual"] * 1000, "ms", 50)


def _rows(store: Store) -> int:
    return sum(store.count(ledger.cls) for ledger in LEDGERS.values())


def _sample(workshop: Workshop, size: Size) -> Path:
    file = workshop.folder / f"sample {size}.db"
    if not file.exists():
        make_demo(size, file, KEY)
    return file


def _village(workshop: Workshop) -> str:
    with opened(_sample(workshop, "village")) as store:
        return str((store.one("SELECT village FROM household") or ("",))[0])


def _fill(workshop: Workshop, hub: RunningHub, size: Size) -> None:
    """The county's own laptop sends the whole sample."""
    with opened(_sample(workshop, size)) as store:
        _filled(store, hub, 0, hub.port)


def _filled(store: Store, hub: RunningHub, number: int, port: int) -> None:
    _join(store, hub, number, port)
    Client(store, Connector(timeout=60)).sync()


def _join(store: Store, hub: RunningHub, number: int, port: int) -> None:
    invitation = replace(hub.invitations[number], url=f"https://127.0.0.1:{port}")
    enrol(store, invitation, f"{number} 号电脑", first_contact)


def _put(store: Store, change: Change) -> Put:
    """The change as somebody types it."""
    cls = LEDGERS[change.t].cls
    present = store.find(cls, change.k)
    before = present.stored() if present else {}
    return Put(cls.loaded(change.k, {**before, **{name: new for name, (_, new) in change.f.items()}}))
