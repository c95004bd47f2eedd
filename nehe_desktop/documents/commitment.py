"""D01 遵守驻村工作纪律承诺书: one letter a member, or one for the whole team."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nehe_desktop.documents.document import A4, MM, Document
from nehe_desktop.documents.paper import Stamp, content_hash, draw, draw_mark, sheets
from nehe_desktop.documents.paragraph import Paragraph, Style, draw_paragraph
from nehe_desktop.documents.table import Column, TablePainter, paint

LEFT, WIDTH, TOP = 28 * MM, 156 * MM, A4[1] - 22 * MM
BODY = Style("fang", 15.75, 26, WIDTH / 28)
TITLE = Style("biao", 22, 36, indent=0, align="center")
TEXT = (
    "一、服从管理。与原单位工作脱钩，党组织关系转到村，接受驻村办、乡镇党委和派出单位共同管理。",
    "二、保证时间。全年驻村不少于{days}天，吃住在村，不走读、不空岗、不挂名。",
    "三、请假守规。离村先请假、回村即销假，因公外出先报备。",
    "四、如实记录。每日签到，每日写实，走访、收入、问题据实填报，不编造、不代签。",
    "五、联系群众。按要求走访农户，及时帮助解决困难，不增加农户和村级负担。",
    "六、廉洁自律。不收礼品礼金，不借驻村谋私，不干预村级项目招投标，不泄露农户个人信息。",
    "七、注意安全。遵守交通、用电、取暖和防火规定，冬季使用取暖设备时开启一氧化碳报警器。",
    "以上承诺，请组织和群众监督。如有违反，愿意接受批评教育和组织处理。",
)


@dataclass(frozen=True)
class Signer:
    """A member of the team who signs."""

    name: str
    post: str


@dataclass(frozen=True)
class CommitmentLetter:
    """What a letter says; with several signers it is the team's letter, `days` a year in the village."""

    stamp: Stamp
    unit: str
    township: str
    village: str
    leader: str
    signers: tuple[Signer, ...]
    days: int = 240
    team: bool = False


def opening(letter: CommitmentLetter) -> str:
    """The first paragraph, in the words of the form."""
    place = f"{letter.unit}选派到{letter.township}{letter.village}的驻村工作队"
    if letter.team:
        return f"我们是{place}全体队员。驻村期间，我们向组织和全村群众郑重承诺："
    return f"我是{place}{letter.signers[0].post}。驻村期间，我向组织和全村群众郑重承诺："


@draw.register
def draw_commitment(letter: CommitmentLetter, document: Document) -> None:
    """Draw one letter: a page, or two for a large team."""
    place = f"承诺书 {letter.village}" + ("" if letter.team else f" {letter.signers[0].name}")
    with sheets(document, letter.stamp, place, A4) as pages:
        pages.hash = content_hash(letter)
        pages.page()
        body = replace(BODY, leading=23.2) if letter.team else BODY
        y = draw_paragraph(document, Paragraph("遵守驻村工作纪律承诺书", TITLE), LEFT, TOP, WIDTH) - 6
        for text in (opening(letter), *(text.format(days=letter.days) for text in TEXT)):
            y = draw_paragraph(document, Paragraph(text, body), LEFT, y, WIDTH)
        y = (
            team_signatures(document, letter, y, pages.page)
            if letter.team
            else own_signature(document, letter, y)
        )
        if y - 40 * MM < 14 * MM:
            pages.page()
            y = TOP
        seals(document, letter, y - 40 * MM)


def own_signature(document: Document, letter: CommitmentLetter, y: float) -> float:
    """The lines one member fills in, at the right; gives the y below."""
    x, leading = LEFT + WIDTH / 2 - 6 * MM, 24
    rows = (("承诺人（签名）：", ""), ("身份/职务：", letter.signers[0].post), ("工作队队长：", letter.leader),
            ("日期：", "　　　　年　　月　　日"))  # fmt: skip
    for label, value in rows:
        y -= leading
        start = x + document.text(x, y, label, "fang", 14)
        document.line(start, y - 3, LEFT + WIDTH, y - 3, 0.6)
        document.text(start + 4, y, value, "fang", 14, "left", LEFT + WIDTH - start - 6)
    return y - 12


def team_signatures(document: Document, letter: CommitmentLetter, y: float, page: object) -> float:
    """The table that all members sign; gives the y below."""
    columns = (
        Column("姓名", 36, role="fang"),
        Column("职务", 40, role="fang"),
        Column("签名", 45),
        Column("日期", 35),
    )
    tops = iter((y - 4,))

    def next_page() -> float:
        top = next(tops, 0.0)
        if not top and callable(page):
            page()
        return top or TOP

    painter = TablePainter(document, columns, LEFT, 14 * MM, next_page, size=12, row_height=8 * MM)
    paint(painter, [(signer.name, signer.post, "", "") for signer in letter.signers])
    return painter.y - 4


def seals(document: Document, letter: CommitmentLetter, bottom: float) -> None:
    """Two boxes for the seals of the sending unit and the township, and between them whose letter it is and the code."""
    half, tall = 62 * MM, 36 * MM
    for x, label in ((LEFT, "派出单位（盖章）"), (LEFT + WIDTH - half, "乡镇党委（盖章）")):
        document.box(x, bottom, half, tall, 0.6)
        document.text(x + 6, bottom + tall - 18, label, "fang", 12)
        document.text(x + half - 6, bottom + 8, "年　　月　　日", "fang", 12, "right")
    name = letter.village if letter.team else letter.signers[0].name
    document.text(LEFT + WIDTH / 2, bottom + 32 * MM, name, "song", 9, "center", 28 * MM)
    draw_mark(document, letter.stamp, LEFT + WIDTH / 2 - 10 * MM, bottom + 10 * MM, 20 * MM)
