"""The hub on PostgreSQL: the same statements, a row lock for each county so that its numbers have no gap."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

import psycopg
from psycopg import errors

from nehe_desktop.core.errors import Trouble
from nehe_desktop.hub.schema import statements
from nehe_desktop.hub.store import Line, Link

T = TypeVar("T")
_TRIES = 5  # a transaction that lost against another one is tried again
_LOCK = "INSERT INTO meta (county, k, v) VALUES (?, 'lock', '') ON CONFLICT (county, k) DO UPDATE SET v = ''"


class PostgresLink:
    """A connection inside a transaction."""

    def __init__(self, cursor: psycopg.Cursor[Line]) -> None:
        self._cursor = cursor

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
        """Executes a statement for each row of values, without waiting for each answer."""
        self._cursor.executemany(_worded(sql), rows)


class PostgresStore:
    """A connection for each thread that asks."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        """Connects and makes what is missing; raises Trouble."""
        self._url = url
        self._local = threading.local()
        self._open: list[psycopg.Connection[Line]] = []
        self._guard = threading.Lock()
        self._attempt(_prepare)

    def write(self, county: str, job: Callable[[Link], T]) -> T:
        """Runs the job in one transaction while it holds the county's lock."""

        def locked(link: Link) -> T:
            link.run(_LOCK, (county,))
            return job(link)

        return self._attempt(locked)

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

    def _attempt(self, job: Callable[[Link], T]) -> T:
        for attempt in range(_TRIES):
            try:
                with self._connection().transaction(), self._connection().cursor() as cursor:
                    return job(PostgresLink(cursor))
            except (errors.SerializationFailure, errors.DeadlockDetected):
                if attempt == _TRIES - 1:
                    raise
            except psycopg.OperationalError as error:
                self._forget()  # the server was restarted, or went away for good
                if attempt:
                    raise Trouble("连不上 PostgreSQL 数据库", "请检查数据库是否在运行、地址和口令是否正确") from error
        raise AssertionError

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


def _prepare(link: Link) -> None:
    for statement in statements("BYTEA"):
        link.run(statement)
