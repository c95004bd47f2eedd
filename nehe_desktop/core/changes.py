"""What a transaction does to rows: put, remove and undo, each noted in the journal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlite_utils

from nehe_desktop.core import journal, search_index
from nehe_desktop.core.errors import Invalid, Trouble
from nehe_desktop.core.journal import Entry
from nehe_desktop.core.kinds import Ref
from nehe_desktop.core.record import LEDGERS, Ledger, Record

_CHUNK = 400


@dataclass(frozen=True)
class Put:
    """Stores a record: inserts it, or updates the fields that differ."""

    record: Record


@dataclass(frozen=True)
class Remove:
    """Removes a record; the journal keeps what it was."""

    cls: type[Record]
    id: str


Change = Put | Remove


@dataclass(frozen=True)
class Receipt:
    """What a transaction did: rows inserted, updated, removed, and kept by an undo as they changed since."""

    tx: str
    tables: frozenset[str] = frozenset()
    inserted: int = 0
    updated: int = 0
    removed: int = 0
    kept: int = 0


@dataclass(frozen=True)
class Context:
    """The circumstances of one transaction."""

    tx: str
    stamp: int
    author: str
    reason: str
    undoes: str | None = None


def apply(database: sqlite_utils.Database, changes: Iterable[Change], context: Context) -> Receipt:
    """Does the changes in order and notes them; raises Invalid for the first record with errors."""
    done: Counter[str] = Counter()
    tables: set[str] = set()
    stream = iter(changes)
    while chunk := list(islice(stream, _CHUNK)):
        for ledger, part in _by_ledger(chunk):
            entries = _entries(database, ledger, part)
            _write(database, ledger, entries, context)
            done.update(entry.op for entry in entries)
            if entries:
                tables.add(ledger.table)
    return Receipt(context.tx, frozenset(tables), done["I"], done["U"], done["D"])


def _by_ledger(chunk: Sequence[Change]) -> Iterator[tuple[Ledger, list[Change]]]:
    """Runs of changes to one ledger, in order."""
    part: list[Change] = []
    for change in chunk:
        if part and _ledger(part[-1]) is not _ledger(change):
            yield _ledger(part[-1]), part
            part = []
        part.append(change)
    if part:
        yield _ledger(part[-1]), part


def _ledger(change: Change) -> Ledger:
    return change.record.ledger if isinstance(change, Put) else change.cls.ledger


def _id(change: Change) -> str:
    return change.record.id if isinstance(change, Put) else change.id


def _entries(database: sqlite_utils.Database, ledger: Ledger, part: Sequence[Change]) -> list[Entry]:
    last = {_id(change): change for change in part}
    present = rows_by_id(database, ledger, list(last))
    entries = (_entry(database, ledger, change, present.get(id)) for id, change in last.items())
    return [entry for entry in entries if entry is not None]


def _entry(
    database: sqlite_utils.Database, ledger: Ledger, change: Change, old: Mapping[str, Any] | None
) -> Entry | None:
    if isinstance(change, Remove):
        if old is None:
            return None
        gone = {n: (old[n], None) for n in ledger.fields if old[n] is not None}
        return Entry(ledger.table, change.id, old["_scope"], "D", gone)
    errors = [p for p in change.record.problems() if p.level == "error"]
    if errors:
        raise Invalid(errors)
    new = change.record.stored()
    if old is None:
        patch = {n: (None, v) for n, v in new.items() if v is not None and v != ""}
        return Entry(ledger.table, change.record.id, scope_of(database, ledger, new), "I", patch)
    patch = {n: (old[n], v) for n, v in new.items() if v != old[n] and (v or old[n]) not in (None, "")}
    if not patch:
        return None
    return Entry(ledger.table, change.record.id, scope_of(database, ledger, new, old["_scope"]), "U", patch)


def rows_by_id(
    database: sqlite_utils.Database, ledger: Ledger, ids: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """The stored rows of these ids, by id."""
    names = ["id", *ledger.fields, "_scope"]
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        marks = ",".join("?" * len(part))
        sql = f"SELECT {', '.join(f'[{n}]' for n in names)} FROM [{ledger.table}] WHERE id IN ({marks})"
        for row in database.conn.execute(sql, part):
            found[row[0]] = dict(zip(names, row, strict=True))
    return found


def scope_of(
    database: sqlite_utils.Database, ledger: Ledger, stored: Mapping[str, Any], before: str = "county"
) -> str:
    """The village whose laptops hold a row, following the declared path of refs.

    A row whose path has come to an end stays where it was `before`: it is nobody else's now.
    """
    if ledger.scope == "county":
        return "county"
    first, *rest = ledger.scope.split(".")
    here, id = ledger, stored.get(first)
    for step in rest:
        kind = here.fields[first].kind
        if id is None or not isinstance(kind, Ref):
            return before
        here, first = LEDGERS[kind.table], step
        row = database.conn.execute(f"SELECT [{step}] FROM [{here.table}] WHERE id = ?", (id,)).fetchone()
        id = row[0] if row else None
    return id or before


def _write(
    database: sqlite_utils.Database, ledger: Ledger, entries: Sequence[Entry], context: Context
) -> None:
    """Brings the rows to what the entries say and notes the entries."""
    names = ["id", *ledger.fields, "_scope", "_stamp"]
    inserts = [
        (
            e.id,
            *(e.patch[n][1] if n in e.patch else _nothing(ledger, n) for n in ledger.fields),
            e.scope,
            context.stamp,
        )
        for e in entries
        if e.op == "I"
    ]
    columns, marks = ", ".join(f"[{n}]" for n in names), ",".join("?" * len(names))
    sql = f"INSERT INTO [{ledger.table}] ({columns}) VALUES ({marks})"
    database.conn.executemany(sql, inserts)
    for e in entries:
        if e.op == "U":
            sets = ", ".join(f"[{n}] = ?" for n in e.patch)
            values = [new for _, new in e.patch.values()]
            database.conn.execute(
                f"UPDATE [{ledger.table}] SET {sets}, _scope = ?, _stamp = ? WHERE id = ?",
                (*values, e.scope, context.stamp, e.id),
            )
    database.conn.executemany(
        f"DELETE FROM [{ledger.table}] WHERE id = ?", [(e.id,) for e in entries if e.op == "D"]
    )
    journal.record(
        database,
        entries,
        tx=context.tx,
        stamp=context.stamp,
        author=context.author,
        reason=context.reason,
        undoes=context.undoes,
    )
    search_index.update(database, ledger, entries)


def _nothing(ledger: Ledger, name: str) -> str | None:
    default = ledger.fields[name].default
    return "" if isinstance(default, str) else None


def undo(database: sqlite_utils.Database, context: Context) -> Receipt:
    """Takes one transaction back as far as nobody changed its rows since."""
    rows = database.conn.execute(
        "SELECT tbl, pk, op, patch FROM journal WHERE tx = ? ORDER BY jid DESC", (context.undoes,)
    ).fetchall()
    if not rows:
        raise Trouble("这一步已经找不到了，不能撤销")
    done: Counter[str] = Counter()
    tables: set[str] = set()
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for table, id, op, patch in rows:
        groups.setdefault(table, []).append((id, op, patch))
    removing = {(table, id) for table, id, op, _ in rows if op == "I"}
    for table, group in groups.items():
        ledger = LEDGERS[table]
        entries = _reversed(database, ledger, group, removing)
        _write(database, ledger, entries, context)
        done.update(entry.op for entry in entries)
        done["kept"] += len(group) - len(entries)
        if entries:
            tables.add(table)
    if not tables:
        raise Trouble("这一步之后都已改过，没有可以撤销的内容")
    return Receipt(context.tx, frozenset(tables), done["I"], done["U"], done["D"], done["kept"])


def _reversed(
    database: sqlite_utils.Database,
    ledger: Ledger,
    group: Sequence[tuple[str, str, str]],
    removing: set[tuple[str, str]],
) -> list[Entry]:
    present = rows_by_id(database, ledger, [id for id, _, _ in group])
    needed = _needed(database, ledger, removing)
    entries = []
    for id, op, packed in group:
        patch: dict[str, list[Any]] = json.loads(packed)
        entry = _back(database, ledger, id, op, patch, present.get(id))
        if entry is not None and not (entry.op == "D" and id in needed):
            entries.append(entry)
    return entries


def _back(
    database: sqlite_utils.Database,
    ledger: Ledger,
    id: str,
    op: str,
    patch: Mapping[str, Sequence[Any]],
    row: Mapping[str, Any] | None,
) -> Entry | None:
    known = {n: (old, new) for n, (old, new) in patch.items() if n in ledger.fields}
    if op == "D":
        if row is not None:
            return None
        values = {n: old for n, (old, _) in known.items()}
        back = {n: (None, old) for n, old in values.items()}
        return Entry(ledger.table, id, scope_of(database, ledger, values), "I", back)
    if row is None:
        return None
    untouched = {n: (new, old) for n, (old, new) in known.items() if row[n] == new}
    if op == "I":
        same = len(untouched) == len(known) and _only_entry(database, ledger.table, id)
        whole = {n: (row[n], None) for n in ledger.fields if row[n] is not None}
        return Entry(ledger.table, id, row["_scope"], "D", whole) if same else None
    values = {**row, **{n: old for n, (_, old) in untouched.items()}}
    return (
        Entry(ledger.table, id, scope_of(database, ledger, values, row["_scope"]), "U", untouched)
        if untouched
        else None
    )


def _only_entry(database: sqlite_utils.Database, table: str, id: str) -> bool:
    """Whether nothing happened to a row in transactions after the one that made it."""
    sql = "SELECT count(DISTINCT tx) FROM journal WHERE tbl = ? AND pk = ?"
    return bool(database.conn.execute(sql, (table, id)).fetchone()[0] == 1)


def _needed(database: sqlite_utils.Database, ledger: Ledger, removing: set[tuple[str, str]]) -> set[str]:
    """Ids of this ledger that rows outside the transaction refer to."""
    found: set[str] = set()
    for other in LEDGERS.values():
        for name, field in other.fields.items():
            if isinstance(field.kind, Ref) and field.kind.table == ledger.table:
                sql = f"SELECT [{name}], id FROM [{other.table}] WHERE [{name}] IS NOT NULL"
                found.update(
                    target for target, id in database.conn.execute(sql) if (other.table, id) not in removing
                )
    return found
