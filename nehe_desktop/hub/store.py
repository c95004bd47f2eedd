"""Where the hub keeps everything: one transaction at a time for writing, consistent views for reading.

The same SQL runs on every engine: `?` for a value, no `%`, ON CONFLICT, TEXT, BIGINT and bytes only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from nehe_desktop.core.errors import Trouble

T = TypeVar("T")
Line = tuple[Any, ...]


class Link(Protocol):
    """A connection inside a transaction."""

    def all(self, sql: str, params: Sequence[Any] = ()) -> list[Line]:
        """Every row of a query."""
        ...

    def one(self, sql: str, params: Sequence[Any] = ()) -> Line | None:
        """The first row of a query, or None."""
        ...

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Executes a statement; how many rows it changed."""
        ...

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Executes a statement for each row of values."""
        ...


class HubStore(Protocol):
    """An engine with the hub's tables."""

    kind: str

    def write(self, county: str, job: Callable[[Link], T]) -> T:
        """Runs the job in one transaction, alone in its county; it commits or leaves no trace."""
        ...

    def read(self, job: Callable[[Link], T]) -> T:
        """Runs the job on one consistent view that nobody changes meanwhile."""
        ...

    def close(self) -> None:
        """Ends every connection."""
        ...


def open_store(url: str, key: bytes) -> HubStore:
    """The store of a PostgreSQL URL, or of the path of an encrypted SQLite file with its key of 32 bytes.

    Raises Trouble where it cannot be opened.
    """
    if url.startswith(("postgresql://", "postgres://")):
        from nehe_desktop.hub.store_postgres import PostgresStore

        return PostgresStore(url)
    if "://" in url:
        raise Trouble(f"不认识这种数据库地址：{url.partition('://')[0]}://", "请用 postgresql:// 或者不填（用自带的库）")
    from nehe_desktop.hub.store_sqlite import SqliteStore

    return SqliteStore(Path(url), key)
