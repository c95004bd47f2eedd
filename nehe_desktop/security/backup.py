"""Daily encrypted copies by the engine's own backup, each proved by a test restore, and the way back.

A copy is three files of one name: the data (.db, same key), the key file (.key) and what it holds
(.json: counts, last change, SHA-256; nothing personal).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import sqlcipher3.dbapi2

from nehe_desktop.core.database import Database, DatabaseError, trouble_of
from nehe_desktop.core.errors import Trouble
from nehe_desktop.security import vault
from nehe_desktop.security.contents import Contents, contents_of
from nehe_desktop.security.durable import disk_trouble, write_whole
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.large import (
    Cancelled,
    Progress,
    copy_whole,
    drop,
    need_room,
    settle,
    sha256_of,
    watched,
)

_NAME = "备份-%Y%m%d-%H%M%S"


@dataclass(frozen=True)
class Keep:
    """How many copies stay: one for each of so many days, weeks and months."""

    days: int = 14
    weeks: int = 8
    months: int = 12


@dataclass(frozen=True)
class Copy:
    """A backup in a folder, by its data file."""

    path: Path
    made_at: datetime

    @property
    def key_file(self) -> Path:
        """The vault that opens it."""
        return self.path.with_suffix(".key")

    @property
    def note(self) -> Path:
        """What it held when it was made."""
        return self.path.with_suffix(".json")


@dataclass(frozen=True)
class BackupReport:
    """A copy that was made: its size in bytes and what it holds."""

    copy: Copy
    size: int
    contents: Contents


@dataclass(frozen=True)
class Proof:
    """The result of a test restore: what was found in the copy and every fault."""

    copy: Copy
    contents: Contents | None
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether the copy can be relied on."""
        return not self.faults

    @property
    def sentence(self) -> str:
        """The result as it is shown."""
        if self.faults or self.contents is None:
            return "试恢复没有通过：" + "；".join(self.faults)
        rows = sum(self.contents.counts.values())
        return f"试恢复通过：{rows} 条记录，最后一笔修改在 {self.contents.newest}。"


def copies(folder: Path) -> tuple[Copy, ...]:
    """The backups in a folder, newest first."""
    found = []
    for path in folder.glob("备份-*.db"):
        with contextlib.suppress(ValueError):
            found.append(Copy(path, datetime.strptime(path.stem, _NAME).astimezone()))
    return tuple(sorted(found, key=lambda copy: copy.made_at, reverse=True))


def due(folder: Path, now: datetime) -> bool:
    """Whether today's copy is still missing; a clock set back makes one too many rather than none."""
    return all(copy.made_at.date() != now.date() for copy in copies(folder))


