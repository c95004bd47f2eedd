"""What a file really is, by its first bytes and never by its name (documents.md §4)."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from nehe_desktop.core.errors import Trouble
from nehe_desktop.spreadsheets.sheets import Limits

_RESEND = "请让发表的人重新导出一份 Excel（.xlsx）再发来"
_PICTURES = {
    b"\xff\xd8\xff": "照片",
    b"\x89PNG": "图片",
    b"GIF8": "图片",
    b"BM": "图片",
    b"II*\0": "扫描图片",
}
_OTHERS = {b"%PDF": "PDF 文件", b"Rar!": "压缩包", b"7z\xbc\xaf": "压缩包", b"MZ": "程序", b"{\\rtf": "文稿"}
_CHUNK = 2**20


def content(path: Path, limits: Limits) -> bytes:
    """All bytes of the file; raises Trouble where it cannot be read, is empty or far too large."""
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise Trouble(f"文件太大（{size // 2**20} 兆），不像一张台账", "请把表按乡镇拆开，分几次导入")
        data = path.read_bytes()
    except FileNotFoundError:
        raise Trouble(f"找不到文件“{path.name}”", "它可能被移走了，请重新选择") from None
    except OSError as error:
        advice = "如果它正在 Excel 或 WPS 里打开，请先关闭；在 U 盘上请检查是否插好"
        raise Trouble(f"读不了文件“{path.name}”：{error.strerror}", advice) from error
    if not data.strip(b"\0 \r\n\t"):
        raise Trouble(f"“{path.name}”是空文件", _RESEND)
    return data


def form_of(data: bytes, name: str) -> str:
    """zip, cfb, xml, html or text; raises Trouble for what is no table at all."""
    for kinds in (_PICTURES, _OTHERS):
        for magic, what in kinds.items():
            if data.startswith(magic):
                raise Trouble(f"“{name}”其实是{what}，不是表格", "请重新选择，或让发表的人发 Excel 文件")
    if data.startswith(b"PK"):
        return "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "cfb"
    if data[:13].lower() == b"mime-version:":
        return "mhtml"
    return _form_of_text(text_of(data[:4096], name, cut=True))


def _form_of_text(head: str) -> str:
    start = head.lstrip("\ufeff \r\n\t").lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in start and start.startswith("<?"):
        return "xml"
    if re.match(r"<(\?xml|!doctype|html|table|head|meta|style|body|div|!--)", start):
        return "html"
    return "text"


def text_of(data: bytes, name: str, *, cut: bool = False) -> str:
    """The text in the encoding that fits: BOM of UTF-8, BOM of UTF-16, strict UTF-8, then GB 18030."""
    if data.startswith(codecs.BOM_UTF8):
        order: tuple[str, ...] = ("utf-8-sig",)
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        order = ("utf-16",)
    else:
        order = ("utf-8", "gb18030")
    for encoding in order:
        try:
            text = _decoded(data, encoding, cut=cut)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Trouble(f"“{name}”不是表格，或者已经损坏", _RESEND)


def _decoded(data: bytes, encoding: str, *, cut: bool) -> str:
    """Decoded piece by piece, so that a window's thread is never held up by a long text."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    pieces = [decoder.decode(data[at : at + _CHUNK]) for at in range(0, len(data), _CHUNK)]
    return "".join(pieces) if cut else "".join((*pieces, decoder.decode(b"", final=True)))
