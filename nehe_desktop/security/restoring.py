"""The way back to a copy: what it would lose, and putting it in the place of a closed data file."""

from __future__ import annotations

import contextlib
import os
import shutil
from datetime import datetime
from pathlib import Path

from nehe_desktop.core.database import DatabaseError, in_use
from nehe_desktop.core.errors import Trouble
from nehe_desktop.security import asides, rekeying, succession, vault
from nehe_desktop.security.backup import Copy, contents_at, noted, tested
from nehe_desktop.security.contents import Contents
from nehe_desktop.security.durable import disk_trouble, write_whole
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.large import Cancelled, Progress, copy_whole, drop, need_room, settle, watched


def loss(copy: Copy, target: Path, key: Key) -> str:
    """What a restore would lose, with the newest change of both sides; empty when nothing."""
    note = noted(copy)
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
        if in_use(target, key):
            raise Trouble("数据文件正在使用，没有恢复。", "请先退出登录或关掉其他窗口，再恢复。")
        lost = loss(copy, target, key)
        if lost and not agreed:
            raise Trouble(lost, "确实要退回到备份时，请勾选“我知道会少这些修改”再恢复。")
        need_room(target.parent, copy.path.stat().st_size * 2)
        copy_whole(copy.path, trial, watched(progress, cancelled))
        own = succession.key_for(vault_path, key, copy.key_file)
        proof = tested(copy, trial, own)
        if not proof.sound:
            raise Trouble(proof.sentence, "没有改动现有数据；请换一份备份。")
        if own != key:  # from before a change of the key
            rekeying.rewrite(trial, own, key)
        aside = _set_aside(target, now)
        _take_vault(copy, vault_path, key, now)
        settle(trial, target)
    except OSError as error:
        raise disk_trouble(error, target) from error
    finally:
        drop(trial)
    return aside


def _present(target: Path, key: Key) -> Contents | None:
    """What stands where a restore goes, or None when there is nothing readable."""
    if not target.exists():
        return None
    try:
        return contents_at(target, key)
    except (Trouble, DatabaseError):
        return None


def _set_aside(target: Path, now: datetime) -> Path | None:
    """A second name for the present file, so that it is never missing, not even for a moment."""
    if not target.exists():
        return None
    aside = asides.path_for(target, now)
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
