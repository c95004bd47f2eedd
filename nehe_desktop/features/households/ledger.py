"""Households, persons, who belongs to which household since when, and dated categories (domain §1)."""

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
from nehe_desktop.core.fields import year as calendar_year
from nehe_desktop.core.record import Record
from nehe_desktop.features.households import checks
from nehe_desktop.features.reference.codes import codes

REGISTERED, BORDERLINE, ORDINARY = "01", "02", "03"
BASE_TYPES = {REGISTERED: "建档立卡户", BORDERLINE: "边缘户", ORDINARY: "一般户"}
POOR_KINDS = ("一般贫困户", "低保贫困户", "五保贫困户", "特困供养贫困户")
EXIT_STATES = ("未脱贫", "已脱贫（享受政策）", "已脱贫（不享受政策）", "返贫")
STATES = ("有效", "整户消亡", "整户迁出", "合户", "误录")
CATEGORIES = (
    "建档立卡户",
    "边缘户",
    "一般户",
    "脱贫户",
    "脱贫监测户",
    "脱贫不稳定户",
    "边缘易致贫户",
    "突发严重困难户",
    "低保户",
    "特困户",
    "残疾人户",
    "计生特扶户",
    "优抚户",
)
"""What a household may carry, several at once; both wordings, 2020 and 2021+ (domain §2.4)."""
WATER_WAYS = ("集中供水入户", "集中供水点", "分散井", "其他")
HOUSE_WAYS = ("鉴定安全", "改造后安全", "保障住房")
BENEFITS = ("不享受", "农村", "城市")
LAND_HIGH = 500


def _registered(values: Mapping[str, Any]) -> bool:
    return values["base_type"] == REGISTERED


def _with_cause(values: Mapping[str, Any]) -> bool:
    return values["base_type"] in (REGISTERED, BORDERLINE)


def _disabled(values: Mapping[str, Any]) -> bool:
    return checks.DISABLED in (values["health"] or ())


