"""D09 入户走访记录表: what was asked, seen and found on one visit, with photos and signatures."""

from __future__ import annotations

from dataclasses import dataclass

from nehe_desktop.documents.document import A4, MM, Document
from nehe_desktop.documents.paper import Sheets, Stamp, content_hash, draw, draw_mark, sheets
from nehe_desktop.documents.paragraph import Line, Paragraph, Style, typeset

LEFT, RIGHT, TOP, BOTTOM = 20 * MM, A4[0] - 20 * MM, A4[1] - 18 * MM, 14 * MM
WIDTH = RIGHT - LEFT
ITEMS = (
    "政策宣传",
    "收入核算",
    "住房",
    "饮水",
    "就医",
    "就学",
    "产业",
    "就业",
    "环境卫生",
    "思想",
    "养老",
    "防疫",
    "其他",
)
NOTE = Style("fang", 12, 20)
NOTE_LINES = 10  # 记实 has at least so many lines to write on
STATES = ("正常", "有问题", "不适用")
PHOTO = (60 * MM, 45 * MM)


@dataclass(frozen=True)
class Guarantee:
    """One of 两不愁三保障 and drinking water: its state (正常 有问题 不适用) and a note."""

    name: str
    state: str = ""
    note: str = ""


@dataclass(frozen=True)
class Photo:
    """A picture (JPEG or PNG bytes) with its caption, such as time, village and visitor."""

    data: bytes
    caption: str = ""


@dataclass(frozen=True)
class VisitRecord:
    """What the record of one visit says, all texts as shown."""

    stamp: Stamp
    village: str
    household: str
    time: str
    place: str
    visitors: str
    met: str
    kind: str = "日常走访"
    household_no: str = ""
    items: frozenset[str] = frozenset()
    guarantees: tuple[Guarantee, ...] = ()
    note: str = ""
    problem: str = ""
    photos: tuple[Photo, ...] = ()


@draw.register
def draw_visit(visit: VisitRecord, document: Document) -> None:
    """Draw the record; long notes and photos go on to further pages."""
    with sheets(
        document, visit.stamp, f"走访记录 {visit.household} {visit.time}", A4, margin=20 * MM
    ) as pages:
        pages.hash = content_hash(visit)
        y = head(document, visit, pages)
        y = tick_grid(document, visit, y)
        y = guarantee_rows(document, visit, y)
        y = writing(document, "走访记实", visit.note, NOTE_LINES, y, pages)
        y = writing(document, "发现问题与处理", visit.problem, 3, y, pages)
        y = photos(document, visit, y, pages)
        sign(document, y, pages)


def head(document: Document, visit: VisitRecord, pages: Sheets) -> float:
    """Title, code and the lines of time, place and people; gives the y below."""
    pages.page()
    document.text(A4[0] / 2, TOP - 20, "入户走访记录表", "biao", 20, "center")
    document.text(
        LEFT, TOP - 38, f"{visit.village}　户主：{visit.household}", "song", 11, "left", WIDTH - 25 * MM
    )
    draw_mark(document, visit.stamp, RIGHT - 15 * MM, TOP - 13 * MM, 14 * MM)
    y, tall = TOP - 46, 8 * MM
    rows = ((("走访时间", visit.time), ("走访类型", visit.kind)), (("走访地点", visit.place), ("走访人", visit.visitors)),
            (("受访人", visit.met), ("户编号", visit.household_no)))  # fmt: skip
    for row in rows:
        for index, (label, value) in enumerate(row):
            x = LEFT + index * WIDTH / 2
            labelled(document, x, y - tall, WIDTH / 2, tall, label, value)
        y -= tall
    return y


def labelled(
    document: Document, x: float, y: float, width: float, tall: float, label: str, value: str
) -> None:
    """A field with its label in a narrow box before it."""
    document.box(x, y, width, tall)
    document.line(x + 22 * MM, y, x + 22 * MM, y + tall)
    document.text(x + 11 * MM, y + tall / 2 - 4, label, "hei", 10.5, "center")
    document.text(x + 24 * MM, y + tall / 2 - 4, value, "fang", 11.5, "left", width - 26 * MM)


