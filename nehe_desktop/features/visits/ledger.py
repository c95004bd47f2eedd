"""Visits to households and the tickets of problems found there (domain §7.1, §7.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from nehe_desktop.core.errors import Problem
from nehe_desktop.core.fields import (
    choice,
    choices,
    day,
    flag,
    measure,
    moment,
    money,
    note,
    photos,
    ref,
    text,
    whole,
)
from nehe_desktop.core.fields import name as person
from nehe_desktop.core.identity import local_today
from nehe_desktop.core.masks import shown
from nehe_desktop.core.record import Record

KINDS = (
    "日常走访",
    "核实（监测）",
    "遍访（三级书记）",
    "节日慰问",
    "政策宣讲",
    "收入采集",
    "电话或视频",
    "督导回访",
)
ROLES = ("队长", "第一书记", "队员", "帮扶责任人", "村干部", "乡镇干部", "县级领导")
ITEMS = (
    "政策宣传", "收入核算", "住房", "饮水", "就医", "就学", "产业", "就业", "环境卫生", "思想",
    "养老", "防疫", "其他",
)  # fmt: skip
ANSWERS = ("正常", "有问题", "不适用")
GUARANTEES = {"food": "吃穿", "housing": "住房", "water": "饮水", "medical": "医疗", "schooling": "教育"}
SIGNATURES = ("本人签字", "家人代签", "按手印", "拒签", "未签")
EMPTY_PHRASES = ("一切正常", "一切都好", "情况良好", "无变化", "没有变化", "正常走访", "无问题", "同上")
NOTE_LEAST = 20
CORRECTION = "本人核对"
"""What a family put right on its 本人信息核对单 (domain §11.3 (10))."""
SOURCES = ("走访", "遍访", "抽查", "信访", "监测", "自查", CORRECTION)
PROBLEM_KINDS = (
    "住房", "饮水", "就医", "就学", "产业", "就业", "道路", "用电", "通信", "养老", "纠纷", "其他",
)  # fmt: skip
DEADLINES = {"一般": 7, "较急": 3, "紧急": 1, "难点": 30}
"""Days to solve a problem of each level (domain §7.3)."""
STATES = ("登记", "交办", "办理中", "已解决待核", "销号", "退回", "上报", "挂起", "重复合并")
DONE = ("销号", "重复合并")


def _troubled(field: str) -> Any:
    return lambda values: values[field] == "有问题"


def _at_home(values: Mapping[str, Any]) -> bool:
    return values["kind"] != "电话或视频"


def note_problems(text: str) -> Iterator[Problem]:
    """A record of a visit says something (soft, domain §7.1)."""
    plain = text.strip()
    if plain.rstrip("。.！! ") in EMPTY_PHRASES:
        yield Problem("note", f"“{plain}”说不清情况，请写看到了什么、谈了什么、办了什么", "warning")
    elif len(plain) < NOTE_LEAST:
        yield Problem("note", f"记实要 {NOTE_LEAST} 个字以上，现在 {len(plain)} 个字", "warning")


class Visit(
    Record,
    table="visit",
    title="入户走访",
    scope="household.village",
    key=("household", "day", "visitors"),
    indexes=("household, day",),
):
    """One visit to one household."""

    household: str = ref("农户", "household", listed=True, section="走访信息")
    day: date = day("走访日期", listed=True, section="走访信息", synonyms=("走访时间", "入户时间", "日期"))
    kind: str = choice(
        "走访方式", KINDS, default="日常走访", listed=True, section="走访信息", synonyms=("走访类型", "类型")
    )
    visitors: str = text(
        "走访人", width=60, listed=True, section="走访信息", hint="几个人用顿号隔开", synonyms=("入户人员",)
    )
    role: str | None = choice("走访人身份", ROLES, default=None, listed=True, section="走访信息")
    started: datetime | None = moment("开始时间", default=None, section="走访信息")
    minutes: int | None = whole("时长", low=1, high=1440, unit="分钟", default=None, section="走访信息")
    met_person: str = person("受访人", default="", search="", section="走访信息", synonyms=("被访人",))
    met_relation: str = text("与户主关系", width=12, default="", section="走访信息")
    items: tuple[str, ...] = choices("走访内容", ITEMS, default=(), span=12, section="走访信息")

    food: str | None = choice("吃穿", ANSWERS, default=None, section="两不愁三保障")
    food_note: str = text(
        "吃穿说明", width=200, default="", span=8, section="两不愁三保障", when=_troubled("food")
    )
    housing: str | None = choice("住房", ANSWERS, default=None, section="两不愁三保障")
    housing_note: str = text(
        "住房说明", width=200, default="", span=8, section="两不愁三保障", when=_troubled("housing")
    )
    water: str | None = choice("饮水", ANSWERS, default=None, section="两不愁三保障")
    water_note: str = text(
        "饮水说明", width=200, default="", span=8, section="两不愁三保障", when=_troubled("water")
    )
    medical: str | None = choice("医疗", ANSWERS, default=None, section="两不愁三保障")
    medical_note: str = text(
        "医疗说明",
        width=200,
        default="",
        span=8,
        private="illness",
        section="两不愁三保障",
        when=_troubled("medical"),
    )
    schooling: str | None = choice("教育", ANSWERS, default=None, section="两不愁三保障")
    schooling_note: str = text(
        "教育说明", width=200, default="", span=8, section="两不愁三保障", when=_troubled("schooling")
    )

    income_per_head: Decimal | None = money(
        "家庭人均纯收入",
        synonyms=("人均纯收入", "人均纯收入（元）"),
        default=None,
        low=-(10**7),
        policy="review",
        section="收入变化",
        hint="元／年",
        private="income",
    )
    wage_income: Decimal | None = money(
        "其中：务工收入", default=None, policy="review", section="收入变化", hint="元／年", private="income"
    )
    income_change: bool | None = flag("收入有变化", default=None, section="收入变化")
    health_change: bool | None = flag("健康有变化", default=None, section="收入变化")
    member_change: bool | None = flag("人口有变化", default=None, section="收入变化")

    findings: str = note(
        "发现的问题", width=1000, default="", section="问题和措施", synonyms=("存在问题", "诉求")
    )
    measures: str = note("帮扶措施", width=1000, default="", section="问题和措施", synonyms=("解决措施",))
    note: str = note(
        "记实", width=2000, default="", section="问题和措施", synonyms=("走访记录", "走访内容记录")
    )
    signature: str = choice("农户签字", SIGNATURES, default="未签", section="问题和措施", when=_at_home)
    photos: tuple[str, ...] = photos("照片", default=(), section="问题和措施")
    lat: Decimal | None = measure(
        "纬度", places=6, low=-90, high=90, default=None, private="address", section="定位", unit="度"
    )
    lon: Decimal | None = measure(
        "经度", places=6, low=-180, high=180, default=None, private="address", section="定位", unit="度"
    )
    place_source: str | None = choice(
        "定位来源", ("照片", "签到文件", "手工填村内"), default=None, section="定位"
    )

    def rules(self) -> Iterator[Problem]:
        """Not in the future; a trouble is described; the record says something."""
        if self.day > local_today():
            yield Problem("day", f"走访日期 {self.day} 在今天之后，请核对")
        for field, label in GUARANTEES.items():
            if getattr(self, field) == "有问题" and not getattr(self, f"{field}_note"):
                yield Problem(f"{field}_note", f"{label}有问题，请写明是什么问题")
        if self.minutes is not None and not 5 <= self.minutes <= 240:
            yield Problem(
                "minutes", f"时长 {self.minutes} 分钟，一般在 5 到 240 分钟之间，请再核对", "warning"
            )
        if None not in (self.wage_income, self.income_per_head) and (self.wage_income or 0) < 0:
            yield Problem("wage_income", "务工收入不能是负数")
        yield from note_problems(self.note)


def trouble_words(visit: Visit, name: str, *, whole: bool = False) -> str:
    """What a visit says of a guarantee in trouble, as the screen shows it; `whole` once somebody asked."""
    field = f"{name}_note"
    return shown(visit.ledger.fields[field], getattr(visit, field), whole=whole)


class ProblemTicket(
    Record,
    table="problem",
    title="问题台账",
    scope="village",
    key=("number",),
    indexes=("village, state, due", "household, raised_on"),
):
    """A problem from its being raised to its being struck off."""

    number: str = text("编号", width=20, default="", listed=True, search="code")
    village: str = ref("所在村", "division", listed=True)
    household: str | None = ref("农户", "household", default=None, listed=True, hint="村里共同的问题空着")
    visit: str | None = ref("来自走访", "visit", default=None)
    source: str = choice("来源", SOURCES, default="走访", listed=True)
    category: str = choice("类别", PROBLEM_KINDS, listed=True)
    description: str = note("问题描述", width=1000, listed=True)
    level: str = choice(
        "缓急",
        {level: f"{level}（{days} 天）" for level, days in DEADLINES.items()},
        default="一般",
        listed=True,
    )
    raised_on: date = day("登记日期", listed=True)
    due: date | None = day("办结期限", default=None, listed=True, hint="空着按缓急自动算")
    handler: str = text("责任单位或责任人", width=60, default="", listed=True, span=6)
    state: str = choice("状态", STATES, default="登记", listed=True, policy="review")
    measures: str = note("办理措施", width=1000, default="")
    result: str = note("办理结果", width=1000, default="")
    photos_before: tuple[str, ...] = photos("办理前照片", default=(), most=3)
    photos_after: tuple[str, ...] = photos("办理后照片", default=(), most=3)
    satisfied: str | None = choice(
        "群众满意度", ("满意", "基本满意", "不满意"), default=None, when=lambda v: v["state"] in DONE
    )
    closed_on: date | None = day("销号日期", default=None, listed=True, when=lambda v: v["state"] in DONE)
    verified_by: str = text("核验人", width=20, default="", when=lambda v: v["state"] in DONE)
    raised_to: str | None = choice(
        "上报到", ("乡镇", "县（市）"), default=None, when=lambda v: v["state"] == "上报"
    )
    pause_reason: str = text("挂起原因", width=100, default="", span=6, when=lambda v: v["state"] == "挂起")
    merged_into: str | None = ref("合并到", "problem", default=None, when=lambda v: v["state"] == "重复合并")

    def rules(self) -> Iterator[Problem]:
        """Each state has what it needs."""
        if self.due and self.due < self.raised_on:
            yield Problem("due", f"办结期限 {self.due} 早于登记日期 {self.raised_on}，请核对")
        if self.closed_on and self.closed_on < self.raised_on:
            yield Problem("closed_on", f"销号日期 {self.closed_on} 早于登记日期 {self.raised_on}，请核对")
        needed = {
            "交办": "handler",
            "已解决待核": "result",
            "挂起": "pause_reason",
            "上报": "raised_to",
            "重复合并": "merged_into",
        }
        field = needed.get(self.state)
        if field and not getattr(self, field):
            yield Problem(field, f"状态是“{self.state}”，还要填“{self.ledger.fields[field].label}”")
        if self.state == "销号" and not (self.closed_on and self.verified_by):
            yield Problem("closed_on", "销号要有销号日期和核验人")
