"""Divisions: the tree that every household, team and laptop hangs on (domain §1.1)."""

from __future__ import annotations

from nehe_desktop.core.fields import choice, flag, ref, text, whole, year
from nehe_desktop.core.record import Record

LEVELS = {"county": "县（市）", "town": "乡镇街道", "village": "行政村", "hamlet": "自然屯"}
KINDS = ("街道", "镇", "乡", "民族乡", "农林场", "行政村", "社区", "自然屯")


class Division(
    Record,
    table="division",
    title="行政区划",
    scope="county",
    by_county=True,
    key=("name", "parent"),
    indexes=("level, sort_no",),
):
    """A county, township, village or hamlet."""

    name: str = text("名称", width=30, listed=True, posted=True, search="name", synonyms=("行政村名称", "区划名称"))
    code: str | None = text(
        "区划代码",
        width=12,
        pattern=r"\d{6}|\d{9}|\d{12}",
        default=None,
        listed=True,
        search="code",
        hint="县 6 位、乡镇 9 位、村 12 位",
    )
    level: str = choice("层级", LEVELS, listed=True)
    parent: str | None = ref("上级", "division", default=None, listed=True)
    kind: str | None = choice("类型", KINDS, default=None, listed=True)
    is_poverty_village: bool | None = flag("贫困村", default=None, when=lambda v: v["level"] == "village")
    exit_year: int | None = year(
        "出列年度", low=2014, default=None, when=lambda v: bool(v["is_poverty_village"])
    )
    verified: bool = flag("已核实", default=False, listed=True, hint="名称与正式区划名单核对过")
    sort_no: int = whole("排序", default=0)
