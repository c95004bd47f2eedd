"""查找: how long each key press waits while names, pinyin, initials and numbers are typed."""

from __future__ import annotations

import time
from collections.abc import Iterator

from nehe_desktop.cli.benches import long_list
from nehe_desktop.cli.benches.measure import Measure, at_share, seconds
from nehe_desktop.cli.benches.workshop import Workshop, opened
from nehe_desktop.core import search_index
from nehe_desktop.core.search import search
from nehe_desktop.core.store import Store

_TYPED = (
    "王国英",
    "李淑兰",
    "wgy",
    "lishulan",
    "zhang",
    "1380000",
    "2302",
    "19600115",
    "王 国英",
    "张桂",
    "陈海 chen",
)
_SCAN = "SELECT id FROM person WHERE name LIKE ? LIMIT 20"


def keys(store: Store) -> list[float]:
    """Seconds of every key press of some typed words."""
    taken = []
    for words in _TYPED:
        for end in range(1, len(words) + 1):
            start = time.perf_counter()
            search(store, words[:end])
            taken.append(time.perf_counter() - start)
    return taken


def _measures(store: Store, name: str) -> Iterator[Measure]:
    keys(store)
    taken = keys(store)
    scan = seconds(lambda: store.rows(_SCAN, ("%没有这人%",)))
    middle = at_share(taken, 0.5)
    yield Measure("查找", f"{name}：每键，中位", middle * 1000, "ms", 20, middle / scan, "LIKE 全表查")
    yield Measure("查找", f"{name}：每键，最慢", max(taken) * 1000, "ms", 20)


def measure(workshop: Workshop) -> Iterator[Measure]:
    """The county's members, and a million persons where all is asked for."""
    with workshop.county() as store:
        yield from _measures(store, f"{workshop.sizes.members:,} 人")
    if workshop.sizes.full:
        path = workshop.folder / "long.db"
        if not path.exists():
            long_list.make(path, workshop.sizes.persons)
        with opened(path) as store:
            store.database.write(search_index.rebuild).result()
            yield from _measures(store, f"{workshop.sizes.persons:,} 人")
