"""The sender's list given back: refused cells red with the reason in a comment, and a column of results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

from nehe_desktop.spreadsheets.sheets import Cell, CellError, Sheet, Workbook, breathe
from nehe_desktop.spreadsheets.writing import replacing, write_value

_OWN = (
    2**19
)  # bytes up to which the sender's own file is marked: some 3,000 rows; a county takes openpyxl 9 s and 250 MB
_STEP = 100  # rows between two pauses
_RED = "#FFC7CE"
_RESULT = ("导入结果", "原因")


@dataclass(frozen=True)
class Marks:
    """What came of one sheet: a word for each row (from 1), and the reason for each cell (from 0)."""

    header: int  # number of the last header row, from 1
    results: Mapping[int, str]
    reasons: Mapping[int, Mapping[int, str]] = field(default_factory=dict)


def write_marked(workbook: Workbook, marks: Mapping[str, Marks], path: str | Path) -> bool:
    """Writes the marked copy to .xlsx; True where the sender's own formatting was kept. Raises Trouble."""
    source, path = workbook.path, Path(path)
    own = workbook.form == "xlsx" and source.suffix.lower() == ".xlsx" and source.stat().st_size <= _OWN
    with replacing(path) as part:
        if own and _marked_in_place(source, marks, part):
            return True
        _rewritten(workbook, marks, part)
    return False


def _marked_in_place(source: Path, marks: Mapping[str, Marks], target: Path) -> bool:
    """Marks the sender's file; False where it cannot be opened so (locked or odd)."""
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    try:
        book = openpyxl.load_workbook(source)
    except Exception:  # noqa: BLE001 - whatever this library cannot read is rewritten instead
        return False
    red = PatternFill("solid", fgColor=_RED.removeprefix("#"))
    for name, mark in marks.items():
        page = book[name]
        last = max(page.max_column, 1)
        for offset, heading in enumerate(_RESULT, 1):
            page.cell(mark.header, last + offset, heading)
        for row, result in mark.results.items():
            page.cell(row, last + 1, result)
            reasons = mark.reasons.get(row, {})
            if reasons:
                page.cell(row, last + 2, "；".join(dict.fromkeys(reasons.values())))
            for column, why in reasons.items():
                if column >= 0:
                    page.cell(row, column + 1).fill = red
                    page.cell(row, column + 1).comment = Comment(why, "导入检查")
    book.save(target)
    return True


def _rewritten(workbook: Workbook, marks: Mapping[str, Marks], target: Path) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(target), options)
    styles = {
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "red": book.add_format({"num_format": "@", "bg_color": _RED}),
    }
    for sheet in workbook.sheets:
        page = book.add_worksheet(_unique(sheet.name, {str(known.name) for known in book.worksheets()}))
        _rewrite_sheet(page, sheet, marks.get(sheet.name), styles)
    book.close()


def _rewrite_sheet(page, sheet: Sheet, mark: Marks | None, styles: dict) -> None:  # noqa: ANN001 - untyped library
    """Row by row, as the library then keeps only one in memory."""
    width = max((len(row) for row in sheet.rows), default=0)
    page.set_column(0, max(width - 1, 0), 14)
    page.set_column(width + 1, width + 1, 50)
    for at, row in enumerate(sheet.rows):
        if at % _STEP == 0:
            breathe()
        reasons = mark.reasons.get(at + 1, {}) if mark else {}
        for column, cell in enumerate(row):
            style = (
                styles["red"] if column in reasons else styles["date" if hasattr(cell, "year") else "text"]
            )
            _write_cell(page, at, column, cell, style)
        for offset, word in enumerate(_beside(mark, at + 1, reasons)):
            page.write_string(at, width + offset, word)
        for column, why in reasons.items():
            if column >= 0:
                page.write_comment(at, column, why)


def _beside(mark: Marks | None, row: int, reasons: Mapping[int, str]) -> tuple[str, ...]:
    """What stands in the two columns of results of a row."""
    if mark is None:
        return ()
    if row == mark.header:
        return _RESULT
    return (
        (mark.results.get(row, ""), "；".join(dict.fromkeys(reasons.values()))) if row in mark.results else ()
    )


def _write_cell(page, row: int, column: int, cell: Cell, style) -> None:  # noqa: ANN001 - untyped library
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    value = (
        str(cell)
        if isinstance(cell, CellError) or not (number or hasattr(cell, "year") or cell is None)
        else cell
    )
    write_value(page, row, column, value, None if number and not style.bg_color else style)


def _unique(name: str, taken: set[str]) -> str:
    plain = "".join(char for char in name if char not in "[]:*?/\\")[:28] or "表"
    return plain if plain not in taken else f"{plain}{len(taken)}"
