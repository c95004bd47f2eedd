"""The store: find, put, remove, undo; one writer; says which ledgers changed."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from nehe_desktop.core import changes, given, journal, local, pictures, search_index, tables, undoing
from nehe_desktop.core.changes import Change, Context, Put, Receipt, Remove
from nehe_desktop.core.clock import Clock
from nehe_desktop.core.database import Database, Writing
from nehe_desktop.core.guard import UNGUARDED, Guard
from nehe_desktop.core.ids import new_id
from nehe_desktop.core.journal import Event, Step
from nehe_desktop.core.kinds.base import whole
from nehe_desktop.core.record import LEDGERS, Ledger, Record

R = TypeVar("R", bound=Record)
T = TypeVar("T")
_OWNER = "\x1f"  # stands between who typed a draft and what it is a draft of
_MANY = 2000  # rows in one step after which the engine looks at its indexes anew
Listener = Callable[[frozenset[str]], None]


class Store:
    """Every ledger of one encrypted file. Reading is for any thread; writing has one thread of its own."""

    def __init__(self, database: Database, author: str = "", clock: Clock | None = None) -> None:
        """`author` is who is at the keyboard, `guard` what he may do; both are set anew when another one logs in."""
        self.database = database
        self.author = author
        self.guard: Guard = UNGUARDED
        self._listeners: list[Listener] = []
        database.write(_prepare).result()
        last = self.one("SELECT max(hlc) FROM journal")
        self.clock = clock or Clock()
        self.clock.saw(last[0] or 0 if last else 0)

    @classmethod
    def open(cls, path: Path, key: bytes, author: str = "", clock: Clock | None = None) -> Store:
        """Opens or makes an encrypted file; `key` has 32 bytes. Raises Trouble."""
        return cls(Database.open(path, key), author, clock)

    # -- reading -------------------------------------------------------------------------------

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query, on this thread's read-only connection."""
        return self.database.connection().execute(sql, params).fetchall()

    def numbers(self, sql: str, params: Sequence[Any] = ()) -> array[int]:
        """The first column of a query as whole numbers, without keeping an object for each row."""
        return array("q", (row[0] for row in self.database.connection().execute(sql, params)))

    def one(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        return self.database.connection().execute(sql, params).fetchone()

    def find(self, cls: type[R], id: str) -> R | None:
        """The record with this id, or None."""
        return next(iter(self.all(cls, "id = ?", (id,))), None)

    def all(
        self, cls: type[R], where: str = "", params: Sequence[Any] = (), order: str = "", limit: int = 0
    ) -> list[R]:
        """Records of a ledger; `where` and `order` are SQL over its columns."""
        names = list(cls.ledger.fields)
        sql = f"SELECT id, {', '.join(f'[{n}]' for n in names)} FROM [{cls.ledger.table}]"
        sql += f" WHERE {where}" if where else ""
        sql += f" ORDER BY {order}" if order else ""
        sql += f" LIMIT {limit}" if limit else ""
        return [cls.loaded(id, dict(zip(names, row, strict=True))) for id, *row in self.rows(sql, params)]

    def count(self, cls: type[Record], where: str = "", params: Sequence[Any] = ()) -> int:
        """How many records of a ledger there are."""
        condition = f" WHERE {where}" if where else ""
        row = self.one(f"SELECT count(*) FROM [{cls.ledger.table}]{condition}", params)
        return int(row[0]) if row else 0

    def history(self, cls: type[Record], id: str) -> list[Event]:
        """Everything that happened to a record, oldest first."""
        sql = f"SELECT {journal.EVENT_COLUMNS} FROM journal WHERE tbl = ? AND pk = ? ORDER BY jid"
        return [journal.event_of(row) for row in self.rows(sql, (cls.ledger.table, id))]

    def steps(self, limit: int) -> list[Step]:
        """The last transactions, newest first."""
        return [journal.step_of(row) for row in self.rows(journal.STEPS, (limit,))]

    def read(self, job: Callable[[], T]) -> Future[T]:
        """Runs a reading job on a reader thread."""
        return self.database.read(lambda _: job())

    # -- writing -------------------------------------------------------------------------------

    def submit(self, what: Iterable[Change], reason: str, author: str | None = None) -> Future[Receipt]:
        """Does the changes as one transaction on the writer thread; the receipt means they are on the disk.

        The future fails with Invalid for a record with errors and with Trouble for a full disk.
        """
        context = self._context(reason, author)
        return self._told(lambda database: changes.apply(database, what, context))

    def write(self, what: Iterable[Change], reason: str, author: str | None = None) -> Receipt:
        """`submit`, waited for; not for the window's thread."""
        return self.submit(what, reason, author).result()

    def compose(
        self, job: Callable[[Writing], Iterable[Change]], reason: str, author: str | None = None
    ) -> Future[Receipt]:
        """`submit` of changes that are made up on the writer thread, from what is stored at that moment."""
        context = self._context(reason, author)
        return self._told(lambda database: changes.apply(database, job(database), context))

    def undo(self, tx: str, author: str | None = None) -> Receipt:
        """Takes a transaction back as one step; what somebody changed since stays and is counted as kept."""
        return self.submit_undo(tx, author).result()

    def submit_undo(self, tx: str, author: str | None = None) -> Future[Receipt]:
        """`undo` on the writer thread."""
        context = self._context("撤销", author, undoes=tx)
        return self._told(lambda database: undoing.undo(database, context))

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Calls the listener with the changed tables after each commit, on the writer thread.

        What is returned ends it. A listener that equals one who listens already is not added.
        """
        if listener not in self._listeners:
            self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def give(self, what: Sequence[Change], reason: str) -> Receipt:
        """Stores rows that are shipped with the program, the same on every laptop; nobody's work."""
        rows = (each.record for each in what if isinstance(each, Put))
        name = given.name_of((row.ledger.table, row.id, row.stored()) for row in rows)
        context = replace(self._context(reason, ""), given=name, guard=UNGUARDED)
        return self._told(lambda database: changes.apply(database, what, context)).result()

    def exchange(self, job: Callable[[Writing], Receipt]) -> Future[Receipt]:
        """Does what came from elsewhere as one transaction on the writer thread and tells the listeners."""
        return self._told(job)

    # -- what is not a ledger --------------------------------------------------------------------

    def keep_draft(self, key: str, payload: dict[str, Any]) -> Future[None]:
        """Keeps what was typed so far by who is at the keyboard, under a key such as "visit:<household>"."""
        name = self._own(key)
        return self.database.write(lambda db: local.put(db, "draft", name, payload, self.clock.now()))

    def drop_draft(self, key: str) -> Future[None]:
        """Forgets a draft."""
        names = {key, self._own(key)}
        return self.database.write(lambda db: [local.drop(db, "draft", name) for name in names] and None)

    def draft(self, key: str) -> dict[str, Any] | None:
        """A kept draft of who is at the keyboard, or None."""
        sql = "SELECT value FROM local WHERE kind = 'draft' AND name IN (?, ?) ORDER BY at DESC"
        row = self.one(sql, (key, self._own(key)))
        return json.loads(row[0]) if row else None

    def drafts(self) -> list[tuple[str, dict[str, Any], str]]:
        """His drafts as (key, payload, ISO time), newest first, with those of nobody's from earlier versions."""
        sql = "SELECT name, value, at FROM local WHERE kind = 'draft' ORDER BY at DESC"
        split = ((name.rpartition(_OWNER), value, at) for name, value, at in self.rows(sql))
        return [(key, json.loads(value), at) for (who, _, key), value, at in split if who in ("", self.author)]

    def _own(self, key: str) -> str:
        return f"{self.author}{_OWNER}{key}" if self.author else key

    def remember(self, name: str, value: Any) -> Future[None]:
        """Keeps a setting of this laptop that is not synced."""
        return self.database.write(lambda db: local.put(db, "setting", name, value, self.clock.now()))

    def recall(self, name: str, default: Any = None) -> Any:
        """A setting of this laptop."""
        row = self.one("SELECT value FROM local WHERE kind = 'setting' AND name = ?", (name,))
        return json.loads(row[0]) if row else default

    def keep_blob(self, content: bytes, mime: str) -> str:
        """Keeps an attachment, a photo without its place and camera; gives its SHA-256 name. Raises Refused."""
        plain = pictures.bare(content)
        sha256 = hashlib.sha256(plain).hexdigest()
        self.database.write(lambda db: local.put_blob(db, sha256, plain, mime)).result()
        return sha256

    def blob(self, sha256: str) -> bytes | None:
        """An attachment by its name."""
        row = self.one("SELECT content FROM blob WHERE sha256 = ?", (sha256,))
        return bytes(row[0]) if row else None

    def close(self) -> None:
        """Waits for the writer and closes the file."""
        self.database.close()

    def _context(self, reason: str, author: str | None, undoes: str | None = None) -> Context:
        who = self.author if author is None else author
        return Context(new_id(), self.clock.stamp(), who, whole(reason), undoes, guard=self.guard)

    def _told(self, job: Callable[[Writing], Receipt]) -> Future[Receipt]:
        future = self.database.write(job)
        future.add_done_callback(self._tell)
        return future

    def _tell(self, future: Future[Receipt]) -> None:
        if future.cancelled() or future.exception() or not future.result().tables:
            return
        receipt = future.result()
        if receipt.inserted + receipt.removed >= _MANY:
            self.database.tune()
        for listener in tuple(self._listeners):
            listener(receipt.tables)


def _prepare(database: Writing) -> None:
    journal.prepare(database)
    local.prepare(database)
    search_index.prepare(database)
    tables.prepare(database, LEDGERS.values())


__all__ = ["Change", "Event", "Ledger", "Put", "Receipt", "Remove", "Step", "Store"]