class Household(
    Record,
    table="household",
    title="农户",
    scope="village",
    key=("hh_no", "local_no"),
    together=(("lat", "lon", "gps_acc"), ("bank_name", "bank_no"), ("status", "status_on")),
    indexes=("village, status, base_type",),
):
    """A household, registered or ordinary; its people are Memberships."""

    village: str = ref(
        "所在村", "division", listed=True, section="基本情况", synonyms=("行政村", "村", "村名", "所在行政村")
    )
    hamlet: str = text(
        "自然屯", width=20, default="", listed=True, section="基本情况", synonyms=("屯", "屯名", "自然村")
    )
    group_no: str = text(
        "村民小组", width=12, default="", section="基本情况", span=2, synonyms=("组", "村组", "组别")
    )
    door_no: str = text(
        "门牌号", width=20, default="", private="address", section="基本情况", span=2, synonyms=("家庭住址",)
    )
    hh_no: str = text(
        "户编号",
        width=24,
        default="",
        pattern=r"\d{6,24}",
        listed=True,
        section="基本情况",
        search="code",
        policy="review",
        hint="全国系统的户编号，原样照抄",
        synonyms=("户编码", "户编号（国系统）", "家庭编号"),
    )
    local_no: str = text(
        "户码",
        width=16,
        default="",
        section="基本情况",
        search="code",
        hint="印在户码牌上，由程序编",
        synonyms=("一户一码",),
    )
    base_type: str = choice(
        "户类别",
        BASE_TYPES,
        listed=True,
        section="基本情况",
        policy="review",
        synonyms=("农户类别", "户类别名称"),
    )
    head: str | None = ref("户主", "person", default=None, section="基本情况", policy="review")
    phone: str | None = phone(
        "户联系电话", default=None, section="基本情况", synonyms=("联系电话", "电话", "手机号码", "联系方式")
    )
    consent_on: date | None = day(
        "知情同意日期", default=None, section="基本情况", hint="户店、照片、公示同意书的签字日期"
    )
    consent_no: str = text(
        "同意书编号", width=30, default="", section="基本情况", when=lambda v: v["consent_on"] is not None
    )

    poor_attr: str | None = choice(
        "贫困户属性",
        POOR_KINDS,
        default=None,
        listed=True,
        section="建档立卡",
        policy="review",
        when=_registered,
        synonyms=("户类型", "户属性", "贫困户类型"),
    )
    exit_status: str | None = choice(
        "脱贫状态",
        EXIT_STATES,
        default=None,
        listed=True,
        section="建档立卡",
        policy="review",
        when=_registered,
        synonyms=("脱贫属性",),
    )
    id_standard: str | None = choice(
        "识别标准",
        {"01": "国家标准", "02": "省定标准"},
        default=None,
        section="建档立卡",
        policy="review",
        when=_registered,
    )
    id_year: int | None = calendar_year(
        "识别年度",
        low=2012,
        high=2035,
        default=None,
        section="建档立卡",
        policy="review",
        when=_registered,
        synonyms=("识别年份",),
    )
    exit_year: int | None = calendar_year(
        "脱贫年度",
        low=2014,
        high=2020,
        default=None,
        section="建档立卡",
        policy="review",
        when=_registered,
        synonyms=("脱贫年份", "脱贫时间"),
    )
    cause_main: str | None = choice(
        "主要致贫原因",
        codes("cause"),
        default=None,
        private="health",
        section="建档立卡",
        when=_with_cause,
        synonyms=("致贫原因",),
    )
    cause_other: tuple[str, ...] = choices(
        "其他致贫原因",
        codes("cause"),
        default=(),
        private="health",
        section="建档立卡",
        when=_with_cause,
        hint="最多选 2 项",
    )

    lat: Decimal | None = measure(
        "纬度", places=6, low=-90, high=90, default=None, private="address", section="位置", unit="度"
    )
    lon: Decimal | None = measure(
        "经度", places=6, low=-180, high=180, default=None, private="address", section="位置", unit="度"
    )
    gps_acc: Decimal | None = measure(
        "定位精度", places=0, high=100000, default=None, section="位置", unit="米"
    )

    bank_name: str = text("开户银行", width=40, default="", section="账户", synonyms=("开户行",))
    bank_no: str = text(
        "一卡通账号",
        width=30,
        default="",
        pattern=r"\d{8,30}",
        private="bank",
        section="账户",
        synonyms=("银行账号", "银行卡号", "一卡通号"),
    )

    land_farm: Decimal | None = measure(
        "耕地面积", unit="亩", default=None, section="土地", synonyms=("耕地面积（亩）",)
    )
    land_irrigated: Decimal | None = measure(
        "有效灌溉面积", unit="亩", default=None, section="土地", synonyms=("有效灌溉面积（亩）",)
    )
    land_forest: Decimal | None = measure(
        "林地面积", unit="亩", default=None, section="土地", synonyms=("林地面积（亩）",)
    )
    land_returned: Decimal | None = measure(
        "退耕还林面积", unit="亩", default=None, section="土地", synonyms=("退耕还林面积（亩）",)
    )
    land_orchard: Decimal | None = measure(
        "林果面积", unit="亩", default=None, section="土地", synonyms=("林果面积（亩）",)
    )
    land_grass: Decimal | None = measure(
        "牧草地面积", unit="亩", default=None, section="土地", synonyms=("牧草地面积（亩）",)
    )
    land_water: Decimal | None = measure(
        "水面面积", unit="亩", default=None, section="土地", synonyms=("水面面积（亩）",)
    )

    road_km: Decimal | None = measure(
        "与村主干路距离",
        unit="公里",
        default=None,
        section="生产生活条件",
        synonyms=("与村主干路距离（公里）",),
    )
    road_type: str | None = choice("入户路类型", codes("road"), default=None, section="生产生活条件")
    road_hard: bool | None = flag(
        "入户路硬化", default=None, section="生产生活条件", synonyms=("入户道路是否硬化", "入户路是否硬化")
    )
    elec_prod: bool | None = flag(
        "通生产用电", default=None, section="生产生活条件", synonyms=("是否通生产用电",)
    )
    elec_live: bool | None = flag(
        "通生活用电", default=None, section="生产生活条件", synonyms=("是否通生活用电",)
    )
    tv_net: bool | None = flag(
        "通广播电视或网络", default=None, section="生产生活条件", synonyms=("是否通广播电视",)
    )
    toilet: bool | None = flag(
        "卫生厕所", default=None, section="生产生活条件", synonyms=("是否有卫生厕所", "有无卫生厕所")
    )
    fuel: str | None = choice(
        "主要燃料", codes("fuel"), default=None, section="生产生活条件", synonyms=("主要燃料类型",)
    )

    house_area: Decimal | None = measure(
        "住房面积", unit="㎡", default=None, section="住房", synonyms=("住房面积（平方米）",)
    )
    house_rooms: Decimal | None = measure(
        "住房间数", places=1, high=50, unit="间", default=None, section="住房"
    )
    house_structure: str | None = choice("住房结构", codes("house_structure"), default=None, section="住房")
    house_built: int | None = calendar_year("建造年份", default=None, section="住房")
    house_grade: str | None = choice(
        "鉴定等级", ("A", "B", "C", "D"), default=None, section="住房", span=2, policy="review"
    )
    house_graded_on: date | None = day(
        "鉴定日期", default=None, section="住房", when=lambda v: v["house_grade"] is not None
    )
    house_graded_by: str = text(
        "鉴定单位和文号", width=60, default="", section="住房", when=lambda v: v["house_grade"] is not None
    )
    house_danger: bool | None = flag(
        "危房户", default=None, section="住房", policy="review", synonyms=("是否危房户", "是否危房")
    )
    house_way: str | None = choice("安全认定方式", HOUSE_WAYS, default=None, section="住房")
    living_place: str = text("实际居住地", width=60, default="", section="住房", private="address")
    house_photos: tuple[str, ...] = photos("住房照片", section="住房", hint="正面、室内、屋顶")

    water_way: str | None = choice("供水方式", WATER_WAYS, default=None, section="饮水")
    water_safe: bool | None = flag(
        "饮水安全",
        default=None,
        section="饮水",
        policy="review",
        synonyms=("是否解决安全饮用水", "饮水是否安全", "是否解决安全饮水"),
    )
    water_frozen: bool | None = flag("冬季冻管", default=None, section="饮水")

    coop_join: bool | None = flag(
        "加入合作社", default=None, section="带动", synonyms=("是否加入农民专业合作组织", "是否加入合作社")
    )
    leading_ent: bool | None = flag(
        "龙头企业带动", default=None, section="带动", synonyms=("是否有龙头企业带动",)
    )
    pioneer: bool | None = flag(
        "致富带头人带动", default=None, section="带动", synonyms=("是否有创业致富带头人带动",)
    )
    veteran: bool | None = flag("军烈属", default=None, section="标志", synonyms=("是否军烈属",))
    only_child: bool | None = flag("独生子女户", default=None, section="标志", synonyms=("是否独生子女户",))
    two_girls: bool | None = flag("双女户", default=None, section="标志", synonyms=("是否双女户",))
    relocated: bool | None = flag(
        "易地搬迁户", default=None, section="标志", synonyms=("是否易地扶贫搬迁户", "是否易地搬迁户")
    )
    no_labour: bool | None = flag("整户无劳动能力兜底保障户", default=None, section="标志", policy="review")
    minority: bool | None = flag("少数民族户", default=None, section="标志")

    status: str = choice("户状态", STATES, default="有效", listed=True, section="户状态", policy="review")
    status_on: date | None = day(
        "状态变更日期", default=None, section="户状态", when=lambda v: v["status"] != "有效"
    )
    note: str = note("备注", width=1000, default="", section="户状态")

    def rules(self) -> Iterator[Problem]:
        """Years in order, causes that differ, values within what is usual in Nehe."""
        yield from checks.code_problems(self.local_no)
        if self.id_year and self.exit_year and self.exit_year < self.id_year:
            yield Problem("exit_year", f"脱贫年度 {self.exit_year} 早于识别年度 {self.id_year}，请核对")
        yield from self._causes()
        yield from self._usual()
        if self.status != "有效" and self.status_on is None:
            yield Problem("status_on", f"户状态改为“{self.status}”，要填变更日期")

    def _causes(self) -> Iterator[Problem]:
        if len(self.cause_other) > 2:
            yield Problem("cause_other", f"其他致贫原因最多选 2 项，现在 {len(self.cause_other)} 项")
        if self.cause_main and self.cause_main in self.cause_other:
            label = codes("cause")[self.cause_main]
            yield Problem("cause_other", f"“{label}”已是主要致贫原因，其他原因里要去掉", "warning", "DQ18")

    def _usual(self) -> Iterator[Problem]:
        fields = (
            "land_farm",
            "land_irrigated",
            "land_forest",
            "land_returned",
            "land_orchard",
            "land_grass",
            "land_water",
        )
        for field in fields:
            area = getattr(self, field)
            if area is not None and area > LAND_HIGH:
                label = self.ledger.fields[field].label
                yield Problem(field, f"{label} {area} 亩，超过 {LAND_HIGH} 亩，请再核对", "warning", "DQ33")
        if self.road_km is not None and self.road_km > 5:
            yield Problem(
                "road_km", f"与村主干路距离 {self.road_km} 公里，超过 5 公里，请再核对", "warning", "DQ33"
            )
        if self.lat is not None and self.lon is not None and not checks.in_nehe(self.lat, self.lon):
            yield Problem("lat", f"坐标 {self.lat}，{self.lon} 不在讷河市范围内，请再核对", "warning")


