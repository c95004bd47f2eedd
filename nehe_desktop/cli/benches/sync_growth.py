"""Whether a hub with very many rows takes changes as fast as one with few, over the same connections."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from nehe_desktop.cli.benches.hubs import running_hub
from nehe_desktop.cli.benches.measure import Measure
from nehe_desktop.cli.benches.sync_rates import AT_ONCE, VILLAGE, Fleet, Plan
from nehe_desktop.cli.benches.traffic import Traffic
from nehe_desktop.cli.benches.workshop import Workshop
from nehe_desktop.sync.protocol import EVERY

_FEW = 20_000  # rows that the hub of a small county has
_NEAR = 3  # rounds on either side of which the middle one counts
_NEW = 0.65  # rows that a change makes; the others correct rows that are there


def measure(workshop: Workshop) -> Iterator[Measure]:
    """Laptops push until there are enough rows: the rate at the end beside that at the size of a small county."""
    sizes = workshop.sizes
    rows = 2000 if sizes.small else 1_000_000 if sizes.full else 200_000
    few = 500 if sizes.small else _FEW
    plan = Plan(4, 50, 1) if sizes.small else Plan()
    there, rates = zip(*_rates(workshop, plan, rows), strict=True)
    begin = next(at for at, count in enumerate(there) if count >= few)
    then, now = median(rates[begin : begin + _NEAR]), median(rates[-_NEAR:])
    yield Measure(
        "同步", f"自带的库：{rows:,} 行时上传", now, "/s", None, now / then, f"{few:,} 行时", least=0.7
    )


def _rates(workshop: Workshop, plan: Plan, rows: int) -> Iterator[tuple[int, float]]:
    """Rows before each round, and how many changes a second it took, until there are enough."""
    villages = [VILLAGE.format(number) for number in range(1, plan.laptops + 1)]
    scopes = [[village] for village in villages] + [[EVERY]] * AT_ONCE
    with running_hub(workshop.folder / "growing hub", scopes) as hub:
        fleet = Fleet(hub, plan)
        streams = [Traffic(village) for village in villages]
        there = 0
        while there < rows + _NEAR * plan.total * _NEW:
            yield there, fleet.push([stream.take(plan.changes) for stream in streams])
            there += round(plan.total * _NEW)
        fleet.close()
