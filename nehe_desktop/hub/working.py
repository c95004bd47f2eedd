"""What one transaction of the hub works on: rows read in bulk, changed in memory, written once at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from nehe_desktop.hub.store import Line, Link
from nehe_desktop.sync.merge import RowState
from nehe_desktop.sync.proofs import digest_text, mark
from nehe_desktop.sync.rules import UNKNOWN, Rules, TableRule

Key = tuple[str, str]
"""A row's table and key."""

CHUNK = 512
"""How many keys stand in one statement."""

_COLUMNS = "tbl, pk, scope, parent, rev, hseq, gone, data, meta, stamp, who, era, salvaged, given"
ROWS = f"SELECT {_COLUMNS} FROM record WHERE county = ?"
"""Rows of the county, for `row_of`; the rest of the condition follows."""

_NEW = f"INSERT INTO record (county, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_CHANGE = (
    f"{_NEW} ON CONFLICT (county, tbl, pk) DO UPDATE SET"
    " rev = excluded.rev, hseq = excluded.hseq, gone = excluded.gone, data = excluded.data, meta = excluded.meta,"
    " stamp = excluded.stamp, who = excluded.who, era = excluded.era, salvaged = excluded.salvaged,"
    " given = excluded.given"
)
_KEEP = _CHANGE + ", scope = excluded.scope, parent = excluded.parent"
_HEAD = (
    "INSERT INTO head (county, scope, hseq, digest) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (county, scope) DO UPDATE SET hseq = excluded.hseq, digest = excluded.digest"
)
_DEPARTURE = "INSERT INTO departure (county, scope, hseq, tbl, pk, at) VALUES (?, ?, ?, ?, ?, ?)"

_values = msgspec.json.Decoder(dict[str, Any]).decode
_origins = msgspec.json.Decoder(dict[str, tuple[int, str, int]]).decode
_packed = msgspec.json.Encoder().encode
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Before:
    """What the store has of a row that may change: what it adds to which digest, and its natural key."""

    scope: str
    parent: str
    rev: int
    counts: bool
    words: str


NEW = Before("", "", 0, counts=False, words="")
"""What the store has of a row that it does not have."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last number of a scope, and its digest."""

    hseq: int
    digest: str


NO_HEADS: Mapping[str, Head] = {}
NO_HEAD = Head(0, digest_text(0))
"""The head of a scope without rows."""


