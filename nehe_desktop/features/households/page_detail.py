"""The right half of 农户台账: one household with its tabs and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QTabBar, QVBoxLayout, QWidget

from nehe_desktop.features.custody.page_reveal import Lens
from nehe_desktop.features.exchange.page_marks import state_mark
from nehe_desktop.features.exchange.state_queries import household_states
from nehe_desktop.features.households import folder_queries, page_tabs
from nehe_desktop.features.households.folder_queries import Folder
from nehe_desktop.features.households.words import BASE_TYPES
from nehe_desktop.ui.layouts import box, column, emptied, row, scrolled
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.painted import Avatar, Pill
from nehe_desktop.ui.theme import em
from nehe_desktop.ui.widgets import button, empty_state, label, line

TABS = ("基本", "成员", "走访", "全部经过", "帮扶")
_MOST_PILLS = 3


class DetailPanel(QFrame):
    """Shows the folder of a household; numbers are covered until 显示 is pressed, for a minute."""

    editing = Signal(str, str)

    def __init__(self, desk: Desk, act: Callable[[str], object]) -> None:
        """`act` prints: "print". `editing` is said with the household and the person to edit, or nothing."""
        super().__init__()
        self.setProperty("card", "plain")
        self.desk, self.folder = desk, None
        self.lens = Lens(desk, self)
        self.lens.turned.connect(lambda _whole: self._show_tab())
        self._avatar, self._title, self._place = Avatar("户", 3.2), label("", "h2"), label("", "caption", wrap=True)
        self._pills = QHBoxLayout()
        self._pills.setSpacing(6)
        self.tabs = self._made_tabs()
        self._body = QVBoxLayout()
        self._area: QScrollArea = scrolled(column(self._body, margins=(18, 12, 18, 12)))
        words = column(self._title, row(self._pills, None), self._place, gap=4)
        head = box(row(self._avatar, (words, 1), gap=12, margins=(18, 14, 18, 4)))
        visit = button("登记走访", self.visit, icon="clipboard-pen", kind="primary", key="F2")
        foot = row(visit, button("打印", lambda: act("print"), icon="printer", tip="打印户卡，Ctrl+P"),
                   button("编辑", self.edit, icon="pencil", tip="Enter"), None, margins=(18, 9, 18, 9))
        self._parts = [head, self.tabs, box(foot)]
        self._empty = empty_state("users", "从左边选一户，这里显示全部情况")
        column(head, self.tabs, line(), (self._area, 1), (self._empty, 1), line(), self._parts[2], gap=0,
               margins=(1, 1, 1, 1), on=self)
        self.show_folder(None)

    def show_household(self, id: str) -> None:
        """Asks for a household's folder in a worker and shows it."""
        store = self.desk.store
        self.desk.tasks.ask(
            lambda: (folder_queries.folder(store, id), household_states(store, [id]).get(id, "")),
            lambda found: self.show_folder(*found), owner=self, slot="folder",
        )  # fmt: skip

    def show_folder(self, folder: Folder | None, state: str = "") -> None:
        """Shows a folder and how it stands on its way to the county, or that nothing is chosen."""
        same = self.folder and folder and self.folder.household.id == folder.household.id
        self.folder: Folder | None = folder
        for part in (*self._parts, self._area):
            part.setVisible(folder is not None)
        self._empty.setVisible(folder is None)
        if folder is None:
            return
        if not same:
            self.lens.cover()
            self._area.verticalScrollBar().setValue(0)
        self._show_head(folder, state)
        self._show_tab()

    def visit(self) -> None:
        """Goes to the visit of this household."""
        if self.folder:
            self.desk.go("visit", household=self.folder.household.id)

    def edit(self, person: str = "") -> None:
        """Asks to edit this household, or one of its people."""
        if self.folder:
            self.editing.emit(self.folder.household.id, person)

    def reveal(self) -> None:
        """Asks for whole numbers for a minute, or covers them again; the log is told."""
        if self.folder:
            self.lens.press("household", [self.folder.household.id])

    def _made_tabs(self) -> QTabBar:
        tabs = QTabBar()
        for name in TABS:
            tabs.addTab(name)
        tabs.setExpanding(False)
        tabs.setUsesScrollButtons(True)
        tabs.setAccessibleName("农户情况")
        tabs.setContentsMargins(em(0.6), 0, 0, 0)
        tabs.currentChanged.connect(lambda _at: self._turned())
        return tabs

    def _turned(self) -> None:
        self._area.verticalScrollBar().setValue(0)
        self._show_tab()

    def _show_head(self, folder: Folder, state: str) -> None:
        household = folder.household
        self._avatar.show_letter(folder.head.name[:1] if folder.head else "户")
        self._title.setText(folder.title)
        where = "".join(folder.place[1:]) + (household.hamlet or "")
        code = household.local_no or household.hh_no
        self._place.setText(" · ".join(filter(None, (code, where, f"{len(folder.members)} 口人"))))
        emptied(self._pills)
        for name, tone in _badges(folder)[:_MOST_PILLS]:
            self._pills.addWidget(Pill(name, tone))
        if (mark := state_mark(state)) is not None:
            self._pills.addWidget(mark)
        self.tabs.setTabText(1, f"成员 {len(folder.members)}")
        self.tabs.setTabText(2, f"走访 {len(folder.visits)}")

    def _show_tab(self) -> None:
        emptied(self._body)
        if self.folder:
            self._body.addWidget(self._made_tab(self.folder))

    def _made_tab(self, folder: Folder) -> QWidget:
        go = self.desk.go
        at = self.tabs.currentIndex()
        if at == 1:
            people = page_tabs.members(folder, self.edit, whole=self.lens.whole)
            return box(column(row(None, self.lens.eye(self.reveal)), people, None, gap=2))
        if at == 2:
            return page_tabs.visits(folder, go)
        if at == 3:
            return page_tabs.Story(folder.story)
        if at == 4:
            people = page_tabs.helpers(folder, go, whole=self.lens.whole)
            return box(column(row(None, self.lens.eye(self.reveal)), people, None, gap=2))
        return page_tabs.basics(folder, go, self.lens.eye(self.reveal), whole=self.lens.whole)


def _badges(folder: Folder) -> list[tuple[str, str]]:
    names = [category.category for category in folder.current]
    base = BASE_TYPES[folder.household.base_type]
    tones = {"建档立卡户": "teal", "脱贫户": "teal", "一般户": "grey", "边缘户": "gold"}
    ordered = sorted(dict.fromkeys([*names, base]), key=lambda name: tones.get(name, "") in ("teal", "grey"))
    return [(name, tones.get(name, "orange")) for name in ordered]
