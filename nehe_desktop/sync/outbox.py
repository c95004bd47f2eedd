"""What waits to be sent: saves are sealed into the device's chain, and travel as the bytes that were sealed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from msgspec import Raw, Struct

from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Store
from nehe_desktop.sync import attachments, tables
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.proofs import chained, signed_words
from nehe_desktop.sync.protocol import START, Push, encode

PART = 60_000
"""How many bytes of one save travel as a whole; a larger save travels in parts that the hub does together."""

_KEPT_MS = 30 * 86_400_000
"""How long sent transactions are kept for a hub that is restored from a backup."""

_READ = 5000  # journal rows that are sealed at a time


class _Change(Struct):
    t: str
    k: str
    s: str
    o: str
    f: Raw


class _Save(Struct, omit_defaults=True):
    h: int
    u: str
    r: str
    c: list[_Change]
    g: str = ""
    p: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class Sealed:
    """A sealed transaction: its number, the chain after it, its bytes, and heads of an earlier life of the hub."""

    seq: int
    chain: str
    body: bytes
    before: str | None


def seal_all(writing: Writing, dev: str) -> None:
    """Seals everything that was saved, and notes the pictures that it names."""
    attachments.note_sent(writing)
    while seal(writing, dev):
        pass


def seal(writing: Writing, dev: str) -> int:
    """Seals what was saved since, in order; how many transactions that made."""
    rows = writing.execute(
        "SELECT jid, tx, hlc, author, reason, tbl, pk, scope, op, patch, given FROM journal"
        " WHERE state = 'pending' AND seq IS NULL AND (given = '' OR given IN (SELECT value FROM json_each(?)))"
        " ORDER BY jid LIMIT ?",
        (json.dumps(tables.value(writing, "given_wanted", [])), _READ),
    ).fetchall()
    if len(rows) == _READ:
        rows = _whole(writing, rows)
    made = 0
    for _, entries in groupby(rows, key=lambda row: row[1]):
        made += _seal_save(writing, dev, list(entries))
    return made


def _whole(writing: Writing, rows: list[Any]) -> list[Any]:
    """The rows up to the last save that was read completely; a save that is larger than all is read whole."""
    last = rows[-1][1]
    before = [row for row in rows if row[1] != last]
    if before:
        return before
    found: list[Any] = writing.execute(
        "SELECT jid, tx, hlc, author, reason, tbl, pk, scope, op, patch, given FROM journal"
        " WHERE tx = ? AND state = 'pending' AND seq IS NULL ORDER BY jid",
        (last,),
    ).fetchall()
    return found


def _seal_save(writing: Writing, dev: str, entries: Sequence[Any]) -> int:
    """Seals one save, in as many parts as it needs."""
    parts = list(_parts(entries))
    seq, chain = last_sealed(writing, dev)
    final = seq + len(parts)
    for number, part in enumerate(parts, 1):
        _, _, stamp, author, reason, *_, given = part[0]
        changes = [_Change(t, k, s, o, Raw(f.encode())) for _, _, _, _, _, t, k, s, o, f, _ in part]
        body = encode(_Save(stamp, author, reason, changes, given, (number, len(parts))))
        seq, chain = seq + 1, chained(chain, body)
        scopes = json.dumps(sorted({change.s for change in changes}))
        sql = "INSERT INTO sync_tx (dev, seq, chain, body, final, scopes) VALUES (?, ?, ?, ?, ?, ?)"
        id = writing.execute(sql, (dev, seq, chain, body, final, scopes)).lastrowid
        writing.conn.executemany("UPDATE journal SET seq = ? WHERE jid = ?", [(id, row[0]) for row in part])
    return len(parts)


def _parts(entries: Iterable[Any]) -> Iterator[list[Any]]:
    part: list[Any] = []
    size = 0
    for entry in entries:
        length = len(entry[9]) * 2 + 120
        if part and size + length > PART:
            yield part
            part, size = [], 0
        part.append(entry)
        size += length
    if part:
        yield part


def last_sealed(writing: Writing, dev: str) -> tuple[int, str]:
    """Number and chain of the last transaction that was sealed for this incarnation."""
    sql = "SELECT seq, chain FROM sync_tx WHERE dev = ? ORDER BY seq DESC LIMIT 1"
    found = writing.execute(sql, (dev,)).fetchone()
    return (found[0], found[1]) if found else (0, START)


def unsent(store: Store, dev: str, most: int) -> tuple[list[Sealed], bool]:
    """What is to be sent next, at most so many bytes and at least one; and whether more waits behind it."""
    found = batch_after(store, dev, tables.kept(store, "acked", 0), most)
    return found, (bool(found) and found[-1].seq < newest(store, dev)) or _unsealed(store)


def batch_after(store: Store, dev: str, seq: int, most: int) -> list[Sealed]:
    """Sealed transactions after a number, at most so many bytes and at least one where there is one."""
    sql = "SELECT seq, chain, body, before FROM sync_tx WHERE dev = ? AND seq > ? ORDER BY seq LIMIT 2000"
    found: list[Sealed] = []
    size = 0
    for row in store.rows(sql, (dev, seq)):
        each = Sealed(*row)
        if found and size + len(each.body) > most:
            break
        found.append(each)
        size += len(each.body)
    return found


def newest(store: Store, dev: str) -> int:
    """The number of the last transaction that was sealed."""
    row = store.one("SELECT max(seq) FROM sync_tx WHERE dev = ?", (dev,))
    return (row[0] if row else 0) or 0


def is_waiting(store: Store, dev: str) -> bool:
    """Whether anything is left that the hub has not acknowledged."""
    return newest(store, dev) > tables.kept(store, "acked", 0) or _unsealed(store)


def _unsealed(store: Store) -> bool:
    sql = "SELECT 1 FROM journal WHERE state = 'pending' AND seq IS NULL AND given = '' LIMIT 1"
    return store.one(sql) is not None


def push_of(store: Store, account: Account, batch: Sequence[Sealed]) -> Push:
    """The signed push of some sealed transactions."""
    first = batch[0].seq
    words = signed_words(account.county, account.dev, first, len(batch), batch[-1].chain)
    return Push(
        first=first,
        prev=chain_before(store, account.dev, first),
        txs=[Raw(each.body) for each in batch],
        sig=account.keys.signature(words),
        resend={str(each.seq): tables.unpacked(each.before) for each in batch if each.before},
    )


def chain_before(store: Store, dev: str, seq: int) -> str:
    """The chain after the transaction before `seq`."""
    row = store.one("SELECT chain FROM sync_tx WHERE dev = ? AND seq = ?", (dev, seq - 1))
    return row[0] if row else START


def acknowledge(writing: Writing, dev: str, to: int, chain: str, heads: dict[str, int], now: int) -> bool:
    """Notes that the hub has everything up to `to`; false where it speaks of another chain."""
    sql = "SELECT 1 FROM sync_tx WHERE dev = ? AND seq = ? AND chain = ?"
    if writing.execute(sql, (dev, to, chain)).fetchone() is None:
        return to == 0
    acked = tables.value(writing, "acked", 0)
    tables.keep(writing, "acked", max(acked, to))
    ids = [
        id
        for (id,) in writing.execute(
            "SELECT id FROM sync_tx INDEXED BY ix_sync_tx_unacked"
            " WHERE dev = ? AND seq <= ? AND final <= ? AND heads IS NULL",
            (dev, to, to),
        ).fetchall()
    ]
    told = _kept_heads(writing, heads) if ids else 0
    writing.conn.executemany(
        "UPDATE sync_tx SET heads = ?, acked_at = ? WHERE id = ?", [(told, now, id) for id in ids]
    )
    writing.conn.executemany(
        "UPDATE journal SET state = 'acked' WHERE seq = ? AND state = 'pending'", [(id,) for id in ids]
    )
    return True


def _kept_heads(writing: Writing, heads: dict[str, int]) -> int:
    """What names these numbers: they are kept once for all that was acknowledged at them."""
    packed = json.dumps(heads, sort_keys=True)
    last = writing.execute("SELECT id, heads FROM sync_head ORDER BY id DESC LIMIT 1").fetchone()
    if last and last[1] == packed:
        return int(last[0])
    return int(writing.execute("INSERT INTO sync_head (heads) VALUES (?)", (packed,)).lastrowid)


def set_aside(writing: Writing, dev: str, seq: int, why: str) -> None:
    """Notes that the hub put a transaction aside: it stays visible here, and waits for a person there."""
    sql = "SELECT id FROM sync_tx WHERE dev = ? AND final = (SELECT final FROM sync_tx WHERE dev = ? AND seq = ?)"
    for (id,) in writing.execute(sql, (dev, dev, seq)).fetchall():
        writing.execute("UPDATE sync_tx SET why = ?, settled = 1 WHERE id = ?", (why, id))
        writing.execute("UPDATE journal SET state = 'quarantined' WHERE seq = ? AND state IN ('pending', 'acked')", (id,))


def aside(store: Store) -> list[tuple[str, int]]:
    """Device and number of the transactions that are shown as set aside."""
    sql = (
        "SELECT dev, seq FROM sync_tx WHERE why <> ''"
        " AND EXISTS (SELECT 1 FROM journal WHERE journal.seq = sync_tx.id AND state = 'quarantined')"
    )
    return [(dev, seq) for dev, seq in store.rows(sql)]


def forget_old(writing: Writing, dev: str, now: int) -> None:
    """Forgets sent transactions that lie in a backup of the hub in another place and are a month old."""
    sql = (
        "DELETE FROM sync_tx WHERE settled = 1 AND why = '' AND acked_at < ? AND (dev <> ? OR seq <= ?)"
        " AND seq < (SELECT max(seq) FROM sync_tx AS newest WHERE newest.dev = sync_tx.dev)"
    )
    durable = tables.value(writing, "durable", 0)
    writing.execute(sql, (now - _KEPT_MS, dev, durable))
    writing.execute("DELETE FROM sync_head WHERE id NOT IN (SELECT heads FROM sync_tx WHERE heads IS NOT NULL)")
