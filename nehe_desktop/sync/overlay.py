"""What a laptop shows of a row: what the hub last told, with its own changes on top that the hub has not returned."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nehe_desktop.core.changes import rows_by_id
from nehe_desktop.core.database import Writing
from nehe_desktop.core.journal import Entry, Op
from nehe_desktop.core.record import Ledger
from nehe_desktop.sync.merge import plain

CHUNK = 300
"""How many keys stand in one question."""

Values = dict[str, Any]

_OWN = ("id", "_scope")  # what a stored row has beside its fields


@dataclass(frozen=True)
class Own:
    """One own change that lies on top: its operation and patch."""

    op: Op
    patch: Mapping[str, Sequence[Any]]


def own_changes(writing: Writing, table: str, ids: Sequence[str]) -> dict[str, list[Own]]:
    """The changes that the hub has not returned yet, by row, in their order."""
    found: dict[str, list[Own]] = {}
    for part in _chunks(ids):
        marks = ",".join("?" * len(part))
        rows = writing.execute(
            "SELECT pk, op, patch FROM journal WHERE tbl = ? AND state IN ('pending', 'acked', 'quarantined')"
            f" AND given = '' AND pk IN ({marks}) ORDER BY jid",
            (table, *part),
        )
        for pk, op, patch in rows:
            found.setdefault(pk, []).append(Own(op, json.loads(patch)))
    return found


def on_top(base: Values | None, own: Iterable[Own]) -> Values | None:
    """The row as it is seen; None where there is none."""
    seen = None if base is None else dict(base)
    for change in own:
        if change.op == "D":
            seen = None
            continue
        seen = {} if seen is None else seen
        seen.update({name: new for name, (_, new) in change.patch.items()})
    return seen


def below(seen: Values | None, own: Sequence[Own]) -> Values | None:
    """The row as the hub last told it, from what is seen: own changes taken off again."""
    values = None if seen is None else dict(seen)
    for change in reversed(own):
        if change.op == "I":
            values = None
            continue
        values = {} if values is None else values
        values.update({name: old for name, (old, _) in change.patch.items()})
    return values


def stored_rows(writing: Writing, ledger: Ledger, ids: Sequence[str]) -> dict[str, Values]:
    """The rows as they are seen, with the fields of newer programs beside the known ones."""
    found = rows_by_id(writing, ledger, ids)
    for row in found.values():
        packed = row.pop("_extra")
        if packed:
            row.update(json.loads(packed))
    return found


def entry_of(ledger: Ledger, id: str, scope: str, seen: Values | None, row: Values | None) -> Entry | None:
    """What brings a stored row (or none) to what is to be seen; None where nothing differs."""
    if seen is None:
        if row is None:
            return None
        gone = {name: (row[name], None) for name in row if name not in _OWN and row[name] is not None}
        return Entry(ledger.table, id, row["_scope"], "D", gone)
    if row is None:
        patch = {name: (None, value) for name, value in seen.items() if plain(value) is not None}
        return Entry(ledger.table, id, scope, "I", patch)
    patch = {
        name: (old, seen.get(name))
        for name, old in row.items()
        if old != seen.get(name) and plain(old) != plain(seen.get(name)) and name not in _OWN
    }
    patch.update({name: (None, new) for name, new in seen.items() if name not in row and plain(new) is not None})
    if not patch and row["_scope"] == scope:
        return None
    return Entry(ledger.table, id, scope, "U", patch)


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
