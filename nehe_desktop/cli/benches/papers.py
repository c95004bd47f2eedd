"""文书: letters, attendance sheets and the ledger beside stock ReportLab in the same run."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from nehe_desktop.cli.benches.measure import Measure
from nehe_desktop.cli.benches.workshop import Workshop

_BUDGETS = {"承诺书": 1.0, "考勤表": 1.0, "台账": 1.5}
_TABLES = ("考勤表", "台账")  # a letter has no table: its time alone is held to a budget


def measure(workshop: Workshop) -> Iterator[Measure]:
    """Always of full size, as the papers' own bench makes its rows."""
    if workshop.sizes.small:
        return
    for what, ours, stock in import_module("nehe_desktop.documents.bench").bench_papers():
        name, ratio = what.split()[0], (stock or 0) / ours
        least = 4 if name in _TABLES else None
        yield Measure("文书", what, ours, "s", _BUDGETS[name], ratio, "比原版 ReportLab 快", least)
