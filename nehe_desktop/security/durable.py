"""Small files that survive a power cut: whole old or whole new, never half."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from nehe_desktop.core.errors import Trouble


def previous_of(path: Path) -> Path:
    """Where the copy before the last write stands."""
    return path.with_name(path.name + ".previous")


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` at `path` in one step; raises Trouble when the disk does not take it."""
    temporary = path.with_name(path.name + ".writing")
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise disk_trouble(error, path) from error


def write_keeping_previous(path: Path, data: bytes) -> None:
    """Like `write_whole`, with the present content kept beside it first."""
    if path.exists():
        write_whole(previous_of(path), path.read_bytes())
    write_whole(path, data)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` last; Windows does so by itself and cannot open a folder."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def disk_trouble(error: OSError, path: Path) -> Trouble:
    """What to tell a person when the disk refuses: full, protected, gone, or something else."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        sentence = f"磁盘空间不足，没有写入“{path.name}”，原有数据未受影响。"
        return Trouble(sentence, "请清理磁盘或换一个U盘后重试。")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble(
            f"没有权限写入“{path.name}”，原有数据未受影响。",
            "请检查U盘写保护开关、文件夹权限，或文件是否正被别的程序打开。",
        )
    if error.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return Trouble(f"找不到“{path.name}”所在的位置。", "请检查U盘是否已插好，文件夹是否被移走。")
    sentence = f"读写“{path.name}”时出错，原有数据未受影响。"
    return Trouble(sentence, "请换一个位置重试；如反复出现，请检查磁盘。")
