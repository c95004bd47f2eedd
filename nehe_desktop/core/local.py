"""What stays on this laptop and is not a ledger: drafts, settings, attachments."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from nehe_desktop.core.database import Writing


def prepare(database: Writing) -> None:
    """Makes the tables."""
    database.conn.execute(
        "CREATE TABLE IF NOT EXISTS local (kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
        " at TEXT NOT NULL, PRIMARY KEY (kind, name)) STRICT, WITHOUT ROWID"
    )
    database.conn.execute(
        "CREATE TABLE IF NOT EXISTS blob (sha256 TEXT PRIMARY KEY, mime TEXT NOT NULL,"
        " content BLOB NOT NULL) STRICT"
    )


def put(database: Writing, kind: str, name: str, value: Any, at: datetime) -> None:
    """Keeps a JSON value under a name."""
    packed = json.dumps(value, ensure_ascii=False)
    sql = "INSERT OR REPLACE INTO local (kind, name, value, at) VALUES (?, ?, ?, ?)"
    database.conn.execute(sql, (kind, name, packed, at.isoformat(timespec="seconds")))


def drop(database: Writing, kind: str, name: str) -> None:
    """Forgets a name."""
    database.conn.execute("DELETE FROM local WHERE kind = ? AND name = ?", (kind, name))


def put_blob(database: Writing, sha256: str, content: bytes, mime: str) -> None:
    """Keeps an attachment once."""
    sql = "INSERT OR IGNORE INTO blob (sha256, mime, content) VALUES (?, ?, ?)"
    database.conn.execute(sql, (sha256, mime, content))
