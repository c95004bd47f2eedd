"""Attachments by the SHA-256 of their bytes, in pieces that can be sent again."""

from __future__ import annotations

import hashlib
import re

from nehe_desktop.hub.decisions import names_of
from nehe_desktop.hub.scopes import Held
from nehe_desktop.hub.store import Link
from nehe_desktop.sync.protocol import Refusal
from nehe_desktop.sync.transport import Denied

MOST = 2 << 20
"""How large an attachment may be."""

_NAME = re.compile(r"[0-9a-f]{64}").fullmatch
_KEEP = (
    "INSERT INTO blob (county, sha256, size, have) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (county, sha256) DO UPDATE SET size = excluded.size, have = excluded.have"
)
_PART = (
    "INSERT INTO blob_part (county, sha256, start, content) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (county, sha256, start) DO UPDATE SET content = excluded.content"
)


def may(link: Link, county: str, held: Held, sha256: str) -> bool:
    """Whether a row that the laptop holds names the file."""
    if not _NAME(sha256):
        return False
    refs = link.all("SELECT tbl, pk FROM blob_ref WHERE county = ? AND sha256 = ?", (county, sha256))
    sql = "SELECT scope FROM record WHERE county = ? AND tbl = ? AND pk = ?"
    rows = (link.one(sql, (county, *ref)) for ref in refs)
    return any(row is not None and row[0] in held for row in rows)


def may_bring(link: Link, county: str, held: Held, dev: str, sha256: str) -> bool:
    """Whether the laptop may add to the file: the row that it named it in may lie in another village by then."""
    if may(link, county, held, sha256):
        return True
    sql = "SELECT dev FROM blob_from WHERE county = ? AND sha256 = ?"
    bringers = {bringer for (bringer,) in link.all(sql, (county, sha256))}
    return bool(bringers) and not bringers.isdisjoint(names_of(link, county, dev))


def have(link: Link, county: str, sha256: str) -> int:
    """How many bytes of a file are here."""
    return _standing(link, county, sha256)[1]


def put(link: Link, county: str, sha256: str, start: int, size: int, content: bytes) -> int | None:
    """Adds to a file that is not whole; how many bytes are here then, None where they are not those of its name."""
    if not 0 < size <= MOST or start < 0 or start + len(content) > size:
        raise Denied(413, Refusal("size", "附件太大，最多 2 兆"))
    known, there = _standing(link, county, sha256)
    if there and there == known:
        return there
    if known != size:
        _empty(link, county, sha256)
        there = 0
    if start != there or not content:
        return there
    link.run(_PART, (county, sha256, start, content))
    there += len(content)
    if there == size and hashlib.sha256(_content(link, county, sha256)).hexdigest() != sha256:
        _empty(link, county, sha256)
        return None
    link.run(_KEEP, (county, sha256, size, there))
    return there


def piece(link: Link, county: str, sha256: str, start: int, count: int) -> bytes | None:
    """Part of a whole file; None where it is not whole yet."""
    size, there = _standing(link, county, sha256)
    if not size or there < size:
        return None
    return _content(link, county, sha256)[max(0, start) : max(0, start) + max(0, count)]


def _standing(link: Link, county: str, sha256: str) -> tuple[int, int]:
    """The size of a file and how much of it is here."""
    found = link.one("SELECT size, have FROM blob WHERE county = ? AND sha256 = ?", (county, sha256))
    return (int(found[0]), int(found[1])) if found else (0, 0)


def _content(link: Link, county: str, sha256: str) -> bytes:
    sql = "SELECT content FROM blob_part WHERE county = ? AND sha256 = ? ORDER BY start"
    return b"".join(bytes(row[0]) for row in link.all(sql, (county, sha256)))


def _empty(link: Link, county: str, sha256: str) -> None:
    link.run("DELETE FROM blob_part WHERE county = ? AND sha256 = ?", (county, sha256))
    link.run("DELETE FROM blob WHERE county = ? AND sha256 = ?", (county, sha256))
