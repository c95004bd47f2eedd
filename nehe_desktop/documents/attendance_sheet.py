"""D02 驻村工作队月考勤表: two half days and the night of every member, counted from the marks printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from nehe_desktop.documents.document import A4_LANDSCAPE, MM, Colour, Document
from nehe_desktop.documents.paper import Sheets, Stamp, content_hash, draw, draw_mark, sheets
from nehe_desktop.documents.table import SQUEEZE, Column, TablePainter, paint

DayKind = Literal["workday", "weekend", "holiday"]
MARGIN, DAY, ROW, HEAD = 15 * MM, 5.7 * MM, 7 * MM, 6 * MM
EDGES = [MARGIN + sum((7, 16, 10, 5)[:n]) * MM for n in range(5)]  # 序号 姓名 职务 时段
EDGES += [EDGES[4] + DAY * n for n in range(1, 32)]
EDGES += [EDGES[35] + sum((8, 8, 8, 8, 8, 12)[:n]) * MM for n in range(1, 7)]
SUMS = ("在村", "公出", "休息", "请假", "缺勤", "备注")
LEGEND = "√在村　○公出　◇休息　△事假　＋病假　☆法定假　×缺勤　⊙迟到早退　—不在任；“补”为补签。夜：√住村　×未住　空未查"
PER_PAGE, FEWEST = 5, 5
SIGNED = 15 * MM
"""Height of the fields for signatures."""
WEEKDAYS = "一二三四五六日"
TINTS: dict[str, Colour] = {"weekend": (0.9, 0.9, 0.9), "holiday": (1, 0.88, 0.9)}


@dataclass(frozen=True)
class YearToDate:
    """Days of the year so far, as the rules count them."""

    posted_since: str
    in_village: Decimal
    official: Decimal
    target: Decimal

    @property
    def total(self) -> Decimal:
        """Days that count for the yearly target."""
        return self.in_village + self.official


@dataclass(frozen=True)
class MemberMonth:
    """A member's marks by day of the month (√ ○ ◇ △ ＋ ☆ × ⊙ — or empty); `late` are the (day, row) made up."""

    name: str
    post: str
    morning: tuple[str, ...]
    afternoon: tuple[str, ...]
    night: tuple[str, ...] = ()
    late: frozenset[tuple[int, int]] = frozenset()
    note: str = ""
    year: YearToDate | None = None


@dataclass(frozen=True)
class AttendanceSheet:
    """A team's month; `days` says of each day of the month whether it is a workday, weekend or holiday.

    `revision` counts the drafts, `confirmed` says who confirmed it on a laptop: for information, the signatures are by hand.
    """

    stamp: Stamp
    township: str
    village: str
    year: int
    month: int
    unit: str
    leader: str
    due_days: int
    days: tuple[DayKind, ...]
    members: tuple[MemberMonth, ...]
    revision: int = 1
    confirmed: str = ""

    @property
    def draft(self) -> str:
        """（第 2 稿）, from the second on."""
        return f"（第{self.revision}稿）" if self.revision > 1 else ""


def days_counted(member: MemberMonth) -> tuple[Decimal, ...]:
    """在村 公出 休息 请假 缺勤 in days, from the marks on the sheet; 迟到早退 is a quarter (办法 §8.3)."""
    marks = member.morning + member.afternoon
    half, quarter = Decimal("0.5"), Decimal("0.25")
    count = {mark: marks.count(mark) for mark in "√○◇△＋☆×⊙"}
    away = count["△"] + count["＋"] + count["☆"]
    return (count["√"] * half + count["⊙"] * quarter, count["○"] * half, count["◇"] * half, away * half,
            count["×"] * half)  # fmt: skip


def plain(days: Decimal) -> str:
    """Days without idle zeros: 20.5, 19, 0."""
    return f"{days.normalize():f}" if days else "0"


@draw.register
def draw_attendance(sheet: AttendanceSheet, document: Document) -> None:
    """Draw the month, five members a page, then the year so far."""
    place = f"{sheet.village}{sheet.year}年{sheet.month}月考勤表"
    with sheets(document, sheet.stamp, place, A4_LANDSCAPE) as pages:
        pages.hash = content_hash(sheet)
        for start in range(0, max(len(sheet.members), 1), PER_PAGE):
            month_page(document, sheet, pages, start)
        if any(member.year for member in sheet.members):
            year_page(document, sheet, pages)


def month_page(document: Document, sheet: AttendanceSheet, pages: Sheets, start: int) -> None:
    """One page of the month: heading, at most five members, legend and signatures."""
    pages.page()
    y = heading(document, sheet, f"{sheet.year}年{sheet.month}月考勤表{sheet.draft}")
    members = sheet.members[start : start + PER_PAGE]
    slots = max(len(members), FEWEST)
    rows = 3 if any(member.night for member in sheet.members) else 2
    bottom = y - 3 * HEAD - slots * rows * ROW
    document.repeat(
        ("month", sheet.year, sheet.month, sheet.days, slots, rows),
        lambda: empty_month(document, sheet, y, bottom, slots, rows),
    )
    for index, member in enumerate(members):
        member_rows(document, start + index + 1, member, y - 3 * HEAD - index * rows * ROW, rows)
    if sheet.confirmed:
        document.text(MARGIN, bottom - 6 * MM - SIGNED - 10, sheet.confirmed, "song", 7.5, "left", EDGES[-1] - MARGIN)


