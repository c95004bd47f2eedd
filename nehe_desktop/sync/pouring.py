"""Rows of a village that a laptop receives for the first time: put in as they come, with nothing to compare."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from nehe_desktop.core import search_index
from nehe_desktop.core import tables as ledgers
from nehe_desktop.core.changes import empty_of
from nehe_desktop.core.database import Writing
from nehe_desktop.core.journal import Entry
from nehe_desktop.core.record import LEDGERS, Ledger
from nehe_desktop.core.store import Receipt, Store
from nehe_desktop.sync import tables
from nehe_desktop.sync.overlay import CHUNK
from nehe_desktop.sync.protocol import Row

MUCH = 1 << 20
"""From how many packed bytes on the indexes are made afterwards instead of row by row."""

_FEW = 5000  # rows of which a laptop may have more than none when it receives very much
_WAL_PAGES = (20_000, 1000)  # how long the write-ahead log may get meanwhile, and usually
_CACHE = (128_000, 24_000)  # KiB of pages kept meanwhile, as indexes are made of all of them, and usually


def loosen(store: Store, size: int) -> None:
    """Makes ready for so many packed bytes where this laptop is almost empty: no index, no search until `tighten`."""
    rows = store.one("SELECT count(*) FROM (SELECT 1 FROM sync_row LIMIT ?)", (_FEW,))
    if size < MUCH or is_loose(store) or (rows and rows[0] >= _FEW):
        return

    def work(writing: Writing) -> None:
        ledgers.loosen(writing, LEDGERS.values())
        tables.keep(writing, "loose", True)
        _widen(writing, _WAL_PAGES[0], _CACHE[0])

    store.database.write(work).result()


def _widen(writing: Writing, wal_pages: int, cache: int) -> None:
    writing.execute(f"PRAGMA wal_autocheckpoint={wal_pages}").fetchall()
    writing.execute(f"PRAGMA cache_size=-{cache}")
    writing.execute("PRAGMA shrink_memory").fetchall()


def is_loose(store: Store) -> bool:
    """Whether indexes and search are to be made; also after the program was ended in the middle."""
    return bool(tables.kept(store, "loose"))


def tighten(store: Store) -> None:
    """Makes indexes and search for what was received."""

    def work(writing: Writing) -> Receipt:
        ledgers.prepare(writing, LEDGERS.values(), anyway=True)
        search_index.rebuild(writing)
        tables.keep(writing, "loose", False)
        _widen(writing, _WAL_PAGES[1], _CACHE[1])
        return Receipt("", frozenset(LEDGERS))

    store.exchange(work).result()
    store.database.tune().result()


def is_free(writing: Writing, ledger: Ledger, ids: Sequence[str]) -> bool:
    """Whether a ledger has none of these rows."""
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        sql = f"SELECT 1 FROM [{ledger.table}] WHERE id IN ({','.join('?' * len(part))}) LIMIT 1"
        if writing.execute(sql, part).fetchone():
            return False
    return True


def pour(writing: Writing, ledger: Ledger, scope: str, rows: Mapping[str, Row]) -> None:
    """Stores live rows that are new to this laptop, and makes them found."""
    filled = set[str]().union(*(row.f for row in rows.values()))
    known = ledger.fields.keys()
    columns = [(name, empty_of(ledger, name)) for name in known if name in filled]
    empty = [(name, nothing) for name in known - filled if (nothing := empty_of(ledger, name)) is not None]
    has_more = not filled <= known
    lines = [
        (
            pk,
            *[row.f.get(name, nothing) for name, nothing in columns],
            scope,
            row.h,
            _extra(ledger, row) if has_more else None,
            *[nothing for _, nothing in empty],
        )
        for pk, row in rows.items()
    ]
    names = ", ".join(f"[{name}]" for name in ("id", *dict(columns), "_scope", "_stamp", "_extra", *dict(empty)))
    marks = ",".join("?" * (len(columns) + 4 + len(empty)))
    writing.conn.executemany(f"INSERT INTO [{ledger.table}] ({names}) VALUES ({marks})", lines)
    if ledger.searched and not tables.value(writing, "loose"):
        search_index.update(writing, ledger, [Entry(ledger.table, pk, scope, "I", {}) for pk in rows])


def _extra(ledger: Ledger, row: Row) -> str | None:
    """What this program does not know of a row."""
    unknown = row.f.keys() - ledger.fields.keys()
    return json.dumps({name: row.f[name] for name in unknown}, ensure_ascii=False) if unknown else None
