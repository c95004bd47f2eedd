"""What the status bar says: offline, drafts, the last backup, encrypted; each opens its screen."""

from __future__ import annotations

from nehe_desktop.core.clock import Clock
from nehe_desktop.core.store import Store
from nehe_desktop.security import backup
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.ui.bars import Status

_OLD = 7  # days after which a backup turns orange


def status_of(store: Store, here: Laptop) -> list[Status]:
    """The parts of the status bar, for a worker."""
    parts = [Status("net", "离线可用", "wifi-off", go="settings")]
    drafts = len(store.drafts())
    if drafts:
        parts.append(Status("drafts", f"草稿 {drafts} 份", "pencil", "orange", "home"))
    return [*parts, _backup(here), Status("lock", "数据已加密", "lock", "green", "settings", least=False)]


def _backup(here: Laptop) -> Status:
    found = backup.copies(here.backups)
    if not found:
        return Status("backup", "还没有备份", "usb", "orange", "settings")
    days = (Clock().today() - found[0].made_at.date()).days
    when = "今天" if days == 0 else "昨天" if days == 1 else f"{days} 天前"
    words = f"备份 {when} {found[0].made_at:%H:%M}"
    return Status("backup", words, "usb", "orange" if days > _OLD else "green", "settings")
