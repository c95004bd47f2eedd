"""Who is stationed where and who helps whom (domain §8.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from nehe_desktop.core.errors import Problem, Refused
from nehe_desktop.core.fields import choice, day, flag, note, phone, ref, text
from nehe_desktop.core.fields import name as person
from nehe_desktop.core.identity import check_uscc
from nehe_desktop.core.record import Record
from nehe_desktop.features.reference.codes import codes

SEX = {"1": "男", "2": "女"}
ROLES = ("队长", "第一书记", "队长兼第一书记", "队员")
TEAM_STATES = ("组建", "在岗", "轮换", "撤销")


def period_problems(since: date | None, until: date | None, label: str = "结束") -> Iterator[Problem]:
    """A period that ends before it begins."""
    if since and until and until < since:
        yield Problem("until", f"{label}日期 {until} 早于开始日期 {since}，请核对")


class Unit(Record, table="unit", title="单位", scope="county", key=("name",)):
    """A sending unit, helping unit, insurer or enterprise."""

    name: str = text(
        "单位名称", width=60, listed=True, posted=True, span=6, search="name", synonyms=("帮扶单位", "派出单位")
    )
    uscc: str = text("统一社会信用代码", width=18, default="", listed=True, search="code")
    level: str | None = choice("隶属关系", codes("unit_level"), default=None, listed=True)
    kind: str | None = choice(
        "类别", ("派出单位", "帮扶单位", "派出和帮扶单位", "其他"), default=None, listed=True
    )
    leader: str = person("主要负责人", default="", private="", search="")
    contact: str = person("联系人", default="", private="", search="")
    phone: str | None = phone("联系电话", default=None)

    def rules(self) -> Iterator[Problem]:
        """The social credit code must be one."""
        if self.uscc:
            try:
                check_uscc(self.uscc)
            except Refused as refused:
                yield Problem("uscc", f"统一社会信用代码：{refused.sentence}")


class Team(Record, table="team", title="驻村工作队", scope="village", key=("name",)):
    """A stationed team; a village has at most one that is active."""

    village: str = ref("驻在村", "division", listed=True, synonyms=("行政村", "村"))
    name: str = text("工作队名称", width=60, listed=True, posted=True, span=6, search="name")
    unit: str | None = ref("派出单位", "unit", default=None, listed=True)
    other_units: str = text("其他派出单位", width=120, default="", span=6)
    state: str = choice("状态", TEAM_STATES, default="在岗", listed=True)
    since: date | None = day("组建日期", default=None, listed=True)
    until: date | None = day("撤销日期", default=None, when=lambda v: v["state"] in ("轮换", "撤销"))

    def rules(self) -> Iterator[Problem]:
        """The period must be one."""
        yield from period_problems(self.since, self.until, "撤销")


class Member(Record, table="member", title="工作队队员", scope="team.village", key=("name", "unit")):
    """A cadre of a stationed team; when and as what he served is a Posting."""

    name: str = person("姓名", listed=True, private="", synonyms=("队员姓名", "驻村干部"))
    sex: str | None = choice("性别", SEX, default=None, listed=True, span=2)
    team: str | None = ref("现所在工作队", "team", default=None, listed=True)
    unit: str | None = ref("派出单位", "unit", default=None, listed=True)
    post: str = text("原单位职务", width=40, default="", listed=True, synonyms=("职务",))
    party: str | None = choice("政治面貌", codes("political"), default=None)
    phone: str | None = phone("联系电话", default=None, listed=True, synonyms=("手机号", "电话"))
    staff_no: str = text("工号", width=20, default="", search="code")
    note: str = note("备注", width=200, default="")


class Posting(
    Record,
    table="posting",
    title="任职记录",
    scope="team.village",
    key=("team", "member", "since"),
    indexes=("team, since", "member, since"),
):
    """That a member serves in a team from a day to a day, in a role."""

    team: str = ref("工作队", "team", listed=True)
    member: str = ref("队员", "member", listed=True)
    role: str = choice("驻村职务", ROLES, default="队员", listed=True)
    since: date = day("到任日期", listed=True)
    until: date | None = day("离任日期", default=None, listed=True, hint="在任的空着")
    party_moved_on: date | None = day("组织关系转入日期", default=None, section="纪律")
    decoupled_on: date | None = day("与原岗位脱钩日期", default=None, section="纪律")
    insurance_policy: str = text("意外险保单号", width=40, default="", section="保障")
    insured_since: date | None = day("保险起", default=None, section="保障")
    insured_until: date | None = day("保险止", default=None, section="保障")
    exam_date: date | None = day("体检日期", default=None, section="保障", hint="只记日期，不记结果")
    handed_over: bool | None = flag("已办交接", default=None, when=lambda v: v["until"] is not None)
    note: str = note("备注", width=200, default="")

    def rules(self) -> Iterator[Problem]:
        """The periods must be periods."""
        yield from period_problems(self.since, self.until, "离任")
        if self.insured_since and self.insured_until and self.insured_until < self.insured_since:
            yield Problem(
                "insured_until", f"保险止 {self.insured_until} 早于保险起 {self.insured_since}，请核对"
            )


class Helper(Record, table="helper", title="帮扶责任人", scope="village", key=("name", "phone")):
    """A paired-help cadre, who does not live in the village."""

    name: str = person("姓名", listed=True, private="", synonyms=("帮扶责任人", "帮扶人", "帮扶人姓名"))
    village: str | None = ref("帮扶村", "division", default=None, listed=True, synonyms=("行政村",))
    unit: str | None = ref("帮扶单位", "unit", default=None, listed=True)
    post: str = text("职务", width=40, default="", listed=True)
    phone: str | None = phone("联系电话", default=None, listed=True, synonyms=("帮扶人电话", "手机号"))
    sex: str | None = choice("性别", SEX, default=None, span=2)


class HelpLink(
    Record,
    table="help_link",
    title="结对帮扶",
    scope="household.village",
    key=("household", "helper", "since"),
    indexes=("household, since", "helper, since"),
):
    """That a helper is responsible for a household from a day to a day."""

    household: str = ref("农户", "household", listed=True)
    helper: str = ref("帮扶责任人", "helper", listed=True)
    since: date = day("结对日期", listed=True)
    until: date | None = day("解除日期", default=None, listed=True)
    reason: str = text("调整原因", width=60, default="", when=lambda v: v["until"] is not None)

    def rules(self) -> Iterator[Problem]:
        """The period must be one."""
        yield from period_problems(self.since, self.until, "解除")
