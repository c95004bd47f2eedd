"""What is asked of the log: who did what with which ledger and when, as far as the asker may know."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.security.rights import Rights

WHOLE = frozenset({"R7", "R8", "R12", "R13"})
"""Who reads the log of everybody; others read of it what they did themselves (domain §11.2)."""

_SORTS = ("at", "person", "kind", "tbl", "count", "reason", "target")


@dataclass(frozen=True)
class Wanted:
    """Which entries: by person, kinds, ledger, days (both included), words, ids and village; empty means every one."""

    person: str = ""
    kinds: tuple[str, ...] = ()
    tbl: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""
    ids: tuple[str, ...] = ()
    village: str = ""


def only_of(store: Store) -> str:
    """Whose entries who is at the keyboard may read: his own name, or empty for everybody's. Raises Refused."""
    store.guard.require("read", AuditEntry.ledger.table)
    guard = store.guard
    return guard.actor.name if isinstance(guard, Rights) and not guard.actor.roles & WHOLE else ""


def entry_ids(
    store: Store, wanted: Wanted, sort: str = "", *, descending: bool = False, limit: int = 0
) -> array[int]:
    """Row ids of entries, the newest first unless a column is named."""
    where, params = _condition(store, wanted)
    order = (
        f"[{sort}] {'DESC' if descending else 'ASC'}, at DESC" if sort in _SORTS else "at DESC, number DESC"
    )
    most = f" LIMIT {limit}" if limit else ""
    return store.numbers(f"SELECT rowid FROM audit_log {where} ORDER BY {order}{most}", params)


def entries_at(store: Store, numbers: Sequence[int]) -> dict[int, AuditEntry]:
    """Entries by their row ids."""
    marks = ",".join("?" * len(numbers))
    ids = dict(store.rows(f"SELECT id, rowid FROM audit_log WHERE rowid IN ({marks})", tuple(numbers)))
    found = store.all(AuditEntry, f"id IN ({','.join('?' * len(ids))})", tuple(ids))
    return {ids[each.id]: each for each in found}


def entries(store: Store, wanted: Wanted, limit: int = 0) -> list[AuditEntry]:
    """Entries as records, the newest first."""
    where, params = _condition(store, wanted)
    return store.all(AuditEntry, where.removeprefix("WHERE "), params, "at DESC, number DESC", limit)


def entry_of(store: Store, id: str) -> AuditEntry | None:
    """An entry that who is at the keyboard may read."""
    only = only_of(store)
    found = store.find(AuditEntry, id)
    return found if found is not None and (not only or found.person == only) else None


def people_in(store: Store) -> list[str]:
    """Who stands in the log, for choosing one."""
    only = only_of(store)
    rows = store.rows("SELECT DISTINCT person FROM audit_log WHERE person <> '' ORDER BY person")
    return [only] if only else [str(name) for (name,) in rows]


def tables_in(store: Store) -> dict[str, str]:
    """The ledgers that stand in the log: title by table."""
    rows = store.rows("SELECT DISTINCT tbl FROM audit_log WHERE tbl <> '' ORDER BY tbl")
    return {str(table): title_of(str(table)) for (table,) in rows}


def ids_at(store: Store, numbers: Sequence[int]) -> tuple[str, ...]:
    """The ids of entries by their row ids."""
    sql = "SELECT id FROM audit_log WHERE rowid IN (SELECT value FROM json_each(?))"
    return tuple(str(id) for (id,) in store.rows(sql, (json.dumps(list(numbers)),)))


def count_all(store: Store) -> int:
    """How many entries the log of this laptop has."""
    return store.count(AuditEntry)


def title_of(table: str) -> str:
    """What a ledger of an entry is called."""
    return LEDGERS[table].title if table in LEDGERS else table


def is_there(store: Store, entry: AuditEntry) -> bool:
    """Whether the row that an entry is about can be opened here by who is at the keyboard."""
    if entry.tbl not in LEDGERS or not entry.row or not store.guard.may("read", entry.tbl):
        return False
    return store.one(f"SELECT 1 FROM [{entry.tbl}] WHERE id = ?", (entry.row,)) is not None


def _condition(store: Store, wanted: Wanted) -> tuple[str, tuple[Any, ...]]:
    parts = list(_parts(wanted, only_of(store)))
    where = "WHERE " + " AND ".join(sql for sql, _ in parts) if parts else ""
    return where, tuple(value for _, values in parts for value in values)


def _parts(wanted: Wanted, only: str) -> Iterator[tuple[str, Sequence[Any]]]:
    if only:
        yield "person = ?", (only,)
    if wanted.person:
        yield "person = ?", (wanted.person,)
    if wanted.kinds:
        yield f"kind IN ({','.join('?' * len(wanted.kinds))})", wanted.kinds
    if wanted.tbl:
        yield "tbl = ?", (wanted.tbl,)
    if wanted.ids:
        yield "id IN (SELECT value FROM json_each(?))", (json.dumps(wanted.ids),)
    if wanted.village:
        yield "_scope = ?", (wanted.village,)
    if wanted.since:
        yield "at >= ?", (wanted.since.isoformat(),)
    if wanted.until:
        yield "at < ?", ((wanted.until + timedelta(days=1)).isoformat(),)
    if wanted.words:
        part = f"%{wanted.words}%"
        yield "(detail LIKE ? OR reason LIKE ? OR target LIKE ? OR person LIKE ? OR kind LIKE ?)", (part,) * 5


def day_of(text: str) -> date:
    """A day as it is written at the command line; raises Refused."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"日期请写成 2020-10-20 这样，现在是“{text}”") from None
