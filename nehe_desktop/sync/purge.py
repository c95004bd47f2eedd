"""A village that this laptop may not hold any longer leaves it: rows, histories, search, drafts, attachments.

What the laptop wrote into its own log stays: row numbers and counts, and the chain must go on.
"""

from __future__ import annotations

import json

from nehe_desktop.core import search_index
from nehe_desktop.core.changes import write_rows
from nehe_desktop.core.database import Writing
from nehe_desktop.core.journal import Entry
from nehe_desktop.core.record import LEDGERS, Ledger
from nehe_desktop.core.store import Receipt, Store
from nehe_desktop.sync import attachments, cursors, settling
from nehe_desktop.sync.inbox import Taken


def purge(store: Store, scope: str) -> int | None:
    """Removes everything of a scope from the file, its search and its free pages; how many rows that were.

    None where something was not sent yet: then nothing is removed.
    """
    removed: int | None = None

    def work(writing: Writing) -> Receipt:
        nonlocal removed
        if _is_unsent(writing):
            return Receipt("")
        writing.execute("PRAGMA secure_delete=ON")
        counts = {table: _purge_ledger(writing, ledger, scope) for table, ledger in LEDGERS.items()}
        removed = sum(counts.values())
        _purge_traces(writing, scope)
        return Receipt("", frozenset(table for table, count in counts.items() if count), removed=removed)

    store.exchange(work).result()
    if removed is not None:
        store.database.compact()
    return removed


def _is_unsent(writing: Writing) -> bool:
    sql = "SELECT 1 FROM journal WHERE state = 'pending' AND given = '' LIMIT 1"
    return writing.execute(sql).fetchone() is not None


def _purge_ledger(writing: Writing, ledger: Ledger, scope: str) -> int:
    """Removes rows of the scope, and those that came of it and were moved on here to where this laptop cannot see."""
    sql = f"SELECT * FROM [{ledger.table}] WHERE (_scope = ? OR id IN (SELECT pk FROM sync_row WHERE tbl = ? AND scope = ?))"
    if ledger.is_trace:  # the log of this very laptop goes on
        sql += f" AND id NOT IN (SELECT pk FROM journal WHERE tbl = '{ledger.table}' AND state <> 'came')"
    cursor = writing.execute(sql, (scope, ledger.table, scope))
    columns = [each[0] for each in cursor.description]
    rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    write_rows(writing, ledger, [Entry(ledger.table, row["id"], scope, "D", {}) for row in rows], lambda _: 0)
    keys = [(ledger.table, row["id"]) for row in rows]
    sent = "(SELECT seq FROM journal WHERE tbl = ? AND pk = ?)"
    writing.conn.executemany(f"UPDATE sync_tx SET body = x'', scopes = '[]', settled = 1 WHERE id IN {sent}", keys)
    writing.conn.executemany("DELETE FROM journal WHERE tbl = ? AND pk = ?", keys)
    for row in rows:
        writing.execute("DELETE FROM local WHERE kind = 'draft' AND name GLOB '*' || ? || '*'", (row["id"],))
    return len(rows)


def _purge_traces(writing: Writing, scope: str) -> None:
    sealed = writing.execute("SELECT id, scopes FROM sync_tx").fetchall()
    gone = [(id,) for id, scopes in sealed if scope in json.loads(scopes)]
    writing.conn.executemany("UPDATE sync_tx SET body = x'', scopes = '[]', settled = 1 WHERE id = ?", gone)
    sql = "SELECT DISTINCT tbl, pk FROM journal WHERE scope = ? AND state = 'quarantined'"
    covered = writing.execute(sql, (scope,)).fetchall()
    traces = json.dumps([ledger.table for ledger in LEDGERS.values() if ledger.is_trace])
    own = "scope = ? AND tbl IN (SELECT value FROM json_each(?)) AND state <> 'came'"
    writing.execute(f"UPDATE journal SET state = 'synced' WHERE {own} AND state = 'acked'", (scope, traces))
    writing.execute(f"DELETE FROM journal WHERE scope = ? AND NOT ({own})", (scope, scope, traces))
    writing.execute("DELETE FROM sync_row WHERE scope = ?", (scope,))
    for table, pk in covered:
        settling.uncover(writing, table, [pk], Taken())  # what lay on top of a row that stays is gone
    attachments.sweep(writing)
    search_index.tidy(writing)
    cursors.forget(writing, scope)
