"""What the laptop already holds of the households and people that a file names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from nehe_desktop.core.record import Ledger, Record
from nehe_desktop.core.store import Store
from nehe_desktop.features.households.ledger import Household, Person

R = TypeVar("R", bound=Record)
_MANY = 400


class Known(NamedTuple):
    """A stored row: its id and its stored values by field."""

    id: str
    values: Mapping[str, Any]


def rows_of(store: Store, cls: type[Record], fields: Sequence[str]) -> Iterator[Known]:
    """Every row of a ledger with some of its fields, as SQLite keeps them."""
    names = list(dict.fromkeys(fields))
    sql = f"SELECT id{''.join(f', [{name}]' for name in names)} FROM [{cls.ledger.table}]"
    for id, *row in store.rows(sql):
        yield Known(id, dict(zip(names, row, strict=True)))


def households(store: Store, fields: Sequence[str]) -> list[Known]:
    """The stored households, also those that left or died out."""
    return list(rows_of(store, Household, ["hh_no", "village", "head", "status", *fields]))


def people(store: Store, fields: Sequence[str]) -> list[Known]:
    """The stored persons."""
    wanted = ["household", "relation", "name", "person_no", "id_no", "died_on", "sex", "birth", *fields]
    return list(rows_of(store, Person, wanted))


def divisions(store: Store) -> list[tuple[str, str, str, str | None]]:
    """Id, name, level and parent of every division."""
    sql = "SELECT id, name, level, parent FROM division"
    return [(id, name, level, parent) for id, name, level, parent in store.rows(sql)]


def by_id(store: Store, cls: type[R], ids: Sequence[str]) -> dict[str, R]:
    """Whole records of these ids."""
    found: dict[str, R] = {}
    for at in range(0, len(ids), _MANY):
        part = ids[at : at + _MANY]
        found.update((r.id, r) for r in store.all(cls, f"id IN ({','.join('?' * len(part))})", part))
    return found


def named(store: Store, ledger: Ledger, fields: Sequence[str]) -> list[tuple[str, ...]]:
    """Id and the words by which a person knows each record of a ledger."""
    sql = f"SELECT id{''.join(f', [{name}]' for name in fields)} FROM [{ledger.table}]"
    return [(id, *(str(word) if word else "" for word in words)) for id, *words in store.rows(sql)]
