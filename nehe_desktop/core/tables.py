"""Typed tables from declarations: columns, indexes, fields that were added or renamed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlite_utils

from nehe_desktop.core.kinds import Ref
from nehe_desktop.core.record import Ledger

SYSTEM: Mapping[str, str] = {
    "_scope": "TEXT",  # the village whose laptops hold the row, or "county"
    "_stamp": "INTEGER",  # hybrid logical clock of the last change
    "_extra": "TEXT",  # fields of a newer program, as JSON, kept for the way back
}
_TYPES = {"TEXT": str, "INTEGER": int}


def prepare(database: sqlite_utils.Database, ledgers: Iterable[Ledger]) -> None:
    """Brings every ledger's table to its declaration; stored rows keep all they have."""
    present = set(database.table_names())
    for ledger in ledgers:
        _rename_table(database, ledger, present)
        if ledger.table in present:
            _add_columns(database, ledger)
        else:
            _create(database, ledger)
        _index(database, ledger)


def _columns(ledger: Ledger) -> dict[str, str]:
    declared = {name: field.kind.column for name, field in ledger.fields.items()}
    return {"id": "TEXT", **declared, **SYSTEM}


def _create(database: sqlite_utils.Database, ledger: Ledger) -> None:
    columns = {name: _TYPES[column] for name, column in _columns(ledger).items()}
    database.table(ledger.table).create(columns, pk="id", not_null={"id"}, strict=True)


def _rename_table(database: sqlite_utils.Database, ledger: Ledger, present: set[str]) -> None:
    if ledger.was in present and ledger.table not in present:
        database.rename_table(ledger.was, ledger.table)
        present.add(ledger.table)


def _add_columns(database: sqlite_utils.Database, ledger: Ledger) -> None:
    present = set(database.table(ledger.table).columns_dict)
    for name, column in _columns(ledger).items():
        if name in present:
            continue
        old = next((was for was in _was(ledger, name) if was in present), None)
        if old is None:
            database.table(ledger.table).add_column(name, _TYPES[column])
        else:
            database.conn.execute(f"ALTER TABLE [{ledger.table}] RENAME COLUMN [{old}] TO [{name}]")


def _was(ledger: Ledger, name: str) -> tuple[str, ...]:
    return ledger.fields[name].was if name in ledger.fields else ()


def _index(database: sqlite_utils.Database, ledger: Ledger) -> None:
    """One index for every field that is listed, refers elsewhere or is searched, and the declared ones."""
    single = (
        name
        for name, field in ledger.fields.items()
        if field.listed or field.search or isinstance(field.kind, Ref)
    )
    for columns in dict.fromkeys([*single, *ledger.indexes]):
        name = f"ix_{ledger.table}_{columns.replace(', ', '_')}"
        database.conn.execute(f"CREATE INDEX IF NOT EXISTS [{name}] ON [{ledger.table}] ({columns})")
