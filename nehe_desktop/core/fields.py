"""Fields of a ledger: what the specifier functions return inside a declaration.

The annotation beside a specifier is the Python type; the specifier is the human face: label, kind,
where it stands in form and list, how it is masked and merged.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, cast

from nehe_desktop.core.kinds import (
    Choice,
    Choices,
    Day,
    Flag,
    IdNumber,
    Kind,
    Measure,
    Moment,
    Money,
    Month,
    Name,
    Note,
    Phone,
    Photos,
    Ref,
    Text,
    Whole,
    Year,
    options_of,
)

Policy = Literal["lww", "review", "set"]
Mask = Literal["", "name", "id", "phone", "bank", "health", "illness", "values", "address", "birth", "income", "photo"]
Level = Literal["town", "county"]
Reserved = tuple[str, ...] | Mapping[str, Level]
Condition = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Field:
    """One declared field: the kind of its values and everything the faces need to know of it."""

    name: str
    label: str
    kind: Kind
    required: bool
    default: Any
    listed: bool = False
    private: Mask = ""
    was: tuple[str, ...] = ()
    when: Condition | None = None
    span: int = 4
    section: str = ""
    hint: str = ""
    policy: Policy = "lww"
    synonyms: tuple[str, ...] = ()
    search: Literal["", "name", "id", "phone", "code"] = ""
    posted: bool = False  # free words that may stand on a public posting, such as the name of a village
    reserved: Reserved = ()  # rows with such a value are set, changed and removed only by laptops of that level

    @property
    def levels(self) -> Mapping[str, Level]:
        """Which level's laptops each reserved value belongs to; the county's where nothing is said."""
        return self.reserved if isinstance(self.reserved, Mapping) else dict.fromkeys(self.reserved, "county")

    def shown(self, values: Mapping[str, Any]) -> bool:
        """Whether the field applies, given the other values of the record."""
        return self.when is None or self.when(values)


@dataclass(frozen=True)
class Face:
    """What a specifier says besides the kind; becomes a Field when the class is made."""

    label: str
    kind: Kind
    more: Mapping[str, Any]


def _specify(label: str, kind: Kind, default: Any, more: Mapping[str, Any]) -> Any:
    metadata = {"face": Face(label, kind, more)}
    if default is MISSING:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def text(
    label: str, *, width: int = 40, default: Any = MISSING, pattern: str = "", **more: Any
) -> Any:  # dataclass specifiers are typed Any so that the annotation rules
    """One line of text, at most `width` characters."""
    return _specify(label, Text(width=width, pattern=pattern), default, more)


def note(label: str, *, width: int = 4000, default: Any = MISSING, **more: Any) -> Any:
    """Several lines of text, at most `width` characters."""
    return _specify(label, Note(width=width), default, {"span": 12, **more})


def name(label: str, *, default: Any = MISSING, **more: Any) -> Any:
    """A person's name: any GB 18030-2022 character and the middle dot."""
    return _specify(label, Name(), default, {"private": "name", "search": "name", **more})


def whole(
    label: str,
    *,
    low: int = 0,
    high: int = 2**53,
    unit: str = "",
    default: Any = MISSING,
    **more: Any,
) -> Any:
    """A whole number in `unit` between `low` and `high`."""
    return _specify(label, Whole(low=low, high=high, unit=unit), default, {"span": 3, **more})


def measure(
    label: str,
    *,
    places: int = 2,
    low: int | str = 0,
    high: int | str = 10**9,
    unit: str = "",
    default: Any = MISSING,
    **more: Any,
) -> Any:
    """A decimal number with fixed places, such as an area in 亩; stored as a scaled integer."""
    kind = Measure(places=places, low=Decimal(low), high=Decimal(high), unit=unit)
    return _specify(label, kind, default, {"span": 3, **more})


def money(label: str, *, default: Any = MISSING, low: int = 0, **more: Any) -> Any:
    """An amount in yuan (Decimal, 2 places); stored as integer fen."""
    return _specify(label, Money(low=Decimal(low)), default, {"span": 3, **more})


def day(label: str, *, default: Any = MISSING, **more: Any) -> Any:
    """A calendar day."""
    return _specify(label, Day(), default, {"span": 3, **more})


def month(label: str, *, default: Any = MISSING, **more: Any) -> Any:
    """A month as text YYYYMM."""
    return _specify(label, Month(), default, {"span": 3, **more})


def year(label: str, *, low: int = 1900, high: int = 2100, default: Any = MISSING, **more: Any) -> Any:
    """A calendar year as a whole number."""
    return _specify(label, Year(low=low, high=high), default, {"span": 2, **more})


def moment(label: str, *, default: Any = MISSING, **more: Any) -> Any:
    """A point in time with its offset from UTC."""
    return _specify(label, Moment(), default, more)


def choice(
    label: str, options: Sequence[str] | Mapping[str, str], *, default: Any = MISSING, **more: Any
) -> Any:
    """One of the options; the value is the code, which is the label itself where none is given."""
    return _specify(label, Choice(options_of(options)), default, more)


def choices(
    label: str, options: Sequence[str] | Mapping[str, str], *, default: Any = MISSING, **more: Any
) -> Any:
    """Any number of the options, as a tuple of codes in the order of the declaration."""
    return _specify(label, Choices(options_of(options)), default, {"policy": "set", "span": 8, **more})


def flag(label: str, *, default: Any = MISSING, **more: Any) -> Any:
    """是 or 否; None where nobody has said yet."""
    return _specify(label, Flag(), default, {"span": 3, **more})


def ref(label: str, table: str, *, default: Any = MISSING, **more: Any) -> Any:
    """The id of a record of another ledger."""
    return _specify(label, Ref(table), default, more)


def id_number(label: str, *, default: Any = MISSING, **more: Any) -> Any:
    """A resident ID number or disability card number, as text."""
    return _specify(label, IdNumber(), default, {"private": "id", "search": "id", **more})


def phone(label: str, *, default: Any = MISSING, **more: Any) -> Any:
    """A mobile number of 11 digits or a land line with area code."""
    return _specify(label, Phone(), default, {"private": "phone", "search": "phone", **more})


def photos(label: str, *, most: int = 6, default: Any = (), **more: Any) -> Any:
    """Attached pictures as a tuple of SHA-256 names."""
    return _specify(label, Photos(most=most), default, {"span": 12, "private": "photo", **more})


def declared(spec: dataclasses.Field[Any]) -> Field | None:
    """The Field that a dataclass field declares, or None where it was made without a specifier."""
    face = cast("Face | None", spec.metadata.get("face"))
    if face is None:
        return None
    required = spec.default is MISSING and spec.default_factory is MISSING
    default = None if required else spec.default
    return Field(spec.name, face.label, face.kind, required, default, **face.more)


__all__ = [
    "Field",
    "choice",
    "choices",
    "date",
    "datetime",
    "day",
    "declared",
    "flag",
    "id_number",
    "measure",
    "moment",
    "money",
    "month",
    "name",
    "note",
    "phone",
    "photos",
    "ref",
    "text",
    "whole",
    "year",
]
