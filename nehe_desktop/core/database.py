"""The encrypted database: one writer thread, readers that only read, backups by the engine itself.

SQLCipher runs under sqlite-utils through an import shim; errors are imported from here, because
sqlcipher3's do not derive from the standard library's.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import sqlcipher3
import sqlcipher3.dbapi2

from nehe_desktop.core.errors import Trouble

if TYPE_CHECKING:
    import sqlite_utils

sys.modules["pysqlite3"] = sqlcipher3  # where sqlite-utils looks for another driver
sys.modules["pysqlite3.dbapi2"] = sqlcipher3.dbapi2

Connection: TypeAlias = Any  # sqlcipher3.dbapi2.Connection, which has no types
DatabaseError = sqlcipher3.dbapi2.DatabaseError
IntegrityError = sqlcipher3.dbapi2.IntegrityError
OperationalError = sqlcipher3.dbapi2.OperationalError
T = TypeVar("T")

SCHEMA = 1
"""The file format this program writes (PRAGMA user_version); a newer one is refused."""

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # a confirmed save survives a power cut
    "busy_timeout=10000",
    "temp_store=MEMORY",  # no personal data in temporary files
    "secure_delete=FAST",
    "cache_size=-16000",  # KiB; what a county list reads again and again need not be unsealed again and again
)
_WRITER_CACHE = "cache_size=-24000"  # KiB; an import touches the pages of many indexes at once


def bare_connection(path: Path) -> Connection:
    """The engine on a file before it was told a key; what it writes without one is not encrypted."""
    return sqlcipher3.dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)


def _connect(path: Path, key: bytes, *, writing: bool) -> Connection:
    """An open connection bound to the calling thread; raises Trouble for a wrong key or a foreign file."""
    connection = bare_connection(path)
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level=NONE")  # a wrong key is told by us, not on stderr
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for pragma in _PRAGMAS if writing else _PRAGMAS[2:]:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA {_WRITER_CACHE if writing else 'query_only=ON'}")
    except DatabaseError as error:
        connection.close()
        raise trouble_of(error, path) from error
    return connection


def trouble_of(error: BaseException, path: Path) -> Trouble:
    """A plain sentence for what the engine says of a file."""
    said = str(error)
    if "not a database" in said or "hmac" in said:
        return Trouble("打不开数据文件：口令不对，或文件已损坏", "请核对口令；仍打不开时用“恢复备份”")
    if "full" in said:
        return Trouble("磁盘满了，没有存进去", "请删掉不用的文件，腾出空间后再存；已存的数据没有受影响")
    if "locked" in said or "busy" in said:
        return Trouble("数据文件正被另一个程序占用", "请关掉另一个窗口或备份软件后再试")
    if "readonly" in said or "unable to open" in said:
        return Trouble(f"不能写入 {path.parent.name} 文件夹", "请检查文件夹权限，或换一个位置")
    return Trouble(f"数据库出错：{said}", "请到“设置 → 自检”查看")


def in_use(path: Path, key: bytes) -> bool:
    """Whether a connection of this or another program has the file open: leaving WAL needs all others gone."""
    if not path.exists():
        return False
    connection = sqlcipher3.dbapi2.connect(str(path), isolation_level=None, timeout=0.2)
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    except DatabaseError as error:
        return "locked" in str(error) or "busy" in str(error)
    finally:
        connection.close()
    return False


class Writing:
    """The writer's connection inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self.conn = connection

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """The cursor of one statement."""
        return self.conn.execute(sql, params)

    @cached_property
    def utils(self) -> sqlite_utils.Database:
        """sqlite-utils over the connection, for work on tables; loaded only where a table changes."""
        from sqlite_utils import Database as Utils

        return Utils(self.conn)


