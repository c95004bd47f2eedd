"""What the status bar says: the county's net, what waits, drafts, the last backup; each opens its screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from nehe_desktop.core.clock import Clock
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import expiry
from nehe_desktop.features.custody.page_mark import MarkKeeper
from nehe_desktop.features.exchange.words import stand_of, when
from nehe_desktop.security import backup
from nehe_desktop.security.laptop import Laptop, Session
from nehe_desktop.sync.standing import Standing
from nehe_desktop.ui.bars import Status
from nehe_desktop.ui.preference import Look
from nehe_desktop.ui.window import Window

_OLD = 7  # days after which a backup turns orange
_MINUTE = 60_000
SOON_MS = 250
"""After a save the bar is asked anew once, however many rows were saved."""


def status_of(store: Store, here: Laptop, found: Standing) -> list[Status]:
    """The parts of the status bar, for a worker."""
    parts = [*_net(store, found)]
    drafts = len(store.drafts())
    if drafts:
        parts.append(Status("drafts", f"草稿 {drafts} 份", "pencil", "orange", "home"))
    return [*parts, _backup(here), Status("lock", "数据已加密", "lock", "green", "settings", least=False)]


def _net(store: Store, found: Standing) -> Iterator[Status]:
    """How things stand with the county; red only where somebody has to do something."""
    today = store.clock.today()
    stand = stand_of(found, today)
    if not found.enrolled:
        yield Status("net", stand.word, stand.icon, go="sync")
    elif found.filling is not None:
        yield Status("net", f"正在接收 {found.filling:.0%}", stand.icon, stand.tone, "sync")
    else:
        yield Status("net", stand.word, stand.icon, "" if stand.tone == "grey" else stand.tone, "sync")
    if locks := expiry.soon(store, store.clock.now()):
        yield Status("expiry", locks, "hourglass", "red", "sync")
    if found.waiting:
        yield Status("upload", f"待上传 {found.waiting} 条", "upload", "orange", "sync")
    if found.set_aside:
        yield Status("set_aside", f"被搁置 {found.set_aside} 条", "inbox", "orange", "sync")
    if found.conflicts:
        yield Status("conflicts", f"冲突 {found.conflicts} 条待处理", "split", "red", "conflicts")
    if found.doubles:
        yield Status("doubles", f"疑似重复 {found.doubles} 条", "copy", "orange", "doubles")
    if found.enrolled:
        last = f"上次同步 {when(found.last_success, today)}" if found.last_success else "还没有同步过"
        yield Status("synced", last, "history", go="sync", least=False)


def _backup(here: Laptop) -> Status:
    found = backup.copies(here.backups)
    if not found:
        return Status("backup", "还没有备份", "usb", "orange", "settings")
    days = (Clock().today() - found[0].made_at.date()).days
    told = "今天" if days == 0 else "昨天" if days == 1 else f"{days} 天前"
    words = f"备份 {told} {found[0].made_at:%H:%M}"
    return Status("backup", words, "usb", "orange" if days > _OLD else "green", "settings")


class StatusKeeper(QObject):
    """Keeps the status bar and the rail's numbers true: after every save, every answer of the hub, every minute."""

    _saved = Signal()

    def __init__(self, window: Window, store: Store, session: Session, now: Callable[[], Standing]) -> None:
        """`now` asks how things stand, in a worker; the page that is shown hears when that has changed."""
        super().__init__(window)
        self._window, self._store, self._session, self._now = window, store, session, now
        self._last: Standing | None = None
        self.mark = MarkKeeper(window, store, lambda: Look.kept(session.laptop.folder).mark)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.look)
        self._minute = QTimer(self, interval=_MINUTE)
        self._minute.timeout.connect(self.look)
        self._saved.connect(self.soon)
        self._unlisten = store.listen(lambda _tables: self._saved.emit())
        window.closing.connect(self.stop)
        self._minute.start()
        self.look()

    def soon(self) -> None:
        """Looks in a moment."""
        if not self._soon.isActive():
            self._soon.start()

    def look(self) -> None:
        """Asks how things stand and shows it."""
        store, here, now = self._store, self._session.laptop, self._now

        def ask() -> tuple[Standing, list[Status]]:
            found = now()
            return found, status_of(store, here, found)

        self._window.tasks.ask(ask, self._show, owner=self, slot="status")

    def stop(self) -> None:
        """Ends with the window."""
        self._soon.stop()
        self._minute.stop()
        self._unlisten()
        self._unlisten = lambda: None

    def _show(self, answer: tuple[Standing, list[Status]]) -> None:
        found, parts = answer
        self._window.show_status(parts, demo=self._session.sample)
        self._window.show_waiting({"sync": found.conflicts + found.doubles})
        before, self._last = self._last, found
        if before is not None and before != found and self._window.page is not None:
            self._window.page.exchanged()
