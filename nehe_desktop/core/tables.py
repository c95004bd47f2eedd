"""Typed tables from declarations: columns, indexes, fields that were added or renamed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from nehe_desktop.core.database import Writing
from nehe_desktop.core.kinds import Ref
from nehe_desktop.core.record import Ledger

SYSTEM: Mapping[str, str] = {
    "_scope": "TEXT",  # the village whose laptops hold the row, or "county"
    "_stamp": "INTEGER",  # hybrid logical clock of the last change
    "_extra": "TEXT",  # fields of a newer program, as JSON, kept for the way back
}
_TYPES = {"TEXT": str, "INTEGER": int}


def prepare(database: Writing, ledgers: Iterable[Ledger], *, anyway: bool = False) -> None:
    """Brings every ledger's table to its declaration; stored rows keep all they have.

    A file that was prepared for these very declarations is not looked at again, unless `anyway`.
    """
    known = fingerprint(ledgers := list(ledgers))
    if _kept(database) == known and not anyway:
        return
    present = set(database.utils.table_names())
    for ledger in ledgers:
        _rename_table(database, ledger, present)
        if ledger.table in present:
            _add_columns(database, ledger)
        else:
            _create(database, ledger)
        _index(database, ledger)
    database.execute("CREATE TABLE IF NOT EXISTS shape (declared TEXT NOT NULL) STRICT")
    database.execute("DELETE FROM shape")
    database.execute("INSERT INTO shape VALUES (?)", (known,))


def loosen(database: Writing, ledgers: Iterable[Ledger]) -> None:
    """Takes the indexes away while very much is stored; `prepare` makes them again, at the latest at the next start."""
    marks = ",".join("?" * len(tables := [ledger.table for ledger in ledgers]))
    sql = f"SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})"
    for (name,) in database.execute(sql, tables).fetchall():
        database.execute(f"DROP INDEX [{name}]")
    database.execute("DELETE FROM shape")


def fingerprint(ledgers: Iterable[Ledger]) -> str:
    """What the tables of these declarations must look like, as one word."""
    shapes = [
        (each.table, each.was, _columns(each), _indexed(each), [f.was for f in each.fields.values()])
        for each in ledgers
    ]
    return hashlib.sha256(repr(shapes).encode()).hexdigest()


def _kept(database: Writing) -> str:
    """The shape that was prepared last; empty in a new file."""
    there = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'shape'").fetchone()
    row = database.execute("SELECT declared FROM shape").fetchone() if there else None
    return row[0] if row else ""


def _columns(ledger: Ledger) -> dict[str, str]:
    declared = {name: field.kind.column for name, field in ledger.fields.items()}
    return {"id": "TEXT", **declared, **SYSTEM}


def _create(database: Writing, ledger: Ledger) -> None:
    columns = {name: _TYPES[column] for name, column in _columns(ledger).items()}
    database.utils.table(ledger.table).create(columns, pk="id", not_null={"id"}, strict=True)


def _rename_table(database: Writing, ledger: Ledger, present: set[str]) -> None:
    if ledger.was in present and ledger.table not in present:
        database.utils.rename_table(ledger.was, ledger.table)
        present.add(ledger.table)


def _add_columns(database: Writing, ledger: Ledger) -> None:
    present = set(database.utils.table(ledger.table).columns_dict)
    for name, column in _columns(ledger).items():
        if name in present:
            continue
        old = next((was for was in _was(ledger, name) if was in present), None)
        if old is None:
            database.utils.table(ledger.table).add_column(name, _TYPES[column])
        else:
            database.conn.execute(f"ALTER TABLE [{ledger.table}] RENAME COLUMN [{old}] TO [{name}]")


def _was(ledger: Ledger, name: str) -> tuple[str, ...]:
    return ledger.fields[name].was if name in ledger.fields else ()


def _indexed(ledger: Ledger) -> list[str]:
    """One index for every field that is listed, refers elsewhere or is searched, and the declared ones."""
    single = (
        name
        for name, field in ledger.fields.items()
        if field.listed or field.search or isinstance(field.kind, Ref)
    )
    return list(dict.fromkeys([*single, *ledger.indexes]))


def _index(database: Writing, ledger: Ledger) -> None:
    for columns in _indexed(ledger):
        name = f"ix_{ledger.table}_{columns.replace(', ', '_')}"
        database.execute(f"CREATE INDEX IF NOT EXISTS [{name}] ON [{ledger.table}] ({columns})")
