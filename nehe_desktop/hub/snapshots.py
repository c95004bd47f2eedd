"""Scopes as files for laptops that begin: zstd over a JSON Row a line, made once, fetched in pieces."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import zstandard

from nehe_desktop.hub.pull import rows_after
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.hub.working import Head
from nehe_desktop.sync.protocol import COUNTY, EXIT, GONE, Pull, SnapshotNote, encode

WORTH = 300
"""From how many rows on a scope is offered as a file."""

_MOST = 8 << 20  # bytes of rows that are packed during one request; further scopes are offered by the next
_LEVEL = 10
_KEPT = 2
_NOTE = "SELECT hseq, length(content), sha256 FROM snapshot WHERE county = ? AND scope = ? ORDER BY hseq DESC LIMIT 1"
_INSERT = "INSERT INTO snapshot (county, scope, hseq, sha256, content) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"


def wanted(known: Mapping[str, Head], pull: Pull) -> list[str]:
    """The scopes that a laptop begins with and that come as a file; reference rows, most of them shipped, do not."""
    return [
        scope
        for scope, head in known.items()
        if scope != COUNTY and not pull.cur.get(scope) and head.hseq > WORTH
    ]


def offered(
    link: Link, county: str, scopes: Iterable[str], known: Mapping[str, Head]
) -> dict[str, SnapshotNote | None]:
    """The file of each scope; None where there is none that is still worth fetching."""
    found: dict[str, SnapshotNote | None] = {}
    for scope in scopes:
        line = link.one(_NOTE, (county, scope))
        found[scope] = SnapshotNote(*line) if line and not _is_old(line[0], known[scope].hseq) else None
    return found


def make(store: HubStore, county: str, scopes: Iterable[str]) -> None:
    """Makes files of scopes, as many as one request may wait for."""
    made, size = [], 0
    for scope in scopes:
        packed, number, length = store.read(lambda link, scope=scope: _packed(link, county, scope))
        made.append((county, scope, number, hashlib.sha256(packed).hexdigest(), packed))
        size += length
        if size > _MOST:
            break
    store.write(county, lambda link: _keep(link, made))


def piece(link: Link, county: str, scope: str, at: int, start: int, count: int) -> bytes | None:
    """Part of a file; None where it is not kept any more."""
    sql = "SELECT content FROM snapshot WHERE county = ? AND scope = ? AND hseq = ?"
    found = link.one(sql, (county, scope, at))
    return None if found is None else bytes(found[0])[start : start + count]


def _is_old(at: int, head: int) -> bool:
    return head - at > max(WORTH, at // 10)


def _packed(link: Link, county: str, scope: str) -> tuple[bytes, int, int]:
    """A scope's live rows as one file, its number, and how many bytes the rows are."""
    found = link.one("SELECT hseq FROM head WHERE county = ? AND scope = ?", (county, scope))
    number = int(found[0]) if found else 0
    rows = (row for row, _ in rows_after(link, county, scope, 0, number, ()))
    data = b"".join(encode(row) + b"\n" for row in rows if row.g not in (EXIT, GONE))
    return zstandard.ZstdCompressor(level=_LEVEL).compress(data), number, len(data)


def _keep(link: Link, made: Iterable[tuple[str, str, int, str, bytes]]) -> None:
    for line in made:
        link.run(_INSERT, line)
        sql = "SELECT hseq FROM snapshot WHERE county = ? AND scope = ? ORDER BY hseq DESC"
        old = [row[0] for row in link.all(sql, line[:2])][_KEPT:]
        link.many(
            "DELETE FROM snapshot WHERE county = ? AND scope = ? AND hseq = ?",
            [(*line[:2], at) for at in old],
        )
