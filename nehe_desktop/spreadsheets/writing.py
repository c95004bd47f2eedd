"""Lists and templates as .xlsx and CSV: numbers stay numbers, codes stay text, nothing becomes a formula."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, TextIO

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.fields import Field
from nehe_desktop.core.kinds import (
    Choice,
    Choices,
    Day,
    Flag,
    IdNumber,
    Measure,
    Money,
    Note,
    Phone,
    Whole,
    Year,
)
from nehe_desktop.spreadsheets.sheets import Cancelled, Progress, Stopped, breathe

_STEP = 100
_LONG_CODE = 12  # digits from which Excel shows a number as 1.2E+17
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell of a CSV begins with where a spreadsheet would reckon; the import takes the apostrophe off again."""

_HEAD = {
    "bold": True,
    "border": 1,
    "align": "center",
    "valign": "vcenter",
    "text_wrap": True,
    "bg_color": "#E8EEF7",
}


@dataclass(frozen=True)
class Column:
    """One column of a list: its heading, how its values are formatted, its width in characters."""

    label: str
    form: str = "@"  # number format of Excel; @ is text
    width: int = 12
    options: tuple[str, ...] = ()  # drop-down of a template
    hint: str = ""
    required: bool = False
    id_number: bool = False
    show: Callable[[Any], Any] = lambda value: value


def column_of(field: Field) -> Column:
    """The column of a declared field."""
    kind = field.kind
    options = tuple(label for _, label in kind.options) if type(kind) is Choice else ()
    options = ("是", "否") if isinstance(kind, Flag) else options
    show = (lambda value: value) if isinstance(kind, Measure | Whole | Day) else kind.show
    width = max(_width_of(field), 2 * len(field.label) + 2)
    return Column(
        field.label,
        _form_of(field),
        min(width, 40),
        options,
        field.hint,
        field.required,
        isinstance(kind, IdNumber),
        show,
    )


def _form_of(field: Field) -> str:
    match field.kind:
        case Money():
            return "#,##0.00"
        case Measure(places=places):
            return "0" if not places else "0." + "0" * places
        case Whole():
            return "0"
        case Day():
            return "yyyy-mm-dd"
    return "@"


def _width_of(field: Field) -> int:
    match field.kind:
        case IdNumber():
            return 22
        case Phone():
            return 14
        case Note() | Choices():
            return 30
        case Day() | Money():
            return 13
        case Year() | Flag():
            return 8
    return 12


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside the wanted one that takes its place when all went well; raises Trouble."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    except PermissionError as error:
        raise Trouble(f"写不了“{path.name}”", "它可能正在 Excel 或 WPS 里打开，请关闭后再试") from error
    except (OSError, FileCreateError) as error:
        why = getattr(error, "strerror", "") or "磁盘写入失败"
        raise Trouble(f"写不了“{path.name}”：{why}", "请检查磁盘空间，或换一个文件夹") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_list(
    path: str | Path | BytesIO,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str = "名单",
    title: str = "",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> int:
    """Writes a list to .xlsx, or wholly in memory, and returns the number of rows; raises Trouble or Stopped."""
    with _target(path) as part, book_at(part) as book:
        page = book.add_worksheet(sheet_name(sheet))
        forms = [book.add_format({"num_format": column.form, "valign": "vcenter"}) for column in columns]
        top = write_title(book, page, title, len(columns))
        write_head(book, page, columns, top)
        count = 0
        for row in rows:
            if count % _STEP == 0:
                _look(count, progress, cancelled)
                breathe()
            count += 1
            _write_row(page, top + count, columns, forms, row)
        page.freeze_panes(top + 1, 0)
        page.autofilter(top, 0, top + max(count, 1), max(len(columns) - 1, 0))
        _look(count, progress, None)
    return count


def _target(path: str | Path | BytesIO) -> AbstractContextManager[Path | BytesIO]:
    return nullcontext(path) if isinstance(path, BytesIO) else replacing(Path(path))


@contextmanager
def book_at(path: Path | BytesIO, *, lean: bool = True) -> Iterator[xlsxwriter.Workbook]:
    """A workbook that is closed on success and dropped on failure; one in memory leaves no file behind it."""
    inside = isinstance(path, BytesIO)
    book = xlsxwriter.Workbook(
        path if inside else os.fspath(path),
        {
            "constant_memory": lean and not inside,
            "in_memory": inside,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        },
    )
    yield book
    book.close()


def _look(count: int, progress: Progress | None, cancelled: Cancelled | None) -> None:
    if cancelled and cancelled():
        raise Stopped
    if progress:
        progress(count, 0)


def sheet_name(name: str) -> str:
    """A name that Excel takes: 31 characters, no brackets, slashes, colons, stars, question marks."""
    return "".join(char for char in name if char not in "[]:*?/\\")[:31].strip("'") or "名单"


def write_title(book: xlsxwriter.Workbook, page: Worksheet, title: str, width: int) -> int:
    """The title over the whole width; returns the row of the header."""
    if not title:
        return 0
    style = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    page.set_row(0, 28)
    if width > 1:
        page.merge_range(0, 0, 0, width - 1, "", style)
    page.write_string(0, 0, title, style)
    return 1


def write_head(book: xlsxwriter.Workbook, page: Worksheet, columns: Sequence[Column], row: int) -> None:
    """The header row and the widths; required columns are red."""
    usual, needed = book.add_format(_HEAD), book.add_format({**_HEAD, "font_color": "#C00000"})
    for at, column in enumerate(columns):
        page.set_column(at, at, column.width)
        page.write_string(row, at, column.label, needed if column.required else usual)


def _write_row(
    page: Worksheet, at: int, columns: Sequence[Column], forms: Sequence[Format], row: Sequence[Any]
) -> None:
    for place, (column, value) in enumerate(zip(columns, row, strict=True)):
        if value is not None:
            write_value(page, at, place, column.show(value), forms[place])


def write_value(page: Worksheet, row: int, column: int, value: Any, form: Format | None = None) -> None:
    """One cell by the value's own type; text is never taken for a formula, a link or a number."""
    if isinstance(value, bool):
        page.write_string(row, column, "是" if value else "否", form)
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, column, float(value), form)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value.replace(tzinfo=None), form)
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), form)  # noqa: DTZ001
    elif value is not None and str(value) != "":
        page.write_string(
            row, column, "、".join(value) if isinstance(value, tuple) else str(value)[:32767], form
        )


def write_csv(
    path: str | Path | BytesIO,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    encoding: str = "utf-8-sig",
) -> int:
    """Writes CSV in UTF-8 with BOM or in gb18030 and returns the number of rows; raises Trouble.

    Long numbers carry a tab, which keeps Excel from rounding them and which every import strips.
    """
    if isinstance(path, BytesIO):
        text = StringIO(newline="")
        count = _write_lines(text, columns, rows)
        path.write(text.getvalue().encode(encoding))
        return count
    with replacing(Path(path)) as part, part.open("w", encoding=encoding, newline="") as stream:
        return _write_lines(stream, columns, rows)


def _write_lines(stream: TextIO, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    writer = csv.writer(stream)
    writer.writerow(_plain(column.label) for column in columns)
    for row in rows:
        writer.writerow(_plain(c.show(v)) if v is not None else "" for c, v in zip(columns, row, strict=True))
        count += 1
        if count % _STEP == 0:
            breathe()
    return count


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if not isinstance(value, str):
        return "" if value is None else str(value)
    if value[:1] in _FORMULA:
        return f"'{value}"
    return f"{value}\t" if len(value) >= _LONG_CODE and value[:-1].isdigit() else value
