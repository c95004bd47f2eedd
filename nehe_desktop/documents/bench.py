"""How long papers take beside stock ReportLab tables and paragraphs with the same made-up rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import LongTable, PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

from nehe_desktop.documents.attendance_sheet import AttendanceSheet, DayKind, MemberMonth, YearToDate
from nehe_desktop.documents.commitment import TEXT, CommitmentLetter, Signer
from nehe_desktop.documents.document import Document
from nehe_desktop.documents.fonts import load
from nehe_desktop.documents.listing import Count, Listing
from nehe_desktop.documents.paper import Stamp, draw
from nehe_desktop.documents.table import Column

VILLAGES, HOUSEHOLDS = 171, 8461
WHEN = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫", "国庆建华秀英桂兰志强玉梅丽娜文斌"
TITLES = (
    "序号",
    "户编号",
    "户主",
    "身份证号",
    "电话",
    "村",
    "屯",
    "类别",
    "人口",
    "劳动力",
    "人均收入",
    "帮扶人",
)
WIDTHS = (12, 28, 18, 38, 26, 22, 18, 22, 12, 14, 22, 18)


def name(number: int) -> str:
    """A made-up name."""
    given = GIVEN[number % len(GIVEN)] + GIVEN[number * 7 // 5 % len(GIVEN)]
    return SURNAMES[number % len(SURNAMES)] + given


def ledger_rows(count: int = HOUSEHOLDS) -> list[tuple[str, ...]]:
    """Made-up households; ID numbers carry DEMO."""
    return [(str(n), f"230281{n:08d}", name(n), f"DEMO{n:014d}", f"139{n:08d}", f"第{n % VILLAGES}村", f"{n % 9 + 1}屯",
             ("一般户", "脱贫户", "监测户")[n % 3], str(n % 5 + 1), str(n % 3), f"{n * 37 % 20000 / 7:,.2f}",
             name(n * 3)) for n in range(1, count + 1)]  # fmt: skip


def stamp(code: str, number: int) -> Stamp:
    """The stamp of a made-up paper."""
    return Stamp(code, f"BENCH-{number:05d}", 1, WHEN, "TEST", sample=True)


def letters() -> list[CommitmentLetter]:
    """A letter for each village."""
    return [CommitmentLetter(stamp("D01", n), "讷河市农业农村局", "龙河镇", f"第{n}村", name(n), (Signer(name(n), "队员"),))
            for n in range(VILLAGES)]  # fmt: skip


def month() -> tuple[DayKind, ...]:
    """The kinds of the days of November 2026."""
    return tuple("weekend" if day % 7 in (0, 1) else "workday" for day in range(1, 31))


def attendance() -> list[AttendanceSheet]:
    """A sheet for each village with three members."""
    marks = tuple("◇" if kind == "weekend" else "√" for kind in month())
    year = YearToDate("2026-01-01", Decimal(200), Decimal("12.5"), Decimal(220))
    return [AttendanceSheet(stamp("D02", n), "龙河镇", f"第{n}村", 2026, 11, "讷河市农业农村局", name(n), 21, month(),
            tuple(MemberMonth(name(n + k), "队员", marks, marks, marks, year=year) for k in range(3)))
            for n in range(VILLAGES)]  # fmt: skip


def listing(rows: list[tuple[str, ...]]) -> Listing:
    """The ledger as a listing of twelve columns."""
    columns = tuple(Column(t, w, role="figures" if t == "人均收入" else "song")
                    for t, w in zip(TITLES, WIDTHS, strict=True))  # fmt: skip
    return Listing(
        stamp("D10", 1),
        "农户台账",
        columns,
        rows,
        counts=(Count("共 {} 户"), Count("{} 人", "sum", 8)),
        size=8,
    )


def ours(papers: list[Any]) -> Callable[[], None]:
    """A job that draws papers in one document."""

    def run() -> None:
        document = Document(BytesIO(), "比较")
        for paper in papers:
            draw(paper, document)
        document.save()

    return run


def peer(story: Callable[[], list[Any]], size: tuple[float, float]) -> Callable[[], None]:
    """A job that builds the same with stock ReportLab."""

    def run() -> None:
        font = load("NeheSong").fontName
        page = SimpleDocTemplate(BytesIO(), pagesize=size, leftMargin=36, rightMargin=36, topMargin=40, bottomMargin=40,
                                 initialFontName=font)  # fmt: skip
        page.build(story())

    return run


def stock_letters() -> list[Any]:
    """The letters as stock paragraphs."""
    style = ParagraphStyle(
        "b", fontName="NeheSong", fontSize=15.75, leading=26, wordWrap="CJK", firstLineIndent=32
    )
    return [part for letter in letters()
            for part in (*(Paragraph(t, style) for t in (letter.village, *TEXT)), PageBreak())]  # fmt: skip


def _grid(size: float) -> TableStyle:
    return TableStyle([("GRID", (0, 0), (-1, -1), 0.4, colors.black), ("FONT", (0, 0), (-1, -1), "NeheSong", size),
                       ("ALIGN", (0, 0), (-1, -1), "CENTER"), ("LEFTPADDING", (0, 0), (-1, -1), 1),
                       ("RIGHTPADDING", (0, 0), (-1, -1), 1)])  # fmt: skip


def stock_attendance() -> list[Any]:
    """The sheets as stock tables."""
    story: list[Any] = []
    for sheet in attendance():
        head = ["姓名", "职务", *map(str, range(1, 32)), *("在村", "公出", "休息", "请假", "缺勤")]
        rows = [[m.name, m.post, *marks, "", *("0",) * 5] for m in sheet.members
                for marks in (m.morning, m.afternoon, m.night)]  # fmt: skip
        blank = [[""] * len(head)] * 6
        story += [
            Table([head, head, head, *rows, *blank], [40, 30, *[16] * 31, *[22] * 5], 19, style=_grid(8)),
            PageBreak(),
        ]
    return story


def stock_ledger(rows: list[tuple[str, ...]]) -> list[Any]:
    """The ledger as a stock LongTable with fixed row heights, its fastest way."""
    return [
        LongTable(
            [TITLES, *rows], [w * 2.9 for w in WIDTHS], [16.0] * (len(rows) + 1), repeatRows=1, style=_grid(8)
        )
    ]


def seconds(job: Callable[[], None]) -> float:
    """Wall seconds of a job."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def bench_papers() -> list[tuple[str, float, float | None]]:
    """(what, our seconds, stock ReportLab's seconds) with warm fonts, all in this run."""
    ours([letters()[0]])()
    rows = ledger_rows()
    jobs = (
        (f"承诺书 {VILLAGES} 份", ours(letters()), peer(stock_letters, A4)),
        (f"考勤表 {VILLAGES} 份", ours(attendance()), peer(stock_attendance, landscape(A4))),
        (
            f"台账 {HOUSEHOLDS}×{len(TITLES)}",
            ours([listing(rows)]),
            peer(lambda: stock_ledger(rows), landscape(A4)),
        ),
    )
    return [(what, seconds(mine), seconds(other)) for what, mine, other in jobs]
