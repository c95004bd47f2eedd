"""The office's words for households: types, categories and states (domain §1.2, §2.4)."""

from __future__ import annotations

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
