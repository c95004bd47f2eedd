"""公开信息同意书: what a family agrees to have shown in public, each thing by itself (domain §11.3 (7))."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nehe_desktop.documents.document import A4, MM, Document
from nehe_desktop.documents.paper import Stamp, content_hash, draw, draw_mark, sheets
from nehe_desktop.documents.paragraph import Paragraph, Style, draw_paragraph

LEFT, WIDTH, TOP = 25 * MM, 160 * MM, A4[1] - 16 * MM
TITLE = Style("biao", 22, 36, indent=0, align="center")
BODY = Style("fang", 14, 22)
PLAIN = replace(BODY, indent=0)
OPENING = (
    "驻村工作队和村委会需要在公开的地方使用下列内容，先征求您的意见。"
    "请在同意的事项前面的方框里打勾，不同意的空着。"
)


@dataclass(frozen=True)
class ConsentForm:
    """What a form says: whose it is, who is under 14, the things to be agreed to (title, text), the terms."""

    stamp: Stamp
    place: str
    head: str
    number: str
    children: tuple[str, ...]
    things: tuple[tuple[str, str], ...]
    terms: tuple[str, ...]
    version: str


@draw.register
def draw_consent_form(form: ConsentForm, document: Document) -> None:
    """Draw the one page of a form."""
    with sheets(document, form.stamp, f"同意书 {form.head}户", A4, margin=LEFT) as pages:
        pages.hash = content_hash(form)
        pages.page()
        y = draw_paragraph(document, Paragraph("公开信息同意书", TITLE), LEFT, TOP, WIDTH) - 4
        y = _whose(document, form, y)
        y = draw_paragraph(document, Paragraph(OPENING, BODY), LEFT, y, WIDTH) - 6
        for title, text in form.things:
            y = _thing(document, title, text, y)
        for text in form.terms:
            y = draw_paragraph(document, Paragraph(text, BODY), LEFT, y, WIDTH)
        y = _signatures(document, form, y - 8)
        _withdrawal(document, form, y - 6)
        draw_mark(document, form.stamp, LEFT, 16 * MM, 16 * MM)
        document.text(LEFT + WIDTH, 16 * MM, f"文本版本 {form.version}", "song", 9, "right")


def _whose(document: Document, form: ConsentForm, y: float) -> float:
    words = f"{form.place}　户主：{form.head}　户编号：{form.number or '　　　　　　'}"
    return draw_paragraph(document, Paragraph(words, PLAIN), LEFT, y, WIDTH)


def _thing(document: Document, title: str, text: str, y: float) -> float:
    """A box to tick, what it is in black letters, and what that means; gives the y below."""
    document.check_box(LEFT + 4, y - 15, 11, ticked=False)
    words = Paragraph(((f"{title}：", "hei"), (text, "fang")), PLAIN)
    return draw_paragraph(document, words, LEFT + 24, y, WIDTH - 24) - 6


def _signatures(document: Document, form: ConsentForm, y: float) -> float:
    """Who signs: the family, a guardian for those under 14, and who explained it; gives the y below."""
    half = WIDTH / 2
    y = _lines(document, y, (("同意人签名（手印）：", 0, half - 8), ("日期：", half, half)))
    if form.children:
        names = f"其中未满 14 周岁的：{'、'.join(form.children)}"
        y = draw_paragraph(document, Paragraph(names, PLAIN), LEFT, y - 2, WIDTH)
    y = _lines(document, y, (("监护人签名（手印）：", 0, half - 8), ("与孩子的关系：", half, half)))
    return _lines(document, y, (("经办人签名：", 0, half - 8), ("日期：", half, half)))


def _withdrawal(document: Document, form: ConsentForm, y: float) -> None:
    """A frame for the day when something is taken back."""
    tall = 28 * MM
    document.box(LEFT, y - tall, WIDTH, tall, 0.6)
    document.text(LEFT + 6, y - 18, "撤回记录（以后不同意了再填）", "hei", 12)
    x = LEFT + 6
    for title, _ in form.things:
        document.check_box(x, y - 40, 9, ticked=False)
        x += 14 + document.text(x + 14, y - 39, title, "fang", 12) + 16
    _lines(
        document,
        y - 42,
        (("签名（手印）：", 6, WIDTH / 2 - 14), ("撤回日期：", WIDTH / 2, WIDTH / 2 - 6)),
        12,
    )


def _lines(
    document: Document, y: float, parts: tuple[tuple[str, float, float], ...], size: float = 14
) -> float:
    """Labels with lines to write on, side by side (label, left, width); gives the y below."""
    y -= 26
    for label, left, width in parts:
        start = LEFT + left + document.text(LEFT + left, y, label, "fang", size)
        document.line(start, y - 3, LEFT + left + width, y - 3, 0.6)
    return y - 6
