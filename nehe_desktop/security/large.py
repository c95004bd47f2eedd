"""Large files: copied with progress and cancel, put in place in one step, told apart by SHA-256."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from nehe_desktop.core.errors import Trouble
from nehe_desktop.security.durable import sync_folder

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]
_PIECE = 1 << 20
_SPARE = 20 << 20  # bytes that must stay free on a disk


class Stopped(Trouble):
    """A person cancelled; nothing was left behind."""


def drop(path: Path) -> None:
    """Deletes a data file and what the engine keeps beside it."""
    for tail in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + tail).unlink(missing_ok=True)


def settle(source: Path, target: Path) -> None:
    """Puts a finished file in its place in one step that outlasts a power cut."""
    with source.open("rb+") as stream:
        os.fsync(stream.fileno())
    source.replace(target)
    sync_folder(target.parent)


def need_room(folder: Path, size: int) -> None:
    """Raises Trouble unless so many bytes and some to spare are free."""
    free = shutil.disk_usage(folder).free
    if free < size + _SPARE:
        raise Trouble(
            f"磁盘空间不足：需要 {(size + _SPARE) >> 20} MB，只剩 {free >> 20} MB；原有数据未受影响。",
            "请清理磁盘，或换一个U盘。",
        )


def watched(progress: Progress | None, cancelled: Cancelled | None) -> Progress:
    """A progress callback that raises Stopped once a person cancels."""

    def step(done: int, total: int) -> None:
        if cancelled and cancelled():
            raise Stopped("已取消，没有留下文件。")
        if progress:
            progress(done, total)

    return step


def copy_whole(source: Path, target: Path, progress: Progress) -> None:
    """Copies a file in pieces down to the disk, telling bytes done and in all."""
    total, done = source.stat().st_size, 0
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(_PIECE):
            writing.write(piece)
            done += len(piece)
            progress(done, total)
        writing.flush()
        os.fsync(writing.fileno())


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
