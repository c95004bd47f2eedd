"""D03 请（销）假审批单: an application with the words of each level, and under a cut line the return (domain §9.3)."""

from __future__ import annotations

from dataclasses import dataclass

from nehe_desktop.core.errors import Trouble
from nehe_desktop.documents.document import A4, MM, Document
from nehe_desktop.documents.paper import Stamp, content_hash, draw, draw_mark, sheets
from nehe_desktop.documents.paragraph import Paragraph, Style, draw_paragraph, height

LEFT, WIDTH, TOP = 22 * MM, 166 * MM, A4[1] - 14 * MM
LABEL = 41 * MM
VALUE = Style("fang", 12.5, 18.5, indent=0, align="left")
SMALL = Style("fang", 10, 14, indent=0, align="left")
LONG = 320
"""Characters of reason and words from which they are set smaller, so that they stay on one page."""
BOTTOM, BELOW = 16 * MM, 66 * MM
"""The foot of the page, and what the return needs above it."""
HALF = 0.5**0.5
"""From A4 to A5."""
SIZE = 12.5
ROW, NOTE, WORD = 9.5 * MM, 20 * MM, 25 * MM
"""Heights of a plain row, of one that is written into, and of one level's word."""


@dataclass(frozen=True)
class Word:
    """What one level says: its label, the sentence, who and when; `skipped` says that its word is not needed."""

    label: str
    sentence: str = ""
    by: str = ""
    on: str = ""
    skipped: str = ""


@dataclass(frozen=True)
class LeaveForm:
    """What an application says, all texts as shown; `kinds` with the chosen one, `words` in the order of the levels."""

    stamp: Stamp
    number: str
    name: str
    post: str
    team: str
    kinds: tuple[str, ...]
    kind: str
    period: str
    days: str
    reason: str
    whereto: str
    substitute: str
    words: tuple[Word, ...]
    returned: str = ""
    late: str = ""
    why_late: str = ""
    confirmed: Word = Word("村党组织书记确认")
    state: str = ""


@draw.register
def draw_leave_form(form: LeaveForm, document: Document) -> None:
    """Draw the one page of a form."""
    with sheets(document, form.stamp, f"请假审批单 {form.name}", A4, margin=LEFT) as pages:
        pages.hash = content_hash(form)
        pages.page()
        y = _table(document, form, _head(document, form, TOP))
        if y - BELOW < BOTTOM:
            pages.page()
            y = TOP
        _return(document, form, _cut(document, y))


@dataclass(frozen=True)
class LeavePair:
    """Two copies of a form side by side on one sheet, each of the size A5: one for the member, one for the files."""

    stamp: Stamp
    form: LeaveForm


@draw.register
def draw_leave_pair(pair: LeavePair, document: Document) -> None:
    """Draw both copies, made smaller from A4 to A5, with a line to cut between them."""
    wide, high = A4[1], A4[0]
    place = f"请假审批单 {pair.form.name}"
    with sheets(document, pair.stamp, place, (wide, high), margin=LEFT * HALF) as pages:
        pages.hash = content_hash(pair.form)
        pages.page()
        for x in (0, wide / 2):
            document.put(f"q {HALF:.5f} 0 0 {HALF:.5f} {x:.2f} 0 cm")
            _copy(pair.form, document)
            document.put("Q")
        document.put("q [4 3] 0 d")
        document.line(wide / 2, 12 * MM, wide / 2, high - 6 * MM, 0.6)
        document.put("Q")


def _copy(form: LeaveForm, document: Document) -> None:
    y = _table(document, form, _head(document, form, TOP))
    if y - BELOW < BOTTOM:
        raise Trouble(f"{form.name}的请假单事由和意见太长，一页印不下两份", "请改印一页一份的审批单")
    _return(document, form, _cut(document, y))


def _style(form: LeaveForm) -> Style:
    said = sum(len(word.sentence) for word in form.words)
    return SMALL if len(form.reason) + said > LONG else VALUE


def _head(document: Document, form: LeaveForm, y: float) -> float:
    document.text(LEFT + WIDTH / 2, y - 24, "驻村工作队请（销）假审批单", "biao", 20, "center")
    draw_mark(document, form.stamp, LEFT + WIDTH - 15 * MM, y - 15 * MM, 14 * MM)
    document.text(LEFT, y - 44, f"编号：{form.number}", "fang", 11.5)
    if form.state:
        document.text(LEFT + WIDTH / 2, y - 44, f"（{form.state}）", "fang", 11.5, "center")
    return y - 51


def _table(document: Document, form: LeaveForm, y: float) -> float:
    y = _row(document, y, "姓名", form.name, split=("职务", form.post))
    y = _row(document, y, "工作队", form.team)
    y = _kinds(document, form, y)
    y = _row(document, y, "起止时间", f"{form.period}　共 {form.days} 天")
    y = _tall(document, y, NOTE, "事由", form.reason, _style(form))
    y = _row(document, y, "去向及电话", form.whereto)
    y = _row(document, y, "在岗代管人", form.substitute)
    for word in form.words:
        y = _word(document, y, word, _style(form))
    return y


