"""Settings that the county gives: lines, premiums, thresholds, names of offices."""

from __future__ import annotations

from nehe_desktop.core.fields import note, text, year
from nehe_desktop.core.record import Record


class Setting(
    Record,
    table="setting",
    title="参数",
    scope="county",
    by_county=True,
    key=("name", "year"),
    together=(("value", "unit", "source"),),
    indexes=("name, year",),
):
    """One value of a setting from a year on; no year means every year (domain §2.3)."""

    name: str = text("参数", width=40, synonyms=("参数名", "名称"))
    label: str = text("说明", width=60, default="", listed=True, span=6)
    year: int | None = year("年度", default=None, listed=True)
    value: str = text("值", width=400, default="", listed=True, hint="空着表示尚未定，需要县里给出")
    unit: str = text("单位", width=12, default="", listed=True, span=2)
    source: str = note("依据", width=200, default="", listed=True)
