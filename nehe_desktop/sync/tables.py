"""What a laptop keeps for the sync beside its ledgers, in the same encrypted file."""

from __future__ import annotations

import json
import re
from typing import Any

from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Store

_TABLES = """
-- who this laptop is to the hub, and where it stands
sync_state (k TEXT PRIMARY KEY, v TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- sealed transactions: number and chain of the incarnation that sends them; `final` is the number of the last
-- part of the same save; `heads` names what the hub's scopes had reached after it, `before` the same of an earlier
-- life of the hub, as JSON; `settled` when the laptop has seen all of that; kept for a hub that is restored from a backup
sync_tx (id INTEGER PRIMARY KEY, dev TEXT NOT NULL, seq INTEGER NOT NULL, chain TEXT NOT NULL, body BLOB NOT NULL,
  final INTEGER NOT NULL, scopes TEXT NOT NULL, heads INTEGER, before TEXT, acked_at INTEGER,
  settled INTEGER NOT NULL DEFAULT 0, why TEXT NOT NULL DEFAULT '', UNIQUE (dev, seq)) STRICT;

-- numbers of the hub's scopes, as JSON {scope: hseq}; many transactions are acknowledged at the same ones
sync_head (id INTEGER PRIMARY KEY, heads TEXT NOT NULL) STRICT;

-- how far each scope was read, and the sum of the marks of its rows; `whole` is 0 while it is read anew
sync_cursor (scope TEXT PRIMARY KEY, hseq INTEGER NOT NULL, digest TEXT NOT NULL, whole INTEGER NOT NULL)
  STRICT, WITHOUT ROWID;

-- what the hub last told of a row: kind as in protocol.Row; `base` is its content as JSON where the row that is
-- seen differs from it (own changes on top, or a ledger that this program does not know); `stale` until it is
-- confirmed when a scope is read anew
sync_row (tbl TEXT NOT NULL, pk TEXT NOT NULL, scope TEXT NOT NULL, rev INTEGER NOT NULL, hseq INTEGER NOT NULL,
  kind INTEGER NOT NULL, base TEXT, stale INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (tbl, pk)) STRICT, WITHOUT ROWID;

-- attachments on their way, up or down; parts of a file that is being fetched
sync_blob (sha256 TEXT PRIMARY KEY, way TEXT NOT NULL, tries INTEGER NOT NULL) STRICT, WITHOUT ROWID;
sync_part (name TEXT NOT NULL, start INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (name, start))
  STRICT, WITHOUT ROWID;

-- what happened, for people; `at` in milliseconds since 1970
sync_log (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, sentence TEXT NOT NULL,
  detail TEXT NOT NULL) STRICT
"""
_INDEXES = (
    "ix_sync_row_scope ON sync_row (scope, hseq)",
    "ix_sync_tx_open ON sync_tx (id) WHERE settled = 0",
    "ix_sync_tx_unacked ON sync_tx (dev, seq, final) WHERE heads IS NULL",
    "ix_sync_tx_heads ON sync_tx (heads) WHERE settled = 0",
    "ix_journal_unsealed ON journal (jid) WHERE state = 'pending' AND seq IS NULL",
    "ix_journal_open ON journal (tbl, pk) WHERE state IN ('pending', 'acked', 'quarantined')",
    "ix_journal_seq ON journal (seq) WHERE seq IS NOT NULL",
    "ix_journal_given ON journal (given) WHERE given <> ''",
    "ix_journal_scope ON journal (scope)",
)


def are_there(store: Store) -> bool:
    """Whether this file was ever used with a hub."""
    return store.one("SELECT 1 FROM sqlite_master WHERE name = 'sync_state'") is not None


def prepare(store: Store) -> None:
    """Makes what is missing."""
    store.database.write(_prepare).result()


def _prepare(writing: Writing) -> None:
    for table in re.sub(r"--[^\n]*", "", _TABLES).split(";"):
        writing.execute(f"CREATE TABLE IF NOT EXISTS {table}")
    for index in _INDEXES:
        writing.execute(f"CREATE INDEX IF NOT EXISTS {index}")


def value(writing: Writing, name: str, default: Any = None) -> Any:
    """A kept value, read by the writer."""
    row = writing.execute("SELECT v FROM sync_state WHERE k = ?", (name,)).fetchone()
    return json.loads(row[0]) if row else default


def keep(writing: Writing, name: str, what: Any) -> None:
    """Keeps a JSON value under a name."""
    packed = json.dumps(what, ensure_ascii=False)
    writing.execute("INSERT OR REPLACE INTO sync_state VALUES (?, ?)", (name, packed))


def kept(store: Store, name: str, default: Any = None) -> Any:
    """A kept value, read by anybody."""
    row = store.one("SELECT v FROM sync_state WHERE k = ?", (name,))
    return json.loads(row[0]) if row else default


def unpacked(packed: str | None) -> Any:
    """The value of a JSON column; an empty object where there is none."""
    return json.loads(packed) if packed else {}