class HouseholdCategory(
    Record,
    table="household_category",
    title="户类别变化",
    scope="household.village",
    key=("household", "category", "since"),
    indexes=("household, since", "category, until"),
):
    """A category that a household carries from a day to a day; several may hold at once."""

    household: str = ref("农户", "household", listed=True)
    category: str = choice("类别", CATEGORIES, listed=True, policy="review")
    since: date = day("起", listed=True, policy="review")
    until: date | None = day("止", default=None, listed=True, policy="review", hint="仍是的空着")
    doc_no: str = text("依据文号", width=60, default="", listed=True)
    note: str = note("说明", width=200, default="")

    def rules(self) -> Iterator[Problem]:
        """The period must be one."""
        if self.until and self.until < self.since:
            yield Problem("until", f"止 {self.until} 早于起 {self.since}，请核对")


class Person(
    Record,
    table="person",
    title="家庭成员",
    scope="household.village",
    key=("id_no",),
    together=(("id_type", "id_no", "sex", "birth"),),
    indexes=("household, relation", "birth"),
):
    """A person; `household` and `relation` are the present ones, the past is in Membership."""

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
        "出生日期", default=None, listed=True, section="身份", policy="review", synonyms=("出生年月",)
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
    photo: tuple[str, ...] = photos("照片", most=1, section="身份")

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
        "健康状况", codes("health"), default=(), private="health", section="健康", synonyms=("健康情况",)
    )
    chronic_type: str = text(
        "慢病或大病种类",
        width=60,
        default="",
        private="health",
        section="健康",
        synonyms=("慢病种类", "大病种类"),
    )
    disab_cat: str | None = choice(
        "残疾类别", codes("disability"), default=None, private="health", section="健康", when=_disabled
    )
    disab_grade: str | None = choice(
        "残疾等级",
        {"1": "一级", "2": "二级", "3": "三级", "4": "四级"},
        default=None,
        private="health",
        section="健康",
        when=_disabled,
    )
    disab_no: str = text("残疾人证号", width=22, default="", private="id", section="健康", when=_disabled)
    doctor: str = text("家庭医生", width=40, default="", section="健康", synonyms=("签约医生",))
    doctor_signed_on: date | None = day("签约日期", default=None, section="健康")

    labour: str | None = choice(
        "劳动技能", codes("labour"), default=None, listed=True, section="劳动", synonyms=("劳动能力",)
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
        "接受大病救助", default=None, section="保障", private="health", synonyms=("是否接受大病救助",)
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
        yield from checks.relation_problems(self.relation, self.sex, codes("relation")[self.relation])
        yield from checks.health_problems(self.health, self.disab_grade, self.disab_no)
        if self.dibao not in (None, "不享受") and self.tekun not in (None, "不享受"):
            yield Problem("tekun", "低保和特困供养只能享受一项，请核对")
        if self.died_on and self.birth and self.died_on < self.birth:
            yield Problem("died_on", f"死亡日期 {self.died_on} 早于出生日期 {self.birth}，请核对")


class Membership(
    Record,
    table="membership",
    title="成员增减",
    scope="household.village",
    key=("household", "person", "joined_on"),
    together=(("joined_on", "join_reason"), ("left_on", "leave_reason")),
    indexes=("household, joined_on", "person, joined_on"),
):
    """That a person belongs to a household from a day to a day, why he came and why he left (domain §1.6)."""

    household: str = ref("农户", "household", listed=True)
    person: str = ref("成员", "person", listed=True)
    relation: str = choice("与户主关系", codes("relation"), listed=True)
    joined_on: date = day("增加日期", listed=True)
    join_reason: str = choice("增加原因", codes("joining"), default="08", listed=True)
    left_on: date | None = day("减少日期", default=None, listed=True, policy="review")
    leave_reason: str | None = choice(
        "减少原因",
        codes("leaving"),
        default=None,
        listed=True,
        policy="review",
        when=lambda v: v["left_on"] is not None,
    )
    evidence: str = text("证明材料", width=80, default="", span=6)
    evidence_photos: tuple[str, ...] = photos("证明材料照片", most=3)
    approved_by: str = text("批准人", width=20, default="")

    def rules(self) -> Iterator[Problem]:
        """Leaving has a day after joining and a reason."""
        if self.left_on and self.left_on < self.joined_on:
            yield Problem("left_on", f"减少日期 {self.left_on} 早于增加日期 {self.joined_on}，请核对")
        if self.left_on and not self.leave_reason:
            yield Problem("leave_reason", "填了减少日期，还要选减少原因")
        if self.leave_reason and not self.left_on:
            yield Problem("left_on", "选了减少原因，还要填减少日期")
