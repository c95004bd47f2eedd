"""The official page of GB/T 9704-2012: 22 lines of 28 characters, red head, levels of headings, page numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nehe_desktop.documents.document import A4, BLACK, MM, RED, Document
from nehe_desktop.documents.paper import Sheets, Stamp, content_hash, draw, draw_mark, sheets
from nehe_desktop.documents.paragraph import Paragraph, Style, flow, height

LEFT, TOP, WIDTH, HEIGHT = 28 * MM, A4[1] - 37 * MM, 156 * MM, 225 * MM
BOTTOM = TOP - HEIGHT
SIZE, LINE, PITCH = (
    15.75,
    HEIGHT / 22,
    WIDTH / 28,
)  # 三号 is 15.75 pt: 28 characters of 16 pt do not fit 156 mm
BODY = Style("fang", SIZE, LINE, PITCH)
FLUSH = replace(BODY, indent=0)
TITLE = Style("biao", 22, 33, indent=0, align="center")
LEVELS = ("fang", "hei", "kai", "fang", "fang")  # 正文, 一、, （一）, 1., （1）


@dataclass(frozen=True)
class Clause:
    """A paragraph: an optional heading of a level (一、 is 1, （一） is 2) run in before its text."""

    text: str
    level: int = 0
    heading: str = ""


@dataclass(frozen=True)
class RedHead:
    """Who issues the document and its number 发文字号; only an issuing body may print one."""

    issuer: str
    number: str


@dataclass(frozen=True)
class Colophon:
    """版记 at the foot of the last page: copies, who printed it and when."""

    copies_to: str
    issuer: str
    day: str


@dataclass(frozen=True)
class OfficialPaper:
    """A document on the official page; `day` is 2020年8月10日, `draft` marks 代拟稿 and leaves the number out."""

    stamp: Stamp
    title: str
    body: tuple[Clause, ...]
    addressee: str = ""
    signers: tuple[str, ...] = ()
    day: str = ""
    attachments: tuple[str, ...] = ()
    red_head: RedHead | None = None
    colophon: Colophon | None = None
    draft: bool = False


def clause(item: Clause) -> Paragraph:
    """A clause as a paragraph: its heading in 黑 or 楷, its text in 仿宋."""
    head = ((item.heading, LEVELS[item.level]),) if item.heading else ()
    role = "fang" if item.heading else LEVELS[item.level]
    return Paragraph((*head, (item.text, role)), BODY)


def paragraphs(paper: OfficialPaper) -> list[Paragraph]:
    """All paragraphs above the signature."""
    blank = Paragraph("", FLUSH)
    found = [Paragraph(paper.title, TITLE), blank] if paper.title else []
    found += [Paragraph(paper.addressee, FLUSH)] if paper.addressee else []
    found += [clause(item) for item in paper.body]
    if paper.attachments:
        found.append(blank)
    for number, name in enumerate(paper.attachments, 1):
        label = "附件：" if number == 1 else "　　　"
        mark = f"{number}." if len(paper.attachments) > 1 else ""
        found.append(Paragraph(f"{label}{mark}{name}", BODY))
    return found


def signature(paper: OfficialPaper) -> list[Paragraph]:
    """The lines of the signature, right of the page, with room for the seal above."""
    right = replace(FLUSH, align="right", right=2)
    lines = [Paragraph(name, right) for name in paper.signers]
    lines += [Paragraph(paper.day, replace(right, right=4))] if paper.day else []
    return [Paragraph("", FLUSH), Paragraph("", FLUSH), *lines] if lines else []


@draw.register
def draw_official(paper: OfficialPaper, document: Document) -> None:
    """Draw an official document over as many pages as it needs."""
    stamp = (
        replace(paper.stamp, watermark=f"（代拟稿）{paper.stamp.watermark}") if paper.draft else paper.stamp
    )
    with sheets(document, stamp, paper.title, A4) as pages:
        pages.hash = content_hash(paper)

        def next_page() -> float:
            pages.page()
            page_number(document, pages.number)
            return TOP

        top = next_page()
        draw_mark(document, stamp, LEFT, 14 * MM, 11 * MM)
        top = red_head(document, paper, top) if paper.red_head else top
        y = flow(document, paragraphs(paper), LEFT, top, WIDTH, BOTTOM, next_page)
        sign = signature(paper)
        if sign and y - height(document, sign, WIDTH) < BOTTOM - 0.1:
            y = next_page()
        flow(document, sign, LEFT, y, WIDTH, BOTTOM, next_page)
        if paper.colophon:
            colophon(document, paper.colophon, y, pages)


def page_number(document: Document, number: int) -> None:
    """— n — 7 mm under the text, one character in: odd pages right, even pages left."""
    y, text = BOTTOM - 7 * MM - 5, f"— {number} —"
    x, align = (LEFT + WIDTH - 14, "right") if number % 2 else (LEFT + 14, "left")
    document.text(x, y, text, "song", 14, align)


def red_head(document: Document, paper: OfficialPaper, top: float) -> float:
    """The issuer in red 35 mm down, the number, the red rule; gives the top of the title."""
    head = paper.red_head or RedHead("", "")
    size = min(46.0, 46 * WIDTH / document.width(head.issuer or "　", "biao", 46))
    baseline = top - 35 * MM - 0.88 * size
    document.coloured(
        RED, lambda: document.text(LEFT + WIDTH / 2, baseline, head.issuer, "biao", size, "center")
    )
    y = baseline - 2 * LINE - SIZE
    if not paper.draft:
        document.text(LEFT + WIDTH / 2, y, head.number, "fang", SIZE, "center")
    document.coloured(RED, lambda: document.line(LEFT, y - 4 * MM, LEFT + WIDTH, y - 4 * MM, 0.5 * MM))
    document.put("{} {} {} rg".format(*BLACK))
    return y - 4 * MM - 2 * LINE


def colophon(document: Document, foot: Colophon, y: float, pages: Sheets) -> None:
    """版记 with its last line on the foot of the text; on a new page when the text reaches so far down."""
    if y < BOTTOM + 2.5 * LINE:
        page_number(document, pages.page())
    for height_up, width in ((2 * 20.0, 0.35), (20.0, 0.25), (0.0, 0.35)):
        document.line(LEFT, BOTTOM + height_up, LEFT + WIDTH, BOTTOM + height_up, width * MM)
    document.text(LEFT + 14, BOTTOM + 25, f"抄送：{foot.copies_to}", "fang", 14, "left", WIDTH - 28)
    document.text(LEFT + 14, BOTTOM + 5, foot.issuer, "fang", 14)
    document.text(LEFT + WIDTH - 14, BOTTOM + 5, f"{foot.day}印发", "fang", 14, "right")