def _frame(document: Document, y: float, tall: float, label: str) -> None:
    """The frame of a row with its label."""
    document.box(LEFT, y - tall, WIDTH, tall, 0.6)
    document.line(LEFT + LABEL, y - tall, LEFT + LABEL, y, 0.6)
    document.text(LEFT + LABEL / 2, y - tall / 2 - 4.3, label, "hei", 12, "center", LABEL - 8)


def _row(document: Document, y: float, label: str, value: str, split: tuple[str, str] | None = None) -> float:
    """A plain row; `split` is a second label and value at its right."""
    _frame(document, y, ROW, label)
    room, base = WIDTH - LABEL - 12, y - ROW / 2 - 4.4
    if split:
        middle = LEFT + WIDTH / 2 + 6 * MM
        document.line(middle, y - ROW, middle, y, 0.6)
        document.line(middle + 24 * MM, y - ROW, middle + 24 * MM, y, 0.6)
        document.text(middle + 12 * MM, base + 0.1, split[0], "hei", 12, "center")
        document.text(
            middle + 24 * MM + 6, base, split[1], "fang", SIZE, "left", LEFT + WIDTH - middle - 24 * MM - 10
        )
        room = middle - LEFT - LABEL - 12
    document.text(LEFT + LABEL + 6, base, value, "fang", SIZE, "left", room)
    return y - ROW


def _kinds(document: Document, form: LeaveForm, y: float) -> float:
    """Every kind with its box; the chosen one has a tick (no font of the office has ☑, domain §8.3)."""
    _frame(document, y, ROW, "请假类别")
    names = [kind.removesuffix("假") for kind in form.kinds]
    words = [document.width(name, "fang", SIZE) + 12 for name in names]
    gap = (WIDTH - LABEL - 14 - sum(words)) / max(1, len(words) - 1)
    x = LEFT + LABEL + 7
    for kind, name, wide in zip(form.kinds, names, words, strict=True):
        document.check_box(x, y - ROW / 2 - 4.6, 9, ticked=kind == form.kind)
        document.text(x + 12, y - ROW / 2 - 4.4, name, "fang", SIZE)
        x += wide + gap
    return y - ROW


def _tall(document: Document, y: float, tall: float, label: str, value: str, style: Style) -> float:
    """A row for a text of several lines, as high as it needs."""
    room, text = WIDTH - LABEL - 12, Paragraph(value, style)
    tall = max(tall, height(document, [text], room) + 8)
    _frame(document, y, tall, label)
    draw_paragraph(document, text, LEFT + LABEL + 6, y - 4, room)
    return y - tall


def _word(document: Document, y: float, word: Word, style: Style) -> float:
    """One level's word with who said it and when, or lines to sign."""
    room, text = WIDTH - LABEL - 12, Paragraph(word.sentence, style)
    tall = max(WORD, height(document, [text], room) + VALUE.leading + 12)
    _frame(document, y, tall, word.label)
    if word.skipped:
        document.text(LEFT + LABEL + 6, y - tall / 2 - 4.3, word.skipped, "fang", 11, "left", room)
        return y - tall
    draw_paragraph(document, text, LEFT + LABEL + 6, y - 4, room)
    said = f"签字：{word.by or '　　　　　　　'}　　日期：{word.on or '　　　　年　　月　　日'}"
    document.text(LEFT + WIDTH - 8, y - tall + 7, said, "fang", 12, "right", room)
    return y - tall


def _cut(document: Document, y: float) -> float:
    """A dashed line across the page."""
    y -= 8 * MM
    document.put("q [4 3] 0 d")
    document.line(LEFT - 8 * MM, y, LEFT + WIDTH + 8 * MM, y, 0.6)
    document.put("Q")
    document.text(LEFT + WIDTH / 2, y + 4, "沿此线裁开，下联由村里留存", "song", 8.5, "center")
    return y - 7 * MM


def _return(document: Document, form: LeaveForm, y: float) -> None:
    """销假: when he came back, how many days late and why, who confirms it."""
    document.text(LEFT + WIDTH / 2, y - 14, "销　假", "biao", 15, "center")
    document.text(LEFT, y - 14, f"编号：{form.number}", "fang", 11)
    document.text(LEFT + WIDTH, y - 14, f"{form.name}　{form.kind}", "fang", 11, "right")
    y = _row(document, y - 21, "实际返村时间", form.returned or "　　　　年　　月　　日　　午")
    late = f"超假 {form.late} 天" if form.late else "超假　　　天"
    y = _row(document, y, "超假及原因", f"{late}　原因：{form.why_late}")
    _word(document, y, form.confirmed, SMALL if len(form.confirmed.sentence) > 60 else VALUE)
