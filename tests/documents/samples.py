"""Made-up content for the tests of papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

from PIL import Image

from nehe_desktop.documents.attendance_sheet import AttendanceSheet, DayKind, MemberMonth, YearToDate
from nehe_desktop.documents.commitment import CommitmentLetter, Signer
from nehe_desktop.documents.document import Document
from nehe_desktop.documents.household_card import CardPair, FileCover, HouseholdCard, Income, Policy
from nehe_desktop.documents.leave_form import LeaveForm, Word
from nehe_desktop.documents.listing import Count, Listing
from nehe_desktop.documents.official import Clause, OfficialPaper, RedHead
from nehe_desktop.documents.paper import Stamp, draw
from nehe_desktop.documents.table import Column
from nehe_desktop.documents.visit_record import Guarantee, Photo, VisitRecord

WHEN = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
RARE = ("王𬍛", "李䶮", "赵囍", "𠮷田", "𠅤某")
LONG = "阿力木江·买买提吐尔逊"


def stamp(code: str, number: str, *, sample: bool = False) -> Stamp:
    return Stamp(code, number, 1, WHEN, "NH-03", sample=sample)


def printed(*papers: object) -> bytes:
    """The papers in one invariant PDF."""
    target = BytesIO()
    document = Document(target, "试印", invariant=True)
    for paper in papers:
        draw(paper, document)
    document.save()
    return target.getvalue()


def letter(*names: str) -> CommitmentLetter:
    signers = tuple(Signer(name, "队员") for name in names or (LONG,))
    return CommitmentLetter(
        stamp("D01", "CNS-2026-00017"),
        "讷河市农业农村局",
        "龙河镇",
        "国庆村",
        "赵囍",
        signers,
        team=len(names) > 1,
    )


def month(year: int = 2020, number: int = 2) -> tuple[DayKind, ...]:
    last = 29 if number == 2 else 31
    days = (date(year, number, day).weekday() for day in range(1, last + 1))
    return tuple("weekend" if day > 4 else "workday" for day in days)


def sheet(*names: str) -> AttendanceSheet:
    def marks(name: str) -> MemberMonth:
        day = tuple("√" if kind == "workday" else "◇" for kind in month())
        afternoon = (*day[:11], "△", "×", *day[13:])
        year = YearToDate("2019-05-06", Decimal("35.5"), Decimal(2), Decimal(40))
        return MemberMonth(name, "第一书记", day, afternoon, day, frozenset({(6, 0)}), year=year)

    return AttendanceSheet(
        stamp("D02", "KQ-2020-02-007"), "龙河镇", "国庆村", 2020, 2, "讷河市农业农村局", "赵囍", 20, month(),
        tuple(marks(name) for name in names),
    )  # fmt: skip


def card(*, on_wall: bool) -> HouseholdCard:
    contacts = (("帮扶责任人", "欧阳娜娜", "138****1234"), ("驻村工作队", "赵囍", "0452-3331234"))
    income = Income("2026", (("工资性收入", "12,000.00"), ("转移性收入", "4,320.00")), "8,160.00")
    return HouseholdCard(stamp("D07", "HH-230281-000017"), "龙河镇国庆村", "三屯", LONG, 3, "脱贫监测户", contacts,
                         (Policy("低保金", "360元/月", "4,320.00", "2026-01"),), "因病", income, on_wall)  # fmt: skip


def pair() -> CardPair:
    return CardPair(stamp("D07", "MBK-2026-009"), (card(on_wall=True), card(on_wall=False)))


def cover() -> FileCover:
    return FileCover(
        stamp("D07", "DA-2026-00017"), "讷河市", "龙河镇", "国庆村", "三屯", "𠮷田囍", "230281-000017"
    )


def photo(colour: str = "teal") -> Photo:
    data = BytesIO()
    Image.new("RGB", (160, 120), colour).save(data, "JPEG")
    return Photo(data.getvalue(), "2026-11-20 国庆村")


def visit(note: str = "户主本人在家，身体状况稳定。") -> VisitRecord:
    return VisitRecord(
        stamp("D09", "ZF-2026-00123"), "龙河镇国庆村", "李䶮", "2026-11-20 09:30", "家中", "赵囍", "本人",
        items=frozenset({"住房", "饮水"}), guarantees=(Guarantee("住房", "有问题", "后墙有裂缝"),),
        note=note, problem="无", photos=(photo(), photo("olive")),
    )  # fmt: skip


COLUMNS = (
    Column("序号", 10, role="figures"), Column("户主", 30),
    Column("屯", 22, group="地址"), Column("门牌", 18, group="地址"),
    Column("人口", 14, role="figures"), Column("人均纯收入", 26, "right", "figures"), Column("备注", 40, "left", wrap=True),
)  # fmt: skip


def ledger(count: int = 8) -> Listing:
    names = (*RARE, LONG, "张三", "")
    rows = [(str(n + 1), names[n % 8], f"{n // 4 + 1}屯", "", str(n % 3 + 1), "1,111.11", "危房已改造，" * (n % 4))
            for n in range(count)]  # fmt: skip
    counts = (Count("共 {} 户"), Count("{} 人", "sum", 4), Count("收入合计 {} 元", "sum", 5))
    return Listing(stamp("D10", "TZ-2026-00012"), "国庆村农户台账", COLUMNS, rows, counts=counts, group=2)


def notice(text: str = "现将有关情况通报如下。", *, red: bool = False) -> OfficialPaper:
    head = RedHead("讷河市驻村工作领导小组办公室文件", "讷驻村办发〔2026〕4号") if red else None
    body = (Clause("一、总体情况", 1), Clause(text, 2, "（一）出勤情况。"))
    return OfficialPaper(stamp("D04", "TB-2026-004"), "关于驻村情况的通报", body, "各乡镇党委：", ("驻村办",),
                         "2026年8月10日", red_head=head)  # fmt: skip


def leave(reason: str = "母亲住院做手术，需要陪护，出院后安顿好家里即回村。", said: str = "情况属实。") -> LeaveForm:
    """The form of a leave that two of three levels agreed to."""
    levels = {"队长意见": "王海波", "乡镇党委意见": "孙委员"}
    said_by = (Word(label, f"同意。{said}", by, "2020年8月17日") for label, by in levels.items())
    return LeaveForm(
        stamp("D03", "D03-2020-1230001"), "6918D9CE", "李䶮", "队员", f"市财政局驻学田镇{LONG}村工作队",
        ("事假", "病假", "年休假", "婚假", "产假", "丧假", "探亲假", "公出"), "事假",
        "2020年8月18日上午至2020年8月25日下午", "6", reason, "齐齐哈尔市第一医院　138****2203", "陈雪",
        (*said_by, Word("驻村办（组织部）意见")), state="待驻村办",
    )  # fmt: skip


def full_page(characters: int) -> OfficialPaper:
    """A page of nothing but one long word of text, to count lines and characters."""
    return replace(notice(), title="", addressee="", signers=(), day="", body=(Clause("讷" * characters),))
