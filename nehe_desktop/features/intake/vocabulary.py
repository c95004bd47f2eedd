"""Words of other systems for our options (domain §1.4): only what means exactly the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from nehe_desktop.core.errors import Refused
from nehe_desktop.features.households.words import BORDERLINE, ORDINARY, POOR_KINDS, REGISTERED

_RELATIONS = {
    "户主": "本人 本户户主 户主本人",
    "配偶": "妻 夫 妻子 丈夫 老伴 爱人",
    "之子": "子 儿子 长子 次子 三子 独生子",
    "之女": "女 女儿 长女 次女 三女 独生女",
    "之儿媳": "儿媳 儿媳妇",
    "之女婿": "女婿",
    "之孙子": "孙子 孙",
    "之孙女": "孙女",
    "之外孙子": "外孙 外孙子",
    "之外孙女": "外孙女",
    "之父": "父 父亲",
    "之母": "母 母亲",
    "之岳父": "岳父",
    "之岳母": "岳母",
    "之公公": "公公",
    "之婆婆": "婆婆",
    "之祖父": "祖父 爷爷",
    "之祖母": "祖母 奶奶",
    "之外祖父": "外祖父 姥爷",
    "之外祖母": "外祖母 姥姥",
    "之兄弟姐妹": "兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 兄弟 姐妹 兄弟姐妹",
    "之曾孙辈": "曾孙 曾孙子 曾孙女",
    "其他": "非亲属 其他亲属",
}
_BENEFIT = {"是": "农村", "否": "不享受", "无": "不享受", "未享受": "不享受"}
_WORDS: dict[str, dict[str, str]] = {
    "person.relation": {word: label for label, words in _RELATIONS.items() for word in words.split()},
    "person.sex": {"男性": "男", "女性": "女", "M": "男", "F": "女"},
    "person.id_type": {"身份证": "居民身份证", "二代身份证": "居民身份证", "残疾证": "残疾人证"},
    "person.edu": {
        "文盲": "文盲或半文盲", "半文盲": "文盲或半文盲", "高中（含中职）": "高中", "中专": "高中",
        "大专及以上": "大专", "专科": "大专", "本科": "本科及以上", "大学": "本科及以上",
    },
    "person.labour": {
        "弱劳动力": "弱劳动力或半劳动力", "半劳动力": "弱劳动力或半劳动力",
        "无劳动能力": "无劳动力", "丧失劳动能力": "丧失劳动力",
    },
    "person.health": {"良好": "健康", "慢性病": "长期慢性病", "大病": "患有大病", "慢病": "长期慢性病"},
    "person.political": {
        "党员": "中共党员", "预备党员": "中共预备党员", "团员": "共青团员", "共产党员": "中共党员", "无党派": "无党派人士",
    },
    "person.dibao": {"农村低保": "农村", "城市低保": "城市", **_BENEFIT},
    "person.tekun": {"农村特困": "农村", "城市特困": "城市", **_BENEFIT},
    "household.poor_attr": {
        "一般": "一般贫困户", "低保": "低保贫困户", "五保": "五保贫困户", "五保户": "五保贫困户",
        "特困供养": "特困供养贫困户",
    },
    "household.base_type": {
        "建档立卡贫困户": "建档立卡户", "边缘易致贫户": "边缘户", "一般农户": "一般户", "非贫困户": "一般户",
    },
    "household.exit_status": {"已脱贫享受政策": "已脱贫（享受政策）", "脱贫": "已脱贫（享受政策）"},
}  # fmt: skip
_KINDS_OF_HOUSEHOLD = {
    "脱贫户": REGISTERED, "建档立卡户": REGISTERED, "脱贫不稳定户": REGISTERED, "边缘易致贫户": BORDERLINE,
    "边缘户": BORDERLINE, "一般农户": ORDINARY, "一般户": ORDINARY,
}  # fmt: skip


_SPREAD: dict[str, dict[str, dict[str, Any]]] = {
    "household.poor_attr": {
        word: {"household.base_type": code} for word, code in _KINDS_OF_HOUSEHOLD.items()
    },
    "person.edu": {"学龄前儿童": {"person.school_status": "01"}},
}


def translator(key: str) -> Callable[[object], object] | None:
    """What makes the foreign words of a column ours, or None where there are none.

    It gives a dict for a cell that says something of other fields, by key.
    """
    if key == "person.ethnic":
        return _ethnic
    if key == "person.health":
        return _health
    words: dict[str, object] = {**_WORDS.get(key, {}), **_SPREAD.get(key, {})}
    if not words:
        return None
    return lambda raw: words.get(raw.strip(), raw) if isinstance(raw, str) else raw


def _ethnic(raw: object) -> object:
    """汉 is 汉族; a number is refused, as other systems count the peoples differently (domain §1.5)."""
    text = raw.strip() if isinstance(raw, str) else "" if raw is None else str(raw)
    if text[:1].isdigit():
        raise Refused("民族要写名称（如 汉族），各系统的民族编号不一样，不能按编号导入")
    return f"{text}族" if text and not text.endswith(("族", "籍", "他")) else raw


def _health(raw: object) -> object:
    parts = re.split(r"[、，,；;/\s]+", raw.strip()) if isinstance(raw, str) else []
    return "、".join(_WORDS["person.health"].get(part, part) for part in parts) if parts else raw


def base_type_of(values: dict[str, Any], title: str) -> str:
    """What kind of household a list is of, by its cells, else by the words of its name; empty where neither says."""
    if values.get("household.poor_attr") in POOR_KINDS or values.get("household.exit_status"):
        return REGISTERED
    if "边缘" in title:
        return BORDERLINE
    if any(word in title for word in ("贫困", "脱贫", "建档立卡")):
        return REGISTERED
    return ""
