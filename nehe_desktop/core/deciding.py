"""Who may not decide what, told by the rows themselves: separated duties, own rows, closed periods (domain §11.2).

A ledger declares it by paths; laptop and hub walk them with a `Look` of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

Values = Mapping[str, Any]
HANDS = "_hands"
"""Beside the values of a laptop's own row: the names of all who wrote it, joined by “、”."""

Look = Callable[[str, str], Values | None]
"""The stored values of a row by ledger and id; None where there is none."""


@dataclass(frozen=True)
class Path:
    """A way from a row to a value: `via` is a field of the row, each hop the field of the row that was led to."""

    via: str
    hops: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Apart:
    """The field that says who decides, and the ways to those who may not; a way may end at several names (“、”).

    A row whose field `confirming[0]` holds `confirming[1]` decides nothing: who is on a sheet may confirm it.
    """

    by: str
    others: tuple[Path, ...]
    confirming: tuple[str, ...] = ()


@dataclass(frozen=True)
class Closing:
    """What closes a period of a ledger: the ledger of locks, and the fields that make the id of a lock.

    A field may be cut, as `day:7` for the month of a day.
    """

    table: str
    of: tuple[str, ...]


def same_person(one: str, other: str) -> bool:
    """Whether two names mean one person; an unnamed one is nobody's double."""
    return bool(one.strip()) and "".join(one.split()) == "".join(other.split())


def led_to(path: Path, values: Values, look: Look) -> str:
    """The value at the end of a way; empty where it breaks off."""
    found = values.get(path.via)
    for table, name in path.hops:
        row = look(table, str(found)) if found else None
        found = row.get(name) if row is not None else None
    return str(found or "")


def is_own_matter(apart: Apart, values: Values, look: Look) -> bool:
    """Whether who decides is one of those whom it is about."""
    if _only_confirms(apart, values):
        return False
    ends = (led_to(path, values, look) for path in apart.others)
    return any(same_person(str(values.get(apart.by) or ""), name) for end in ends for name in end.split("、"))


def is_nobodys(apart: Apart, values: Values, look: Look) -> bool:
    """Whether nobody can tell who decides, or whom it is about."""
    if not str(values.get(apart.by) or "").strip():
        return True
    return not _only_confirms(apart, values) and not all(led_to(each, values, look) for each in apart.others)


def _only_confirms(apart: Apart, values: Values) -> bool:
    return bool(apart.confirming) and values.get(apart.confirming[0]) == apart.confirming[1]


def lock_id(values: Sequence[str]) -> str:
    """The id of the lock of a period, the same on every laptop."""
    return blake2b("\x1f".join(values).encode(), digest_size=16).hexdigest()


def locks_of(closing: Closing, *rows: Values) -> list[str]:
    """The ids of the locks that would forbid to change rows from the first values to the next."""
    parts = [[_cut(values, name) for name in closing.of] for values in rows]
    return list(dict.fromkeys(lock_id(each) for each in parts if all(each)))


def is_closed(closing: Closing, look: Look, *rows: Values) -> bool:
    """Whether one of these rows lies in a period that is locked."""
    locks = (look(closing.table, each) for each in locks_of(closing, *rows))
    return any(lock is not None and bool(lock.get("closed")) for lock in locks)


def _cut(values: Values, name: str) -> str:
    field, _, length = name.partition(":")
    text = str(values.get(field) or "")
    return text[: int(length)] if length else text
