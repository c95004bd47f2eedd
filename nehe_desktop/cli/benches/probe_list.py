"""A process that shows a long list and says how long the first page took and how much memory came to it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from nehe_desktop.cli.benches.measure import resident
from nehe_desktop.cli.benches.workshop import opened
from nehe_desktop.core.store import Store
from nehe_desktop.features.households.ledger import Person
from nehe_desktop.ui.ledger_source import LedgerSource
from nehe_desktop.ui.listing import Listing
from nehe_desktop.ui.pulse import application, once
from nehe_desktop.ui.tasks import Tasks


def shown(store: Store, count: int) -> dict[str, float]:
    """Shows the list, waits for all ids, goes to its end and sorts it by name."""
    window = application()
    tasks = Tasks(print, print)
    found: dict[str, float] = {}
    listing = Listing(LedgerSource(store, Person.ledger), tasks, "人员")
    listing.resize(1093, 550)
    listing.show()
    window.processEvents()
    before, start = resident(), time.perf_counter()
    model = listing.model

    def note(name: str) -> None:
        listing.table.viewport().repaint()
        found[name] = time.perf_counter() - start

    def loaded() -> None:
        note("all")
        listing.table.scrollToBottom()
        once(lambda: model.row_at(count - 1) is not None, lambda: (note("end"), sort()), listing)

    def sort() -> None:
        nonlocal start
        start = time.perf_counter()
        first = model.ids
        listing.sort_by("name")
        once(lambda: model.ids is not first and model.row_at(0) is not None, lambda: note("sorted"), listing)
        once(lambda: "sorted" in found and len(model.ids) == count, done, listing)

    def done() -> None:
        note("sorted_all")
        found["growth"] = resident() - before
        window.quit()

    once(lambda: model.row_at(0) is not None, lambda: note("first"), listing)
    once(lambda: len(model.ids) == count, loaded, listing)
    model.load()
    window.exec()
    tasks.close()
    return found


def everything(store: Store) -> dict[str, float]:
    """The plain way: every row in memory before the first is shown."""
    names = ", ".join(field.name for field in Person.ledger.listed)
    before, start = resident(), time.perf_counter()
    rows = store.rows(f"SELECT rowid, id, {names} FROM person ORDER BY id DESC")
    return {"first": time.perf_counter() - start, "growth": resident() - before, "rows": len(rows)}


if __name__ == "__main__":
    how, file, rows = sys.argv[1:]
    with opened(Path(file)) as long:
        print(json.dumps(everything(long) if how == "plain" else shown(long, int(rows))), flush=True)
