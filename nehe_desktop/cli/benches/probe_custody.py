"""A window that does the same work on a sealed and on a plain file in turn, and says how long each waited."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from nehe_desktop.cli.benches.encryption import Plain
from nehe_desktop.cli.benches.workshop import KEY
from nehe_desktop.core.database import Database
from nehe_desktop.core.store import Store
from nehe_desktop.features.entry.page_finding import find
from nehe_desktop.features.households.page import HouseholdsPage
from nehe_desktop.features.intake.apply import apply_plan
from nehe_desktop.features.intake.compare import plan_households
from nehe_desktop.features.intake.plan import Options
from nehe_desktop.features.visits.page import VisitPage
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.ui.page import PageSpec
from nehe_desktop.ui.pulse import application
from nehe_desktop.ui.window import Window

_SPECS = (
    PageSpec("households", "农户", "users", HouseholdsPage),
    PageSpec("visit", "走访", "clipboard-pen", VisitPage),
)
_TYPED = ("王国英", "lishulan", "2302", "13800", "zhang", "陈海")
_IMPORTS = 3
_NOTE = "看了住房和水井，核对了上半年务工收入，帮助联系了慢病门诊。"


class Desk:
    """One window over one file; every act ends when the person sees what he waited for."""

    def __init__(self, program: Any, store: Store) -> None:
        self.program, self.store = program, store
        self.window = Window(_SPECS, store, _fail)
        self.window.resize(1366, 728)
        self.window.show()

    def waits(self, act: Callable[[], object], seen: Callable[[], bool]) -> float:
        """Seconds from an act until what it brings is on the screen."""
        start = time.perf_counter()
        act()
        while not seen():
            self.program.processEvents()
        self.program.processEvents()
        return time.perf_counter() - start

    def open(self, home: str) -> float:
        """A household is chosen and its folder is shown."""

        def seen() -> bool:
            page: Any = self.window.page
            found = page.detail.folder if isinstance(page, HouseholdsPage) else None
            return found is not None and found.household.id == home

        return self.waits(lambda: self.window.go("households", id=home, filter="all"), seen)

    def search(self, words: str) -> float:
        """Words are typed and the hits are there."""
        came: list[object] = []
        ask = partial(self.window.tasks.ask, lambda: find(self.store, words), came.append)
        return self.waits(lambda: ask(owner=self.window, slot="bench"), lambda: bool(came))

    def save(self, home: str) -> float:
        """A visit that was typed is saved and said to be."""
        page: Any = None

        def there() -> bool:
            nonlocal page
            page = self.window.page
            return bool(
                isinstance(page, VisitPage) and page.view and page.view.entry.case.household.id == home
            )

        self.waits(lambda: self.window.go("visit", household=home), there)
        page.view.form.boxes["note"].editor.insertPlainText(_NOTE)
        self.program.processEvents()
        done: list[object] = []
        page.view.stored.connect(done.append)

        def press() -> None:
            page.view.save()
            page.view.save()  # what is doubtful is confirmed

        return self.waits(press, lambda: bool(done))


def _fail(error: BaseException) -> None:
    raise SystemExit(repr(error))


def imported(folder: Path, workbook: Path) -> list[list[float]]:
    """Seconds to read, compare and store a list, each time into new files; sealed, then plain, then the other way."""
    found: list[list[float]] = [[], []]
    for turn in range(_IMPORTS):
        for kind in (0, 1) if turn % 2 == 0 else (1, 0):
            path = folder / f"import-{turn}-{kind}.db"
            database = Database.open(path, KEY) if kind == 0 else Plain(path, b"")
            with closing(Store(database, "测速")) as store:
                start = time.perf_counter()
                apply_plan(
                    store, plan_households(store, open_workbook(workbook), Options(create_villages=True))
                )
                found[kind].append(time.perf_counter() - start)
    return found


def worked(desks: Sequence[Desk], homes: Sequence[str]) -> dict[str, list[list[float]]]:
    """Seconds of every act: by what it is, the sealed file's and the plain one's, taking turns."""
    acts: dict[str, Callable[[Desk, int], float]] = {
        "开一户": lambda desk, at: desk.open(homes[at]),
        "查找": lambda desk, _at: sum(desk.search(words) for words in _TYPED) / len(_TYPED),  # one alone is too short
        "保存走访": lambda desk, at: desk.save(homes[at]),
    }
    found: dict[str, list[list[float]]] = {name: [[] for _ in desks] for name in acts}
    for at in range(len(homes)):
        for name, act in acts.items():
            for number in (range(len(desks)), reversed(range(len(desks))))[at % 2]:
                found[name][number].append(act(desks[number], at))
    return found


def both_ways(program: Any, one: Store, two: Store, homes: Sequence[str]) -> dict[str, list[list[float]]]:
    """The acts with the sealed file's window made first and with the plain one's: a window behind another is slower."""
    found: dict[str, list[list[float]]] = {}
    for turn, stores in enumerate(((one, two), (two, one))):
        desks = [Desk(program, store) for store in stores]
        for name, taken in worked(desks, homes[turn::2]).items():
            ours = found.setdefault(name, [[], []])
            for kind, seconds in enumerate(taken if turn == 0 else reversed(taken)):
                ours[kind] += seconds
        for desk in desks:
            desk.window.close()
    return found


def main(sealed: Path, plain: Path, workbook: Path, count: int) -> dict[str, list[list[float]]]:
    """All of it on both files."""
    program = application()
    with closing(Store.open(sealed, KEY, "测速")) as one, closing(Store(Plain(plain, b""), "测速")) as two:
        for store in (one, two):
            store.database.tune().result()  # the engine's export leaves out what it knows of the tables
        homes = [row[0] for row in one.rows("SELECT id FROM household ORDER BY id LIMIT ?", (count,))]
        found = both_ways(program, one, two, homes)
    return {**found, "导入名单": imported(sealed.parent, workbook)}


if __name__ == "__main__":
    told = [Path(word) for word in sys.argv[1:4]]
    print(json.dumps(main(*told, int(sys.argv[4]))), flush=True)
