"""A list on the screen: sorting by header, marking, and signals when a row is chosen or opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedLayout, QTableView, QWidget

from nehe_desktop.ui.cells import CellPainter
from nehe_desktop.ui.paged import Cell, Column, Numbered, PagedModel, Row, Source
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.theme import em

__all__ = ["Cell", "Column", "Listing", "Row", "Source"]


class Table(QTableView):
    """The view: Enter opens, Space marks, letters jump."""

    entered_row = Signal()
    marked_row = Signal()
    jumped = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Space and Ctrl+A; the rest moves as tables do."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered_row.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.marked_row.emit()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            rows = self.model().rowCount()
            self.selectRow(0 if event.key() == Qt.Key.Key_Home else rows - 1)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, text: str) -> None:
        """Letters look among the rows in memory, never through all rows."""
        self.jumped.emit(text)


class Listing(QWidget):
    """A list with sorting by header, marking, and signals when a row is chosen or opened."""

    chosen = Signal(str)
    opened = Signal(str)
    marked = Signal(int)
    counted = Signal(int)
    resized = Signal(list)

    def __init__(self, source: Source, tasks: Tasks, name: str, empty: QWidget | None = None) -> None:
        """`name` is read out; `empty` is shown where there is nothing."""
        super().__init__()
        self.model, self._tasks = PagedModel(source, tasks), tasks
        self.table = Table()
        self.table.setModel(self.model)
        self.table.setItemDelegate(CellPainter(self.table))
        self.table.setAccessibleName(name)
        self._wanted_id, self._said = "", False
        self._number = -1  # of the wanted record among the ids, where the source could tell
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.table)
        if empty is not None:
            self._stack.addWidget(empty)
        self._dress()
        self._wire()
        self.fit()

    def show_where(self, wanted: Any) -> None:
        """Lists what is wanted; the value goes to the source as it is."""
        self.model.wanted = wanted
        self.model.load()

    def refresh(self) -> None:
        """Asks again and keeps the chosen row where it is still there."""
        self._wanted_id = self._wanted_id or self.current()
        self.model.load()

    def sort_by(self, key: str, *, descending: bool = False) -> None:
        """Sorts and loads."""
        self.model.sorted_by, self.model.descending = key, descending
        at = next((at for at, c in enumerate(self.model.source.columns) if c.key == key), -1)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.table.horizontalHeader().setSortIndicator(at, order)
        self.model.load()

    def current(self) -> str:
        """The id of the chosen record, empty for none."""
        row = self.model.row_at(self.table.currentIndex().row())
        return row.id if row else ""

    def select(self, record: str) -> None:
        """Chooses a record now, or as soon as its page has come; asks the source on which page it is."""
        self._wanted_id, self._number = record, -1
        self._reach()
        source = self.model.source
        if record and self.current() != record and isinstance(source, Numbered):
            self._tasks.ask(
                lambda: source.number_of(record), lambda number: self._found(record, number), owner=self, slot="number"
            )

    def _found(self, record: str, number: int) -> None:
        if record == self._wanted_id:
            self._number = number
            self._reach()

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self.model.rowCount()

    def marked_ids(self) -> list[str]:
        """Ids of the marked records; of the current one where none is marked."""
        numbers = sorted(self.model.marked)
        rows = self.model.source.rows(numbers) if numbers else []
        return [row.id for row in rows if row] or list(filter(None, [self.current()]))

    def widths(self) -> list[float]:
        """Widths of the columns in em, to remember."""
        header = self.table.horizontalHeader()
        return [round(header.sectionSize(at) / em(1), 2) for at in range(header.count())]

    def restore(self, widths: Sequence[float]) -> None:
        """Takes remembered widths."""
        if len(widths) == self.model.columnCount():
            for at, width in enumerate(widths):
                self.table.setColumnWidth(at, em(width))

    def fit(self) -> None:
        """Rows and columns for the text size in force."""
        self.table.verticalHeader().setDefaultSectionSize(em(2.67))
        for at, column in enumerate(self.model.source.columns):
            self.table.setColumnWidth(at, em(column.width))

    def changeEvent(self, event: QEvent) -> None:
        """A new text size means new rows."""
        if event.type() == QEvent.Type.FontChange:
            self.fit()
        super().changeEvent(event)

    def _dress(self) -> None:
        table, header = self.table, self.table.horizontalHeader()
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def _wire(self) -> None:
        header = self.table.horizontalHeader()
        header.sectionClicked.connect(self._sort_column)
        header.sectionResized.connect(lambda *_: self.resized.emit(self.widths()))
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._say_chosen())
        self.table.doubleClicked.connect(lambda _index: self._say_opened())
        self.table.entered_row.connect(self._say_opened)
        self.table.marked_row.connect(self._mark)
        self.table.jumped.connect(self._jump)
        self.model.counted.connect(self._count)
        self.model.modelAboutToBeReset.connect(self._forget)
        self.model.modelReset.connect(self._reach)
        self.model.dataChanged.connect(lambda *_: self._reach())

    def _sort_column(self, at: int) -> None:
        column = self.model.source.columns[at]
        if column.sortable:
            again = self.model.sorted_by == column.key and not self.model.descending
            self.sort_by(column.key, descending=again)

    def _say_chosen(self) -> None:
        if record := self.current():
            self._wanted_id, self._said = record, True
            self.chosen.emit(record)

    def _say_opened(self) -> None:
        if record := self.current():
            self.opened.emit(record)

    def _mark(self) -> None:
        at = self.table.currentIndex().row()
        if at >= 0:
            self.model.marked ^= {self.model.ids[at]}
            self.table.viewport().update()
            self.marked.emit(len(self.model.marked))

    def _jump(self, text: str) -> None:
        if (at := self.model.starting_with(text, self.table.currentIndex().row())) >= 0:
            self.table.selectRow(at)

    def _count(self, count: int) -> None:
        self._stack.setCurrentIndex(1 if count == 0 and self._stack.count() > 1 else 0)
        self.counted.emit(count)

    def _forget(self) -> None:
        self._said = False

    def _reach(self) -> None:
        if self.current() and self.current() == self._wanted_id:
            if not self._said:  # it became the current one before its row had come
                self._say_chosen()
            return
        at = self.model.position(self._wanted_id) if self._wanted_id else -1
        if at < 0 and self._number in self.model.ids:  # its page has not come yet
            at = self.model.ids.index(self._number)
            if self.table.currentIndex().row() != at:
                self._said = False
                self.table.selectRow(at)
        elif at >= 0:
            self._select(at)
        elif not self._wanted_id and self.count and self.model.row_at(0):
            self._select(0)

    def _select(self, at: int) -> None:
        """Chooses a row, also where getting the keyboard made it the current one without choosing it."""
        was_current = self.table.currentIndex().row() == at
        self.table.selectRow(at)
        if was_current:
            self._say_chosen()