def empty_month(
    document: Document, sheet: AttendanceSheet, top: float, bottom: float, slots: int, rows: int
) -> None:
    """All of a month's page that is the same for every team."""
    tints(document, sheet, top - HEAD, bottom)
    column_heads(document, sheet, top)
    for index in range(slots):
        for row, label in enumerate(("上", "下", "夜")[:rows]):
            y = top - 3 * HEAD - index * rows * ROW - (row + 0.5) * ROW - 3
            document.text((EDGES[3] + EDGES[4]) / 2, y, label, "song", 8, "center")
    grid(document, top, bottom, slots, rows)
    document.text(MARGIN, bottom - 11, LEGEND, "song", 8.5, "left", EDGES[-1] - MARGIN)
    signatures(document, bottom - 6 * MM)


def heading(document: Document, sheet: AttendanceSheet, title: str) -> float:
    """Title, the line under it and the code; gives the top of the table."""
    top, middle = A4_LANDSCAPE[1] - 12 * MM, A4_LANDSCAPE[0] / 2
    full = f"{sheet.township}{sheet.village}驻村工作队{title}"
    document.text(middle, top - 18, full, "biao", 18, "center", 220 * MM)
    under = f"派出单位　{sheet.unit}　　队长　{sheet.leader}　　应出勤天数　{sheet.due_days}"
    document.text(MARGIN, top - 36, under, "song", 10.5, "left", 235 * MM)
    draw_mark(document, sheet.stamp, EDGES[-1] - 14 * MM, top - 10 * MM, 13 * MM)
    return top - 42


def tints(document: Document, sheet: AttendanceSheet, top: float, bottom: float) -> None:
    """Grey weekends, pink holidays, hatching where the month has no day."""
    for day in range(31):
        x = EDGES[4 + day]
        if day >= len(sheet.days):
            document.hatch(x, bottom, DAY, top - bottom)
        elif sheet.days[day] in TINTS:
            document.tint(x, bottom, DAY, top - bottom, TINTS[sheet.days[day]])


def column_heads(document: Document, sheet: AttendanceSheet, top: float) -> None:
    """Three rows: what the columns are, the days, the days of the week."""
    low = top - 3 * HEAD
    document.text((EDGES[0] + EDGES[1]) / 2, top - 1.5 * HEAD + 1, "序", "hei", 8, "center")
    document.text((EDGES[0] + EDGES[1]) / 2, top - 1.5 * HEAD - 8, "号", "hei", 8, "center")
    document.slash_cell(EDGES[1], low, EDGES[2] - EDGES[1], 3 * HEAD, "日期", "姓名", 8.5)
    document.text((EDGES[2] + EDGES[3]) / 2, low + 1.5 * HEAD - 3, "职务", "hei", 8.5, "center")
    for offset, character in ((1, "时"), (-9, "段")):
        document.text((EDGES[3] + EDGES[4]) / 2, low + 1.5 * HEAD + offset, character, "hei", 8, "center")
    document.text((EDGES[4] + EDGES[35]) / 2, top - HEAD + 5, "日期与星期", "hei", 8.5, "center")
    document.text((EDGES[35] + EDGES[40]) / 2, top - HEAD + 5, "合计（天）", "hei", 8.5, "center")
    for day in range(1, len(sheet.days) + 1):
        x, week = EDGES[3 + day] + DAY / 2, WEEKDAYS[date(sheet.year, sheet.month, day).weekday()]
        document.text(x, top - 2 * HEAD + 5, str(day), "song", 8.5, "center")
        document.text(x, low + 5, week, "song", 8.5, "center")
    for index, label in enumerate(SUMS):
        y = low + HEAD - 3 if index < 5 else low + 1.5 * HEAD - 3
        document.text((EDGES[35 + index] + EDGES[36 + index]) / 2, y, label, "hei", 8.5, "center")


