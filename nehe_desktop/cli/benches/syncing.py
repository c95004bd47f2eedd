"""同步: what the hub takes and gives in a second, bytes on the wire, a weak link, a new laptop, and the window meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from nehe_desktop.cli.benches import sync_growth, sync_link, sync_rates, sync_wire
from nehe_desktop.cli.benches.measure import Measure
from nehe_desktop.cli.benches.workshop import Workshop


def measure(workshop: Workshop) -> Iterator[Measure]:
    """Part by part; the peers are measured in the same run."""
    for part in (sync_wire, sync_rates, sync_growth, sync_link):
        yield from part.measure(workshop)
