"""Any file that an office sends as a table, opened as a Workbook; what cannot be opened is a Trouble."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from io import BytesIO, StringIO
from pathlib import Path
from typing import cast
from zipfile import ZipFile

import python_calamine as calamine

from nehe_desktop.core.errors import Trouble
from nehe_desktop.spreadsheets.characters import standard
from nehe_desktop.spreadsheets.hypertext import tables_of
from nehe_desktop.spreadsheets.packed import Inside, inspect
from nehe_desktop.spreadsheets.sheets import (
    Cancelled,
    Cell,
    CellError,
    Limits,
    Progress,
    Row,
    Sheet,
    Workbook,
    watched,
    without_tail,
)
from nehe_desktop.spreadsheets.sniffing import content, form_of, text_of
from nehe_desktop.spreadsheets.spreadsheet_xml import sheets_of_xml
from nehe_desktop.spreadsheets.unlocking import PasswordNeeded, unlocked

_BROKEN = "请让发表的人重新发送；如果是下载的，请重新下载"
_VISIBLE = calamine.SheetVisibleEnum.Visible


def open_workbook(
    path: str | Path,
    password: str = "",
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Workbook:
    """The file's visible sheets; raises PasswordNeeded, Stopped, or Trouble with advice."""
    path = Path(path)
    data = content(path, limits)
    form = form_of(data, path.name)
    if form == "cfb":
        data, form = unlocked(data, path.name, password)
    if form in ("zip", "xls"):
        inside = inspect(data, path.name, limits) if form == "zip" else Inside("xls")
        sheets = _sheets_of_package(data, path.name, inside, limits, progress, cancelled)
        return Workbook(path, inside.form, sheets, inside.template)
    if form == "mhtml":
        return Workbook(path, "html", tables_of(_page_of(data), limits, progress, cancelled))
    text = standard(text_of(data, path.name))
    if form == "xml":
        return Workbook(path, "xml", sheets_of_xml(text, path.name, limits, progress, cancelled))
    if form == "html":
        return Workbook(path, "html", tables_of(text, limits, progress, cancelled))
    return Workbook(path, "text", (_sheet_of_text(text, path, limits, progress, cancelled),))


def _sheets_of_package(
    data: bytes,
    name: str,
    inside: Inside,
    limits: Limits,
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> tuple[Sheet, ...]:
    try:
        book = calamine.load_workbook(BytesIO(data))
        shown = [
            (number, meta.name)
            for number, meta in enumerate(book.sheets_metadata)
            if meta.visible == _VISIBLE
        ]
        parts = _parts_of_sheets(data) if inside.errors else {}
        return tuple(
            _sheet(
                book.get_sheet_by_index(number),
                inside.errors.get(parts.get(title, ""), []),
                limits,
                progress,
                cancelled,
            )
            for number, title in shown
        )
    except calamine.PasswordError as error:
        raise PasswordNeeded(f"“{name}”加了密码") from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise Trouble(f"“{name}”不完整或已损坏", _BROKEN) from error


def _parts_of_sheets(data: bytes) -> dict[str, str]:
    """The XML part of each sheet by the sheet's name."""
    with ZipFile(BytesIO(data)) as package:
        book = package.read("xl/workbook.xml").decode("utf-8", "replace")
        links = package.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {}
    for tag in re.findall(r"<Relationship\b[^>]*>", links):
        pair = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        targets[pair.get("Id", "")] = "xl/" + pair.get("Target", "").removeprefix("/xl/")
    names = {}
    for tag in re.findall(r"<sheet\b[^>]*>", book):
        pair = dict(re.findall(r'([\w:]+)="([^"]*)"', tag))
        names[pair.get("name", "")] = targets.get(pair.get("r:id", ""), "")
    return names


def _sheet(
    source: calamine.CalamineSheet,
    errors: list[tuple[int, int, str]],
    limits: Limits,
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> Sheet:
    total, width = (source.end[0] + 1, source.end[1] + 1) if source.end else (0, 0)
    if width > limits.columns or total > limits.rows or total * width > limits.cells:
        raise Trouble(f"工作表“{source.name}”行列太多，不像一张台账", "请删掉多余的行和列，另存后再导入")
    before: Row = (None,) * (source.start[1] if source.start else 0)
    source_rows = cast("Iterable[list[Cell]]", source.iter_rows())
    rows = [
        before + tuple([_cell(cell) if isinstance(cell, str) else cell for cell in row])
        for row in watched(source_rows, total, progress, cancelled)
    ]
    _put_errors(rows, errors)
    merged = tuple((a, b, c, d) for (a, b), (c, d) in source.merged_cell_ranges or ())
    return Sheet(source.name, without_tail(rows), merged)


def _cell(text: str) -> str | None:
    return standard(text) if text else None


def _put_errors(rows: list[Row], errors: list[tuple[int, int, str]]) -> None:
    """Puts back the error values, which the reader shows as nothing."""
    for at, column, code in errors:
        if at < len(rows):
            row = rows[at] + (None,) * (column + 1 - len(rows[at]))
            rows[at] = (*row[:column], CellError(code), *row[column + 1 :])


def _page_of(data: bytes) -> str:
    """The largest page inside a single-file web page, as Excel saves it."""
    import email
    import email.policy

    message = email.message_from_bytes(data, policy=email.policy.default)
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    texts = [text_of(bytes(page.get_payload(decode=True) or b""), "网页") for page in pages]
    return standard(max(texts, key=lambda text: text.lower().count("<td"), default=""))


def _sheet_of_text(
    text: str, path: Path, limits: Limits, progress: Progress | None, cancelled: Cancelled | None
) -> Sheet:
    head = [line for line in text.splitlines()[:50] if line.strip()]
    mark = max("\t,;|，", key=lambda char: sum(min(line.count(char), 40) for line in head))
    if not any(mark in line for line in head):
        raise Trouble(f"“{path.name}”里没有表格", "文本里的各列要用制表符或逗号分开")
    rows: list[list[Cell]] = []
    try:
        lines = csv.reader(StringIO(text, newline=""), delimiter=mark)
        for row in watched(lines, text.count("\n"), progress, cancelled):  # type: ignore[arg-type]
            rows.append([_typed(cell) for cell in row])  # type: ignore[arg-type]
            if len(rows) > limits.rows or len(row) > limits.columns:
                raise Trouble(f"“{path.name}”行列太多，不像一张台账", "请把表拆开，分几次导入")
    except csv.Error as error:
        raise Trouble(
            f"“{path.name}”里有一格文字太长或引号不成对", "请用 Excel 打开后另存为 .xlsx"
        ) from error
    return Sheet(path.stem, without_tail(rows))


def _typed(cell: str) -> str | None:
    """The text of a cell; `="0123"` is how some systems keep Excel from eating zeros."""
    if len(cell) > 2 and cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1]
    return cell if cell.strip() else None
