"""本人信息核对单: what is stored of a household, to be read and put right by the people it is about (domain §11.3 (10))."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nehe_desktop.documents.document import A4, MM, Document
from nehe_desktop.documents.paper import Sheets, Stamp, content_hash, draw, draw_mark, sheets
from nehe_desktop.documents.paragraph import Paragraph, Style, draw_paragraph
from nehe_desktop.documents.table import Band, Column, TablePainter, paint

LEFT, WIDTH, TOP, BOTTOM = 20 * MM, 170 * MM, A4[1] - 18 * MM, 18 * MM
TITLE = Style("biao", 20, 32, indent=0, align="center")
BODY = Style("fang", 12, 18)
COLUMNS = (
    Column("项目", 40, "left"),
    Column("登记的内容", 62, "left"),
    Column("对的打勾", 18),
    Column("不对，应改为", 50, "left"),
)
OPENING = "这里是台账中登记的您家的全部信息，请逐项看一遍。对的打勾，不对的写出应改成什么，缺的写在空行里。"
_SPARE = 3
_FOOT = 58 * MM


@dataclass(frozen=True)
class Part:
    """A person of the household, or the household itself, with (item, what is stored)."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SubjectSheet:
    """What a sheet says; `covered` numbers have their middle hidden."""

    stamp: Stamp
    place: str
    head: str
    parts: tuple[Part, ...]
    covered: bool
    days: str


@draw.register
def draw_subject_sheet(sheet: SubjectSheet, document: Document) -> None:
    """Draw the sheet: as many pages as there is to say, the signatures together at the end."""
    with sheets(document, sheet.stamp, f"核对单 {sheet.head}户", A4, margin=LEFT) as pages:
        pages.hash = content_hash(sheet)
        painter = TablePainter(document, COLUMNS, LEFT, BOTTOM, _tops(document, sheet, pages), size=10)
        paint(painter, _rows(sheet))
        y = painter.y - 10
        if y - _FOOT < BOTTOM:
            pages.page()
            y = TOP
        _foot(document, sheet, y)


def _tops(document: Document, sheet: SubjectSheet, pages: Sheets) -> Callable[[], float]:
    def next_page() -> float:
        if pages.page() > 1:
            return TOP
        y = draw_paragraph(document, Paragraph("本人信息核对单", TITLE), LEFT, TOP, WIDTH) - 4
        document.text(LEFT, y - 12, f"{sheet.place}　户主：{sheet.head}", "fang", 12)
        draw_mark(document, sheet.stamp, LEFT + WIDTH - 17 * MM, A4[1] - 30 * MM, 15 * MM)
        return draw_paragraph(document, Paragraph(OPENING, BODY), LEFT, y - 18, WIDTH) - 6

    return next_page


def _rows(sheet: SubjectSheet) -> list[tuple[str, str, str, str] | Band]:
    found: list[tuple[str, str, str, str] | Band] = []
    for part in sheet.parts:
        found += [Band(part.title), *((item, said, "", "") for item, said in part.rows)]
    return [*found, Band("没有登记、要补充的"), *([("", "", "", "")] * _SPARE)]


def _foot(document: Document, sheet: SubjectSheet, y: float) -> None:
    """What happens with it, and who signs."""
    words = [f"写明不对的，工作队登记为问题，{sheet.days} 天内核实更正，并把结果告诉您。"]
    if sheet.covered:
        words.append("号码中间的几位没有印出来。要核对全部号码，请当面向工作队提出，由本人签字后打印。")
    for each in words:
        y = draw_paragraph(document, Paragraph(each, BODY), LEFT, y, WIDTH)
    half = WIDTH / 2
    lines = (("核对人签名（手印）：", "日期："), ("与户主关系：", "电话："), ("工作队经办人：", "日期："))
    for labels in lines:
        y -= 26
        for left, label in zip((0.0, half), labels, strict=True):
            start = LEFT + left + document.text(LEFT + left, y, label, "fang", 12)
            document.line(start, y - 3, LEFT + left + half - 8, y - 3, 0.6)
