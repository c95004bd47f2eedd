"""The person of a household (domain §1.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from nehe_desktop.core.errors import Problem
from nehe_desktop.core.fields import (
    choice,
    choices,
    day,
    flag,
    id_number,
    measure,
    note,
    phone,
    photos,
    ref,
    text,
)
from nehe_desktop.core.fields import name as person
from nehe_desktop.core.record import Record
from nehe_desktop.features.households import checks
from nehe_desktop.features.households.words import BENEFITS
from nehe_desktop.features.reference.codes import codes


def _disabled(values: Mapping[str, Any]) -> bool:
    return checks.DISABLED in (values["health"] or ())


class Person(
    Record,
    table="person",
    title="家庭成员",
    scope="household.village",
    key=("id_no",),
    unique=("id_no",),
    together=(("id_type", "id_no", "sex", "birth"),),
    indexes=("household, relation", "birth"),
):
    """A person of his present household; who left is not `present` and stays with the last one.

    The whole past is in Membership.
    """

    household: str | None = ref("现所在户", "household", default=None)
    relation: str = choice(
        "与户主关系",
        codes("relation"),
        listed=True,
        section="身份",
        policy="review",
        synonyms=("与户主的关系", "关系"),
    )
    name: str = person(
        "姓名",
        listed=True,
        section="身份",
        policy="review",
        synonyms=("户主姓名", "成员姓名", "户主", "家庭成员姓名"),
    )
    person_no: str = text(
        "人编号",
        width=26,
        default="",
        pattern=r"\d{6,26}",
        section="身份",
        search="code",
        synonyms=("人编码", "人员编号"),
    )
    id_type: str | None = choice(
        "证件类型",
        (checks.ID_CARD, checks.DISABILITY_CARD, "护照", "港澳台居住证", "其他"),
        default=checks.ID_CARD,
        section="身份",
        policy="review",
    )
    id_no: str | None = id_number(
        "证件号码",
        default=None,
        listed=True,
        section="身份",
        policy="review",
        synonyms=("身份证号", "身份证号码", "公民身份号码", "证件号", "身份证"),
    )
    sex: str | None = choice(
        "性别", codes("sex"), default=None, listed=True, section="身份", span=2, policy="review"
    )
    birth: date | None = day(
        "出生日期", default=None, listed=True, section="身份", policy="review", synonyms=("出生年月",), private="birth"
    )
    ethnic: str | None = choice("民族", codes("ethnic"), default=None, section="身份")
    political: str | None = choice("政治面貌", codes("political"), default=None, section="身份")
    phone: str | None = phone(
        "本人电话",
        default=None,
        listed=True,
        section="身份",
        synonyms=("联系电话", "电话", "手机号码", "联系方式"),
    )
    photo: tuple[str, ...] = photos("照片", default=(), most=1, section="身份")

    edu: str | None = choice("文化程度", codes("education"), default=None, section="就学", hint="高中含中职")
    school_status: str | None = choice(
        "在校生状况", codes("school"), default=None, section="就学", synonyms=("在校情况",)
    )
    school_name: str = text("学校", width=60, default="", section="就学", span=6)
    dropout_reason: str | None = choice(
        "失学辍学原因",
        codes("dropout"),
        default=None,
        private="health",
        section="就学",
        synonyms=("义务教育阶段未上学原因",),
    )

    health: tuple[str, ...] = choices(
        "健康状况", codes("health"), default=(), private="illness", section="健康", synonyms=("健康情况",)
    )
    chronic_type: str = text(
        "慢病或大病种类",
        width=60,
        default="",
        private="illness",
        section="健康",
        synonyms=("慢病种类", "大病种类"),
    )
    disab_cat: str | None = choice(
        "残疾类别", codes("disability"), default=None, private="illness", section="健康", when=_disabled
    )
    disab_grade: str | None = choice(
        "残疾等级",
        {"1": "一级", "2": "二级", "3": "三级", "4": "四级"},
        default=None,
        private="illness",
        section="健康",
        when=_disabled,
    )
    disab_no: str = text(
        "残疾人证号",
        width=22,
        default="",
        pattern=r"[0-9A-Za-z]{6,22}",
        private="id",
        section="健康",
        when=_disabled,
    )
    doctor: str = text("家庭医生", width=40, default="", section="健康", synonyms=("签约医生",))
    doctor_signed_on: date | None = day("签约日期", default=None, section="健康")

    labour: str | None = choice(
        "劳动技能", codes("labour"), default=None, listed=True, private="health", section="劳动", synonyms=("劳动能力",)
    )
    work_place: str = text("务工所在地", width=60, default="", section="劳动", span=6)
    work_area: str | None = choice(
        "务工区域", codes("work_area"), default=None, section="劳动", synonyms=("务工状况",)
    )
    work_months: Decimal | None = measure(
        "务工时间", places=1, high=12, unit="个月", default=None, section="劳动", synonyms=("务工时间（月）",)
    )
    mandarin: bool | None = flag("会普通话", default=None, section="劳动", synonyms=("是否会讲普通话",))
    soldier: bool | None = flag("现役军人", default=None, section="劳动", synonyms=("是否现役军人",))

    ins_res_med: bool | None = flag(
        "城乡居民医保", default=None, section="保障", synonyms=("是否参加城乡居民基本医疗保险",)
    )
    ins_emp_med: bool | None = flag(
        "城镇职工医保", default=None, section="保障", synonyms=("是否参加城镇职工基本医疗保险",)
    )
    ins_serious: bool | None = flag(
        "大病保险", default=None, section="保障", synonyms=("是否参加大病保险", "参加大病医疗")
    )
    ins_comm: bool | None = flag(
        "商业补充医保", default=None, section="保障", synonyms=("是否参加商业补充医疗保险",)
    )
    aid_serious: bool | None = flag(
        "接受大病救助", default=None, section="保障", private="illness", synonyms=("是否接受大病救助",)
    )
    pension_res: bool | None = flag(
        "城乡居民养老保险", default=None, section="保障", synonyms=("是否参加城乡居民基本养老保险",)
    )
    pension_emp: bool | None = flag(
        "城镇职工养老保险", default=None, section="保障", synonyms=("是否参加城镇职工基本养老保险",)
    )
    dibao: str | None = choice(
        "享受低保", BENEFITS, default=None, section="保障", policy="review", synonyms=("享受低保政策情况",)
    )
    tekun: str | None = choice(
        "特困供养",
        BENEFITS,
        default=None,
        section="保障",
        policy="review",
        synonyms=("享受特困供养政策情况",),
    )

    at_home: bool | None = flag(
        "在家居住", default=None, listed=True, section="在家情况", synonyms=("是否在家居住",)
    )
    away_place: str = text(
        "外出地点", width=60, default="", section="在家情况", when=lambda v: v["at_home"] is False
    )
    away_since: date | None = day(
        "外出日期", default=None, section="在家情况", when=lambda v: v["at_home"] is False
    )
    present: bool = flag(
        "在册",
        default=True,
        section="在家情况",
        policy="review",
        hint="死亡、迁出等减少以后为“否”，仍留在原户名下可查",
    )
    counted: bool = flag(
        "计入家庭人口", default=True, section="在家情况", hint="现役义务兵、服刑、已迁出、出嫁的选“否”"
    )
    died_on: date | None = day("死亡日期", default=None, section="在家情况", policy="review")
    note: str = note("备注", width=500, default="", section="在家情况")

    def rules(self) -> Iterator[Problem]:
        """Identity, schooling, health, insurance and benefits agree with each other."""
        yield from checks.name_problems(self.name)
        yield from checks.identity_problems(self.id_type, self.id_no, self.sex, self.birth)
        yield from checks.birth_problems(self.birth)
        yield from checks.relation_problems(self.relation, self.sex, codes("relation").get(self.relation, ""))
        yield from checks.health_problems(self.health, self.disab_grade, self.disab_no)
        if self.dibao not in (None, "不享受") and self.tekun not in (None, "不享受"):
            yield Problem("tekun", "低保和特困供养只能享受一项，请核对")
        if self.died_on and self.birth and self.died_on < self.birth:
            yield Problem("died_on", f"死亡日期 {self.died_on} 早于出生日期 {self.birth}，请核对")
