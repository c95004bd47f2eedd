"""What the hub tells of rows becomes the laptop's rows, in small transactions, each with the cursor it reaches."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nehe_desktop.core import journal
from nehe_desktop.core.changes import empty_of, write_rows
from nehe_desktop.core.database import Writing
from nehe_desktop.core.ids import new_id
from nehe_desktop.core.journal import Entry
from nehe_desktop.core.record import LEDGERS, Ledger
from nehe_desktop.sync import attachments, cursors, overlay, pouring
from nehe_desktop.sync.overlay import Own, Values
from nehe_desktop.sync.proofs import mark
from nehe_desktop.sync.protocol import EXIT, GIVEN, GONE, LIVE, Row

CAME = "收到"


@dataclass
class Taken:
    """What came of some rows: how many changed what is seen, which ledgers, and the newest stamp."""

    changed: Counter[str] = field(default_factory=Counter)
    tables: set[str] = field(default_factory=set)
    stamp: int = 0


@dataclass(frozen=True)
class Known:
    """What the hub last told of a row."""

    scope: str
    rev: int
    hseq: int
    kind: int
    base: str | None
    stale: int = 0


def take(writing: Writing, scope: str, rows: Sequence[Row], taken: Taken, *, quietly: bool = False) -> None:
    """Takes rows of a scope in; `quietly` where the histories need no line, as for a new laptop."""
    digest = cursors.digest(writing, scope)
    for table, part in _by_table(rows).items():
        digest += _take_table(writing, scope, table, part, taken, quietly=quietly)
    cursors.keep_digest(writing, scope, digest)
    taken.stamp = max([taken.stamp, *(row.h for row in rows)])


def _by_table(rows: Iterable[Row]) -> dict[str, dict[str, Row]]:
    """The newest row of each key, by table."""
    tables: dict[str, dict[str, Row]] = {}
    for row in rows:
        tables.setdefault(row.t, {})[row.k] = row
    return tables


def _take_table(
    writing: Writing, scope: str, table: str, rows: Mapping[str, Row], taken: Taken, *, quietly: bool
) -> int:
    """Takes the rows of one table in; what they add to the scope's digest."""
    known = known_rows(writing, table, list(rows))
    fresh = {pk: row for pk, row in rows.items() if _is_news(scope, row, known.get(pk))}
    if not fresh:
        return 0
    ledger = LEDGERS.get(table)
    own = overlay.own_changes(writing, table, list(fresh))
    if ledger is not None and quietly and _is_all_new(writing, ledger, fresh, known, own):
        pouring.pour(writing, ledger, scope, fresh)
        taken.changed["I"] += len(fresh)
        taken.tables.add(table)
        attachments.note_wanted(writing, ledger, (row.f for row in fresh.values()))
    elif ledger is not None:
        seen = {pk: _seen(row, own.get(pk, ())) for pk, row in fresh.items()}
        show(writing, ledger, seen, fresh, scope, taken, quietly=quietly)
        attachments.note_wanted(writing, ledger, (row.f for row in fresh.values()))
    _keep_told(writing, scope, table, fresh, own)
    _leave_elsewhere(writing, scope, table, fresh, known)
    return sum(_weight(scope, table, row, known.get(pk)) for pk, row in fresh.items())


def _is_all_new(
    writing: Writing,
    ledger: Ledger,
    fresh: Mapping[str, Row],
    known: Mapping[str, Known],
    own: Mapping[str, list[Own]],
) -> bool:
    alive = not known and not own and all(row.g in (LIVE, GIVEN) for row in fresh.values())
    return alive and pouring.is_free(writing, ledger, list(fresh))


def known_rows(writing: Writing, table: str, ids: Sequence[str]) -> dict[str, Known]:
    """What the hub last told of these rows."""
    found: dict[str, Known] = {}
    for start in range(0, len(ids), overlay.CHUNK):
        part = ids[start : start + overlay.CHUNK]
        marks = ",".join("?" * len(part))
        sql = f"SELECT pk, scope, rev, hseq, kind, base, stale FROM sync_row WHERE tbl = ? AND pk IN ({marks})"
        found.update({pk: Known(*told) for pk, *told in writing.execute(sql, (table, *part))})
    return found


def _is_news(scope: str, row: Row, known: Known | None) -> bool:
    if known is None:
        return row.g != EXIT
    if row.g == EXIT:
        return known.scope == scope and known.hseq < row.q
    return bool(known.stale) or row.v > known.rev or (row.v == known.rev and (known.scope, known.kind) != (scope, row.g))


