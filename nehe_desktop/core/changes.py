"""What a transaction does to rows: put, remove and undo, each noted in the journal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from nehe_desktop.core import journal, refusing, search_index
from nehe_desktop.core.clock import moment_of
from nehe_desktop.core.database import Writing
from nehe_desktop.core.errors import Invalid, Overtaken, Problem
from nehe_desktop.core.fields import Field
from nehe_desktop.core.guard import UNGUARDED, Guard
from nehe_desktop.core.journal import Entry
from nehe_desktop.core.kinds import Ref
from nehe_desktop.core.record import LEDGERS, Ledger, Record

_CHUNK = 400


@dataclass(frozen=True)
class Put:
    """Stores a record: inserts it, or updates the fields that differ.

    With `seen`, the record as it was before somebody changed it, only what he changed is changed: what
    came from elsewhere meanwhile stays. Where both changed the same, Overtaken says so, and nothing is stored.
    """

    record: Record
    seen: Record | None = None


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
    given: str = ""
    guard: Guard = UNGUARDED


def apply(database: Writing, changes: Iterable[Change], context: Context) -> Receipt:
    """Does the changes in order and notes them; raises Invalid for the first record with errors."""
    done: Counter[str] = Counter()
    tables: set[str] = set()
    stream = iter(changes)
    while chunk := list(islice(stream, _CHUNK)):
        for ledger, part in _by_ledger(chunk):
            for of, entries in _with_following(database, ledger, _entries(database, ledger, part), context):
                done.update(entry.op for entry in entries)
                if entries:
                    tables.add(of.table)
    return Receipt(context.tx, frozenset(tables), done["I"], done["U"], done["D"])


def _with_following(
    database: Writing, ledger: Ledger, entries: list[Entry], context: Context
) -> Iterator[tuple[Ledger, list[Entry]]]:
    """Writes the entries, then what follows from them, which needs no right of its own."""
    write_entries(database, ledger, entries, context)
    yield ledger, entries
    freely = replace(context, guard=UNGUARDED)
    for other, part in _by_ledger([Put(record) for record in _following(database, ledger, entries)]):
        yield from _with_following(database, other, _entries(database, other, part), freely)


def _following(database: Writing, ledger: Ledger, entries: Sequence[Entry]) -> Iterator[Record]:
    stored = [entry for entry in entries if entry.op != "D"]
    if ledger.cls.follows is Record.follows or not stored:
        return
    rows = rows_by_id(database, ledger, [entry.id for entry in stored])
    for entry in stored:
        fields = {name: rows[entry.id][name] for name in ledger.fields}
        yield from ledger.cls.loaded(entry.id, fields).follows(entry.patch, database)


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


def _entries(database: Writing, ledger: Ledger, part: Sequence[Change]) -> list[Entry]:
    last = {_id(change): change for change in part}
    present = rows_by_id(database, ledger, list(last))
    entries = (_entry(database, ledger, change, present.get(id)) for id, change in last.items())
    return [entry for entry in entries if entry is not None]


def _entry(database: Writing, ledger: Ledger, change: Change, old: Mapping[str, Any] | None) -> Entry | None:
    if isinstance(change, Remove):
        if old is None:
            return None
        _refuse_rewriting(ledger)
        if kept := ledger.cls.kept(change.id, database):
            raise Invalid([kept])
        gone = {n: (old[n], None) for n in ledger.fields if old[n] is not None}
        gone.update({n: (value, None) for n, value in json.loads(old["_extra"] or "{}").items()})
        return Entry(ledger.table, change.id, old["_scope"], "D", gone)
    record = change.record if change.seen is None else _onto(ledger, change.seen, change.record, old)
    errors = [p for p in record.problems() if p.level == "error"]
    if errors:
        raise Invalid(errors)
    new = record.stored()
    if old is None:
        patch = {n: (None, v) for n, v in new.items() if v is not None and v != ""}
        return Entry(ledger.table, change.record.id, scope_of(database, ledger, new), "I", patch)
    patch = {n: (old[n], v) for n, v in new.items() if v != old[n] and (v or old[n]) not in (None, "")}
    if not patch:
        return None
    _refuse_rewriting(ledger)
    for name in _companions(ledger, patch):
        patch[name] = (old[name], old[name])  # they win or lose as one: what the others were is part of it
    return Entry(ledger.table, change.record.id, scope_of(database, ledger, new, old["_scope"]), "U", patch)


def _refuse_rewriting(ledger: Ledger) -> None:
    if ledger.append_only:
        raise Invalid([Problem("", f"{ledger.title}只能添加，不能改，也不能删")])


def _onto(ledger: Ledger, seen: Record, wanted: Record, old: Mapping[str, Any] | None) -> Record:
    """What somebody changed, on the row as it is by now; raises Overtaken where that is not what he saw."""
    if old is None:
        raise Overtaken([Problem("", f"这条{ledger.title}刚在别处删除了；要留着它，再保存一次")])
    before, after = seen.stored(), wanted.stored()
    touched = {name: new for name, new in after.items() if new != before[name]}
    looked = (*touched, *_companions(ledger, touched))
    moved = [name for name in looked if (old[name] or None) not in (before[name] or None, after[name] or None)]
    if moved:
        raise Overtaken([_overtaken(ledger.fields[name], old[name]) for name in moved])
    return type(wanted).loaded(wanted.id, {**{name: old[name] for name in ledger.fields}, **touched})


def _overtaken(field: Field, stored: Any) -> Problem:
    shown = "" if field.private or isinstance(field.kind, Ref) else field.kind.show(field.kind.load(stored))
    now = f"，现在是“{shown}”" if shown else ""
    return Problem(field.name, f"{field.label}：别处刚改过{now}；要用您写的，再保存一次")


def knowing(changes: Iterable[Change], *seen: Record | None) -> Iterator[Change]:
    """The changes, each told what was seen of its record before."""
    known = {(type(each), each.id): each for each in seen if each is not None}
    for change in changes:
        before = known.get((type(change.record), change.record.id)) if isinstance(change, Put) else None
        yield replace(change, seen=before) if isinstance(change, Put) and before is not None else change


def _companions(ledger: Ledger, patch: Mapping[str, Any]) -> list[str]:
    """The untouched fields of the groups that a patch touches."""
    groups = (group for group in ledger.together if patch.keys() & set(group))
    return [name for group in groups for name in group if name not in patch]


def rows_by_id(database: Writing, ledger: Ledger, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The stored rows of these ids, by id."""
    names = ["id", *ledger.fields, "_scope", "_extra"]
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        marks = ",".join("?" * len(part))
        sql = f"SELECT {', '.join(f'[{n}]' for n in names)} FROM [{ledger.table}] WHERE id IN ({marks})"
        for row in database.conn.execute(sql, part):
            found[row[0]] = dict(zip(names, row, strict=True))
    return found


