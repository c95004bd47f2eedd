"""Changing the key of the data: a whole new file beside the old one, proved, then put in its place in one step.

A power cut leaves the old file or the new one, never half of either. Until the key file knows that the change is
done it holds both keys, each locked by the other's owner; whoever opens the laptop next ends what was begun.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from nehe_desktop.core.database import Database, DatabaseError, in_use, trouble_of
from nehe_desktop.core.errors import Trouble
from nehe_desktop.security import succession
from nehe_desktop.security.contents import contents_of
from nehe_desktop.security.durable import disk_trouble
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.large import Cancelled, Progress, drop, need_room, settle, watched


def change(
    file: Path,
    vault_path: Path,
    key: Key,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Key:
    """The new key of a closed data file that was written anew with it; raises Trouble and Stopped, then all is as before."""
    if in_use(file, key):
        raise Trouble("数据文件正在使用，没有更换密钥。", "请先关掉别的窗口，再更换。")
    settled(file, vault_path, key)
    made = _beside(file)
    try:
        need_room(file.parent, file.stat().st_size)
        following = succession.prepare_rekey(vault_path, key)
        _write_anew(file, key, made, following, watched(progress, cancelled))
    except BaseException as error:
        drop(made)
        succession.drop_rekey(vault_path)
        if isinstance(error, OSError):
            raise disk_trouble(error, file) from error
        raise
    if in_use(file, key):  # also folds its log in, so that none is left for a file of another key
        _give_up(made, vault_path)
        raise Trouble("数据文件刚被别的窗口打开，没有更换密钥。", "请先关掉别的窗口，再更换。")
    settle(made, file)
    succession.finish_rekey(vault_path, following)
    return following


def settled(file: Path, vault_path: Path, key: Key) -> Key:
    """The key that opens the file, once a change that was cut off is ended: finished where the file is new, else dropped."""
    following = succession.following(vault_path, key)
    if following is None:
        drop(_beside(file))
        return key
    if file.exists() and _opens(file, following):
        succession.finish_rekey(vault_path, following)
        return following
    if file.exists() and not _opens(file, key):  # held by another program, perhaps: no key is given up for that
        raise Trouble("打不开数据文件，上次更换密钥还没有收尾。", "请关掉别的窗口或重启电脑，再打开；内容都在。")
    _give_up(_beside(file), vault_path)
    return key


def rewrite(file: Path, key: Key, other: Key) -> None:
    """Writes a closed data file anew under another key, in one step."""
    made = _beside(file)
    try:
        _write_anew(file, key, made, other, lambda _done, _total: None)
        settle(made, file)
    finally:
        drop(made)


def _give_up(made: Path, vault_path: Path) -> None:
    drop(made)
    succession.drop_rekey(vault_path)


def _beside(file: Path) -> Path:
    return file.with_name(file.name + ".rekeying")


def _write_anew(file: Path, key: Key, made: Path, following: Key, progress: Progress) -> None:
    """A copy of every page under the following key, compared with the file and checked page by page."""
    drop(made)
    with contextlib.closing(Database.open(file, key)) as present:
        present.backup(made, progress, following)
        with contextlib.closing(Database.open(made, following)) as copied:
            try:
                same = contents_of(copied) == contents_of(present) and not copied.check()
            except DatabaseError as error:
                raise trouble_of(error, made) from error
    if not same:
        raise Trouble("用新密钥写出的数据与原来的不一致，没有更换密钥。", "请先做“自检”，再更换。")
    _drop_log(made)


def _drop_log(made: Path) -> None:
    """Takes away what the engine kept beside a file that was closed whole."""
    for tail in ("-wal", "-shm"):
        made.with_name(made.name + tail).unlink(missing_ok=True)


def _opens(file: Path, key: Key) -> bool:
    try:
        Database.open(file, key).close()
    except Trouble:
        return False
    return True