def _seen(row: Row, own: Sequence[Own]) -> Values | None:
    if row.g == EXIT:
        return None
    return overlay.on_top(None if row.g == GONE else row.f, own)


def _weight(scope: str, table: str, row: Row, known: Known | None) -> int:
    """What a row adds to its scope's digest now, less what it added before."""
    before = mark(table, row.k, known.rev) if known and known.kind == LIVE and known.scope == scope else 0
    return (mark(table, row.k, row.v) if row.g == LIVE else 0) - before


def _leave_elsewhere(
    writing: Writing, scope: str, table: str, fresh: Mapping[str, Row], known: Mapping[str, Known]
) -> None:
    """A row that comes into this scope leaves the one where it stood; its departure may be read later."""
    for pk, row in fresh.items():
        told = known.get(pk)
        if told and told.scope != scope and told.kind == LIVE and row.g != EXIT:
            before = cursors.digest(writing, told.scope)
            cursors.keep_digest(writing, told.scope, before - mark(table, pk, told.rev))


def _keep_told(writing: Writing, scope: str, table: str, fresh: Mapping[str, Row], own: Mapping[str, list[Own]]) -> None:
    gone = [(table, pk) for pk, row in fresh.items() if row.g == EXIT]
    writing.conn.executemany("DELETE FROM sync_row WHERE tbl = ? AND pk = ?", gone)
    known = table in LEDGERS
    beside = [
        (table, pk, scope, row.v, row.q, row.g, None if known and pk not in own else _packed(row))
        for pk, row in fresh.items()
        if row.g != EXIT
    ]
    sql = "INSERT OR REPLACE INTO sync_row (tbl, pk, scope, rev, hseq, kind, base) VALUES (?, ?, ?, ?, ?, ?, ?)"
    writing.conn.executemany(sql, beside)


def _packed(row: Row) -> str:
    return json.dumps(row.f, ensure_ascii=False)


def show(
    writing: Writing,
    ledger: Ledger,
    seen: Mapping[str, Values | None],
    told: Mapping[str, Row],
    scope: str,
    taken: Taken,
    *,
    quietly: bool = False,
) -> None:
    """Brings stored rows to what is to be seen, and notes in the histories what others did."""
    present = overlay.stored_rows(writing, ledger, list(seen))
    entries = []
    for pk, values in seen.items():
        entry = overlay.entry_of(ledger, pk, scope, values, present.get(pk))
        if entry is not None:
            entries.append(entry)
    if not entries:
        return
    if not quietly:
        _note(writing, entries, told)
    _write(writing, ledger, entries, seen, lambda entry: told[entry.id].h if entry.id in told else 0)
    taken.changed.update(entry.op for entry in entries)
    taken.tables.add(ledger.table)


def _note(writing: Writing, entries: Iterable[Entry], told: Mapping[str, Row]) -> None:
    """A line in the history of each row, by author and stamp, as if it had been made here."""
    saves: dict[tuple[str, int], list[Entry]] = {}
    for entry in entries:
        row = told.get(entry.id)
        if row is not None:
            saves.setdefault((row.u, row.h), []).append(entry)
    for (author, stamp), part in saves.items():
        journal.record(writing, part, tx=new_id(), stamp=stamp, author=author, reason=CAME, state="came")


def _write(
    writing: Writing,
    ledger: Ledger,
    entries: Sequence[Entry],
    seen: Mapping[str, Values | None],
    stamp_of: Callable[[Entry], int],
) -> None:
    write_rows(writing, ledger, [_known_part(ledger, entry, seen) for entry in entries], stamp_of)
    extras = [(packed, e.id) for e in entries if e.op == "I" and (packed := _extra(ledger, seen[e.id] or {}))]
    writing.conn.executemany(f"UPDATE [{ledger.table}] SET _extra = ? WHERE id = ?", extras)


def _known_part(ledger: Ledger, entry: Entry, seen: Mapping[str, Values | None]) -> Entry:
    """The entry with the columns that this program has; what it does not know goes into `_extra`."""
    patch: dict[str, tuple[Any, Any]] = {}
    for name, (old, new) in entry.patch.items():
        if name in ledger.fields:
            patch[name] = (old, empty_of(ledger, name) if new is None else new)
        elif entry.op == "U":
            patch["_extra"] = (None, _extra(ledger, seen[entry.id] or {}))
    return replace(entry, patch=patch)


def _extra(ledger: Ledger, values: Values) -> str | None:
    unknown = {name: value for name, value in values.items() if name not in ledger.fields}
    return json.dumps(unknown, ensure_ascii=False) if unknown else None