def scope_of(database: Writing, ledger: Ledger, stored: Mapping[str, Any], before: str = "") -> str:
    """The village whose laptops hold a row, following the declared path of refs.

    A row whose path has come to an end stays where it was `before`: it is nobody else's now.
    """
    before = before or ledger.unplaced
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


def write_entries(database: Writing, ledger: Ledger, entries: Sequence[Entry], context: Context) -> None:
    """Brings the rows to what the entries say and notes the entries; raises Refused where that is not allowed."""
    look = refusing.look_in(database)
    context.guard.inspect(ledger, entries, look, undoing=context.undoes is not None)
    refusing.refuse(ledger, entries, look)
    if context.guard is not UNGUARDED and not context.undoes:
        refusing.refuse_belated(ledger, entries, look, moment_of(context.stamp))
    write_rows(database, ledger, entries, lambda _: context.stamp)
    journal.record(
        database,
        entries,
        tx=context.tx,
        stamp=context.stamp,
        author=context.author,
        reason=context.reason,
        undoes=context.undoes,
        given=context.given,
    )


def write_rows(
    database: Writing, ledger: Ledger, entries: Sequence[Entry], stamp_of: Callable[[Entry], int]
) -> None:
    """Brings the rows and the search to what the entries say, without a note in the journal."""
    names = ["id", *ledger.fields, "_scope", "_stamp"]
    inserts = [
        (
            e.id,
            *(e.patch[n][1] if n in e.patch else empty_of(ledger, n) for n in ledger.fields),
            e.scope,
            stamp_of(e),
        )
        for e in entries
        if e.op == "I"
    ]
    columns, marks = ", ".join(f"[{n}]" for n in names), ",".join("?" * len(names))
    sql = f"INSERT INTO [{ledger.table}] ({columns}) VALUES ({marks})"
    database.conn.executemany(sql, inserts)
    for e in entries:
        if e.op == "U":
            sets = "".join(f"[{n}] = ?, " for n in e.patch)
            values = [new for _, new in e.patch.values()]
            database.conn.execute(
                f"UPDATE [{ledger.table}] SET {sets}_scope = ?, _stamp = ? WHERE id = ?",
                (*values, e.scope, stamp_of(e), e.id),
            )
    database.conn.executemany(
        f"DELETE FROM [{ledger.table}] WHERE id = ?", [(e.id,) for e in entries if e.op == "D"]
    )
    search_index.update(database, ledger, entries)


def empty_of(ledger: Ledger, name: str) -> str | None:
    """What a column holds where nobody has said anything."""
    default = ledger.fields[name].default
    return "" if isinstance(default, str) else None