def make(
    database: Database,
    key: Key,
    vault_path: Path,
    folder: Path,
    now: datetime,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> BackupReport:
    """A copy of the open database in `folder`; Trouble (full disk) and Stopped leave no half copy."""
    copy = Copy(folder / f"{now:{_NAME}}.db", now)
    least = contents_of(database).last
    with _unfinished(copy) as target:
        need_room(folder, database.path.stat().st_size)
        database.backup(target, watched(progress, cancelled))
        contents = _read(target, key)
        if contents.last < least:
            raise Trouble("备份里缺少最近的修改，已放弃这一份。", "请再备份一次；仍不行请做“自检”。")
        write_whole(copy.key_file, vault_path.read_bytes())
        write_whole(copy.note, _note(contents, sha256_of(target)))
        settle(target, copy.path)
    return BackupReport(copy, copy.path.stat().st_size, contents)


def prune(folder: Path, keep: Keep | None = None) -> tuple[Path, ...]:
    """Deletes copies by age, counted by the days that have one, not by the clock; gives what went."""
    here, keep = copies(folder), keep or Keep()
    kept = set(here[:1])
    kept |= _newest_each(here, keep.days, lambda day: day.isoformat())
    kept |= _newest_each(here, keep.weeks, lambda day: "{}-{}".format(*day.isocalendar()[:2]))
    kept |= _newest_each(here, keep.months, lambda day: f"{day:%Y-%m}")
    gone = [copy for copy in here if copy not in kept]
    for copy in gone:
        for path in (copy.path, copy.key_file, copy.note):
            path.unlink(missing_ok=True)
    return tuple(copy.path for copy in gone)


def carry(
    copy: Copy, folder: Path, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Copy:
    """Brings a copy to another folder such as a USB stick and reads it back to compare."""
    carried = Copy(folder / copy.path.name, copy.made_at)
    with _unfinished(carried) as target:
        need_room(folder, copy.path.stat().st_size)
        copy_whole(copy.path, target, watched(progress, cancelled))
        if sha256_of(target) != sha256_of(copy.path):
            raise Trouble("写到U盘的内容与原件不一致，已删除。", "请换一个U盘再试。")
        for old, new in ((copy.key_file, carried.key_file), (copy.note, carried.note)):
            write_whole(new, old.read_bytes())
        settle(target, carried.path)
    return carried


def prove(
    copy: Copy, key: Key, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Proof:
    """Restores the copy into a temporary file, opens it and compares everything; the copy stays untouched."""
    with tempfile.TemporaryDirectory(prefix="nehe-", ignore_cleanup_errors=True) as folder:
        trial = Path(folder) / "trial.db"
        try:
            need_room(trial.parent, copy.path.stat().st_size)
            copy_whole(copy.path, trial, watched(progress, cancelled))
        except OSError as error:
            raise disk_trouble(error, copy.path) from error
        return _tested(copy, trial, key)


def loss(copy: Copy, target: Path, key: Key) -> str:
    """What a restore would lose, with the newest change of both sides; empty when nothing."""
    note = _noted(copy)
    present = _present(target, key)
    if note is None or present is None or present.stamp <= note.stamp:
        return ""
    return (
        f"现有数据的最后一笔修改在 {present.newest}，备份的在 {note.newest}；"
        f"恢复后会少约 {max(present.last - note.last, 1)} 笔修改。"
    )


def restore(
    copy: Copy,
    target: Path,
    key: Key,
    vault_path: Path,
    now: datetime,
    *,
    agreed: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Path | None:
    """Puts a proved copy in the place of a closed data file; gives where the replaced one is kept.

    Raises Trouble for an open file, a bad copy, a newer program's copy, and older-over-newer unless agreed.
    """
    trial = target.with_name(target.name + ".restoring")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        _refuse_open(target, key)
        lost = loss(copy, target, key)
        if lost and not agreed:
            raise Trouble(lost, "确实要退回到备份时，请勾选“我知道会少这些修改”再恢复。")
        need_room(target.parent, copy.path.stat().st_size * 2)
        copy_whole(copy.path, trial, watched(progress, cancelled))
        proof = _tested(copy, trial, key)
        if not proof.sound:
            raise Trouble(proof.sentence, "没有改动现有数据；请换一份备份。")
        aside = _set_aside(target, now)
        _take_vault(copy, vault_path, key, now)
        settle(trial, target)
    except OSError as error:
        raise disk_trouble(error, target) from error
    finally:
        drop(trial)
    return aside


def _read(path: Path, key: Key) -> Contents:
    database = Database.open(path, key)
    try:
        return contents_of(database)
    finally:
        database.close()


def _tested(copy: Copy, trial: Path, key: Key) -> Proof:
    note, faults = _noted(copy), []
    if note is None:
        faults.append("缺少备份说明或说明已损坏")
    elif json.loads(copy.note.read_bytes())["sha256"] != sha256_of(trial):
        faults.append("备份文件的内容与备份时不同，可能已损坏")
    try:
        database = Database.open(trial, key)
    except Trouble as trouble:
        return Proof(copy, None, (*faults, trouble.sentence))
    try:
        faults += [f"文件检查：{line}" for line in database.check()]
        found = contents_of(database)
    except DatabaseError as error:
        return Proof(copy, None, (*faults, trouble_of(error, trial).sentence))
    finally:
        database.close()
    return Proof(copy, found, (*faults, *_differences(note, found)))


def _differences(note: Contents | None, found: Contents) -> Iterator[str]:
    if note is None:
        return
    for table in sorted(note.counts.keys() | found.counts.keys()):
        before, now = note.counts.get(table, 0), found.counts.get(table, 0)
        if before != now:
            yield f"{table} 备份时 {before} 条，现在 {now} 条"
    if note.last != found.last:
        yield f"最后一笔修改的编号应为 {note.last}，实为 {found.last}"


def _note(contents: Contents, sha256: str) -> bytes:
    return json.dumps({**asdict(contents), "sha256": sha256}, indent=1).encode()


def _noted(copy: Copy) -> Contents | None:
    try:
        note = json.loads(copy.note.read_bytes())
        return Contents(note["counts"], note["last"], note["stamp"]) if note["sha256"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _present(target: Path, key: Key) -> Contents | None:
    """What stands where a restore goes, or None when there is nothing readable."""
    if not target.exists():
        return None
    try:
        return _read(target, key)
    except (Trouble, DatabaseError):
        return None


def _refuse_open(target: Path, key: Key) -> None:
    """Leaving WAL needs every other connection gone, in this program and in others."""
    if not target.exists():
        return
    connection = sqlcipher3.dbapi2.connect(str(target), isolation_level=None, timeout=0.2)
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    except DatabaseError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise Trouble("数据文件正在使用，没有恢复。", "请先退出登录或关掉其他窗口，再恢复。") from error
    finally:
        connection.close()


def _set_aside(target: Path, now: datetime) -> Path | None:
    """A second name for the present file, so that it is never missing, not even for a moment."""
    if not target.exists():
        return None
    aside = target.with_name(f"{target.stem}-恢复前-{now:%Y%m%d-%H%M%S}{target.suffix}")
    try:
        os.link(target, aside)
    except OSError:  # FAT has no links
        shutil.copy2(target, aside)
    for tail in ("-wal", "-shm"):
        log = target.with_name(target.name + tail)
        if log.exists():
            log.replace(aside.with_name(aside.name + tail))
    return aside


def _take_vault(copy: Copy, vault_path: Path, key: Key, now: datetime) -> None:
    """The copy's key file, unless the one in place already opens this key with newer PINs."""
    with contextlib.suppress(Trouble):
        if vault.opens(vault_path, key):
            return
    if vault_path.exists():
        write_whole(vault_path.with_name(f"{vault_path.name}.{now:%Y%m%d-%H%M%S}"), vault_path.read_bytes())
    write_whole(vault_path, copy.key_file.read_bytes())


def _newest_each(here: Iterable[Copy], most: int, span: Callable[[date], str]) -> set[Copy]:
    newest: dict[str, Copy] = {}
    for copy in here:
        newest.setdefault(span(copy.made_at.date()), copy)
    return set(list(newest.values())[:most])


@contextlib.contextmanager
def _unfinished(copy: Copy) -> Iterator[Path]:
    """Where a copy is written; an error takes every trace of it away."""
    target = copy.path.with_name(copy.path.name + ".writing")
    try:
        copy.path.parent.mkdir(parents=True, exist_ok=True)
        yield target
    except BaseException as error:
        for path in (copy.key_file, copy.note):
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise disk_trouble(error, copy.path) from error
        raise
    finally:
        drop(target)
