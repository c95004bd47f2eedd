"""One transaction taken back as one step, as far as nobody changed its rows since."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from nehe_desktop.core.changes import Context, Receipt, rows_by_id, scope_of, write_entries
from nehe_desktop.core.database import Writing
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.journal import Entry
from nehe_desktop.core.kinds import Ref
from nehe_desktop.core.record import LEDGERS, Ledger


def undo(database: Writing, context: Context) -> Receipt:
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
        write_entries(database, ledger, entries, context)
        done.update(entry.op for entry in entries)
        done["kept"] += len({id for id, _, _ in group}) - len(entries)
        if entries:
            tables.add(table)
    if not tables:
        raise Trouble("这一步之后都已改过，没有可以撤销的内容")
    return Receipt(context.tx, frozenset(tables), done["I"], done["U"], done["D"], done["kept"])


def _reversed(
    database: Writing,
    ledger: Ledger,
    group: Sequence[tuple[str, str, str]],
    removing: set[tuple[str, str]],
) -> list[Entry]:
    present = rows_by_id(database, ledger, [id for id, _, _ in group])
    needed = _needed(database, ledger, removing)
    entries = []
    for id, (op, patch) in _merged(group).items():
        entry = _back(database, ledger, id, op, patch, present.get(id))
        if entry is not None and not (entry.op == "D" and id in needed):
            entries.append(entry)
    return entries


def _merged(group: Sequence[tuple[str, str, str]]) -> dict[str, tuple[str, dict[str, list[Any]]]]:
    """What a transaction did to each record as a whole, though it may have touched it several times.

    The group comes newest first; a record that was made and removed again is left out.
    """
    whole: dict[str, tuple[str, dict[str, list[Any]]]] = {}
    made: set[str] = set()
    for id, op, packed in reversed(group):
        first, patch = whole.get(id, (op, {}))
        if id not in whole and op == "I":
            made.add(id)
        for name, (old, new) in json.loads(packed).items():
            patch[name] = [patch[name][0] if name in patch else old, new]
        whole[id] = ("D" if op == "D" else first if first != "D" else "U", patch)
    return {id: each for id, each in whole.items() if not (each[0] == "D" and id in made)}


def _back(
    database: Writing,
    ledger: Ledger,
    id: str,
    op: str,
    patch: Mapping[str, Sequence[Any]],
    row: Mapping[str, Any] | None,
) -> Entry | None:
    if ledger.append_only:
        return None
    known = {n: (old, new) for n, (old, new) in patch.items() if n in ledger.fields and old != new}
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


def _only_entry(database: Writing, table: str, id: str) -> bool:
    """Whether nothing happened to a row in transactions after the one that made it."""
    sql = "SELECT count(DISTINCT tx) FROM journal WHERE tbl = ? AND pk = ?"
    return bool(database.conn.execute(sql, (table, id)).fetchone()[0] == 1)


def _needed(database: Writing, ledger: Ledger, removing: set[tuple[str, str]]) -> set[str]:
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
