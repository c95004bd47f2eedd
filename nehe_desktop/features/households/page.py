"""农户台账: the list at the left, one household at the right; 编辑 opens the forms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget

from nehe_desktop.features.exchange.page_marks import counts_words
from nehe_desktop.features.exchange.state_queries import is_enrolled, village_counts
from nehe_desktop.features.households import screen_queries
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.households.page_detail import DetailPanel
from nehe_desktop.features.households.page_editor import EditorPanel
from nehe_desktop.features.households.page_list import ListPanel
from nehe_desktop.features.households.screen_queries import Wanted
from nehe_desktop.ui.layouts import box, column
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.split import split

_SHOWN = {"household", "person", "membership", "household_category", "visit", "problem", "help_link"}


class HouseholdsPage(Page):
    """农户."""

    key, title, icon, help_topic = "households", "农户台账", "users", "households"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.list = ListPanel(desk, new=self.add, act=self._hand_over)
        self.detail = DetailPanel(desk, self._hand_over)
        self.editor = EditorPanel(desk, self._back)
        self.stack = QStackedWidget()
        self.stack.addWidget(box(column(split(self.list, self.detail, (3, 2)), margins=(16, 14, 16, 14))))
        self.stack.addWidget(self.editor)
        column(self.stack, gap=0, on=self)
        self._village, self._totals, self._waits = "", (0, 0), ""
        self._wire()

    def opened(self, **where: Any) -> None:
        """Shows the list: `id` chooses, `text` searches, `filter` with `month` or `among` lists a number's rows.

        `edit` opens the forms of a household, with `person` those of one of its people; `new` adds one.
        """
        self.desk.tasks.ask(self._place, lambda village: self._open(village, where), owner=self, slot="place")

    def changed(self, tables: frozenset[str]) -> None:
        """What is shown is asked anew."""
        if tables & _SHOWN and self.stack.currentIndex() == 0:
            self._refresh()
        elif tables & _SHOWN:
            self.editor.changed()

    def exchanged(self) -> None:
        """Rows were sent or came to the same on both ends: their marks change."""
        if self.stack.currentIndex() == 0:
            self._refresh()

    def may_leave(self) -> bool:
        """Always: what was typed is kept as a draft."""
        self.editor.keep()
        return True

    def add(self) -> None:
        """An empty form for a household."""
        self._show_editor()
        self.editor.add(self._village)

    def edit(self, household: str, person: str = "") -> None:
        """The forms of a household."""
        self._show_editor()
        self.editor.edit(household, person)

    def event(self, event: QEvent) -> bool:
        """F2 means this household here, before it means the window's empty visit."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 visits the household that is shown."""
        if self._own(event):
            self.detail.visit()
        else:
            super().keyPressEvent(event)

    def _own(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_F2 and self.stack.currentIndex() == 0 and self.detail.folder is not None

    def _wire(self) -> None:
        self.list.chosen.connect(self.detail.show_household)
        self.list.opened.connect(self.edit)
        self.list.counted.connect(self._counted)
        self.detail.editing.connect(self.edit)
        self.editor.titled.connect(self.titled)
        eye = QShortcut(QKeySequence("Alt+X"), self.list)
        eye.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        eye.activated.connect(self.detail.reveal)
        self.shortcut("Ctrl+F", self._find)
        self.shortcut("Ctrl+N", self.add)
        self.shortcut("Ctrl+P", lambda: self._hand_over("print"))

    def _place(self) -> str:
        session = self.desk.tools.get("session")
        village = session.profile.village if session else ""
        return village or screen_queries.only_village(self.desk.store)

    def _open(self, village: str, where: dict[str, Any]) -> None:
        self._village = village
        if where.get("edit"):
            self.edit(where["edit"], where.get("person", ""))
        elif where.get("new"):
            self.add()
        else:
            self.stack.setCurrentIndex(0)
            self._list(where)

    def _list(self, where: dict[str, Any]) -> None:
        wanted = Wanted(self.desk.store.clock.today(), self._village, person=self.desk.store.author)
        among = where.get("among")
        self.list.box.setText(where.get("text", ""))
        self.list.show_wanted(
            replace(
                wanted,
                filter=where.get("filter", "all"),
                month=where.get("month", ""),
                among=None if among is None else tuple(among),
            )
        )
        self.list.count_filters()
        self._ask_states()
        if where.get("id"):
            self.list.show_one(where["id"])
            self.detail.show_household(where["id"])
        self._find() if not where else self.list.listing.table.setFocus()

    def _find(self) -> None:
        self.stack.setCurrentIndex(0)
        self.list.box.setFocus()
        self.list.box.selectAll()

    def _ask_states(self) -> None:
        store, village = self.desk.store, self._village
        self.desk.tasks.ask(
            lambda: (is_enrolled(store), counts_words(village_counts(store, village))),
            lambda found: self._show_states(*found), owner=self, slot="states",
        )  # fmt: skip

    def _show_states(self, enrolled: bool, waits: str) -> None:  # noqa: FBT001 - an answer
        self.list.show_states(enrolled=enrolled)
        self._waits = waits
        self._say_totals()

    def _refresh(self) -> None:
        self.list.listing.refresh()
        self._ask_states()
        self.list.count_filters()
        if self.detail.folder:
            self.detail.show_household(self.detail.folder.household.id)

    def _counted(self, households: int, persons: int) -> None:
        self._totals = households, persons
        self._say_totals()
        if not households:
            self.detail.show_folder(None)

    def _say_totals(self) -> None:
        if self.stack.currentIndex() == 0:
            households, persons = self._totals
            told = f"{households} 户 {persons} 人"
            self.titled.emit(self.title, f"{told} · {self._waits}" if self._waits else told)

    def _show_editor(self) -> None:
        self.stack.setCurrentWidget(self.editor)

    def _back(self, household: str) -> None:
        """From the forms to the list, where the household is chosen."""
        self.stack.setCurrentIndex(0)
        self.titled.emit(self.title, "")
        self.list.listing.table.setFocus()
        if household:
            self.list.show_one(household)
            self.detail.show_household(household)
        self._refresh()

    def _hand_over(self, tool: str) -> None:
        """Prints or exports what is marked, else the household that is shown."""
        ids = tuple(self.list.listing.marked_ids())
        if tool in self.desk.tools:
            self.desk.tools[tool](Household, ids)
        elif tool == "print":
            self.desk.go("papers", households=ids)
        else:
            self.desk.notices.banner("这台电脑上还没有装导出功能", "orange")
