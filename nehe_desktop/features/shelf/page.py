"""台账: all ledgers on one page; a click opens the list."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy

from nehe_desktop.core.record import LEDGERS
from nehe_desktop.features.shelf.queries import rows_by_ledger
from nehe_desktop.ui.layouts import box, column, row, scrolled
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.painted import IconTile
from nehe_desktop.ui.theme import em, sized
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
    "workday": "calendar-days",
    "division": "map-pin",
    "setting": "sliders-horizontal",
    "printed_paper": "stamp",
}
_PLACES = {
    "household": "households",
    "person": "households",
    "membership": "households",
    "household_category": "households",
    "visit": "visit",
    "attendance_half": "attendance",
    "night": "attendance",
}
"""Ledgers that are worked on in a page of their own."""


class ShelfPage(Page):
    """A card a ledger, with its number of rows."""

    key, title, icon, help_topic = "shelf", "台账", "clipboard-list", "shelf"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        grid = QGridLayout()
        grid.setSpacing(10)
        self.cards = {table: self._card(table) for table in LEDGERS}
        for at, made in enumerate(self.cards.values()):
            grid.addWidget(made[0], at // _COLUMNS, at % _COLUMNS)
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
        for table, (made, words) in self.cards.items():
            words.setText(f"{counts[table]:,} 条" if counts[table] else "还没有")
            made.setAccessibleName(f"{LEDGERS[table].title}，{words.text()}")

    def _card(self, table: str) -> tuple[QPushButton, Any]:
        ledger = LEDGERS[table]
        made = QPushButton()
        made.setProperty("kind", "row")
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        sized(made, height=4.2)
        words = label("", "caption")
        text = column(None, label(ledger.title, "bold"), words, None, gap=2)
        row(
            IconTile(_ICONS.get(table, "file-text"), "teal", 2.6),
            (box(text), 1),
            gap=12,
            margins=(em(0.8), 4, 8, 4),
            on=made,
        )
        place = _PLACES.get(table, f"ledger:{table}")
        made.clicked.connect(lambda _checked=False: self.desk.go(place))
        return made, words
