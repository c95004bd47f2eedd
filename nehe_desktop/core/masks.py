"""What each audience may see of a person: one table, kind of privacy by audience (domain §1.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Literal

from nehe_desktop.core.fields import Field

Audience = Literal["board", "web", "internal", "export", "screen"]
"""Village board, web and WeChat, internal print, county's file in clear, screen and lists until somebody asks."""

PUBLIC = ("board", "web")
NUMBERS = ("id", "phone", "bank")
"""The kinds of privacy that identify a person by a number."""

UNTOLD = ("illness", "values")
"""The kinds that cannot be shown in part: somebody's illness, and whole rows kept as text, as of a conflict."""

COVERED = (*NUMBERS, *UNTOLD)
"""What the screen shows in clear only to who asks for it: numbers and health (domain §11.2)."""

FILLED = "已填（点眼睛查看）"
"""What stands for an illness or a disability that somebody may ask to see."""

_BAND = 5000  # yuan; in public an income is told in steps of this only


def masked_name(name: str, audience: Audience = "web") -> str:
    """Full at home and on the village board; elsewhere the first and last character: 张*, 张*山, 欧**菲."""
    if audience != "web" or len(name) < 2:
        return name
    return name[0] + "*" if len(name) == 2 else name[0] + "*" * min(len(name) - 2, 2) + name[-1]


def masked_id(number: str, audience: Audience = "internal") -> str:
    """Never in public; 230281********002X on internal prints, whole in the county's export."""
    return masked("id", number, audience)


def masked_phone(number: str, audience: Audience = "internal") -> str:
    """Never in public; 138****1234 on internal prints."""
    return masked("phone", number, audience)


def masked_bank(number: str, audience: Audience = "internal") -> str:
    """Never in public; the last four digits on internal prints."""
    return masked("bank", number, audience)


def masked_address(village: str, hamlet: str, rest: str = "", audience: Audience = "internal") -> str:
    """Village on the web, village and hamlet on the board, all of it at home."""
    return {"web": village, "board": village + hamlet}.get(audience, village + hamlet + rest)


def masked_health(text: str, audience: Audience = "internal") -> str:
    """Illness, disability, cause of poverty and kind of risk: in public only that the conditions are met."""
    return masked("health", text, audience)


def masked_child(head: str, sex: str, audience: Audience = "board") -> str:
    """Someone under 14 in public: the son or daughter of the head, never by name."""
    return "" if audience == "web" else f"{head}之{'女' if sex == '女' else '子'}"


def masked(private: str, text: str, audience: Audience) -> str:
    """A field's text for an audience by how the field is declared private; as it is where it is not."""
    covers = TABLE.get(private)
    return covers[audience](text) if covers else text


def is_cover(field: Field, value: object) -> bool:
    """Whether somebody wrote down what stands on the screen in place of a covered value."""
    return isinstance(value, str) and (
        (field.private in NUMBERS and "*" in value) or (field.private in COVERED and value == FILLED)
    )


def shown(field: Field, value: object, *, whole: bool = False) -> str:
    """A field's value as the screen shows it; `whole` once somebody asked."""
    text = field.kind.show(value)
    return text if whole else masked(field.private, text, "screen")


def _whole(text: str) -> str:
    return text


def _never(_text: str) -> str:
    return ""


def _met(text: str) -> str:
    return "符合条件" if text else ""


def _filled(text: str) -> str:
    return FILLED if text else ""


def _between(head: int, tail: int) -> Callable[[str], str]:
    return lambda text: _middle(text, head, tail)


def _band(text: str) -> str:
    """The step of an amount: 5,000—10,000 元."""
    try:
        at = int(Decimal(text.replace(",", "").removesuffix("元").strip()) // _BAND) * _BAND
    except InvalidOperation:
        return ""
    return f"{at:,}—{at + _BAND:,} 元"


def _middle(text: str, head: int, tail: int) -> str:
    """Stars between the first and last characters; a text too short to hide anything is all stars."""
    hidden = len(text) - head - tail
    if hidden > 0:
        return text[:head] + "*" * hidden + text[-tail:]
    return "*" * max(len(text) - tail, 0) + text[-tail:] if len(text) > tail else "*" * len(text)


Cover = Callable[[str], str]


def _row(board: Cover, web: Cover, **more: Cover) -> Mapping[str, Cover]:
    return {"board": board, "web": web, "internal": _whole, "export": _whole, "screen": _whole, **more}


TABLE: Mapping[str, Mapping[str, Cover]] = {
    "name": _row(_whole, masked_name),
    "id": _row(_never, _never, internal=_between(6, 4), screen=_between(4, 4)),
    "phone": _row(_never, _never, internal=_between(3, 4), screen=_between(3, 4)),
    "bank": _row(_never, _never, internal=_between(0, 4), screen=_between(0, 4)),
    "health": _row(_met, _met),
    "illness": _row(_met, _met, screen=_filled),
    "values": _row(_never, _never, internal=_filled, screen=_filled),
    "address": _row(_never, _never),
    "birth": _row(_never, _never),
    "income": _row(_band, _never),
    "photo": _row(_never, _never, export=_never),
}
"""Kind of privacy by audience; benefits, sizes of families and what else is not private are for everybody.

Illness is what the family is ill with; health is what the office has to plan by, as cause of poverty and labour.
"""
