"""The listing of any ledger: columns, rows from an iterator, subtotals and totals counted from what is printed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from itertools import chain, islice
from typing import Literal

from nehe_desktop.documents.document import A3_LANDSCAPE, A4, A4_LANDSCAPE, MM, Document
from nehe_desktop.documents.paper import Sheets, Stamp, draw, draw_mark, sheets
from nehe_desktop.documents.table import PAD, Band, Column, TablePainter, paint

MARGIN = 15 * MM
SEEN_FOR_WIDTHS = 200  # rows looked at to measure columns without a width


@dataclass(frozen=True)
class Count:
    """A total of the rows printed, such as 共 {} 户: rows, different values of a column, or the sum of one."""

    words: str
    how: Literal["rows", "distinct", "sum"] = "rows"
    column: int = 0


@dataclass(frozen=True)
class Listing:
    """A ledger's listing; `rows` is read once, `group` is the column whose change closes a subtotal."""

    stamp: Stamp
    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[str]] = field(compare=False)
    subtitle: str = ""
    counts: tuple[Count, ...] = (Count("共 {} 条"),)
    group: int | None = None
    orientation: Literal["auto", "portrait", "landscape", "A3"] = "auto"
    size: float = 9
    notice: str = ""  # such as 内部资料 严禁外传


class Tally:
    """Totals of the rows printed so far."""

    def __init__(self, counts: Sequence[Count]) -> None:
        self.counts = counts
        self.rows, self.seen = 0, [set[str]() for _ in counts]
        self.sums = [Decimal(0) for _ in counts]

    def add(self, row: Sequence[str]) -> None:
        """Count one printed row; a cell that is no number adds nothing."""
        self.rows += 1
        for index, count in enumerate(self.counts):
            if count.how == "distinct":
                self.seen[index].add(row[count.column])
            elif count.how == "sum":
                self.sums[index] += number(row[count.column])

    def text(self) -> str:
        """Such as 共 8,461 户 17,110 人 金额合计 2,040.00 元."""
        return "　".join(count.words.format(self._value(index)) for index, count in enumerate(self.counts))

    def _value(self, index: int) -> str:
        how = self.counts[index].how
        value = {"rows": self.rows, "distinct": len(self.seen[index]), "sum": self.sums[index]}[how]
        return f"{value:,}"


def number(text: str) -> Decimal:
    """The number a cell shows; 0 for an empty cell or one without a number."""
    try:
        return Decimal(text.replace(",", "") or 0)
    except InvalidOperation:
        return Decimal(0)


def with_totals(
    listing: Listing, rows: Iterable[Sequence[str]], digest: hashlib._Hash
) -> Iterator[Sequence[str] | Band]:
    """The rows with subtotals between groups and the total at the end; all that is printed goes into the hash."""
    total, part, current = Tally(listing.counts), Tally(listing.counts), None
    for row in rows:
        if listing.group is not None and row[listing.group] != current:
            if part.rows:
                yield Band(f"{current} 小计：{part.text()}")
            current, part = row[listing.group], Tally(listing.counts)
        digest.update("\x1f".join(row).encode())
        total.add(row)
        if listing.group is not None:
            part.add(row)
        yield row
    if part.rows:
        yield Band(f"{current} 小计：{part.text()}")
    yield Band(f"合计：{total.text()}")


def measured(document: Document, listing: Listing, rows: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """The columns with a width each (mm): the given one, or what title and the first rows need."""

    def needed(index: int, column: Column) -> float:
        widths = [document.width(row[index].split("\n")[0], column.role, listing.size) for row in rows]
        widest = sorted(widths)[int(len(widths) * 0.95)] if widths else 0
        title = document.width(column.title, "hei", listing.size) / (2 if len(column.title) > 4 else 1)
        return min(max(widest, title, 16) + 2 * PAD + 2, 62 * MM) / MM

    return tuple(c if c.width else replace(c, width=needed(i, c)) for i, c in enumerate(listing.columns))


def page_size(listing: Listing, width: float) -> tuple[float, float]:
    """Portrait unless the columns (points) need the width of landscape, or the listing says."""
    fixed = {"portrait": A4, "landscape": A4_LANDSCAPE, "A3": A3_LANDSCAPE}.get(listing.orientation)
    return fixed or (A4 if width <= A4[0] - 2 * MARGIN else A4_LANDSCAPE)


@draw.register
def draw_listing(listing: Listing, document: Document) -> None:
    """Draw the listing; the heading is repeated on every page, columns fill the width."""
    rows = iter(listing.rows)
    document.place = listing.title
    first = list(islice(rows, SEEN_FOR_WIDTHS))
    columns = measured(document, listing, first)
    width = sum(column.width for column in columns) * MM
    size = page_size(listing, width)
    scale = (size[0] - 2 * MARGIN) / width
    columns = tuple(replace(column, width=column.width * scale) for column in columns)
    with sheets(document, listing.stamp, listing.title, size) as pages:
        digest = hashlib.sha256("\x1f".join((listing.title, *(c.title for c in columns))).encode())
        painter = TablePainter(document, columns, MARGIN, 13 * MM, lambda: open_page(document, listing, pages),
                               size=listing.size, row_height=listing.size * 2)  # fmt: skip
        paint(painter, with_totals(listing, chain(first, rows), digest))
        pages.hash = digest.hexdigest()[:16].upper()


def open_page(document: Document, listing: Listing, pages: Sheets) -> float:
    """Open a page of the listing with its title; gives the top of the table."""
    first = pages.page() == 1
    width, top = pages.size[0], pages.size[1] - MARGIN
    if listing.notice:
        document.text(MARGIN, pages.size[1] - 9 * MM, listing.notice, "hei", 9)
    if not first:
        document.text(width / 2, top - 1, listing.title + "（续）", "song", 9, "center", width - 2 * MARGIN)
        return top - 2.5 * MM
    document.text(width / 2, top - 20, listing.title, "biao", 18, "center", width - 2 * MARGIN - 40 * MM)
    if listing.subtitle:
        document.text(
            MARGIN, top - 16 * MM, listing.subtitle, "song", 10, "left", width - 2 * MARGIN - 30 * MM
        )
    draw_mark(document, listing.stamp, width - MARGIN - 15 * MM, top - 14 * MM, 15 * MM)
    return top - 19 * MM
