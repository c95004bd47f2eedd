"""What records and their values are called by a person: 宋桂兰户 · 8 月 10 日走访, 9,600 元."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from nehe_desktop.core.fields import Field
from nehe_desktop.core.kinds import Ref
from nehe_desktop.core.masks import COVERED, masked
from nehe_desktop.core.record import LEDGERS, Record
from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance.ledger import HALVES
from nehe_desktop.features.households.folder_queries import household_name
from nehe_desktop.features.households.words import BASE_TYPES
from nehe_desktop.ui.ledger_rows import title_column, titles

Mask = Callable[[Field, str], str]
NOTHING = "（空）"
_LONG_WORD = re.compile(r"[0-9A-Za-z*]{13,}")


class Title(NamedTuple):
    """Whose record it is, and what of him: 宋桂兰户, 收入."""

    owner: str
    what: str

    def __str__(self) -> str:
        return f"{self.owner} · {self.what}" if self.what else self.owner


def covered(field: Field, text: str) -> str:
    """A value as every screen shows it until somebody asks."""
    return masked(field.private, text, "screen")


def unmasked(_field: Field, text: str) -> str:
    """Whole numbers, for who asked to see them."""
    return text


def title_of(store: Store, table: str, id: str, names: Collection[str] = ()) -> Title:
    """What a record is called; `names` are the fields it is about."""
    ledger = LEDGERS.get(table)
    record = store.find(ledger.cls, id) if ledger else None
    if ledger is None or record is None:
        return Title(ledger.title if ledger else "别的台账", "这台电脑上没有这条记录")
    return Title(_owner(store, record), _what(store, record, names))


def _owner(store: Store, record: Record) -> str:
    table, values = record.ledger.table, record.values()
    if table in ("conflict", "double"):
        return title_of(store, values["tbl"], values.get("pk") or values["first"]).owner
    if household := record.id if table == "household" else values.get("household"):
        return household_name(store, household)
    if values.get("member"):
        return called(store, "member", values["member"])
    return called(store, table, record.id) or record.ledger.title


def _what(store: Store, record: Record, names: Collection[str]) -> str:
    table, values = record.ledger.table, record.values()
    if table == "household":
        return _section(record, names)
    if table == "person":
        return values["name"]
    if table == "problem":
        return f"{values['category']}问题"
    about = {"visit": "走访", "night": "夜间住村"}.get(table, record.ledger.title)
    if table == "attendance_half":
        about = f"{HALVES.get(values['half'], '')}考勤"
    if table in ("sheet_step", "month_lock"):
        done = str(values.get("step") or ("锁定" if values.get("closed") else "重开"))
        about = f"{str(values['month'] or '')[4:].lstrip('0')} 月{done}"
    when = values.get("day")
    person = called(store, "person", values["person"]) if table == "membership" else ""
    return f"{day_words(when)}{about}" if when else f"{about} {person}".strip()


def _section(record: Record, names: Collection[str]) -> str:
    """The part of a household's form that the fields stand in."""
    last = ""
    for field in record.ledger.fields.values():
        last = field.section or last
        if field.name in names:
            return last
    return BASE_TYPES.get(record.values()["base_type"], "")


def day_words(day: date) -> str:
    """8 月 10 日."""
    return f"{day.month} 月 {day.day} 日"


def called(store: Store, table: str, id: str) -> str:
    """What the record that a reference points at is called; empty where it is unknown here."""
    if table == "household":
        return household_name(store, id)
    if table not in LEDGERS:
        return ""
    kind = LEDGERS[table].fields[title_column(LEDGERS[table])].kind
    found = titles(store, table, [id]).get(id, "")
    return called(store, kind.table, found) if isinstance(kind, Ref) and found else found


def label_of(table: str, names: Collection[str]) -> str:
    """The labels of fields that are decided as one: 开户银行、账号."""
    ledger = LEDGERS.get(table)
    known = ledger.fields if ledger else {}
    return "、".join(known[name].label if name in known else name for name in names)


def shown(store: Store, table: str, name: str, stored: Any, mask: Mask) -> str:
    """A stored value as a person reads it, with its unit, covered where it is private."""
    ledger = LEDGERS.get(table)
    field = ledger.fields.get(name) if ledger else None
    if stored in (None, ""):
        return NOTHING
    if field is None:
        return str(stored)
    if isinstance(field.kind, Ref):
        return called(store, field.kind.table, stored) or "别处的记录"
    try:
        text = field.kind.show(field.kind.load(stored))
    except (ValueError, TypeError, ArithmeticError, AttributeError):  # a value of a newer program
        return str(stored)
    unit = getattr(field.kind, "unit", "")
    return mask(field, text) + (f" {unit}" if unit else "") if text else NOTHING


def all_shown(store: Store, table: str, values: Mapping[str, Any], names: Collection[str], mask: Mask) -> str:
    """The values of several fields in one text, each with its label where there are several."""
    texts = {name: shown(store, table, name, values.get(name), mask) for name in names}
    if len(texts) == 1:
        return next(iter(texts.values()))
    if all(text == NOTHING for text in texts.values()):
        return NOTHING
    return "\n".join(f"{label_of(table, [name])}：{text}" for name, text in texts.items())


def breakable(text: str) -> str:
    """The text with places where a long number may go on in the next line."""
    return _LONG_WORD.sub(lambda word: "\u200b".join(re.findall(".{1,6}", word[0])), text)


def is_covered(table: str, names: Collection[str]) -> bool:
    """Whether a mask covers something of these fields."""
    ledger = LEDGERS.get(table)
    return bool(ledger) and any(
        ledger.fields[name].private in COVERED for name in names if name in ledger.fields
    )
