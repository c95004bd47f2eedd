"""Who refers to a record: every row of every ledger that names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from nehe_desktop.core.kinds import Ref
from nehe_desktop.core.record import LEDGERS, Ledger, Record
from nehe_desktop.core.store import Store


class Use(NamedTuple):
    """A row that refers to another one, by which field."""

    ledger: Ledger
    field: str
    record: Record


def users_of(store: Store, table: str, id: str) -> list[Use]:
    """Every row that refers to a record, the record itself left aside."""
    return [use for use in _uses(store, table, id) if (use.ledger.table, use.record.id) != (table, id)]


def _uses(store: Store, table: str, id: str) -> Iterator[Use]:
    for ledger in LEDGERS.values():
        for name, field in ledger.fields.items():
            if isinstance(field.kind, Ref) and field.kind.table == table:
                for record in store.all(ledger.cls, f"[{name}] = ?", (id,), "id"):
                    yield Use(ledger, name, record)


def counted(uses: list[Use]) -> Mapping[str, int]:
    """How many rows of each ledger, by its title."""
    found: dict[str, set[str]] = {}
    for use in uses:
        found.setdefault(use.ledger.title, set()).add(use.record.id)
    return {title: len(ids) for title, ids in found.items()}


def users_words(uses: list[Use]) -> str:
    """入户走访 12 条、成员增减 1 条."""
    return "、".join(f"{title} {count} 条" for title, count in counted(uses).items())
