"""SpreadsheetML 2003: the XML that Excel 2003 and many reporting systems save with the ending .xls."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn
from xml.parsers import expat

from nehe_desktop.core.errors import Trouble
from nehe_desktop.spreadsheets.sheets import (
    Cancelled,
    Cell,
    CellError,
    Limits,
    Progress,
    Range,
    Sheet,
    Stopped,
    without_tail,
)

_SPACE = "urn:schemas-microsoft-com:office:spreadsheet "
_STEP = 2**16


class _Reader:
    """Handlers of the parser; no document type and so no entity is accepted."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.sheets: list[Sheet] = []
        self.rows: list[list[Cell]] = []
        self.merged: list[Range] = []
        self.name = ""
        self.kind = "String"
        self.text: list[str] | None = None
        self.at = 0  # column of the open cell

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """Begins a sheet, row, cell or datum."""
        local = tag.removeprefix(_SPACE)
        if local == "Worksheet":
            self.name = attrs.get(f"{_SPACE}Name", "")
            self.rows, self.merged = [], []
        elif local == "Row":
            self.rows.extend([] for _ in range(_missing(len(self.rows), attrs, self.limits.rows) + 1))
        elif local == "Cell":
            self.begin_cell(attrs)
        elif local == "Data":
            self.kind, self.text = attrs.get(f"{_SPACE}Type", "String"), []

    def begin_cell(self, attrs: dict[str, str]) -> None:
        """Moves to the cell's column and notes what it is merged with."""
        row = self.rows[-1]
        row.extend([None] * _missing(len(row), attrs, self.limits.columns))
        down, across = (int(attrs.get(_SPACE + key, 0)) for key in ("MergeDown", "MergeAcross"))
        if down or across:
            if len(row) + across > self.limits.columns or len(self.rows) + down > self.limits.rows:
                raise _too_large()
            at = len(self.rows) - 1
            self.merged.append((at, len(row), at + down, len(row) + across))
        self.at = len(row)
        row.extend([None] * (across + 1))

    def end(self, tag: str) -> None:
        """Ends a datum or a sheet."""
        local = tag.removeprefix(_SPACE)
        if local == "Data" and self.text is not None:
            self.rows[-1][self.at] = _value("".join(self.text), self.kind)
            self.text = None
        elif local == "Worksheet":
            self.sheets.append(Sheet(self.name, without_tail(self.rows), tuple(self.merged)))

    def characters(self, data: str) -> None:
        """Text of the open datum."""
        if self.text is not None:
            self.text.append(data)


def _missing(so_far: int, attrs: dict[str, str], most: int) -> int:
    """How many rows or cells were left out before the one whose `Index`, from 1, is named."""
    place = int(attrs.get(f"{_SPACE}Index", so_far + 1))
    if place > most:
        raise _too_large()
    return max(0, place - 1 - so_far)


def _too_large() -> Trouble:
    return Trouble("表的行数或列数太多，不像一张台账", "请用 Excel 打开后另存为 .xlsx")


def _value(text: str, kind: str) -> Cell:
    if kind == "Number":
        return float(text)
    if kind == "DateTime":
        return datetime.fromisoformat(text).replace(tzinfo=None)
    if kind == "Boolean":
        return text == "1"
    if kind == "Error":
        return CellError(text)
    return text or None


def _unsafe(*_: object) -> NoReturn:
    raise Trouble("文件里有不该有的内容，不安全", "请让发表的人用 Excel 另存为 .xlsx 再发来")


def sheets_of_xml(
    text: str, name: str, limits: Limits, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> tuple[Sheet, ...]:
    """The sheets of a SpreadsheetML text; raises Trouble where it is broken or carries a document type."""
    reader = _Reader(limits)
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _unsafe
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.characters
    try:
        for at in range(0, len(text), _STEP):
            if cancelled and cancelled():
                raise Stopped
            parser.Parse(text[at : at + _STEP].encode(), False)
            if progress:
                progress(min(at + _STEP, len(text)), len(text))
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, IndexError) as error:
        raise Trouble(f"“{name}”不完整或已损坏", "请让发表的人重新导出") from error
    return tuple(reader.sheets)
