"""D07 帮扶明白卡 (A5, or two on A4) and the cover of a household's file 一户一档."""

from __future__ import annotations

from dataclasses import dataclass

from nehe_desktop.documents.document import A4, A5_LANDSCAPE, MM, Document
from nehe_desktop.documents.paper import Stamp, content_hash, draw, draw_mark, sheets
from nehe_desktop.documents.table import Column, TablePainter, paint

PARTS = ("信息表", "收入表", "核查表", "政策兑现", "走访记录", "评议公示", "照片")
POLICY_ROWS = 7
WIDTH, HEIGHT = A5_LANDSCAPE


@dataclass(frozen=True)
class Policy:
    """A policy the household enjoys, as shown."""

    name: str
    standard: str = ""
    amount: str = ""
    time: str = ""


@dataclass(frozen=True)
class Income:
    """The in-house lines of a year's income, as shown (yuan)."""

    year: str
    lines: tuple[tuple[str, str], ...]
    per_head: str


@dataclass(frozen=True)
class HouseholdCard:
    """A card; `on_wall` leaves out the cause of poverty and the income (masking is done by who makes it)."""

    stamp: Stamp
    village: str
    hamlet: str
    head: str
    people: int
    category: str
    contacts: tuple[tuple[str, str, str], ...]  # (role, name, phone)
    policies: tuple[Policy, ...] = ()
    cause: str = ""
    income: Income | None = None
    on_wall: bool = True


@dataclass(frozen=True)
class CardPair:
    """Two cards on one A4 page with a line to cut; the stamp is that of the page."""

    stamp: Stamp
    cards: tuple[HouseholdCard, ...]


@dataclass(frozen=True)
class FileCover:
    """The cover of one household's file; `pages` says where each of the seven parts begins."""

    stamp: Stamp
    county: str
    township: str
    village: str
    hamlet: str
    head: str
    number: str
    helper: str = ""
    pages: tuple[str, ...] = ()


@draw.register
def draw_card(card: HouseholdCard, document: Document) -> None:
    """One card on A5 landscape."""
    with sheets(document, card.stamp, f"明白卡 {card.head}", A5_LANDSCAPE, margin=10 * MM) as pages:
        pages.hash = content_hash(card)
        pages.page()
        card_at(document, card, 0)


@draw.register
def draw_pair(pair: CardPair, document: Document) -> None:
    """Two cards on A4 upright."""
    with sheets(document, pair.stamp, "明白卡", A4, margin=10 * MM) as pages:
        pages.hash = content_hash(pair)
        pages.page()
        for card, lift in zip(pair.cards[:2], (A4[1] / 2, 0), strict=False):
            document.place = f"明白卡 {card.head}（{card.stamp.number}）"
            card_at(document, card, lift)
        document.put(f"q [4 3] 0 d 0.5 w 0.5 G 0 {A4[1] / 2:.2f} m {A4[0]:.2f} {A4[1] / 2:.2f} l S Q")


def card_at(document: Document, card: HouseholdCard, lift: float) -> None:
    """A card whose lower edge lies `lift` points up the page."""
    top, left, right = lift + HEIGHT - 10 * MM, 10 * MM, WIDTH - 10 * MM
    document.text(WIDTH / 2, top - 18, "结对帮扶明白卡", "biao", 20, "center")
    document.text(left, top - 32, f"{card.village}　{card.hamlet}", "song", 10)
    low = lift + (14 if card.on_wall or not card.income else 34) * MM
    high = top - 38
    document.box(left, low, right - left, high - low, 0.9)
    for x in (left + 46 * MM, right - 52 * MM):
        document.line(x, low, x, high, 0.6)
    household_side(document, card, left, low, high)
    policies(document, card, left + 46 * MM, right - 52 * MM, high, high - low)
    contacts(document, card, right - 52 * MM, right, low, high)
    if card.income and not card.on_wall:
        income(document, card.income, left, right, low)


