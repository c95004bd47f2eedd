"""What stays on this laptop and is not a ledger: drafts, settings, attachments."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlite_utils


def prepare(database: sqlite_utils.Database) -> None:
    """Makes the tables."""
    database.conn.execute(
        "CREATE TABLE IF NOT EXISTS local (kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
        " at TEXT NOT NULL, PRIMARY KEY (kind, name)) STRICT, WITHOUT ROWID"
    )
    database.conn.execute(
        "CREATE TABLE IF NOT EXISTS blob (sha256 TEXT PRIMARY KEY, mime TEXT NOT NULL,"
        " content BLOB NOT NULL) STRICT"
    )


def put(database: sqlite_utils.Database, kind: str, name: str, value: Any, at: datetime) -> None:
    """Keeps a JSON value under a name."""
    packed = json.dumps(value, ensure_ascii=False)
    sql = "INSERT OR REPLACE INTO local (kind, name, value, at) VALUES (?, ?, ?, ?)"
    database.conn.execute(sql, (kind, name, packed, at.isoformat(timespec="seconds")))


def drop(database: sqlite_utils.Database, kind: str, name: str) -> None:
    """Forgets a name."""
    database.conn.execute("DELETE FROM local WHERE kind = ? AND name = ?", (kind, name))


def put_blob(database: sqlite_utils.Database, sha256: str, content: bytes, mime: str) -> None:
    """Keeps an attachment once."""
    sql = "INSERT OR IGNORE INTO blob (sha256, mime, content) VALUES (?, ?, ?)"
    database.conn.execute(sql, (sha256, mime, content))
