"""A cell's value for a declared kind of field: what Excel did to it is undone or, where lost, refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.kinds import Choice, Choices, Flag, IdNumber, Kind, Name, Note, Phone, Text, Whole
from nehe_desktop.spreadsheets.characters import private_character, standard
from nehe_desktop.spreadsheets.sheets import CellError

_EXACT = 10**15  # Excel keeps 15 digits: a longer number has lost its last ones
_ROUNDED = re.compile(r"\d(\.\d+)?[Ee]\+\d{2}")
_LEADING = re.compile(r"'(?=[=+\-@＝＋－＠\d])")
_LABELS = (Text, Note, Name)
_FEW = (Choice, Choices, Flag, Whole)  # kinds with few different values: read once each
_MARK = {"√", "✓", "✔", "☑", "■", "●", "v", "V"}
_NOTHING = {"-", "--", "—", "——", "/", "\\", "／", "无数据", "NULL", "null", "None", "#N/A", "N/A"}


def tidy(raw: object) -> object:
    """The cell with characters made standard; raises Refused for error cells and lost characters."""
    if isinstance(raw, CellError):
        raise Refused(f"单元格是错误值 {raw.code}，请改正公式后再导入")
    if isinstance(raw, float) and raw != raw:  # noqa: PLR0124 - not a number
        raise Refused("单元格不是有效的数字")
    if not isinstance(raw, str):
        return raw
    text = standard(raw).strip(" \t\r\n\u3000\xa0")
    if char := private_character(text):
        raise Refused(f"“{text}”里的第 {text.index(char) + 1} 个字是发表电脑自造的字，请重新录入这个字")
    return _LEADING.sub("", text, count=1)


def read_cell(kind: Kind, raw: object) -> Any:
    """The value of a cell, None where it is empty; raises Refused with a sentence for the person."""
    value = tidy(raw)
    if isinstance(value, str) and value in _NOTHING:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = _number_for(kind, value)
    elif isinstance(value, str) and isinstance(kind, Text | IdNumber) and _ROUNDED.fullmatch(value):
        raise Refused(f"号码显示成了 {value}，后几位已经丢失，请按原件重新录入")
    elif isinstance(value, datetime | time | timedelta) and isinstance(kind, _LABELS):
        value = value.date().isoformat() if isinstance(value, datetime) else str(value)
    elif isinstance(kind, Flag) and value in _MARK:
        value = True
    return kind.read(value.isoformat() if isinstance(kind, _LABELS) and isinstance(value, date) else value)


def _number_for(kind: Kind, number: float) -> object:
    """A number where text is wanted becomes its digits, if Excel still has them all."""
    if not isinstance(kind, Text | Name | IdNumber | Phone | Choice):
        return number
    if abs(number) >= _EXACT:
        raise Refused(
            f"号码被 Excel 存成了数字 {number:.4g}，后几位已经丢失；请把这一列设成“文本”，按原件重新录入"
        )
    return str(int(number)) if float(number).is_integer() else repr(number)


def cell_reader(kind: Kind) -> Callable[[object], Any]:
    """`read_cell` for one column of many rows: the answers of kinds with few values are remembered."""
    if not isinstance(kind, _FEW):
        return lambda raw: None if raw is None else read_cell(kind, raw)
    known: dict[tuple[type, object], Any] = {}

    def read(raw: object) -> Any:
        key = (type(raw), raw)
        if key not in known:
            known[key] = None if raw is None else read_cell(kind, raw)
        return known[key]

    return read
