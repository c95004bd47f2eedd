"""Pictures and scans: rows name them by SHA-256 and travel first, the files follow in parts that are resumed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from nehe_desktop.core import local
from nehe_desktop.core.database import Writing
from nehe_desktop.core.kinds import Photos
from nehe_desktop.core.record import LEDGERS, Ledger, Record
from nehe_desktop.core.store import Store
from nehe_desktop.sync.transport import Denied, Transport

CHUNK = 64 << 10
"""Bytes of an attachment that travel at a time."""

TRIES = 5
"""After so many failures a file waits until somebody asks for a synchronisation."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_GONE = (403, 404)


def named_in(ledger: Ledger, values: Mapping[str, Any]) -> set[str]:
    """The files that a row names."""
    filled = [str(values[name]) for name in _photo_fields(ledger) if values.get(name)]
    return {sha256 for value in filled for sha256 in _SHA256.findall(value)}


def sweep(writing: Writing) -> None:
    """Removes the files that no row and no draft names any more, but for those that are still to be sent."""
    texts = [text for (text,) in writing.execute("SELECT value FROM local").fetchall()]
    for ledger in LEDGERS.values():
        for name in _photo_fields(ledger):
            rows = writing.execute(f"SELECT [{name}] FROM [{ledger.table}] WHERE [{name}] IS NOT NULL")
            texts += [text for (text,) in rows.fetchall()]
    kept = {sha256 for text in texts for sha256 in _SHA256.findall(str(text))}
    kept |= {sha256 for (sha256,) in writing.execute("SELECT sha256 FROM sync_blob WHERE way = 'up'").fetchall()}
    gone = [row for row in writing.execute("SELECT sha256 FROM blob").fetchall() if row[0] not in kept]
    writing.conn.executemany("DELETE FROM blob WHERE sha256 = ?", gone)
    writing.conn.executemany("DELETE FROM sync_blob WHERE sha256 = ?", gone)


@cache
def _photo_fields_of(cls: type[Record]) -> tuple[str, ...]:
    return tuple(name for name, field in cls.ledger.fields.items() if isinstance(field.kind, Photos))


def _photo_fields(ledger: Ledger) -> tuple[str, ...]:
    return _photo_fields_of(ledger.cls)


def note_wanted(writing: Writing, ledger: Ledger, rows: Iterable[Mapping[str, Any]]) -> None:
    """Notes the files of rows that came which are not here yet."""
    if not _photo_fields(ledger):
        return
    names = {sha256 for values in rows for sha256 in named_in(ledger, values)}
    _note(writing, "down", (name for name in names if not _is_here(writing, name)))


def note_sent(writing: Writing) -> None:
    """Notes the files that saves name which are about to be sealed: they follow the rows.

    Also those that were sent before: the hub may want to see once more that this laptop has them.
    """
    tables = [name for name, ledger in LEDGERS.items() if _photo_fields(ledger)]
    marks = ",".join("?" * len(tables))
    sql = (
        "SELECT patch FROM journal INDEXED BY ix_journal_unsealed"
        f" WHERE state = 'pending' AND seq IS NULL AND tbl IN ({marks})"
    )
    names = {sha256 for (patch,) in writing.execute(sql, tables) for sha256 in _SHA256.findall(patch)}
    here = [(name,) for name in names if _is_here(writing, name)]
    _note(writing, "up", (name for (name,) in here))
    writing.conn.executemany("UPDATE sync_blob SET way = 'up', tries = 0 WHERE sha256 = ? AND way = 'sent'", here)


def _note(writing: Writing, way: str, names: Iterable[str]) -> None:
    sql = "INSERT OR IGNORE INTO sync_blob (sha256, way, tries) VALUES (?, ?, 0)"
    writing.conn.executemany(sql, [(name, way) for name in names])


def _is_here(writing: Writing, sha256: str) -> bool:
    return writing.execute("SELECT 1 FROM blob WHERE sha256 = ?", (sha256,)).fetchone() is not None


