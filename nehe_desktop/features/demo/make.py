"""Makes a file of made-up data: one village, or the whole county with the article's totals."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import asdict
from pathlib import Path

from nehe_desktop.core.clock import fixed
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Put, Receipt, Store
from nehe_desktop.features.attendance.calendar import shipped_workdays
from nehe_desktop.features.demo import helping
from nehe_desktop.features.demo.doubts import Doubt
from nehe_desktop.features.demo.fill import fill_village
from nehe_desktop.features.demo.numbers import SEED
from nehe_desktop.features.demo.places import divisions
from nehe_desktop.features.demo.plan import DEMO_TODAY, Size, Village, villages
from nehe_desktop.features.demo.queries import Totals, learn_sizes, totals
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.reference.queries import shipped_settings

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]
AUTHOR, REASON = "示例", "生成示例数据"
_AHEAD = 2
"""Villages that may wait for the writer while the next one is made up."""


def make_demo(
    size: Size, path: Path, key: bytes, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Totals:
    """Makes a new encrypted file of made-up data and counts it; `progress` is told villages done and in all.

    Raises Trouble where the file exists or cannot be written and CancelledError when `cancelled` says so;
    then nothing is left behind.
    """
    if path.exists():
        raise Trouble(f"已经有 {path.name} 这个文件，没有生成示例数据", "示例数据只写进新文件，请换一个位置")
    part = path.with_name(f"{path.name}.part")
    _forget(part)
    try:
        counted = _written(size, part, key, progress, cancelled)
        part.replace(path)
    finally:
        _forget(part)
    return counted


def _forget(part: Path) -> None:
    """Removes an unfinished file with its logs."""
    for tail in ("", "-wal", "-shm", "-journal"):
        part.with_name(part.name + tail).unlink(missing_ok=True)


def _written(
    size: Size, part: Path, key: bytes, progress: Progress | None, cancelled: Cancelled | None
) -> Totals:
    clock = fixed(f"{DEMO_TODAY}T08:00:00+08:00")
    with contextlib.closing(Store.open(part, key, AUTHOR, clock)) as store:
        _fill(store, size, progress, cancelled)
        learn_sizes(store)
        store.database.checkpoint()
        return totals(store)


def _fill(store: Store, size: Size, progress: Progress | None, cancelled: Cancelled | None) -> None:
    """Writes the common rows and then village after village, one transaction each."""
    plan = villages(size)
    above, places = divisions(plan)
    units = helping.units()
    used = units if size == "county" else [units[i] for i in helping.units_of(plan[0])]
    store.give([Put(row) for row in (*above, *places, *shipped_settings(), *shipped_workdays())], REASON)
    store.write(map(Put, used), REASON)
    waiting: list[Future[Receipt]] = []
    doubts: list[Doubt] = []
    for done, village in enumerate(plan):
        if cancelled is not None and cancelled():
            raise CancelledError
        filled = fill_village(village, places[done], units, _order(plan, village), county=size == "county")
        doubts += filled.doubts
        waiting.append(store.submit(map(Put, filled.records), REASON))
        if len(waiting) > _AHEAD:
            waiting.pop(0).result()
        if progress is not None:
            progress(done + 1, len(plan))
    for future in waiting:
        future.result()
    store.remember("demo", _marker(size, places[0], doubts)).result()


def _order(plan: Sequence[Village], village: Village) -> int:
    """How many teams stand in the villages before."""
    return sum(other.stationed for other in plan[: village.number])


def _marker(size: Size, first: Division, doubts: Iterable[Doubt]) -> dict[str, object]:
    """What tells screen and paper that the data are made up."""
    return {
        "label": "示例数据",
        "size": size,
        "today": DEMO_TODAY.isoformat(),
        "seed": SEED,
        "village": first.id,
        "doubts": [asdict(doubt) for doubt in doubts],
    }