class Database:
    """One encrypted file. Jobs for `write` run one after the other, each in one transaction."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key
        self._local = threading.local()
        self._open: list[Connection] = []
        self._guard = threading.Lock()
        self._closed = False
        self._writer = ThreadPoolExecutor(1, "writer")
        self._readers = ThreadPoolExecutor(2, "reader")
        try:
            self._writing: Connection = self._writer.submit(self._connected, writing=True).result()
            self._writer.submit(self._refuse_newer).result()
        except Trouble:
            self.close()
            raise

    @classmethod
    def open(cls, path: Path, key: bytes) -> Database:
        """Opens or makes the file; raises Trouble for a wrong key, a foreign or a newer file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        return cls(path, key)

    def connection(self) -> Connection:
        """This thread's own read-only connection."""
        found: Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = self._connected(writing=False)
        return found

    def write(self, job: Callable[[Writing], T]) -> Future[T]:
        """Runs the job on the writer thread inside one transaction that commits or leaves no trace."""
        return self._closed_future() if self._closed else self._writer.submit(self._in_transaction, job)

    def read(self, job: Callable[[Connection], T]) -> Future[T]:
        """Runs the job on a reader thread with its read-only connection."""
        return self._closed_future() if self._closed else self._readers.submit(lambda: job(self.connection()))

    def interrupt(self) -> None:
        """Stops queries that are running on readers; they end with OperationalError."""
        with self._guard:
            for connection in self._open:
                if connection is not self._writing:
                    connection.interrupt()

    def backup(
        self, target: Path, progress: Callable[[int, int], None] | None = None, key: bytes | None = None
    ) -> None:
        """Writes a consistent encrypted copy with the engine's own online backup; under another key where told."""
        under = self._key if key is None else key

        def copy() -> None:
            copied = sqlcipher3.dbapi2.connect(str(target))
            try:
                copied.execute(f"PRAGMA key = \"x'{under.hex()}'\"")
                self.connection().backup(
                    copied,
                    pages=512,
                    progress=lambda _, left, total: progress and progress(total - left, total),
                )
            finally:
                copied.close()

        try:
            self._readers.submit(copy).result()
        except DatabaseError as error:
            target.unlink(missing_ok=True)
            raise trouble_of(error, target) from error

    def with_key(self, job: Callable[[bytes], T]) -> T:
        """What a job makes of the key, such as an envelope for the county; it must not keep the key itself."""
        return job(self._key)

    def check(self) -> list[str]:
        """What the engine finds wrong with the file: every page's seal and the structure; empty is well."""
        connection = self.connection()
        seals = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check")]
        structure = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
        return seals + [line for line in structure if line != "ok"]

    def checkpoint(self) -> None:
        """Moves the write-ahead log into the file."""
        self._writer.submit(
            lambda: self._writing.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        ).result()

    def compact(self) -> None:
        """Writes the file anew, so that nothing is left of what was removed, neither in free pages nor in the log."""
        self._writer.submit(self._vacuum).result()

    def _vacuum(self) -> None:
        try:
            self._writing.execute("VACUUM")
            self._writing.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except DatabaseError as error:
            raise trouble_of(error, self.path) from error

    def tune(self) -> Future[None]:
        """Lets the engine look at how the tables have grown, so that it goes on choosing the right index."""
        return self._writer.submit(self._optimize)

    def _optimize(self) -> None:
        self._writing.execute("PRAGMA analysis_limit=1000")
        self._writing.execute("PRAGMA optimize=0x10002")  # every table, also those not asked yet

    def close(self) -> None:
        """Waits for the writer and for what the listeners of its last jobs write, then closes every connection."""
        if self._closed:
            return
        self._writer.submit(lambda: None).result()  # its listeners have been called when this one is done
        self._closed = True
        self._readers.shutdown(cancel_futures=True)
        self._writer.shutdown()
        with self._guard:
            for connection in self._open:
                connection.close()
            self._open.clear()

    def _closed_future(self) -> Future[Any]:
        """What comes too late, such as a column's width kept while the window closes, fails without harm."""
        future: Future[Any] = Future()
        future.set_exception(Trouble("数据文件已经关闭"))
        return future

    def _connected(self, *, writing: bool) -> Connection:
        connection = _connect(self.path, self._key, writing=writing)
        with self._guard:
            self._open.append(connection)
        return connection

    def _refuse_newer(self) -> None:
        found = self._writing.execute("PRAGMA user_version").fetchone()[0]
        if found > SCHEMA:
            raise Trouble("这个数据文件由更新版本的软件写成，本版本不能打开", "请先升级软件")
        if found == 0:
            self._writing.execute(f"PRAGMA user_version={SCHEMA}")

    def _in_transaction(self, job: Callable[[Writing], Any]) -> Any:
        connection = self._writing
        try:
            connection.execute("BEGIN IMMEDIATE")
            result = job(Writing(connection))
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, OperationalError | DatabaseError):
                raise trouble_of(error, self.path) from error
            raise
        return result
