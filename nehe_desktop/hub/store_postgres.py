"""The hub on PostgreSQL: the same statements, a row lock for each county so that its numbers have no gap."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar, cast

import psycopg
from psycopg import errors

from nehe_desktop.core.errors import Trouble
from nehe_desktop.hub.schema import names, statements
from nehe_desktop.hub.store import Line, Link
from nehe_desktop.hub.together import Together

T = TypeVar("T")
_TRIES = 5  # a transaction that lost against another one is tried again
_TABLES = ("record", "tx", "natural_key", "departure", "head", "device", "scope_grant", "blob_ref", "missing")
_YOUNG = 1000  # rows written before the planner is told for the first time what the tables hold
_INSERT = re.compile(r"INSERT INTO (\w+) (\([\w, ]+\)) VALUES \([?, ]+\)(.*)").fullmatch
_FEW = 8  # rows that are as quick one by one
_LOCK = "SELECT k FROM meta WHERE county = ? AND k = 'lock' FOR UPDATE"
_MAKE_LOCK = (
    "INSERT INTO meta (county, k, v) VALUES (?, 'lock', '') ON CONFLICT (county, k) DO UPDATE SET v = ''"
)


class PostgresLink:
    """A connection inside a transaction."""

    def __init__(self, cursor: psycopg.Cursor[Line], *, is_spread: bool = False) -> None:
        """`is_spread` says that the tables lie on several servers: rows are then sent one by one, each to its own."""
        self._cursor, self._is_spread = cursor, is_spread
        self.written = 0

    def all(self, sql: str, params: Sequence[Any] = ()) -> list[Line]:
        """Every row of a query."""
        return self._cursor.execute(_worded(sql), params).fetchall()

    def one(self, sql: str, params: Sequence[Any] = ()) -> Line | None:
        """The first row of a query, or None."""
        return self._cursor.execute(_worded(sql), params).fetchone()

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Executes a statement; how many rows it changed."""
        return self._cursor.execute(_worded(sql), params).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Executes a statement for each row of values; many rows to insert are copied."""
        lines = list(rows)
        if not lines:
            return
        self.written += len(lines)
        insert = _INSERT(sql) if len(lines) > _FEW and not self._is_spread else None
        if insert is None:
            self._cursor.executemany(_worded(sql), lines)
        elif not insert[3]:
            self._copy(insert[1], insert[2], lines)
        else:
            self._copy_aside(insert[1], insert[2], insert[3], lines)

    def _copy(self, table: str, columns: str, lines: Iterable[Sequence[Any]]) -> None:
        with self._cursor.copy(_worded(f"COPY {table} {columns} FROM STDIN")) as copy:
            for line in lines:
                copy.write_row(line)

    def _copy_aside(self, table: str, columns: str, rest: str, lines: Iterable[Sequence[Any]]) -> None:
        """Copies the rows into a table of this connection, and from there as the statement says."""
        aside = f"{table}_aside"
        make = f"CREATE TEMP TABLE IF NOT EXISTS {aside} (LIKE {table}) ON COMMIT DELETE ROWS"
        self._cursor.execute(_worded(make))
        self._copy(aside, columns, lines)
        names = columns.strip("()")
        self._cursor.execute(
            _worded(f"INSERT INTO {table} {columns} SELECT {names} FROM {aside} WHERE true{rest}")
        )
        self._cursor.execute(_worded(f"DELETE FROM {aside}"))


class PostgresStore:
    """A connection for each thread that asks."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        """Connects and makes what is missing; raises Trouble."""
        self._url = url
        self._local = threading.local()
        self._open: list[psycopg.Connection[Line]] = []
        self._guard = threading.Lock()
        self._together: dict[str, Together[Link]] = {}
        self._written, self._told = 0, _YOUNG
        self.is_spread = False
        self.is_spread = self._attempt(_prepare)

    def write(self, county: str, job: Callable[[Link], T]) -> T:
        """Runs the job in one transaction with others of the county that wait, while it holds the county's lock."""
        with self._guard:
            line = self._together.setdefault(county, Together(partial(self._locked, county)))
        return line.run(job)

    def _locked(self, county: str, job: Callable[[Link], T]) -> T:
        def locked(link: PostgresLink) -> T:
            if link.one(_LOCK, (county,)) is None:
                link.run(_MAKE_LOCK, (county,))
            result = job(link)
            self._written += link.written
            return result

        result = self._attempt(locked)
        if self._written > self._told:
            self._tell_planner()
        return result

    def read(self, job: Callable[[Link], T]) -> T:
        """Runs the job on one consistent view."""

        def viewing(link: Link) -> T:
            link.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return job(link)

        return self._attempt(viewing)

    def close(self) -> None:
        """Ends every connection."""
        with self._guard:
            for connection in self._open:
                connection.close()
            self._open.clear()

    def _attempt(self, job: Callable[[PostgresLink], T]) -> T:
        for attempt in range(_TRIES):
            try:
                with self._connection().transaction(), self._connection().cursor() as cursor:
                    return job(PostgresLink(cursor, is_spread=self.is_spread))
            except (errors.SerializationFailure, errors.DeadlockDetected):
                if attempt == _TRIES - 1:
                    raise
            except psycopg.OperationalError as error:
                self._forget()  # the server was restarted, or went away for good
                if attempt:
                    raise Trouble(
                        "连不上 PostgreSQL 数据库", "请检查数据库是否在运行、地址和口令是否正确"
                    ) from error
        raise AssertionError

    def _tell_planner(self) -> None:
        """Has young tables counted: the server does so by itself, but may have chosen bad ways by then."""
        self._told = self._written * 4
        for table in _TABLES:
            self._connection().execute(_worded(f"ANALYZE {table}"))

    def _connection(self) -> psycopg.Connection[Line]:
        found = getattr(self._local, "connection", None)
        if found is None or found.closed:
            found = self._local.connection = psycopg.connect(self._url, autocommit=True)
            with self._guard:
                self._open = [each for each in self._open if not each.closed]
                self._open.append(found)
        return cast("psycopg.Connection[Line]", found)

    def _forget(self) -> None:
        found = getattr(self._local, "connection", None)
        if found is not None:
            found.close()
            self._local.connection = None


def _worded(sql: str) -> Any:
    """The driver's own mark for a value; its types want a literal, and ours is one with another mark."""
    return sql.replace("?", "%s")


def _prepare(link: PostgresLink) -> bool:
    """Makes what is missing; whether the tables are spread by county over the servers of Citus."""
    for statement in statements("BYTEA"):
        link.run(statement)
    if link.one("SELECT 1 FROM pg_extension WHERE extname = 'citus'") is None:
        return False
    there = {name for (name,) in link.all("SELECT table_name::text FROM citus_tables")}
    for table in names():
        if table not in there:
            link.run("SELECT create_distributed_table(?, 'county')", (table,))
    return True
