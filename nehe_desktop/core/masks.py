"""What each audience may see of a person (domain §1.9): village board, web, internal print, county export."""

from __future__ import annotations

from typing import Literal

Audience = Literal["board", "web", "internal", "export"]
PUBLIC = ("board", "web")


def masked_name(name: str, audience: Audience = "web") -> str:
    """Full at home and on the village board; elsewhere the first and last character: 张*, 张*山, 欧**菲."""
    if audience != "web" or len(name) < 2:
        return name
    return name[0] + "*" if len(name) == 2 else name[0] + "*" * min(len(name) - 2, 2) + name[-1]


def masked_id(number: str, audience: Audience = "internal") -> str:
    """Never in public; 230281********002X on internal prints, whole in the county's export."""
    if audience in PUBLIC:
        return ""
    return number if audience == "export" else _middle(number, 6, 4)


def masked_phone(number: str, audience: Audience = "internal") -> str:
    """Never in public; 138****1234 on internal prints."""
    if audience in PUBLIC:
        return ""
    return number if audience == "export" else _middle(number, 3, 4)


def masked_bank(number: str, audience: Audience = "internal") -> str:
    """Never in public; the last four digits on internal prints."""
    if audience in PUBLIC:
        return ""
    return number if audience == "export" else _middle(number, 0, 4)


def masked_address(village: str, hamlet: str, rest: str = "", audience: Audience = "internal") -> str:
    """Village on the web, village and hamlet on the board, all of it at home."""
    return {"web": village, "board": village + hamlet}.get(audience, village + hamlet + rest)


def masked_health(text: str, audience: Audience = "internal") -> str:
    """Illness, disability, cause of poverty and kind of risk: in public only that the conditions are met."""
    return "符合条件" if text and audience in PUBLIC else text


def masked_child(head: str, sex: str, audience: Audience = "board") -> str:
    """Someone under 14 in public: the son or daughter of the head, never by name."""
    return "" if audience == "web" else f"{head}之{'女' if sex == '女' else '子'}"


def masked(private: str, text: str, audience: Audience) -> str:
    """A field's text for an audience by how the field is declared private; an address only at home."""
    if private == "address":
        return "" if audience in PUBLIC else text
    masks = {"name": masked_name, "id": masked_id, "phone": masked_phone, "bank": masked_bank,
             "health": masked_health}  # fmt: skip
    return masks[private](text, audience) if private in masks else text


def _middle(text: str, head: int, tail: int) -> str:
    """Stars between the first and last characters; a text too short to hide anything is all stars."""
    hidden = len(text) - head - tail
    if hidden > 0:
        return text[:head] + "*" * hidden + text[-tail:]
    return "*" * max(len(text) - tail, 0) + text[-tail:] if len(text) > tail else "*" * len(text)
