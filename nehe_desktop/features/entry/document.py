"""The recovery sheet on paper: one A4 page to be sealed in an envelope."""

from __future__ import annotations

import tempfile
from pathlib import Path

from nehe_desktop.documents.document import A4, MM, Document
from nehe_desktop.documents.paragraph import Paragraph, Style, draw_paragraph
from nehe_desktop.security.recovery import RecoverySheet

_LEFT, _WIDTH = 28 * MM, 154 * MM
_TITLE = Style("biao", 24, 40, indent=0, align="center")
_BODY = Style("fang", 14, 24, indent=0)


def recovery_sheet(sheet: RecoverySheet, path: Path | None = None) -> Path:
    """Draws the sheet into a file; without a path into a private temporary one for the printer."""
    target = path or Path(tempfile.mkdtemp(prefix="nehe-")) / "恢复单.pdf"
    document = Document(target, sheet.title)
    document.new_page(A4)
    y = draw_paragraph(document, Paragraph(sheet.title, _TITLE), _LEFT, A4[1] - 30 * MM, _WIDTH) - 12
    facts = f"编号：{sheet.number}　　制作日期：{sheet.made_on:%Y年%m月%d日}"
    y = draw_paragraph(document, Paragraph(facts, _BODY), _LEFT, y, _WIDTH) - 14
    y = _code(document, sheet.lines, y) - 20
    for number, advice in enumerate(sheet.advice, 1):
        y = draw_paragraph(document, Paragraph(f"{number}. {advice}", _BODY), _LEFT, y, _WIDTH)
    for at, words in enumerate(("保管人（签名）：", "封存日期：")):
        document.text(_LEFT + at * 84 * MM, y - 40, words, "fang", 14)
    document.save()
    return target


def _code(document: Document, lines: tuple[str, ...], top: float) -> float:
    """The lines of the code in a frame, each with its number; gives the y below."""
    pitch = 30.0
    height = pitch * len(lines) + 24
    document.box(_LEFT, top - height, _WIDTH, height, 1)
    for number, words in enumerate(lines, 1):
        y = top - 12 - pitch * number + 9
        document.text(_LEFT + 14, y, f"第 {number} 行", "song", 11)
        document.text(_LEFT + 70, y, words, "hei", 18)
    return top - height