def tick_grid(document: Document, visit: VisitRecord, top: float) -> float:
    """走访内容 as check boxes, seven a row; gives the y below."""
    rows = (len(ITEMS) + 6) // 7
    tall, step = rows * 7 * MM + 2 * MM, (WIDTH - 24 * MM) / 7
    document.box(LEFT, top - tall, WIDTH, tall)
    document.line(LEFT + 22 * MM, top - tall, LEFT + 22 * MM, top)
    document.text(LEFT + 11 * MM, top - tall / 2 - 4, "走访内容", "hei", 10.5, "center")
    for index, item in enumerate(ITEMS):
        x, y = LEFT + 24 * MM + index % 7 * step, top - 6 * MM - index // 7 * 7 * MM
        document.check_box(x, y, 8, ticked=item in visit.items)
        document.text(x + 10.5, y + 0.3, item, "song", 9.5, "left", step - 13)
    return top - tall


def guarantee_rows(document: Document, visit: VisitRecord, top: float) -> float:
    """Each guarantee with three boxes and its note; gives the y below."""
    tall = 7 * MM
    for guarantee in visit.guarantees:
        document.box(LEFT, top - tall, WIDTH, tall)
        document.line(LEFT + 22 * MM, top - tall, LEFT + 22 * MM, top)
        document.text(LEFT + 11 * MM, top - tall / 2 - 4, guarantee.name, "hei", 10.5, "center", 20 * MM)
        for index, state in enumerate(STATES):
            x = LEFT + 24 * MM + index * 22 * MM
            document.check_box(x, top - tall / 2 - 4, 8, ticked=state == guarantee.state)
            document.text(x + 10.5, top - tall / 2 - 3.7, state, "song", 10)
        document.text(
            LEFT + 90 * MM, top - tall / 2 - 4, guarantee.note, "fang", 10.5, "left", WIDTH - 92 * MM
        )
        top -= tall
    return top


def writing(document: Document, label: str, text: str, lines: int, top: float, pages: Sheets) -> float:
    """A box with a text on ruled lines, at least so many, split over pages when long; gives the y below."""
    width = WIDTH - 28 * MM
    set_lines = [
        line for part in text.split("\n") for line in typeset(document, Paragraph(part, NOTE), width)
    ]
    left = max(len(set_lines), lines)
    if top - 3.4 * NOTE.leading < BOTTOM or (not text and top - (left + 0.4) * NOTE.leading < BOTTOM):
        pages.page()
        top = TOP
    while True:
        here = min(left, int((top - BOTTOM) / NOTE.leading - 0.4))
        written_box(document, label, set_lines[:here], here, top)
        set_lines, left = set_lines[here:], left - here
        if left <= 0:
            return top - (here + 0.4) * NOTE.leading
        pages.page()
        top = TOP


def written_box(document: Document, label: str, lines: list[Line], rules: int, top: float) -> None:
    """One box with its label, rules and the lines written on them."""
    tall = (rules + 0.4) * NOTE.leading
    document.box(LEFT, top - tall, WIDTH, tall)
    document.line(LEFT + 22 * MM, top - tall, LEFT + 22 * MM, top)
    document.text(LEFT + 11 * MM, top - tall / 2 - 4, label, "hei", 10.5, "center", 20 * MM)
    for number in range(rules):
        y = top - (number + 1) * NOTE.leading
        document.put(f"q 0.75 G 0.3 w {LEFT + 24 * MM:.2f} {y:.2f} m {RIGHT - 2 * MM:.2f} {y:.2f} l S Q")
        if number < len(lines) and lines[number].operators:
            x = LEFT + 25 * MM + lines[number].x
            document.put(f"BT 1 0 0 1 {x:.2f} {y + 5:.2f} Tm {lines[number].operators} ET")


def photos(document: Document, visit: VisitRecord, top: float, pages: Sheets) -> float:
    """Photos in pairs with captions; gives the y below."""
    width, tall = PHOTO
    y = top
    for index in range(0, len(visit.photos), 2):
        if y - tall - 12 * MM < BOTTOM:
            pages.page()
            y = TOP
        for column, photo in enumerate(visit.photos[index : index + 2]):
            x = LEFT + (WIDTH / 4 + column * WIDTH / 2) - width / 2
            document.photo(photo.data, x, y - tall - 6, width, tall)
            document.box(x, y - tall - 6, width, tall)
            document.text(x + width / 2, y - tall - 17, photo.caption, "song", 9, "center", WIDTH / 2 - 6)
        y -= tall + 10 * MM
    return y


def sign(document: Document, top: float, pages: Sheets) -> None:
    """Who signs: visitor, household, and the date."""
    if top - 16 * MM < BOTTOM:
        pages.page()
        top = TOP
    for index, label in enumerate(("走访人签名：", "受访人签名（按手印）：", "日期：")):
        document.text(LEFT + index * WIDTH / 3, top - 12 * MM, label, "fang", 12)
