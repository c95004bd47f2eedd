"""Empty lists to fill in: drop-downs from a hidden dictionary, hints, an example row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from nehe_desktop.spreadsheets.writing import (
    Column,
    book_at,
    replacing,
    sheet_name,
    write_head,
    write_title,
    write_value,
)

_ROWS = 5000  # rows of a template that carry drop-downs


def write_template(
    path: str | Path, columns: Sequence[Column], *, title: str, version: str, example: Sequence[Any] = ()
) -> None:
    """An empty list to fill in: drop-downs from a hidden sheet, hints, one example row, `tpl_version`."""
    with replacing(Path(path)) as part, book_at(part, lean=False) as book:
        page = book.add_worksheet(sheet_name(title))
        words = book.add_worksheet("字典")
        words.very_hidden()
        top = write_title(book, page, f"{title}（红色为必填）", len(columns))
        write_head(book, page, columns, top)
        _write_example(book, page, columns, example, top + 1)
        for at, column in enumerate(columns):
            page.set_column(at, at, column.width, book.add_format({"num_format": column.form}))
            _write_rule(words, page, column, at, top + 1)
        page.freeze_panes(top + 1, 0)
        book.define_name("tpl_version", f'="{version}"')


def _write_example(
    book: xlsxwriter.Workbook, page: Worksheet, columns: Sequence[Column], example: Sequence[Any], row: int
) -> None:
    """A grey row that begins with 例： and is skipped on import."""
    for at, (column, value) in enumerate(zip(columns, example, strict=False)):
        style = book.add_format({"italic": True, "font_color": "#808080", "num_format": column.form})
        shown = value if value is None else column.show(value)
        write_value(page, row, at, f"例：{'' if shown is None else shown}" if at == 0 else shown, style)


def _write_rule(words: Worksheet, page: Worksheet, column: Column, at: int, first: int) -> None:
    """The column's drop-down, length rule or hint."""
    rule: dict[str, Any] = {"validate": "any"}
    if column.options:
        for row, option in enumerate(column.options):
            words.write_string(row, at, option)
        letter = xl_col_to_name(at, col_abs=True)
        rule = {
            "validate": "list",
            "source": f"=字典!{letter}$1:{letter}${len(column.options)}",
            "error_title": "不在选项里",
            "error_message": "请从下拉框里选一项",
        }
    elif column.id_number:
        cell = xl_rowcol_to_cell(first, at)
        rule = {
            "validate": "custom",
            "value": f"=OR(LEN({cell})=18,LEN({cell})=20,LEN({cell})=22)",
            "error_type": "warning",
            "error_title": "位数不对",
            "error_message": "证件号码应为 18、20 或 22 位",
        }
    if column.hint or column.required:
        rule["input_title"] = column.label[:32]
        rule["input_message"] = (column.hint or "必填")[:255]
    if len(rule) > 1:
        page.data_validation(first, at, first + _ROWS - 1, at, rule)
