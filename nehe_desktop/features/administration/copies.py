"""Copies of the data and the way back to one, each with its entry in the log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nehe_desktop.core.clock import Clock
from nehe_desktop.core.store import Store
from nehe_desktop.features.administration import keys
from nehe_desktop.features.custody import audit
from nehe_desktop.security import backup, laptop, restoring
from nehe_desktop.security.backup import BackupReport, Copy
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.laptop import Laptop

Show = Callable[[int, int], object]


def _quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def make(
    store: Store, key: Key, here: Laptop, show: Show = _quiet, cancelled: Callable[[], bool] = lambda: False
) -> BackupReport:
    """A copy now, that holds its own entry in the log; copies older than are kept go. For a worker."""
    audit.note(store, "备份", count=1, detail="存在本机").result()
    report = backup.make(store.database, key, here.vault, here.backups, Clock().now(), show, cancelled)
    backup.prune(here.backups)
    return report


def make_daily(store: Store, key: Key, here: Laptop) -> None:
    """The copy of the day, where it is due; then what restores put aside, where it is under an older key. For a worker."""
    if backup.due(here.backups, Clock().now()):
        make(store, key, here)
    if not here.sample:
        keys.renew_asides(store, here, key)


def carry(
    store: Store, copy: Copy, folder: Path, show: Show = _quiet, cancelled: Callable[[], bool] = lambda: False
) -> Copy:
    """A copy on a stick, read back. For a worker."""
    carried = backup.carry(copy, folder, show, cancelled)
    audit.note(store, "备份", count=1, detail="抄到 U 盘", target=carried.path.name).result()
    return carried


def restore(
    copy: Copy, here: Laptop, key: Key, person: str, *, agreed: bool, show: Show = _quiet
) -> Path | None:
    """Puts a copy in the place of the data and says so in its log; the file that was there before. Raises Trouble."""
    aside = restoring.restore(copy, here.file, key, here.vault, Clock().now(), agreed=agreed, progress=show)
    store = laptop.open_store(here, key, person, Clock())
    try:
        audit.restored(store, copy.path.name)
    finally:
        store.close()
    return aside
