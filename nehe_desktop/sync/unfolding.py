"""What an older program had to lay aside, because it did not know the field or the ledger, is taken in."""

from __future__ import annotations

import json

from nehe_desktop.core import tables as ledgers
from nehe_desktop.core.database import Writing
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Receipt, Store
from nehe_desktop.sync import settling, tables
from nehe_desktop.sync.inbox import Taken


def take_in(store: Store) -> None:
    """Takes in what was laid aside, once after the program was updated."""
    shape = ledgers.fingerprint(LEDGERS.values())
    if tables.kept(store, "shape") != shape:
        store.exchange(lambda writing: _take_in(writing, shape)).result()


def _take_in(writing: Writing, shape: str) -> Receipt:
    for table in LEDGERS:
        _fields(writing, table)
    taken = Taken()
    for table in LEDGERS:
        rows = writing.execute("SELECT pk FROM sync_row WHERE tbl = ? AND base IS NOT NULL", (table,)).fetchall()
        settling.uncover(writing, table, [pk for (pk,) in rows], taken)
    tables.keep(writing, "shape", shape)
    return Receipt("", frozenset(LEDGERS))


def _fields(writing: Writing, table: str) -> None:
    """Fields that are known by now move from `_extra` into their columns."""
    fields = LEDGERS[table].fields
    for id, packed in writing.execute(f"SELECT id, _extra FROM [{table}] WHERE _extra IS NOT NULL").fetchall():
        extra = json.loads(packed)
        known = {name: extra.pop(name) for name in list(extra) if name in fields}
        if known:
            sets = "".join(f"[{name}] = ?, " for name in known)
            left = json.dumps(extra, ensure_ascii=False) if extra else None
            writing.execute(f"UPDATE [{table}] SET {sets}_extra = ? WHERE id = ?", (*known.values(), left, id))
