"""Makes a file of made-up data: one village, or the whole county with the article's totals."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import asdict, dataclass
from pathlib import Path

from nehe_desktop.core.clock import fixed
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.record import Record
from nehe_desktop.core.store import Put, Receipt, Store
from nehe_desktop.features.attendance.calendar import shipped_workdays
from nehe_desktop.features.demo import helping, homes, visiting
from nehe_desktop.features.demo.attending import attendance
from nehe_desktop.features.demo.doubts import (
    LAGGING,
    OVERDUE_PROBLEM,
    Doubt,
    doubtful_homes,
    income_drop,
    late_home,
)
from nehe_desktop.features.demo.light import ordinary_homes
from nehe_desktop.features.demo.numbers import SEED
from nehe_desktop.features.demo.places import divisions
from nehe_desktop.features.demo.plan import DEMO_TODAY, Size, Village, villages
from nehe_desktop.features.demo.queries import Totals, totals
from nehe_desktop.features.demo.troubles import with_problems
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.reference.queries import shipped_settings
from nehe_desktop.features.teams.ledger import Unit

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]
AUTHOR, REASON = "示例", "生成示例数据"
_AHEAD = 2
"""Villages that may wait for the writer while the next one is made up."""


@dataclass(frozen=True)
class Filled:
    """One village ready to be stored, with what is wrong in it on purpose."""

    records: list[Record]
    doubts: tuple[Doubt, ...] = ()


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
        store.database.checkpoint()
        return totals(store)


def _fill(store: Store, size: Size, progress: Progress | None, cancelled: Cancelled | None) -> None:
    """Writes the common rows and then village after village, one transaction each."""
    plan = villages(size)
    above, places = divisions(plan)
    units = helping.units()
    used = units if size == "county" else [units[i] for i in helping.units_of(plan[0])]
    store.write(map(Put, (*above, *places, *used, *shipped_settings(), *shipped_workdays())), REASON)
    waiting: list[Future[Receipt]] = []
    doubts: list[Doubt] = []
    for done, village in enumerate(plan):
        if cancelled is not None and cancelled():
            raise CancelledError
        filled = fill_village(village, places[done], units, _order(plan, village))
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


def fill_village(village: Village, place: Division, units: Sequence[Unit], order: int) -> Filled:
    """Everything of one village; the sample village has its doubts."""
    found = homes.village_homes(village, place.id)
    sample = village.number == 0
    doubts: list[Doubt] = []
    if sample:
        found, doubts = doubtful_homes(found)
    helpers = helping.helpers(village, place.id, units)
    links = helping.links(village, found, helpers)
    crew = helping.crew(village, place.id, units[order], order) if village.stationed else None
    names = {one.id: one.name for one in helpers}
    helper_of = {link.household: names[link.helper] for link in links}
    late = late_home(found) if sample else ""
    visited = found if crew else found[village.quota.registered :]
    visits = [
        *visiting.rounds(village, found, late),
        *visiting.monthly(village, visited, crew, helper_of, late),
    ]
    if sample:
        visits, drop = income_drop(found, visits)
        doubts.append(drop)
    visits, tickets = with_problems(village, place.id, visits, overdue=sample)
    if sample:
        doubts.append(Doubt("问题超期", "problem", tickets[-1].id, OVERDUE_PROBLEM))
    records: list[Record] = [
        *_people(village, place, found),
        *helpers,
        *links,
        *visits,
        *tickets,
    ]
    if crew:
        halves, nights = attendance(crew, village.number, lagging=sample)
        records += [*helping.records(crew), *halves, *nights]
        if sample:
            doubts.append(Doubt("驻村进度", "member", crew.members[-1].id, LAGGING))
    return Filled(records, tuple(doubts))


def _people(village: Village, place: Division, found: Sequence[homes.Home]) -> Iterator[Record]:
    yield from homes.records([*found, *ordinary_homes(village, place.id)])
