"""Attachments by the SHA-256 of their bytes, in pieces that can be sent again.

Whoever has heard of such a name does not get the file by writing it into a row of his own: a laptop that could not
read the file yet must show its bytes first, and until then its row opens the file to nobody.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from nehe_desktop.hub.devices import names_given_up, names_of
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
_NAMING = (
    "SELECT r.scope, r.data FROM blob_ref b"
    " JOIN record r ON r.county = b.county AND r.tbl = b.tbl AND r.pk = b.pk"
    " WHERE b.county = ? AND b.sha256 = ? AND r.gone = 0"
)
_OPEN = (
    " AND NOT EXISTS (SELECT 1 FROM blob_claim c"
    " WHERE c.county = b.county AND c.sha256 = b.sha256 AND c.tbl = b.tbl AND c.pk = b.pk)"
)
_SHOWN = "INSERT INTO blob_shown (county, sha256, dev) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_PART = (
    "INSERT INTO blob_part (county, sha256, start, content) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (county, sha256, start) DO UPDATE SET content = excluded.content"
)


def may(link: Link, county: str, held: Held, sha256: str) -> bool:
    """Whether a row that the laptop holds names the file now, written by somebody who had it."""
    return any(_names(link, county, held, sha256, _OPEN))


def is_awaited(link: Link, county: str, held: Held, sha256: str) -> bool:
    """Whether a row that the laptop holds names the file, be it that nobody has shown its bytes yet."""
    return any(_names(link, county, held, sha256, ""))


def has_shown(link: Link, county: str, dev: str, sha256: str) -> bool:
    """Whether the laptop, perhaps under a name that it gave up, has shown the bytes of the file."""
    sql = "SELECT dev FROM blob_shown WHERE county = ? AND sha256 = ?"
    shown = {each for (each,) in link.all(sql, (county, sha256))}
    return bool(shown) and not shown.isdisjoint({dev, *names_given_up(link, county, dev)})


def may_bring(link: Link, county: str, held: Held, dev: str, sha256: str) -> bool:
    """Whether the laptop may add to the file: the row that it named it in may lie in another village by then."""
    if may(link, county, held, sha256):
        return True
    sql = "SELECT dev FROM blob_from WHERE county = ? AND sha256 = ?"
    bringers = {bringer for (bringer,) in link.all(sql, (county, sha256))}
    return bool(bringers) and not bringers.isdisjoint(names_of(link, county, dev))


def place(link: Link, county: str, held: Held, dev: str, sha256: str) -> str:
    """Where the laptop's bytes go: into the file, or into a copy of its own by which it shows that it has the file."""
    known = has_shown(link, county, dev, sha256) or may(link, county, held, sha256)
    return sha256 if known else f"{sha256} {dev}"


def have(link: Link, county: str, name: str) -> int:
    """How many bytes of a file (or of a copy of it, see `place`) are here."""
    return _standing(link, county, name)[1]


def put(link: Link, county: str, name: str, start: int, size: int, content: bytes) -> int | None:
    """Adds to a file (or to a copy of it, see `place`) that is not whole.

    How many bytes are here then, None where they are not those of its name.
    """
    if not 0 < size <= MOST or start < 0 or start + len(content) > size:
        raise Denied(413, Refusal("size", "附件太大，最多 2 兆"))
    known, there = _standing(link, county, name)
    if there and there == known:
        return there
    if known != size:
        _empty(link, county, name)
        there = 0
    if start != there or not content:
        return there
    link.run(_PART, (county, name, start, content))
    there += len(content)
    sha256, _, dev = name.partition(" ")
    if there == size and hashlib.sha256(_content(link, county, name)).hexdigest() != sha256:
        _empty(link, county, name)
        return None
    link.run(_KEEP, (county, name, size, there))
    if there == size and dev:
        _show(link, county, sha256, dev)
    return there


def _show(link: Link, county: str, sha256: str, dev: str) -> None:
    """A laptop has shown a file: the rows in which it named it open it from now on."""
    size, there = _standing(link, county, sha256)
    own = f"{sha256} {dev}"
    if size and there == size:
        _empty(link, county, own)
    else:
        _empty(link, county, sha256)
        for table in ("blob_part", "blob"):
            link.run(f"UPDATE {table} SET sha256 = ? WHERE county = ? AND sha256 = ?", (sha256, county, own))
    link.run(_SHOWN, (county, sha256, dev))
    names = names_of(link, county, dev)
    claims = link.all("SELECT tbl, pk, dev FROM blob_claim WHERE county = ? AND sha256 = ?", (county, sha256))
    open_ones = {(county, sha256, tbl, pk) for tbl, pk, by in claims if by in names}
    link.many("DELETE FROM blob_claim WHERE county = ? AND sha256 = ? AND tbl = ? AND pk = ?", sorted(open_ones))


def _names(link: Link, county: str, held: Held, sha256: str, condition: str) -> Iterator[bool]:
    """For each row of the county that was ever noted for the file: whether it is held and names it now."""
    for scope, data in link.all(_NAMING + condition, (county, sha256)) if _NAME(sha256) else ():
        yield scope in held and sha256 in data


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
