"""The lives of a hub and the incarnations of a laptop: what is done after either was restored or copied."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Store
from nehe_desktop.sync import cursors, inbox, renumbering, settling, tables
from nehe_desktop.sync.inbox import Known
from nehe_desktop.sync.protocol import GONE, LIVE, Fork, Row, Salvage

_AT_ONCE = 400  # rows in one message of salvage

Heads = Mapping[str, int]


def agreed(mine: Sequence[Fork], my_epoch: str, theirs: Sequence[Fork], their_epoch: str) -> Heads:
    """Up to which numbers two lives of the hub tell the same; nothing where they have no common past."""
    known = [*mine, *theirs]
    ours, other = _past(known, my_epoch), _past(known, their_epoch)
    for epoch, limit in ours.items():
        if epoch in other:
            return _least(limit, other[epoch]) or {}
    return {}


def _past(forks: Iterable[Fork], epoch: str) -> dict[str, Heads | None]:
    """Every earlier life with the numbers up to which it is shared; None for the life itself: all of it."""
    by_epoch = {fork.epoch: fork for fork in forks}
    limit: Heads | None = None
    found: dict[str, Heads | None] = {epoch: None}
    while (fork := by_epoch.get(epoch)) is not None and fork.parent and fork.parent not in found:
        limit = _least(limit, fork.heads)
        epoch = fork.parent
        found[epoch] = limit
    return found


def _least(one: Heads | None, other: Heads | None) -> Heads | None:
    if one is None or other is None:
        return one if other is None else other
    return {scope: min(head, other[scope]) for scope, head in one.items() if scope in other}


def lost_rows(store: Store, valid: Heads) -> list[tuple[str, str]]:
    """Table and key of what was pulled of a part that the hub has lost."""
    rows = store.rows("SELECT tbl, pk, scope, hseq FROM sync_row WHERE kind IN (?, ?) AND stale = 0", (LIVE, GONE))
    return [(table, pk) for table, pk, scope, hseq in rows if hseq > valid.get(scope, 0)]


def salvages(store: Store, dev: str, epoch: str, lost: str, keys: Sequence[tuple[str, str]]) -> Iterator[Salvage]:
    """Messages that bring lost rows back."""
    stream = iter(keys)
    while part := list(islice(stream, _AT_ONCE)):
        told = store.database.write(lambda writing, part=part: list(_told(writing, part))).result()
        rows: dict[str, list[Row]] = {}
        for scope, row in told:
            rows.setdefault(scope, []).append(row)
        yield Salvage(dev, epoch, lost, rows)


def _told(writing: Writing, keys: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Row]]:
    for table, pk in keys:
        told: Known | None = inbox.known_rows(writing, table, [pk]).get(pk)
        if told is not None:
            values = settling.base_of(writing, table, pk, told) or {}
            filled = {name: value for name, value in values.items() if value not in (None, "")}
            yield told.scope, Row(table, pk, told.rev, told.hseq, told.kind, filled)


def go_over(
    writing: Writing, dev: str, last: int, epoch: str, lineage: Sequence[Fork], valid: Heads
) -> None:
    """Goes over to the new life: what it does not have is read anew, what it lost of one's own is sent again.

    `last` is the number of this device's last transaction that the new life knows; where it knows more than
    was ever acknowledged here, another laptop goes by this name, and the next push will tell.
    """
    last = min(last, tables.value(writing, "acked", 0))
    for scope, hseq in writing.execute("SELECT scope, hseq FROM sync_cursor").fetchall():
        limit = valid.get(scope, 0)
        if hseq > limit:
            writing.execute(
                "UPDATE sync_row SET stale = 1, rev = -1 WHERE scope = ? AND hseq > ?", (scope, limit)
            )
            writing.execute("UPDATE sync_cursor SET hseq = ?, whole = 0 WHERE scope = ?", (limit, scope))
            cursors.count_anew(writing, scope)
    again = [
        id
        for id, owner, seq, heads in writing.execute(
            "SELECT sync_tx.id, dev, seq, sync_head.heads FROM sync_tx JOIN sync_head ON sync_head.id = sync_tx.heads"
            " WHERE length(body) > 0"
        ).fetchall()
        if (seq > last if owner == dev else _is_past(json.loads(heads), valid))
    ]
    renumbering.renumber(writing, dev, last, again)
    writing.execute("UPDATE sync_blob SET way = 'up', tries = 0 WHERE way = 'sent'")
    tables.keep(writing, "epoch", epoch)
    tables.keep(writing, "lineage", [{"epoch": f.epoch, "parent": f.parent, "heads": f.heads} for f in lineage])


def _is_past(heads: Heads, valid: Heads) -> bool:
    """Whether something was acknowledged in a part that the hub has lost."""
    return any(head > valid.get(scope, 0) for scope, head in heads.items())


def lineage_of(store: Store) -> list[Fork]:
    """The lives of the hub that this laptop went through."""
    return [Fork(each["epoch"], each["parent"], each["heads"]) for each in tables.kept(store, "lineage", [])]