def left(store: Store) -> int:
    """How many files are still to be carried."""
    row = store.one("SELECT count(*) FROM sync_blob WHERE tries < ? AND way IN ('up', 'down')", (TRIES,))
    return int(row[0]) if row else 0


def carry(store: Store, transport: Transport, told: Callable[[int, int], object]) -> int:
    """Carries what is left, small parts at a time; how many files arrived whole. Raises Unreachable."""
    rows = store.rows("SELECT sha256, way FROM sync_blob WHERE tries < ? AND way IN ('up', 'down')", (TRIES,))
    done = 0
    for number, (sha256, way) in enumerate(rows):
        told(number, len(rows))
        done += (_send if way == "up" else _fetch)(store, transport, sha256)
    return done


def _send(store: Store, transport: Transport, sha256: str) -> bool:
    content = store.blob(sha256) or b""
    have = transport.have(sha256)
    if have < 0 or not content:
        return _failed(store, sha256)
    while have < len(content):
        have = transport.put(sha256, have, len(content), content[have : have + CHUNK])
    return _done(store, sha256, "sent")


def _fetch(store: Store, transport: Transport, sha256: str) -> bool:
    try:
        content = fetch(store, transport, f"/v1/blob/{sha256}", sha256)
    except Denied as denied:
        if denied.status in _GONE:
            return _failed(store, sha256)
        raise
    if content is None:
        return _failed(store, sha256)
    store.database.write(lambda writing: local.put_blob(writing, sha256, content, mime_of(content))).result()
    if len(content) > CHUNK:
        drop_parts(store, sha256)
    return _done(store, sha256, "")


def mime_of(content: bytes) -> str:
    """What kind of picture it is, by its first bytes."""
    return "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"


def fetch(store: Store, transport: Transport, path: str, sha256: str, size: int = 0) -> bytes | None:
    """A file of the hub, going on where an earlier try was cut off; None where its bytes are not what was named.

    Its parts stay until `drop_parts`, so that nothing is fetched twice if the program ends before it is used.
    """
    at, last = _fetched(store, sha256), b""
    while not size or at < size:
        last = transport.fetch(path, at, CHUNK)
        at += len(last)
        if len(last) < CHUNK or at == size:
            break
        _keep_part(store, sha256, at - len(last), last)
        last = b""
    rows = store.rows("SELECT content FROM sync_part WHERE name = ? ORDER BY start", (sha256,))
    content = b"".join([*(bytes(row[0]) for row in rows), last])
    if hashlib.sha256(content).hexdigest() == sha256:
        return content
    drop_parts(store, sha256)
    return None


def _fetched(store: Store, name: str) -> int:
    """How many bytes of a file are here."""
    row = store.one("SELECT max(start + length(content)) FROM sync_part WHERE name = ?", (name,))
    return (row[0] if row else 0) or 0


def _keep_part(store: Store, name: str, start: int, content: bytes) -> None:
    sql = "INSERT OR REPLACE INTO sync_part VALUES (?, ?, ?)"
    store.database.write(lambda writing: writing.execute(sql, (name, start, content))).result()


def drop_parts(store: Store, name: str) -> None:
    """Forgets what was fetched of a file."""
    store.database.write(lambda writing: writing.execute("DELETE FROM sync_part WHERE name = ?", (name,))).result()


def _done(store: Store, sha256: str, way: str) -> bool:
    def note(writing: Writing) -> None:
        if way:
            writing.execute("UPDATE sync_blob SET way = ? WHERE sha256 = ?", (way, sha256))
        else:
            writing.execute("DELETE FROM sync_blob WHERE sha256 = ?", (sha256,))

    store.database.write(note).result()
    return True


def _failed(store: Store, sha256: str) -> bool:
    sql = "UPDATE sync_blob SET tries = tries + 1 WHERE sha256 = ?"
    store.database.write(lambda writing: writing.execute(sql, (sha256,))).result()
    return False


def try_again(writing: Writing) -> None:
    """Lets files that failed too often be tried once more."""
    writing.execute("UPDATE sync_blob SET tries = 0")
