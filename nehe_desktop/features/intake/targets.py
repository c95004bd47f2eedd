"""What a column of another office's list can mean: a field of a household, a person, a place, or any ledger."""

from __future__ import annotations

from functools import cache

from nehe_desktop.core.fields import Field
from nehe_desktop.core.kinds import Kind, Name, Photos, Ref, Text
from nehe_desktop.core.record import Ledger
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.spreadsheets.headers import Target

TOWN, VILLAGE = "place.town", "place.village"
HEAD_NAME, HEAD_ID = "head.name", "head.id_no"
NAME, ID_NO, RELATION, PERSON_NO = "person.name", "person.id_no", "person.relation", "person.person_no"
HH_NO, BASE_TYPE, HEAD = "household.hh_no", "household.base_type", "household.head"
IDENTITY = frozenset({TOWN, VILLAGE, HEAD_ID, NAME, ID_NO, RELATION, PERSON_NO, HH_NO})
"""A refused cell of these refuses its row; of any other column only that cell is left out."""

_TOWN = Target(
    TOWN, "乡镇", ("乡", "镇", "乡（镇）", "所在乡镇", "乡镇街道", "乡镇（街道）", "乡镇名称", "所属乡镇")
)
_VILLAGE = Target(
    VILLAGE, "行政村", ("村", "村名", "所在村", "村委会", "所在行政村", "行政村名称", "村（社区）")
)
_HEAD_NAME = Target(HEAD_NAME, "户主姓名", ("户主",))
_HEAD_ID = Target(HEAD_ID, "户主证件号码", ("户主身份证号", "户主身份证号码", "户主身份证", "户主证件号"))
_NOT_IMPORTED = ("household.village", HEAD, "household.local_no", "person.household")
_OWN_NAMES = ("成员姓名", "家庭成员姓名", "家庭成员", "成员名称", "贫困人口姓名")
_MORE = {
    ("division", "parent"): ("乡镇", "所在乡镇", "所属乡镇", "乡镇（街道）"),
    ("division", "name"): ("村名", "村", "行政村"),
}
LEFT_OUT = (
    "省",
    "市",
    "县",
    "县（市）",
    "序号",
    "编号",
    "人数",
    "家庭人口",
    "家庭人口数",
    "人口数",
    "年龄",
    "人均纯收入",
)
"""Columns known and not stored here: computed, of another ledger, or of no meaning."""


@cache
def household_targets() -> tuple[Target, ...]:
    """Every meaning of a column in a list of households or persons; a household's comes before a person's."""
    found = [_TOWN, _VILLAGE, _HEAD_NAME, _HEAD_ID]
    for table, cls in (("household", Household), ("person", Person)):
        for name, field in cls.ledger.fields.items():
            key = f"{table}.{name}"
            if key == NAME:
                found.append(Target(NAME, field.label, _OWN_NAMES))
            elif key not in _NOT_IMPORTED and not isinstance(field.kind, Photos):
                found.append(Target(key, field.label, field.synonyms))
    return tuple(found)


@cache
def kind_of(key: str) -> Kind:
    """The kind of the cells of a column with this meaning."""
    match key:
        case "place.town" | "place.village":
            return Text(width=40)
        case "head.name":
            return Name()
        case "head.id_no":
            return Person.ledger.fields["id_no"].kind
    return field_of(key).kind


@cache
def field_of(key: str) -> Field:
    """The declared field behind a key of the household or person ledger."""
    table, name = key.split(".")
    return (Household if table == "household" else Person).ledger.fields[name]


def ledger_targets(ledger: Ledger) -> tuple[Target, ...]:
    """Every meaning of a column in a list of one ledger: its fields, and the township of a village."""
    fields = [f for f in ledger.fields.values() if not isinstance(f.kind, Photos)]
    found = [Target(f.name, f.label, (*f.synonyms, *_MORE.get((ledger.table, f.name), ()))) for f in fields]
    villages = any(isinstance(f.kind, Ref) and f.kind.table == "division" for f in fields)
    return (*found, _TOWN) if villages and ledger.table != "division" else tuple(found)