def household_side(document: Document, card: HouseholdCard, left: float, low: float, high: float) -> None:
    """Left: who the household is, and its code."""
    rows = [("户主", card.head), ("人口", f"{card.people}人"), ("类别", card.category)]
    rows += [] if card.on_wall else [("致贫原因", card.cause)]
    for index, (label, value) in enumerate(rows):
        y = high - 16 - index * 20
        start = left + 6 + document.text(left + 6, y, f"{label}：", "hei", 10.5)
        document.text(start, y, value, "fang", 12, "left", left + 44 * MM - start)
    side = min(34 * MM, high - low - len(rows) * 20 - 22)
    draw_mark(document, card.stamp, left + 23 * MM - side / 2, low + 14, side)


def policies(
    document: Document, card: HouseholdCard, left: float, right: float, high: float, tall: float
) -> None:
    """Middle: the policies enjoyed, with empty rows to write in, over the whole height."""
    scale = (right - left) / MM / 92
    columns = (Column("享受政策", 34 * scale, "left"), Column("标准", 22 * scale),
               Column("金额（元）", 18 * scale, "right", "figures"), Column("时间", 18 * scale))  # fmt: skip
    rows = [(p.name, p.standard, p.amount, p.time) for p in card.policies]
    rows += [("", "", "", "")] * (POLICY_ROWS - len(rows))
    row_height = tall / (len(rows) + 1)
    painter = TablePainter(document, columns, left, 0, lambda: high, size=9, row_height=row_height)
    paint(painter, rows)


def contacts(
    document: Document, card: HouseholdCard, left: float, right: float, low: float, high: float
) -> None:
    """Right: whom to call."""
    step = min(22 * MM, (high - low) / max(len(card.contacts), 4))
    for index, (role, name, phone) in enumerate(card.contacts):
        top = high - index * step
        document.text(left + 5, top - 13, role, "hei", 10)
        document.text(left + 5, top - 28, name, "fang", 12.5, "left", right - left - 8)
        document.text(left + 5, top - 43, phone or "电话：", "figures", 11.5, "left", right - left - 8)
        document.line(left, top - step, right, top - step)


def income(document: Document, year: Income, left: float, right: float, top: float) -> None:
    """Bottom, in-house only: four lines of income and the amount per head."""
    cells = (*year.lines, ("人均纯收入", year.per_head))
    width, tall = (right - left) / len(cells), 18 * MM
    for index, (label, value) in enumerate(cells):
        x = left + index * width
        document.box(x, top - tall, width, tall, 0.6)
        document.text(x + width / 2, top - 15, label, "hei", 9.5, "center", width - 4)
        document.text(x + width / 2, top - 36, value, "figures", 12, "center", width - 4)
    document.text(left, top - tall - 9, f"{year.year}年收入，单位：元。内部留存，不上墙。", "song", 7.5)


@draw.register
def draw_cover(cover: FileCover, document: Document) -> None:
    """The cover with its table of contents."""
    with sheets(document, cover.stamp, f"一户一档 {cover.head}", A4, margin=20 * MM) as pages:
        pages.hash = content_hash(cover)
        pages.page()
        middle, y = A4[0] / 2, A4[1] - 55 * MM
        document.text(
            middle, y, f"{cover.county}{cover.township}{cover.village}", "kai", 22, "center", 165 * MM
        )
        document.text(middle, y - 50, "一户一档", "biao", 44, "center")
        y -= 105
        for label, value in (("户主", cover.head), ("屯组", cover.hamlet), ("户编号", cover.number),
                             ("帮扶责任人", cover.helper)):  # fmt: skip
            document.text(75 * MM, y, f"{label}：", "hei", 15, "right")
            document.text(78 * MM, y, value, "fang", 16, "left", 70 * MM)
            document.line(77 * MM, y - 5, 150 * MM, y - 5, 0.6)
            y -= 30
        contents(document, cover, y)
        draw_mark(document, cover.stamp, middle - 13 * MM, 22 * MM, 26 * MM)


def contents(document: Document, cover: FileCover, top: float) -> None:
    """目录: the seven parts and the page each begins on."""
    columns = (
        Column("序号", 20, role="figures"),
        Column("目录", 80, "left", "fang"),
        Column("页码", 30, role="figures"),
    )
    pages = (*cover.pages, *("",) * len(PARTS))
    rows = [(str(n), part, page) for n, (part, page) in enumerate(zip(PARTS, pages, strict=False), 1)]
    painter = TablePainter(document, columns, 40 * MM, 0, lambda: top, size=13, row_height=10 * MM)
    paint(painter, rows)
