"""Daily encrypted copies by the engine's own backup, each proved by a test restore, and the way back.

A copy is three files of one name: the data (.db, same key), the key file (.key) and what it holds
(.json: counts, last change, SHA-256; nothing personal).
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from nehe_desktop.core.database import Database, DatabaseError, trouble_of
from nehe_desktop.core.errors import Trouble
from nehe_desktop.security import succession
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
    for left in folder.glob("备份-*.writing"):
        drop(left)  # of a copy that a power cut broke off
    least = contents_of(database).last
    with _unfinished(copy) as target:
        need_room(folder, database.path.stat().st_size)
        database.backup(target, watched(progress, cancelled))
        contents = contents_at(target, key)
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
    copy: Copy,
    key: Key,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    vault_path: Path | None = None,
) -> Proof:
    """Restores the copy into a temporary file, opens it and compares everything; the copy stays untouched.

    `vault_path` is the laptop's key file, which knows the keys of older copies.
    """
    key = succession.key_for(vault_path, key, copy.key_file) if vault_path else key
    with tempfile.TemporaryDirectory(prefix="nehe-", ignore_cleanup_errors=True) as folder:
        trial = Path(folder) / "trial.db"
        try:
            need_room(trial.parent, copy.path.stat().st_size)
            copy_whole(copy.path, trial, watched(progress, cancelled))
        except OSError as error:
            raise disk_trouble(error, copy.path) from error
        return tested(copy, trial, key)


def contents_at(path: Path, key: Key) -> Contents:
    """What a closed data file holds."""
    database = Database.open(path, key)
    try:
        return contents_of(database)
    finally:
        database.close()


def tested(copy: Copy, trial: Path, key: Key) -> Proof:
    """Opens a restored trial file and compares it with what the copy says it holds."""
    note, faults = noted(copy), []
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


def noted(copy: Copy) -> Contents | None:
    """What the copy says it holds; None where that is missing or damaged."""
    try:
        note = json.loads(copy.note.read_bytes())
        return Contents(note["counts"], note["last"], note["stamp"]) if note["sha256"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


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
