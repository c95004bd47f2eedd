"""What a laptop is told: the rows and departures of its scopes after its cursors, in order, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from nehe_desktop.hub.scopes import Held
from nehe_desktop.hub.store import Link
from nehe_desktop.hub.working import NO_HEAD, Head
from nehe_desktop.sync.protocol import COUNTY, EXIT, GIVEN, GONE, LIVE, Page, Pull, Row, SnapshotNote

_RAW = 4  # bytes of JSON that come to one byte on the way
_LARGEST = 4 << 20  # bytes on the way that an answer has at most
_AT_ONCE = 400  # rows of one question
_FRAME = 40  # bytes of a row beside its values

_ROWS = (
    "SELECT tbl, pk, rev, hseq, gone, data, meta, who, stamp, given FROM record"
    " WHERE county = ? AND scope = ? AND hseq > ?{given} ORDER BY hseq LIMIT ?"
)
_EXITS = (
    "SELECT tbl, pk, hseq FROM departure WHERE county = ? AND scope = ? AND hseq > ? ORDER BY hseq LIMIT ?"
)
_values = msgspec.json.Decoder(dict[str, Any]).decode
_origins = msgspec.json.Decoder(dict[str, tuple[int, str, int]]).decode


def heads(link: Link, county: str, held: Held) -> dict[str, Head]:
    """The heads of the scopes that a laptop holds."""
    if held.everything:
        lines = link.all("SELECT scope, hseq, digest FROM head WHERE county = ?", (county,))
    else:
        marks = ",".join("?" * len(held.scopes))
        sql = f"SELECT scope, hseq, digest FROM head WHERE county = ? AND scope IN ({marks})"
        lines = link.all(sql, (county, *held.scopes))
    found = {scope: Head(hseq, digest) for scope, hseq, digest in lines}
    return {scope: found.get(scope, NO_HEAD) for scope in held.scopes}


def pages(
    link: Link, county: str, known: Mapping[str, Head], pull: Pull, files: Mapping[str, SnapshotNote | None]
) -> dict[str, Page]:
    """A page for each scope with news, reference rows first, as many bytes in all as the laptop wants.

    `files` are the scopes that come as a file instead; those whose file is not made yet are to be asked for again.
    """
    found: dict[str, Page] = {}
    left = most = min(pull.limit, _LARGEST) * _RAW
    for scope in sorted(known, key=lambda each: (each != COUNTY, each)):
        since, head = max(0, pull.cur.get(scope, 0)), known[scope]
        if since >= head.hseq and not pull.check:
            continue
        if scope in files:
            if files[scope] is None:
                found[scope] = Page([], 0, 0, more=True)
            continue
        page, size = _page(link, county, scope, since, head, pull.given, left, must=left == most)
        found[scope] = page
        left = 0 if page.more else left - size
    return found


def _page(
    link: Link,
    county: str,
    scope: str,
    since: int,
    head: Head,
    given: Sequence[str],
    most: int,
    *,
    must: bool,
) -> tuple[Page, int]:
    """The next rows of a scope, at most so many bytes; with `must` at least one row. And their bytes."""
    rows: list[Row] = []
    size = 0
    if most <= 0 and not must:
        return Page(rows, since, since, more=True), size
    for row, length in rows_after(link, county, scope, since, head.hseq, given):
        if size + length > most and (rows or not must):
            return Page(rows, since, rows[-1].q if rows else since, more=True), size
        rows.append(row)
        size += length
    return Page(rows, since, head.hseq, digest=head.digest), size


def rows_after(
    link: Link, county: str, scope: str, since: int, head: int, given: Sequence[str]
) -> Iterator[tuple[Row, int]]:
    """Rows and departures of a scope after a number, in order, with about how many bytes they take."""
    while since < head:
        lines, upto = _some(link, county, scope, since, given)
        yield from lines
        since = upto if upto is not None else head


def _some(
    link: Link, county: str, scope: str, since: int, given: Sequence[str]
) -> tuple[list[tuple[Row, int]], int | None]:
    """The next lines, and up to which number they are all; None where no more follow."""
    without = f" AND given NOT IN ({','.join('?' * len(given))})" if given else ""
    sql = _ROWS.replace("{given}", without)
    stored = link.all(sql, (county, scope, since, *given, _AT_ONCE))
    left = link.all(_EXITS, (county, scope, since, _AT_ONCE))
    ends = [lines[-1][at] for lines, at in ((stored, 3), (left, 2)) if len(lines) == _AT_ONCE]
    upto = min(ends, default=None)
    found = [_row(line) for line in stored] + [(Row(t, k, 0, q, EXIT), _FRAME) for t, k, q in left]
    found.sort(key=lambda each: each[0].q)
    return [each for each in found if upto is None or each[0].q <= upto], upto


def _row(line: tuple[Any, ...]) -> tuple[Row, int]:
    table, pk, rev, hseq, gone, data, meta, who, stamp, given = line
    if meta != "{}":
        stamp, who, _ = max((stamp, who, 0), *_origins(meta).values())
    if gone:
        return Row(table, pk, rev, hseq, GONE, {}, who, stamp), _FRAME
    row = Row(table, pk, rev, hseq, GIVEN if given else LIVE, _values(data), who, stamp)
    return row, len(data) + _FRAME
