"""Every table of a county as lines, the same on every engine: what a backup holds, and how a hub moves."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from nehe_desktop.core.errors import Trouble
from nehe_desktop.hub.schema import TABLES
from nehe_desktop.hub.store import HubStore, Link

Line = tuple[str, list[Any]]
"""A table's name and the values of one row, bytes as base64."""

_ROWS, _LARGE_ROWS = 5000, 100  # read and written at a time


@dataclass(frozen=True)
class Table:
    """A table as declared: its columns, which of them hold bytes, and its key."""

    name: str
    columns: tuple[str, ...]
    binary: tuple[int, ...]
    key: tuple[str, ...]

    @property
    def at_once(self) -> int:
        """How many rows are in memory at a time."""
        return _LARGE_ROWS if self.binary else _ROWS

    @property
    def insert(self) -> str:
        """The statement that adds a row."""
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES ({marks})"

    @property
    def put(self) -> str:
        """The statement that adds a row or sets the one with its key."""
        rest = [name for name in self.columns if name not in self.key]
        done = "UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in rest)
        return f"{self.insert} ON CONFLICT ({', '.join(self.key)}) DO {done if rest else 'NOTHING'}"


def _declared() -> Iterator[Table]:
    bare = re.sub(r"--[^\n]*", "", TABLES)
    for name, body in re.findall(r"(\w+) \((.*?)\)\s*(?:;|$)", bare, re.DOTALL):
        key = re.search(r"PRIMARY KEY \((.*)", body, re.DOTALL)
        columns = body[: key.start()] if key else body
        words = [each.split() for each in columns.split(",") if each.strip()]
        binary = tuple(at for at, (_, kind, *_) in enumerate(words) if kind == "{BYTES}")
        listed = re.findall(r"\w+", key[1]) if key else []
        yield Table(name, tuple(each[0] for each in words), binary, tuple(listed))


MADE_ANEW = "snapshot"
"""The table that is not carried: the hub makes it again from the others."""

DECLARED = {table.name: table for table in _declared() if table.name != MADE_ANEW}
"""Every table of the hub that is carried, by name."""


def lines(link: Link, county: str) -> Iterator[Line]:
    """Every row of a county, table by table; on one link, so all of one moment."""
    for table in DECLARED.values():
        for row in rows_of(link, county, table):
            for at in table.binary:
                row[at] = b64encode(row[at]).decode()
            yield table.name, row


def rows_of(link: Link, county: str, table: Table) -> Iterator[list[Any]]:
    """The rows of a county in the order of their key, some at a time."""
    key, last = table.key[1:], None
    names, marks = ", ".join(key), ", ".join("?" * len(key))
    columns, order = ", ".join(table.columns), f"ORDER BY {names} LIMIT {table.at_once}"
    places = [table.columns.index(name) for name in key]
    while True:
        after = f" AND ({names}) > ({marks})" if last else ""
        sql = f"SELECT {columns} FROM {table.name} WHERE county = ?{after} {order}"
        some = link.all(sql, (county, *(last or ())))
        yield from (list(row) for row in some)
        if len(some) < table.at_once:
            return
        last = tuple(some[-1][at] for at in places)


def load(link: Link, county: str, found: Iterable[Line]) -> Counter[str]:
    """Puts rows in the place of all that a county had; how many by table."""
    for name in (*DECLARED, MADE_ANEW):
        link.run(f"DELETE FROM {name} WHERE county = ?", (county,))
    counted: Counter[str] = Counter()
    for name, group in groupby(found, key=lambda line: line[0]):
        table = DECLARED[name]
        rows = (_restored(table, row) for _, row in group)
        while some := list(islice(rows, table.at_once)):
            link.many(table.insert, some)
            counted[name] += len(some)
    return counted


def copy(source: HubStore, target: HubStore, county: str) -> Counter[str]:
    """Copies a county from one engine to another, all or nothing; how many rows by table."""

    def job(link: Link, to: Link) -> Counter[str]:
        copied = load(to, county, lines(link, county))
        if counts(to, county) != counts(link, county):
            raise Trouble("搬过去的行数对不上，没有搬", "请再试一次；仍不行请先备份，再用恢复")
        return copied

    return source.read(lambda link: target.write(county, lambda to: job(link, to)))


def counts(link: Link, county: str) -> Counter[str]:
    """How many rows of a county each table has."""
    found: Counter[str] = Counter()
    for name in DECLARED:
        row = link.one(f"SELECT count(*) FROM {name} WHERE county = ?", (county,))
        found[name] = row[0] if row else 0
    return found


def _restored(table: Table, row: list[Any]) -> list[Any]:
    for at in table.binary:
        row[at] = b64decode(row[at])
    return row
