"""Own changes that became rows just as they were sent: the hub tells their numbers, and the laptop knows the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Receipt
from nehe_desktop.sync import cursors, inbox, settling
from nehe_desktop.sync.inbox import Taken
from nehe_desktop.sync.merge import plain
from nehe_desktop.sync.protocol import GONE, LIVE, Ack, Change, Own, Row, Transaction

_decode = msgspec.json.Decoder(Transaction).decode
Values = dict[str, Any]
Sent = tuple[Transaction, Change, int]
"""A change, the save it is of, and the revision of its row."""


def taking(dev: str, ack: Ack, own: Own, reached: Mapping[str, int]) -> Callable[[Writing], Receipt]:
    """The step that takes such rows in; `reached` are the cursors that the laptop had sent."""

    def work(writing: Writing) -> Receipt:
        taken = Taken()
        sent = list(_sent(writing, dev, own))
        for scope in own.scopes:
            rows = _rows(writing, [each for each in sent if each[1].s == scope], reached.get(scope, 0))
            if rows and rows[-1].q == ack.heads.get(scope):
                inbox.take(writing, scope, rows, taken)
                cursors.move(writing, scope, rows[-1].q)
                if cursors.reached_head(writing, scope):
                    settling.drop_stale(writing, scope, taken)
        changed = taken.changed
        return Receipt("", frozenset(taken.tables), changed["I"], changed["U"], changed["D"])

    return work


def _sent(writing: Writing, dev: str, own: Own) -> Iterator[Sent]:
    sql = "SELECT body FROM sync_tx WHERE dev = ? AND seq = ? AND length(body) > 0"
    for seq, revs in enumerate(own.revs, own.first):
        found = writing.execute(sql, (dev, seq)).fetchone()
        if found is None:
            return  # cleared with its village; the rows come by themselves later
        save = _decode(found[0])
        yield from ((save, change, rev) for change, rev in zip(save.c, revs, strict=False) if rev)


def _rows(writing: Writing, sent: list[Sent], number: int) -> list[Row]:
    """The rows as the hub has them now, numbered from the cursor on."""
    present: dict[tuple[str, str], Values | None] = {}
    rows: list[Row] = []
    for at, (save, change, rev) in enumerate(sent, number + 1):
        key = (change.t, change.k)
        if key not in present:
            present[key] = _told(writing, *key)
        present[key] = _after(present[key], change)
        values = {name: value for name, value in (present[key] or {}).items() if plain(value) is not None}
        kind = GONE if change.o == "D" else LIVE
        rows.append(Row(change.t, change.k, rev, at, kind, values, save.u, save.h))
    return rows


def _told(writing: Writing, table: str, pk: str) -> Values | None:
    """A row as the hub last told it."""
    known = inbox.known_rows(writing, table, [pk]).get(pk)
    return None if known is None else settling.base_of(writing, table, pk, known)


def _after(values: Values | None, change: Change) -> Values | None:
    if change.o == "D":
        return None
    return {**(values or {}), **{name: new for name, (_, new) in change.f.items()}}
