"""The log of the sync that people read: what was sent, what came, what went wrong, each in a sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Store

_KEPT = 2000  # lines
_TRACED = "traced"


@dataclass(frozen=True)
class LogLine:
    """One thing that happened, when, and its numbers."""

    at: datetime
    kind: str
    sentence: str
    detail: dict[str, Any]


def note(writing: Writing, at: int, kind: str, sentence: str, detail: dict[str, Any] | None = None) -> None:
    """Writes a line; `at` in milliseconds since 1970. The same trouble again and again is one line."""
    packed = json.dumps(detail or {}, ensure_ascii=False)
    last = writing.execute("SELECT id, kind, sentence FROM sync_log ORDER BY id DESC LIMIT 1").fetchone()
    if last and kind == "trouble" and last[1:] == (kind, sentence):
        writing.execute("UPDATE sync_log SET at = ? WHERE id = ?", (at, last[0]))
        return
    sql = "INSERT INTO sync_log (at, kind, sentence, detail) VALUES (?, ?, ?, ?)"
    id = writing.execute(sql, (at, kind, sentence, packed)).lastrowid
    writing.execute("DELETE FROM sync_log WHERE id <= ?", (id - _KEPT,))


def trace(writing: Writing, at: int, kind: str, sentence: str) -> None:
    """Writes a line that also belongs into the log of who did what; no name of a person may stand in it."""
    note(writing, at, kind, sentence, {_TRACED: True})


def traced_after(writing: Writing, id: int) -> list[tuple[int, datetime, str]]:
    """Number, time and sentence of the lines for the log after a number; asked inside a transaction."""
    if writing.execute("SELECT 1 FROM sqlite_master WHERE name = 'sync_log'").fetchone() is None:
        return []
    sql = "SELECT id, at, sentence FROM sync_log WHERE id > ? AND detail LIKE ? ORDER BY id"
    found = writing.execute(sql, (id, f'%"{_TRACED}"%')).fetchall()
    return [(id, moment(at), sentence) for id, at, sentence in found]


def lines(store: Store, limit: int) -> list[LogLine]:
    """The last lines, newest first."""
    rows = store.rows("SELECT at, kind, sentence, detail FROM sync_log ORDER BY id DESC LIMIT ?", (limit,))
    return [LogLine(moment(at), kind, sentence, json.loads(detail)) for at, kind, sentence, detail in rows]


def moment(at: int) -> datetime:
    """The local time of milliseconds since 1970."""
    return datetime.fromtimestamp(at / 1000).astimezone()
