"""Rows of a list of any length: an array of row ids, pages of 128 rows fetched in workers."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.theme import LEFT, RIGHT

PAGE = 128
KEPT = 48  # pages in the cache: some 6,000 rows
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True)
class Column:
    """A column: its key for sorting, its title, its first width in em."""

    key: str
    title: str
    width: float = 8
    right: bool = False
    bold: bool = False
    sortable: bool = True


@dataclass(frozen=True)
class Cell:
    """A cell with a tone: a pill, with a dot where it is a state; `plain` is coloured text, perhaps behind an icon."""

    text: str
    tone: str = ""
    dot: bool = False
    plain: bool = False
    icon: str = ""


@dataclass(frozen=True)
class Row:
    """One shown row: the id of its record and its cells in the order of the columns."""

    id: str
    cells: tuple[str | Cell, ...]


class Source(Protocol):
    """Where rows come from; both questions are asked in a worker."""

    @property
    def columns(self) -> Sequence[Column]:
        """The columns in their order."""
        ...

    def ids(self, sort: str, descending: bool, wanted: Any, limit: int = 0) -> array[int]:  # noqa: FBT001
        """Row ids in the order of a column, of the rows that are wanted; `limit` 0 means all."""
        ...

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """One row for each id, in their order; None for a row that is gone."""
        ...


@runtime_checkable
class Numbered(Protocol):
    """A source that can tell the row id of a record, so that a list of many pages finds it."""

    def number_of(self, record: str) -> int:
        """The row id of a record, -1 where there is none; for a worker."""
        ...


class PagedModel(QAbstractTableModel):
    """Row ids in memory, rows on demand; a row that is not here yet shows a faint line."""

    counted = Signal(int)

    def __init__(self, source: Source, tasks: Tasks) -> None:
        super().__init__()
        self.source, self._tasks = source, tasks
        self.ids: array[int] = array("q")
        self.marked: set[int] = set()
        self.sorted_by, self.descending, self.wanted = "", False, None
        self._pages: OrderedDict[int, dict[int, Row]] = OrderedDict()  # by page, then by row id
        self._asked: set[int] = set()
        self._era = 0
        self._fresh = False  # whether the first page was read for the newest question

    def load(self) -> None:
        """Asks for the first page and for all ids; what is shown stays until they come."""
        self._era += 1
        self._fresh = False
        sort, descending, wanted = self.sorted_by, self.descending, self.wanted
        self._tasks.ask(lambda: self._first(sort, descending, wanted), self._show_first, owner=self, slot="first")
        self._tasks.ask(lambda: self.source.ids(sort, descending, wanted), self._show_all, owner=self, slot="all")

    def row_at(self, row: int) -> Row | None:
        """A row where it is in memory; asks for its page where it is not."""
        if not 0 <= row < len(self.ids):
            return None
        page = row // PAGE
        if page not in self._pages:
            self._fetch(page)
            return None
        self._pages.move_to_end(page)
        return self._pages[page].get(self.ids[row])

    def forget(self) -> None:
        """Drops every row from memory at once, such as whole numbers whose time is over."""
        self._era += 1
        self._pages.clear()
        self._asked.clear()
        if self.ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, self.columnCount() - 1))

    def position(self, record: str) -> int:
        """Where a record stands among the rows in memory, -1 if it is not there."""
        for page, rows in self._pages.items():
            for at, number in enumerate(self.ids[page * PAGE : (page + 1) * PAGE], page * PAGE):
                if number in rows and rows[number].id == record:
                    return at
        return -1

    def starting_with(self, text: str, after: int) -> int:
        """The next row in memory whose bold cell begins with a text, -1 for none."""
        column = next((at for at, each in enumerate(self.source.columns) if each.bold), 0)
        known = [at for page in self._pages for at in range(page * PAGE, min((page + 1) * PAGE, len(self.ids)))]
        for at in sorted(known, key=lambda at: (at <= after, at)):
            shown = self.row_at(at)
            if shown and words(shown.cells[column]).startswith(text):
                return at
        return -1

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: ARG002
        """How many ids there are."""
        return len(self.ids)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: ARG002
        """How many columns the source has."""
        return len(self.source.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Titles, right where the numbers are right."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.source.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.right else LEFT
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        """Text to show, and text to read out with the column's title."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self.row_at(index.row())
        text = words(row.cells[index.column()]) if row else "…"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.source.columns[index.column()].title} {text or '未填'}"
        return text

    def _first(self, sort: str, descending: bool, wanted: Any) -> tuple[array[int], Sequence[Row | None]]:  # noqa: FBT001
        ids = self.source.ids(sort, descending, wanted, PAGE)
        return ids, self.source.rows(ids)

    def _show_first(self, answer: tuple[array[int], Sequence[Row | None]]) -> None:
        ids, rows = answer
        self._fresh = True
        self._replace(ids)
        self._keep(0, rows)

    def _show_all(self, ids: array[int]) -> None:
        self._tasks.stale(self, "first")  # a first page that comes later would cut the list short
        first = self._pages.get(0)
        kept = first if first and all(number in first for number in ids[:PAGE]) else None
        self._replace(ids, kept)
        if kept and not self._fresh:
            self._fetch(0)  # shown as it was until it has come anew
        self.counted.emit(len(ids))

    def _replace(self, ids: array[int], first: dict[int, Row] | None = None) -> None:
        self._era += 1
        self._pages.clear()
        self._asked.clear()
        if first:
            self._pages[0] = first
        self.beginResetModel()
        self.ids = ids
        self.endResetModel()

    def _fetch(self, page: int) -> None:
        if page in self._asked:
            return
        self._asked.add(page)
        era, ids = self._era, self.ids[page * PAGE : (page + 1) * PAGE]
        self._tasks.ask(lambda: self.source.rows(ids), lambda rows: self._keep(page, rows, era), owner=self)

    def _keep(self, page: int, rows: Sequence[Row | None], era: int | None = None) -> None:
        if era is not None and era != self._era:
            return
        self._asked.discard(page)
        numbers = self.ids[page * PAGE : (page + 1) * PAGE]
        self._pages[page] = {at: row for at, row in zip(numbers, rows, strict=False) if row is not None}
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        if numbers:
            last = page * PAGE + len(numbers) - 1
            self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, self.columnCount() - 1))


def words(cell: str | Cell) -> str:
    """The text of a cell."""
    return cell if isinstance(cell, str) else cell.text
