"""The household: one class, one ledger (domain §1.2, §4.2, §4.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from nehe_desktop.core.errors import Problem
from nehe_desktop.core.fields import choice, choices, day, flag, measure, note, phone, photos, ref, text
from nehe_desktop.core.fields import year as calendar_year
from nehe_desktop.core.record import Record
from nehe_desktop.features.households import checks
from nehe_desktop.features.households.words import (
    BASE_TYPES,
    BORDERLINE,
    EXIT_STATES,
    HOUSE_WAYS,
    LAND_HIGH,
    POOR_KINDS,
    REGISTERED,
    STATES,
    WATER_WAYS,
)
from nehe_desktop.features.reference.codes import codes


def _registered(values: Mapping[str, Any]) -> bool:
    return values["base_type"] == REGISTERED


def _with_cause(values: Mapping[str, Any]) -> bool:
    return values["base_type"] in (REGISTERED, BORDERLINE)


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
        listed=True,
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
    head: str | None = ref("户主", "person", default=None, listed=True, section="基本情况", policy="review")
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
    house_photos: tuple[str, ...] = photos("住房照片", default=(), section="住房", hint="正面、室内、屋顶")

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
