"""走访登记: choose a household, enter the visit, go on to the next one that is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QStackedWidget

from nehe_desktop.core.store import Store
from nehe_desktop.features.visits.entry import Entry, begun, corrected
from nehe_desktop.features.visits.ledger import Visit
from nehe_desktop.features.visits.page_due import DuePanel
from nehe_desktop.features.visits.page_entry import EntryView
from nehe_desktop.features.visits.screen_queries import case_of, due_now, village_of
from nehe_desktop.ui.layouts import column
from nehe_desktop.ui.page import Desk, Page

Opened = tuple[Entry | None, bool]


def opened_entry(store: Store, household: str) -> Opened:
    """A visit to a household: its kept draft where one is waiting, else a new one; for a worker."""
    today = store.clock.today()
    case = case_of(store, household, today)
    if case is None:
        return None, False
    entry = begun(case, store.author, today)
    return entry, _restored(store, entry)


def opened_correction(store: Store, visit: str) -> Opened:
    """A stored visit to be corrected; for a worker."""
    record = store.find(Visit, visit)
    case = case_of(store, record.household, store.clock.today()) if record else None
    if record is None or case is None:
        return None, False
    entry = corrected(case, record)
    return entry, _restored(store, entry)


def _restored(store: Store, entry: Entry) -> bool:
    kept = store.draft(entry.key)
    if kept is None:
        return False
    if not entry.corrects and store.find(Visit, kept["id"]) is not None:
        store.drop_draft(entry.key)  # stored just before the lights went out
        return False
    entry.from_json(kept)
    return True


class VisitPage(Page):
    """F2: without a household the list of who is due, with one its visit."""

    key, title, icon, help_topic = "visit", "走访登记", "clipboard-pen", "visit"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.due = DuePanel(desk)
        self.view: EntryView | None = None
        self._queue: list[str] = []
        self._last_saved = ""
        self._stack = QStackedWidget()
        self._stack.addWidget(self.due)
        column((self._stack, 1), margins=(16, 14, 16, 14), on=self)
        self.due.picked.connect(self.begin)
        self.shortcut("Ctrl+P", self.print_saved)

    def opened(self, household: str = "", visit: str = "", **_where: Any) -> None:
        """With a household its visit, with a visit its correction, else who is due."""
        if household:
            self.begin(household)
        elif visit:
            self._open(lambda: opened_correction(self.desk.store, visit))
        else:
            self.choose()

    def choose(self) -> None:
        """The list of who is due."""
        self.keep()
        self._stack.setCurrentWidget(self.due)
        self.titled.emit(self.title, "")
        self.due.load()
        self.due.setFocus()
        self._count_due(self.due.say)

    def begin(self, household: str) -> None:
        """Puts a visit to this household on the desk."""
        self.keep()
        self._open(lambda: opened_entry(self.desk.store, household))

    def keep(self) -> None:
        """Keeps what was typed so far."""
        if self.view is not None and self._stack.currentWidget() is self.view:
            self.view.keep()

    def may_leave(self) -> bool:
        """Always: what was typed is kept as a draft."""
        self.keep()
        return True

    def changed(self, tables: frozenset[str]) -> None:
        """The list follows what is stored."""
        if self._stack.currentWidget() is self.due and tables & {"visit", "household", "person"}:
            self.due.load()

    def print_saved(self) -> None:
        """The record of the visit on the desk where it is stored, else of the one stored last."""
        entry = self.view.entry if self.view and self._stack.currentWidget() is self.view else None
        visit = entry.id if entry is not None and entry.corrects else self._last_saved
        if visit:
            self.desk.go("papers", kind="D09", visit=visit)
        else:
            self.desk.notices.toast("先保存这次走访，再打印走访记录表")

    def _open(self, ask: Callable[[], Opened]) -> None:
        self.desk.tasks.ask(ask, self._show, owner=self, slot="entry")

    def _show(self, found: Opened) -> None:
        entry, restored = found
        if entry is None:
            self.desk.notices.banner("这一户已经不在台账里了", "orange")
            self.choose()
            return
        if self.view is None:
            self.view = EntryView(self.desk, entry)
            self.view.stored.connect(self._stored)
            self.view.left.connect(self.choose)
            self._stack.addWidget(self.view)
        self.view.show_entry(entry, restored=restored)
        self._stack.setCurrentWidget(self.view)
        self.view.area.verticalScrollBar().setValue(0)
        self.view.form.focus_field("day")
        self._say_place(entry)

    def _say_place(self, entry: Entry) -> None:
        name = f"{entry.case.head} 户"
        if entry.corrects:
            self.titled.emit("更正走访记录", f"{name} · {entry.draft.value('day')}")
            return
        self.titled.emit(self.title, name)
        self._count_due(lambda _due: self._say_count(entry))

    def _say_count(self, entry: Entry) -> None:
        household, queue = entry.case.household.id, self._queue
        if household in queue:
            self.titled.emit(self.title, f"第 {queue.index(household) + 1} / {len(queue)} 户")

    def _count_due(self, then: Callable[[int], object]) -> None:
        """Asks who is due; households done meanwhile keep their place in the count."""
        store = self.desk.store

        def ask() -> list[str]:
            return [due.household for due in due_now(store, village_of(store), store.clock.today())]

        def show(due: list[str]) -> None:
            self._queue = [*self._queue, *(each for each in due if each not in self._queue)]
            then(len(due))

        self.desk.tasks.ask(ask, show, owner=self, slot="queue")

    def _stored(self, visit: Visit) -> None:
        """On to the next household that is due; from a correction back to the records."""
        self._last_saved = visit.id
        if self.view is not None and self.view.entry.corrects:
            self.desk.go("visits", visit=visit.id)
            return
        store = self.desk.store
        self.desk.tasks.ask(lambda: _next(store, self._queue, visit.household), self._go_on, owner=self, slot="entry")

    def _go_on(self, found: Opened) -> None:
        if found[0] is None:
            self._queue.clear()
            self.choose()
        else:
            self._show(found)


def _next(store: Store, queue: list[str], after: str) -> Opened:
    """The next household of the queue that is still due, looked for after this one and then from the start."""
    still = {due.household for due in due_now(store, village_of(store), store.clock.today())}
    at = queue.index(after) + 1 if after in queue else 0
    household = next((each for each in [*queue[at:], *queue[:at]] if each in still), "")
    return opened_entry(store, household) if household else (None, False)
