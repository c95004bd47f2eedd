"""The hub's default engine: one encrypted SQLite file, WAL with FULL synchronisation."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from nehe_desktop.core.database import Connection, Database, DatabaseError, Writing, trouble_of
from nehe_desktop.hub.schema import statements
from nehe_desktop.hub.store import Line, Link
from nehe_desktop.hub.together import Together

T = TypeVar("T")
_WAL_PAGES = 8000  # what is written often goes into the file once
_CACHE = (131_072, 524_288)  # KiB of pages that the writer keeps at least and at most: a county's indexes
_SHARE = 8  # the part of the computer's memory that this may be


class SqliteLink:
    """A connection of the encrypted file."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, sql: str, params: Sequence[Any] = ()) -> list[Line]:
        """Every row of a query."""
        found: list[Line] = self._connection.execute(sql, params).fetchall()
        return found

    def one(self, sql: str, params: Sequence[Any] = ()) -> Line | None:
        """The first row of a query, or None."""
        found: Line | None = self._connection.execute(sql, params).fetchone()
        return found

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Executes a statement; how many rows it changed."""
        return int(self._connection.execute(sql, params).rowcount)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Executes a statement for each row of values."""
        self._connection.executemany(sql, rows)


class SqliteStore:
    """One encrypted file with one writer thread and a reader for each thread that asks."""

    kind = "sqlite"

    def __init__(self, path: Path, key: bytes) -> None:
        """Opens or makes the file; raises Trouble for a wrong key."""
        self.database = Database.open(path, key)
        self.database.write(_prepare).result()
        self._together: Together[Link] = Together(self._transact)

    def write(self, county: str, job: Callable[[Link], T]) -> T:  # noqa: ARG002 - one writer for all counties
        """Runs the job on the writer thread, in one transaction with others that wait."""
        return self._together.run(job)

    def read(self, job: Callable[[Link], T]) -> T:
        """Runs the job on this thread's reader, on one consistent view."""
        connection = self.database.connection()
        try:
            connection.execute("BEGIN")
            return job(SqliteLink(connection))
        except DatabaseError as error:
            raise trouble_of(error, self.database.path) from error
        finally:
            if connection.in_transaction:
                connection.execute("COMMIT")

    def _transact(self, job: Callable[[Link], T]) -> T:
        return self.database.write(lambda writing: job(SqliteLink(writing.conn))).result()

    def close(self) -> None:
        """Waits for the writer and closes the file."""
        self.database.close()


def _prepare(writing: Writing) -> None:
    for statement in statements("BLOB"):
        writing.execute(statement)
    writing.execute(f"PRAGMA wal_autocheckpoint={_WAL_PAGES}")
    writing.execute(f"PRAGMA cache_size=-{_cache()}")


def _cache() -> int:
    """KiB for the writer's pages, by the memory of the computer where it tells."""
    least, most = _CACHE
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1024
    except (AttributeError, ValueError, OSError):  # Windows has no such question
        return least
    return min(max(memory // _SHARE, least), most)
