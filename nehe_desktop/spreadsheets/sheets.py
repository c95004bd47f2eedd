"""What a read workbook is: sheets of raw cells whose kinds are kept, with their merged ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import sleep
from typing import TypeVar

from nehe_desktop.core.errors import Trouble

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class CellError:
    """An error value that the sender's program shows in a cell, such as #DIV/0!."""

    code: str

    def __str__(self) -> str:
        return self.code


Cell = str | int | float | bool | date | datetime | time | timedelta | CellError | None
Row = tuple[Cell, ...]  # a tuple of plain values is nothing that the garbage collector must visit
T = TypeVar("T")
Range = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0, all included


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[0]` is row 1 of the file; a row may be shorter than another."""

    name: str
    rows: list[Row]
    merged: tuple[Range, ...] = ()


@dataclass(frozen=True)
class Workbook:
    """The visible sheets of a file, and what kind of file it really is."""

    path: Path
    form: str  # xlsx, xls, ods, html, xml or text
    sheets: tuple[Sheet, ...]
    template: str = ""  # version of our own template that the file was made from


class Stopped(Trouble):
    """The person asked to stop; nothing was kept."""

    def __init__(self) -> None:
        super().__init__("已停止，没有改动任何数据")


@dataclass(frozen=True)
class Limits:
    """The most that is read from one file: far above a county's lists, far below a laptop's memory."""

    file_bytes: int = 80 * 2**20  # a county list of 17,110 rows by 40 columns has 4 to 10 MB
    unpacked_bytes: int = 400 * 2**20  # the same list unpacks to 35 MB; more is a zip bomb
    parts: int = 5_000  # files in one workbook; each photo is one
    rows: int = 200_000  # the old .xls ends at 65,536, the county has 35,000 light persons
    columns: int = 702  # up to column ZZ; the widest national form has 140
    cells: int = 8_000_000  # of one sheet; about 0.5 GB in memory


def breathe() -> None:
    """Lets a window's thread run: a zero sleep takes the interpreter's lock back before that thread wakes."""
    sleep(0.001)


def watched(
    rows: Iterable[T], total: int, progress: Progress | None, cancelled: Cancelled | None
) -> Iterable[T]:
    """The rows, with a word to the watcher every 500; raises Stopped."""
    for number, row in enumerate(rows):
        if number % 500 == 0:
            if cancelled and cancelled():
                raise Stopped
            if progress:
                progress(number, total)
        yield row
    if progress:
        progress(total, total)


def without_tail(rows: list[list[Cell]] | list[Row]) -> list[Row]:
    """The rows up to the last that holds anything."""
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    return [tuple(row) for row in rows]


def filled_down(sheet: Sheet, columns: Iterable[int], first: int = 0) -> list[Row]:
    """The rows with the value of cells merged downwards, in these columns from row `first`, in each row."""
    wanted = set(columns)
    ranges = [r for r in sheet.merged if r[1] in wanted and r[2] > r[0] >= first]
    if not ranges:
        return sheet.rows
    rows = list(sheet.rows)
    for top, column, bottom, _ in ranges:
        value = rows[top][column] if top < len(rows) and column < len(rows[top]) else None
        for at in range(top + 1, min(bottom + 1, len(rows))):
            row = rows[at] + (None,) * (column + 1 - len(rows[at]))
            rows[at] = (*row[:column], value, *row[column + 1 :])
    return rows