def member_rows(document: Document, number: int, member: MemberMonth, top: float, rows: int) -> None:
    """The marks of one member, name, post and sums."""
    for row, marks in enumerate((member.morning, member.afternoon, member.night)[:rows]):
        y = top - (row + 0.5) * ROW - 3
        late = {day for day, at in member.late if at == row}
        document.put(marks_shown(document, marks, y, late))
        for day in late:
            document.text(EDGES[4 + day] - 0.8, top - row * ROW - 6, "补", "song", 5, "right")
    middle = top - rows * ROW / 2
    document.text((EDGES[0] + EDGES[1]) / 2, middle - 3, str(number), "song", 9, "center")
    stacked(document, member.name, EDGES[1], EDGES[2], middle, "kai", 11)
    stacked(document, member.post, EDGES[2], EDGES[3], middle, "song", 8)
    for index, days in enumerate(days_counted(member)):
        document.text(
            (EDGES[35 + index] + EDGES[36 + index]) / 2,
            middle - 3,
            plain(days),
            "figures",
            9,
            "center",
            8 * MM - 3,
        )
    stacked(document, member.note, EDGES[40], EDGES[41], middle, "song", 7)


def marks_shown(document: Document, marks: tuple[str, ...], y: float, late: set[int]) -> str:
    """Operators for a row of marks, each in the middle of its day, lower left where a 补 stands beside it."""
    shown: list[str] = []
    for day, mark in enumerate(marks, 1):
        operators, width = document.shown(mark, "song", 9)
        aside = day in late
        x = EDGES[3 + day] + DAY / 2 - width / 2 - 2 * aside
        shown.append(f"1 0 0 1 {x:.2f} {y - aside:.2f} Tm {operators}")
    return f"BT {' '.join(shown)} ET"


def stacked(
    document: Document, text: str, left: float, right: float, middle: float, role: str, size: float
) -> None:
    """A text in the middle of a field, on as many as four lines, broken after a name's dot if it has one."""
    room = right - left - 3
    pieces = [text]
    if SQUEEZE * document.width(text, role, size) > room:
        size = size * 0.85 if len(text) > 6 else size
        each = max(1, int(room // size))
        pieces = []
        for part in text.split("·"):
            pieces += [part[at : at + each] for at in range(0, len(part), each)]
            pieces[-1:] = [piece + "·" for piece in pieces[-1:]]
        pieces[-1] = pieces[-1][:-1]
    for index, piece in enumerate(pieces):
        y = middle - 0.36 * size + ((len(pieces) - 1) / 2 - index) * size * 1.15
        document.text((left + right) / 2, y, piece, role, size, "center", room)


def grid(document: Document, top: float, bottom: float, slots: int, rows: int) -> None:
    """All lines of the month's table; thicker between members."""
    right, low = EDGES[-1], top - 3 * HEAD
    document.line(EDGES[4], top - HEAD, EDGES[40], top - HEAD)
    document.line(EDGES[4], top - 2 * HEAD, EDGES[35], top - 2 * HEAD)
    for index in range(slots):
        y = low - index * rows * ROW
        document.line(EDGES[0], y, right, y, 0.8)
        for row in range(1, rows):
            document.line(EDGES[3], y - row * ROW, EDGES[35], y - row * ROW)
    for index, x in enumerate(EDGES):
        document.line(x, top - HEAD if 4 < index < 40 and index != 35 else top, x, bottom)
    document.box(EDGES[0], bottom, right - EDGES[0], top - bottom, 1)


def signatures(document: Document, top: float) -> None:
    """Who keeps, confirms and checks the sheet: four fields with a date."""
    labels = ("考勤员", "队长", "村党组织书记（村两委章）", "乡镇党委审核（章）")
    width, tall = (EDGES[-1] - MARGIN) / 4, SIGNED
    for index, label in enumerate(labels):
        x = MARGIN + index * width
        document.box(x, top - tall, width, tall, 0.6)
        document.text(x + 4, top - 12, label, "song", 9)
        document.text(x + width - 4, top - tall + 5, "年　　月　　日", "song", 9, "right")


def year_page(document: Document, sheet: AttendanceSheet, pages: Sheets) -> None:
    """The year so far, on its own page."""
    sums = ("累计在村", "累计公出", "合计", "目标", "差额")
    people = (Column("序号", 14, role="figures"), Column("姓名", 45, role="kai"), Column("职务", 40))
    columns = (*people, Column("任职起", 32), *(Column(title, 27, role="figures") for title in sums))

    def next_page() -> float:
        pages.page()
        return heading(document, sheet, f"{sheet.year}年截至{sheet.month}月累计出勤") - 6

    painter = TablePainter(document, columns, MARGIN, 30 * MM, next_page, size=10.5, row_height=9 * MM)
    paint(painter, [year_row(n, m) for n, m in enumerate(sheet.members, 1)])
    note = "单位：天。合计＝累计在村＋累计公出；目标按任职天数占全年天数折算；差额＝合计－目标，负数为欠天。"
    document.text(MARGIN, painter.y - 14, note, "song", 9)


def year_row(number: int, member: MemberMonth) -> tuple[str, ...]:
    """A member's line of the year so far."""
    year = member.year
    if not year:
        return (str(number), member.name, member.post, "", "", "", "", "", "")
    days = (year.in_village, year.official, year.total, year.target, year.total - year.target)
    return (str(number), member.name, member.post, year.posted_since, *(plain(d) for d in days))