class Working:
    """The rows, numbers and departures of one transaction; `now` is the wall clock in milliseconds.

    `named` are attachments with the laptops that named them, and in which rows; `as_sent` has for transactions,
    by number, the revision of each change's row where the row is just what the laptop made of it, else 0;
    `as_sent_in` counts them by scope.
    """

    def __init__(
        self, link: Link, county: str, rules: Rules, now: int, era: int, heads: Mapping[str, Head] = NO_HEADS
    ) -> None:
        """`heads` are those that are known already."""
        self.link, self.county, self.rules, self.now, self.era = link, county, rules, now, era
        self.rows: dict[Key, RowState] = {}
        self.before: dict[Key, Before] = {}
        self.changed: dict[Key, RowState] = {}
        self.conflicts: dict[str, list[str]] = {}
        self.missing: set[tuple[str, str]] = set()
        self.departures: list[tuple[str, int, str, str]] = []
        self.named: set[tuple[str, str, Key]] = set()
        self.as_sent: dict[int, list[int]] = {}
        self.as_sent_in: Counter[str] = Counter()
        self._absent: set[Key] = set()
        self._scopes: dict[Key, str | None] = {}
        self._heads = {scope: head.hseq for scope, head in heads.items()}
        self._sums = {scope: int(head.digest, 16) for scope, head in heads.items()}
        self._numbered: set[str] = set()

    def rule(self, table: str) -> TableRule:
        """How a ledger is merged."""
        return self.rules.get(table, UNKNOWN)

    def load(self, keys: Iterable[Key]) -> None:
        """Reads rows that were not read yet, a few statements for all of them."""
        for table, pks in _by_table(key for key in keys if not self._is_read(key)).items():
            for part, marks in parts(pks):
                sql = f"{ROWS} AND tbl = ? AND pk IN ({marks})"
                for line in self.link.all(sql, (self.county, table, *part)):
                    self._take(line)
            self._absent.update((table, pk) for pk in pks if (table, pk) not in self.rows)

    def where(self, condition: str, params: Sequence[Any]) -> list[Key]:
        """Reads the stored rows that meet a condition; their keys."""
        lines = self.link.all(f"{ROWS} AND {condition}", (self.county, *params))
        for line in lines:
            if (line[0], line[1]) not in self.rows:
                self._take(line)
        return [(line[0], line[1]) for line in lines]

    def look_up(self, keys: Iterable[Key]) -> None:
        """Reads only the scopes of rows, such as the households of many visits."""
        unknown = (key for key in keys if key not in self.rows and key not in self._scopes)
        for table, pks in _by_table(unknown).items():
            self._scopes.update(((table, pk), None) for pk in pks)
            for part, marks in parts(pks):
                sql = f"SELECT pk, scope FROM record WHERE county = ? AND tbl = ? AND pk IN ({marks})"
                for pk, scope in self.link.all(sql, (self.county, table, *part)):
                    self._scopes[table, pk] = scope

    def scope_of(self, table: str, pk: str) -> str | None:
        """The scope of a row, None where there is no such row."""
        row = self.rows.get((table, pk))
        if row is not None:
            return row.scope
        if (table, pk) not in self._scopes:
            self.look_up([(table, pk)])
        return self._scopes[table, pk]

    def keep(self, key: Key, row: RowState) -> None:
        """Gives a changed or new row its next revision and number."""
        row.rev += 1
        row.hseq = self.next(row.scope)
        self.rows[key] = self.changed[key] = row

    def rewrite(self, key: Key, row: RowState) -> None:
        """Notes something about a row that the laptops need not be told."""
        self.changed[key] = row

    def depart(self, key: Key, scope: str) -> None:
        """Notes that a row leaves a scope."""
        self.departures.append((scope, self.next(scope), *key))

    def next(self, scope: str) -> int:
        """The next number of a scope."""
        number = self._heads[scope] = self.head(scope) + 1
        self._numbered.add(scope)
        return number

    def head(self, scope: str) -> int:
        """The last number of a scope."""
        if scope not in self._heads:
            self._read_head(scope)
        return self._heads[scope]

    def heads(self) -> dict[str, Head]:
        """The heads that are known here, after `flush` as it wrote them; those asked for in vain have 0."""
        return {scope: Head(number, digest_text(self._sums[scope])) for scope, number in self._heads.items()}

    def flush(self) -> None:
        """Writes everything: rows, departures, numbers and digests."""
        if not self.changed and not self.departures:
            return
        self._sum_up()
        county, at = self.county, self.now
        lines: dict[str, list[Line]] = {_NEW: [], _CHANGE: [], _KEEP: []}
        for key, row in self.changed.items():
            lines[self._way(key, row)].append(_line(county, key, row))
        for sql, rows in lines.items():
            self.link.many(sql, rows)
        self.link.many(_DEPARTURE, [(county, *each, at) for each in self.departures])
        heads = ((each, self._heads[each], digest_text(self._sums[each])) for each in sorted(self._numbered))
        self.link.many(_HEAD, [(county, *head) for head in heads])

    def words(self, table: str, row: RowState) -> str:
        """What identifies a live row to a person, empty where that is not complete."""
        unique = self.rule(table).unique
        if not unique or row.gone:
            return ""
        values = [row.data.get(name) for name in unique]
        return "" if None in values else _SEPARATOR.join(map(str, values)).replace("\0", "")

    def _way(self, key: Key, row: RowState) -> str:
        """The statement that keeps a row: of one that is there in this very place fewer indexes are written."""
        if key in self._absent:
            return _NEW
        before = self.before.get(key, NEW)
        return _CHANGE if (before.scope, before.parent) == (row.scope, row.parent) else _KEEP

    def _is_read(self, key: Key) -> bool:
        return key in self.rows or key in self._absent

    def _take(self, line: Line) -> None:
        key, row = row_of(line)
        self.rows[key] = row
        self.before[key] = Before(row.scope, row.parent, row.rev, counts(row), self.words(key[0], row))

    def _read_head(self, scope: str) -> None:
        sql = "SELECT hseq, digest FROM head WHERE county = ? AND scope = ?"
        found = self.link.one(sql, (self.county, scope))
        self._heads[scope], self._sums[scope] = (found[0], int(found[1], 16)) if found else (0, 0)

    def _sum_up(self) -> None:
        sums = self._sums
        for (table, pk), row in self.changed.items():
            old = self.before.get((table, pk), NEW)
            if old.counts:
                self.head(old.scope)
                sums[old.scope] -= mark(table, pk, old.rev)
            if counts(row):
                sums[row.scope] += mark(table, pk, row.rev)


def counts(row: RowState) -> bool:
    """Whether a row is in the digest of its scope."""
    return not row.gone and not row.given


def parts(keys: Sequence[str]) -> Iterator[tuple[Sequence[str], str]]:
    """Keys a statement at a time, with its marks; few sizes, so that the engine knows the statement again."""
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        size = 1 << (len(part) - 1).bit_length()
        yield [*part, *([part[-1]] * (size - len(part)))], ",".join("?" * size)


def row_of(line: Line) -> tuple[Key, RowState]:
    """A row that the store kept."""
    table, pk, scope, parent, rev, hseq, gone, data, meta, stamp, who, era, salvaged, given = line
    origins = {} if meta == "{}" else _origins(meta)
    return (table, pk), RowState(
        scope, parent, rev, hseq, bool(gone), _values(data), origins, stamp, who, era, salvaged, given
    )


def _line(county: str, key: Key, row: RowState) -> tuple[Any, ...]:
    return (
        county,
        *key,
        row.scope,
        row.parent,
        row.rev,
        row.hseq,
        int(row.gone),
        _packed(row.data).decode(),
        _packed(row.meta).decode() if row.meta else "{}",
        row.stamp,
        row.who,
        row.era,
        row.salvaged,
        row.given,
    )


def _by_table(keys: Iterable[Key]) -> dict[str, list[str]]:
    tables: dict[str, dict[str, None]] = {}
    for table, pk in keys:
        tables.setdefault(table, {})[pk] = None
    return {table: list(pks) for table, pks in tables.items()}
