"""台账: all ledgers on one page; a click opens the list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy

from nehe_desktop.core.record import LEDGERS
from nehe_desktop.features.shelf.queries import rows_by_ledger
from nehe_desktop.ui.layouts import box, column, row, scrolled
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.painted import IconTile
from nehe_desktop.ui.theme import em
from nehe_desktop.ui.widgets import label

_COLUMNS = 3
_ICONS = {
    "household": "house-plus",
    "person": "user-round",
    "membership": "users",
    "household_category": "list-checks",
    "visit": "footprints",
    "problem": "circle-alert",
    "team": "users",
    "member": "user-round",
    "posting": "calendar-days",
    "helper": "hand-heart",
    "help_link": "hand-heart",
    "unit": "building-2",
    "attendance_half": "calendar-check",
    "night": "clock",
    "leave": "calendar-days",
    "leave_step": "stamp",
    "sheet_step": "stamp",
    "late_step": "list-checks",
    "late_night_step": "list-checks",
    "month_lock": "lock",
    "workday": "calendar-days",
    "division": "map-pin",
    "setting": "sliders-horizontal",
    "printed_paper": "stamp",
    "consent": "signature",
    "posting_job": "megaphone",
    "conflict": "git-merge",
    "double": "copy",
}
_PLACES = {
    "household": "households",
    "person": "households",
    "membership": "households",
    "household_category": "households",
    "visit": "visits",
    "problem": "problems",
    "attendance_half": "attendance",
    "night": "attendance",
    "leave": "leave",
    "leave_step": "leave",
    "conflict": "conflicts",
    "double": "doubles",
    "posting_job": "board",
}
"""Ledgers that are worked on in a page of their own."""


class LedgerCard(QPushButton):
    """A ledger's name and number of rows; three and a half lines high whatever the text size."""

    def __init__(self, table: str) -> None:
        super().__init__()
        self.setProperty("kind", "row")
        self.setProperty("card", "plain")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.title = LEDGERS[table].title
        self._count = label("", "caption")
        words = box(column(None, label(self.title, "bold"), self._count, None, gap=2))
        row(
            IconTile(_ICONS.get(table, "file-text"), "teal", 2.6),
            (words, 1),
            gap=12,
            margins=(10, 4, 8, 4),
            on=self,
        )

    def sizeHint(self) -> QSize:
        """Room for the icon and two lines."""
        return QSize(em(14), em(4.2))

    def show_count(self, count: int) -> None:
        """How many rows the ledger has."""
        self._count.setText(f"{count:,} 条" if count else "还没有")
        self.setAccessibleName(f"{self.title}，{self._count.text()}")


class ShelfPage(Page):
    """A card for each ledger that one may read, with its number of rows."""

    key, title, icon, help_topic = "shelf", "台账", "clipboard-list", "shelf"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        grid = QGridLayout()
        grid.setSpacing(10)
        self.cards = {table: self._card(table) for table in LEDGERS if desk.store.guard.may("read", table)}
        for at, made in enumerate(self.cards.values()):
            grid.addWidget(made, at // _COLUMNS, at % _COLUMNS)
        for at in range(_COLUMNS):
            grid.setColumnStretch(at, 1)
        words = "每一本台账都能查看、登记、导入、导出和打印。农户、走访、考勤有专门的页面。"
        body = column(label(words, "muted", wrap=True), grid, None, gap=12, margins=(16, 14, 16, 14))
        column((scrolled(body), 1), on=self)

    def opened(self, **_where: Any) -> None:
        """Counts the rows anew."""
        tables = list(self.cards)
        self.desk.tasks.ask(
            lambda: rows_by_ledger(self.desk.store, tables), self._show, owner=self, slot="counts"
        )

    def changed(self, _tables: frozenset[str]) -> None:
        """Counts again."""
        self.opened()

    def _show(self, counts: dict[str, int]) -> None:
        for table, made in self.cards.items():
            made.show_count(counts[table])

    def _card(self, table: str) -> LedgerCard:
        made = LedgerCard(table)
        place = _PLACES.get(table, f"ledger:{table}")
        made.clicked.connect(lambda _checked=False: self.desk.go(place))
        return made
