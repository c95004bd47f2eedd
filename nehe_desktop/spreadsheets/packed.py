"""What is looked at in a zipped workbook before its reader may unpack it: size, far cells, error cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from nehe_desktop.core.errors import Trouble
from nehe_desktop.spreadsheets.sheets import Limits

_CHUNK = 2**20
_OVERLAP = 1024  # longer than any one cell's tag
_BROKEN = "请让发表的人重新发送；如果是下载的，请重新下载"
_FAR = re.compile(rb'<c r="([A-Z]{3,}|[A-Z]+(?=\d{6}))(\d+)"[^>/]*><(?:v|is|f)')
_ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*?\bt="e"[^>]*>(?:<f\b.*?(?:</f>|/>))?<v>(#[^<]{1,12})</v>')
_REPEATED = re.compile(
    rb'number-(?:rows|columns)-repeated="(\d{4,})"[^>]*(?:office:value-type|><table:table-cell '
    rb"[^>]*office:value-type)"
)
_TEMPLATE = re.compile(rb'<definedName name="tpl_version"[^>]*>"?([^"<]*)"?<')
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


@dataclass
class Inside:
    """What stands in a package: its kind, the errors of each sheet's part, our template's version."""

    form: str
    template: str = ""
    errors: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)


def inspect(data: bytes, name: str, limits: Limits) -> Inside:
    """Looks through every part, whatever it is called; raises Trouble for a damaged, foreign or oversized package."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            inside = Inside(_form(package, name))
            if sum(part.file_size for part in package.infolist()) > limits.unpacked_bytes:
                raise Trouble(f"“{name}”解开后太大，不像一张台账", "请把表拆小，或检查这个文件是否安全")
            if len(package.infolist()) > limits.parts:
                raise Trouble(f"“{name}”里的内容太多太大，不像一张台账", "请检查这个文件是否安全")
            for part in package.infolist():
                _look_through(package, part, inside, limits)
            return inside
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, Trouble):
            raise
        raise Trouble(f"“{name}”不完整或已损坏", _BROKEN) from error


def _form(package: zipfile.ZipFile, name: str) -> str:
    names = set(package.namelist())
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    if "content.xml" in names and "spreadsheet" in package.read("mimetype")[:80].decode("latin-1"):
        return "ods"
    what = "Word 文档" if "word/document.xml" in names else "压缩包"
    raise Trouble(
        f"“{name}”是{what}，不是表格",
        "请解压后选择里面的 Excel 文件" if what == "压缩包" else "请另存为 Excel 表",
    )


def _look_through(package: zipfile.ZipFile, part: zipfile.ZipInfo, inside: Inside, limits: Limits) -> None:
    for piece in _pieces(package, part):
        if _declares(piece):
            raise Trouble(f"“{part.filename}”里有不该有的内容，这个文件不安全", "请让发表的人重新导出")
        _refuse_far_cells(piece, limits)
        if _SHEET.fullmatch(part.filename) and b't="e"' in piece:
            found = {
                (int(r) - 1, column_number(c), str(v, "ascii", "replace")) for c, r, v in _ERROR.findall(piece)
            }
            known = inside.errors.setdefault(part.filename, [])
            known.extend(found.difference(known))
        elif part.filename == "xl/workbook.xml" and (match := _TEMPLATE.search(piece)):
            inside.template = match[1].decode("utf-8", "replace")
        elif part.filename == "content.xml" and any(
            int(n) > limits.columns for n in _REPEATED.findall(piece)
        ):
            raise _too_large()


def _declares(piece: bytes) -> bool:
    """Whether something is declared that no workbook declares, also where a character has two bytes."""
    narrow = piece.replace(b"\0", b"") if b"\0" in piece else piece
    return b"<!ENTITY" in narrow or b"<!DOCTYPE" in narrow


def _pieces(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    tail = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-_OVERLAP:]


def _refuse_far_cells(piece: bytes, limits: Limits) -> None:
    """A cell in the last corner would make the reader fill all the cells between with nothing."""
    for match in _FAR.finditer(piece):
        if int(match[2]) > limits.rows or column_number(match[1]) >= limits.columns:
            raise _too_large()


def _too_large() -> Trouble:
    return Trouble("表的行数或列数太多，不像一张台账", "请删掉表格右边和下面的多余内容，另存后再导入")


def column_number(letters: bytes) -> int:
    """The number from 0 of a column's letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
