"""Files as offices send them, made by hand."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import xlsxwriter

from nehe_desktop.spreadsheets.sheets import Range, Sheet

OFFICE = Path(__file__).parent.parent / "data" / "office"
EXPECTED: dict[str, Any] = json.loads((OFFICE / "expected.json").read_text(encoding="utf-8"))
PEOPLE = [
    ["户编号", "姓名", "证件号码", "与户主关系", "民族", "联系电话"],
    ["0012", "汤䶮", "11010519491231002X", "户主", "汉族", "13812345678"],
    ["0012", "乔𬍛", "440524188001010014", "配偶", "满族", ""],
]


def xlsx(path: Path, rows: list[list[Any]], merged: list[tuple[int, int, int, int]] | None = None) -> Path:
    """A workbook with one sheet; `merged` as first row, first column, last row, last column."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    page = book.add_worksheet()
    for area in merged or []:
        page.merge_range(*area, "")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                page.write(at, column, value)
    book.close()
    return path


def sheet_of(name: str, rows: list[Any], merged: tuple[Range, ...] = ()) -> Sheet:
    """A sheet as if it had been read."""
    return Sheet(name, [tuple(row) for row in rows], merged)


def saved(path: Path, content: str | bytes, encoding: str = "gb18030") -> Path:
    """A file with this content."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def lines(rows: list[list[str]], mark: str = ",") -> str:
    """Rows as text."""
    return "\r\n".join(mark.join(row) for row in rows) + "\r\n"


def html(rows: list[list[str]]) -> str:
    """Rows as the page that an office system names .xls."""
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><head><meta charset='gb2312'></head><body><table border=1>{body}</table></body></html>"


def xml(rows: list[list[str]], before: str = "") -> str:
    """Rows as SpreadsheetML 2003."""
    cells = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' for c in row) + "</Row>"
        for row in rows
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="表"><Table>'
        f"{cells}</Table></Worksheet></Workbook>"
    )


def repacked(path: Path, part: str, change: Any) -> Path:
    """The workbook with one part changed by a function of its bytes."""
    old = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return path
