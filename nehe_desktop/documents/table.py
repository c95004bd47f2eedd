"""Tables painted straight as PDF operators: each text is typeset once, rows may be thousands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from nehe_desktop.documents.document import MM, Align, Document
from nehe_desktop.documents.lines import break_lines

PAD = 3.0  # points left free at each side of a cell
SQUEEZE = 0.8  # a text may become this narrow before it wraps
SMALLER = 0.85  # of the size, when a text must wrap


@dataclass(frozen=True)
class Column:
    """One column: width in millimetres (0: measured), how its cells stand, and the heading it is grouped under."""

    title: str
    width: float = 0
    align: Align = "center"
    role: str = "song"
    wrap: bool = False  # notes: wrap at full size instead of squeezing
    group: str = ""


@dataclass(frozen=True)
class Band:
    """A row across the table, such as a subtotal or the name of a group."""

    text: str


@dataclass(frozen=True)
class Cell:
    """A typeset cell of one column: (x operator, offset below the middle, operators) of each line, and height."""

    lines: tuple[tuple[str, float, str], ...]
    height: float


class TablePainter:
    """Paints rows under each other on pages that `next_page()` opens (it returns the top of the table)."""

    def __init__(
        self, document: Document, columns: Sequence[Column], left: float, bottom: float,
        next_page: Callable[[], float], *, size: float = 9, row_height: float = 6.5 * MM,
    ) -> None:  # fmt: skip
        self.document, self.columns, self.bottom, self.next_page = document, columns, bottom, next_page
        self.size, self.row_height = size, row_height
        self.edges = [left]
        for column in columns:
            self.edges.append(self.edges[-1] + column.width * MM)
        self._cells: list[dict[str, Cell]] = [{} for _ in columns]
        self._texts: list[str] = []
        self._rules: list[float] = []
        self.top = self.y = self._body = self._page_height = 0.0

    def cell(self, index: int, text: str) -> Cell:
        """A cell of a column, typeset once for all rows that say the same."""
        found = self._cells[index].get(text)
        if found is None:
            column = self.columns[index]
            room = self.edges[index + 1] - self.edges[index] - 2 * PAD
            found = self._cells[index][text] = self._set(text, column, self.edges[index] + PAD, room)
        return found

    def _set(self, text: str, column: Column, left: float, room: float) -> Cell:
        operators, width = self.document.shown(text, column.role, self.size)
        if "\n" not in text and (width <= room or (room >= width * SQUEEZE and not column.wrap)):
            squeeze = min(1.0, room / width) if width else 1.0
            show = operators if squeeze == 1 else f"{100 * squeeze:.1f} Tz {operators} 100 Tz"
            x = left + (room - width * squeeze) * {"left": 0, "center": 0.5, "right": 1}[column.align]
            return Cell(((f"1 0 0 1 {x:.2f} ", 0.36 * self.size, show),) if text else (), 0)
        return self._wrapped(text, column, left, room)

    def _wrapped(self, text: str, column: Column, left: float, room: float) -> Cell:
        size = self.size if column.wrap else self.size * SMALLER
        glyphs = self.document.glyphs(column.role)
        spans = break_lines(text, [glyphs[c][2] * size for c in text], room, room)
        leading, lines = size * 1.2, []
        for number, (start, end) in enumerate(spans):
            show, width = self.document.shown(text[start:end], column.role, size)
            if width > room:
                show, width = f"{100 * room / width:.1f} Tz {show} 100 Tz", room
            shift = (room - width) * (0.5 if column.align == "center" and len(spans) == 1 else 0)
            down = 0.36 * size + (number - (len(spans) - 1) / 2) * leading
            lines.append((f"1 0 0 1 {left + shift:.2f} ", down, show))
        return Cell(tuple(lines), len(spans) * leading + 4)

    def start(self) -> None:
        """Open a page and paint the heading."""
        self.top = self.y = self.next_page()
        self._rules, self._texts = [self.y], []
        titles = tuple(column.title for column in self.columns)
        if any(column.group for column in self.columns):
            self._groups()
        self._paint_titles(titles)
        self._head_columns()
        self._body = self.y
        self._page_height = self._page_height or self.y - self.bottom

    def _head_columns(self) -> None:
        """Lines between titles, as far up as no group lies over them."""
        under = self.top - self.row_height
        for x, left, right in zip(self.edges[1:-1], self.columns, self.columns[1:], strict=False):
            top = under if left.group and left.group == right.group else self.top
            self.document.line(x, top, x, self.y)

    def _groups(self) -> None:
        height, x = self.row_height, 0
        for group, members in groupby(self.columns, key=lambda column: column.group):
            count = len(list(members))
            left, right = self.edges[x], self.edges[x + count]
            if group:
                self.document.line(left, self.y - height, right, self.y - height)
                self.document.text((left + right) / 2, self.y - height / 2 - 0.36 * self.size, group, "hei",
                                   self.size, "center", right - left - 2 * PAD)  # fmt: skip
            x += count
        self.y -= height

    def _paint_titles(self, titles: Sequence[str]) -> None:
        heads = [
            self._set(
                title,
                Column(title, role="hei"),
                self.edges[i] + PAD,
                self.edges[i + 1] - self.edges[i] - 2 * PAD,
            )
            for i, title in enumerate(titles)
        ]
        height = max(self.row_height, *(head.height for head in heads))
        for head, column in zip(heads, self.columns, strict=True):
            middle = (
                self.y - height / 2
                if column.group or self.y == self.top
                else (self.top + self.y - height) / 2
            )
            self._texts += [f"{x}{middle - down:.2f} Tm {show}" for x, down, show in head.lines]
        self.y -= height
        self._rules.append(self.y)

    def row(self, row: Sequence[str]) -> None:
        """Paint one row, on the next page when this one is full; a row higher than a page is continued."""
        self.document.row = row
        cells = self._cells
        found = [cells[i].get(text) or self.cell(i, text) for i, text in enumerate(row)]
        height = max(self.row_height, max([cell.height for cell in found], default=0))
        self._room_for(min(height, self._page_height) if self._page_height else height)
        if height > self._page_height:
            for part in portions(found, self._page_height):
                self._paint_cells(part, max(self.row_height, *(cell.height for cell in part)))
        else:
            self._paint_cells(found, height)

    def _paint_cells(self, found: Sequence[Cell], height: float) -> None:
        self._room_for(height)
        middle = self.y - height / 2
        plain = f"{middle - 0.36 * self.size:.2f} Tm "
        for cell in found:
            for x, down, show in cell.lines:
                self._texts.append(x + (plain if not cell.height else f"{middle - down:.2f} Tm ") + show)
        self.y -= height
        self._rules.append(self.y)

    def band(self, band: Band) -> None:
        """Paint a tinted row across the table."""
        self._room_for(self.row_height)
        left, right = self.edges[0], self.edges[-1]
        self.document.tint(left, self.y - self.row_height, right - left, self.row_height, 0.93)
        show, width = self.document.shown(band.text, "hei", self.size)
        squeeze = min(1.0, (right - left - 4 * PAD) / width) if width else 1.0
        y = self.y - self.row_height / 2 - 0.36 * self.size
        self._texts.append(f"1 0 0 1 {left + 2 * PAD:.2f} {y:.2f} Tm {100 * squeeze:.1f} Tz {show} 100 Tz")
        self._end_columns()
        self.y -= self.row_height
        self._rules.append(self.y)
        self._body = self.y

    def _room_for(self, height: float) -> None:
        if not self.top:
            self.start()
        if self.y - height < self.bottom:
            self.end()
            self.start()

    def _end_columns(self) -> None:
        """Draw the lines between columns down to here; a band has none."""
        if self._body - self.y > 0.1:
            lines = (f"{x:.2f} {self._body:.2f} m {x:.2f} {self.y:.2f} l" for x in self.edges[1:-1])
            self.document.put(f"0.4 w {' '.join(lines)} S")

    def end(self) -> None:
        """Close the table on this page: texts and lines."""
        if not self.top:
            self.start()
        left, right = self.edges[0], self.edges[-1]
        self._end_columns()
        rules = " ".join(f"{left:.2f} {y:.2f} m {right:.2f} {y:.2f} l" for y in self._rules)
        self.document.put(f"BT {' '.join(self._texts)} ET" if self._texts else "")
        self.document.put(f"0.4 w {rules} S")
        self.document.box(left, self.y, right - left, self.top - self.y, 0.9)


def portions(cells: Sequence[Cell], most: float) -> list[list[Cell]]:
    """Cells cut into parts of at most `most` points each, for a row that no page can hold."""
    cuts = [_cut(cell, most) for cell in cells]
    empty, count = Cell((), 0), max(len(cut) for cut in cuts)
    return [[cut[index] if index < len(cut) else empty for cut in cuts] for index in range(count)]


def _cut(cell: Cell, most: float) -> list[Cell]:
    if cell.height <= most:
        return [cell]
    leading = (cell.height - 4) / len(cell.lines)
    count, centre = int((most - 4) / leading), _centre(cell.lines)
    chunks = [cell.lines[start : start + count] for start in range(0, len(cell.lines), count)]
    return [Cell(tuple((x, down - _centre(chunk) + centre, show) for x, down, show in chunk),
                 len(chunk) * leading + 4) for chunk in chunks]  # fmt: skip


def _centre(lines: Sequence[tuple[str, float, str]]) -> float:
    return sum(line[1] for line in lines) / len(lines)


def paint(painter: TablePainter, rows: Iterable[Sequence[str] | Band]) -> None:
    """Paint all rows and close the table."""
    for row in rows:
        if isinstance(row, Band):
            painter.band(row)
        else:
            painter.row(row)
    painter.end()
