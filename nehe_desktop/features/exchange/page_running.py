"""The sync that goes on while the window is open: started for a laptop that belongs to a county, told to the window."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from importlib import import_module
from typing import Any

from PySide6.QtCore import QObject, Signal

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.exchange.network import Network, Way
from nehe_desktop.features.exchange.queries import counts
from nehe_desktop.sync.membership import account_of
from nehe_desktop.sync.standing import Standing, standing

Progress = Callable[[int, int, str], None]
_PATIENCE = 0.5  # seconds for what is under way to come to its end


class Running(QObject):
    """One laptop's background sync. `told` and `wiped` come on the window's thread."""

    told = Signal(object)
    wiped = Signal(object)
    _bug = Signal(object)

    def __init__(
        self,
        store: Store,
        bug: Callable[[BaseException], object],
        network: Way | None = None,
    ) -> None:
        """`network` is the way to the hub where another one is to be used."""
        super().__init__()
        self.store: Store = store
        self.network: Way = network or Network(store)
        self._background: Any = None
        self._unlisten: Callable[[], None] | None = None
        self._bug.connect(bug)
        self.told.connect(lambda _told: self._enter())

    def start(self) -> None:
        """Begins where the laptop belongs to a county and nothing has begun yet; for a worker."""
        if self._background is not None or account_of(self.store) is None:
            return
        background = import_module("nehe_desktop.sync.background")  # not needed by who works alone
        self._background = background.Background(
            self.store, self.network, self.told.emit, self.wiped.emit, self._report
        )
        self._unlisten = self.store.listen(lambda _tables: self.nudge())
        self._background.start()

    def _enter(self) -> None:
        """What the sync noted by itself goes into the log."""
        if self._background is not None:
            audit.catch_up(self.store)

    def stop(self) -> None:
        """Ends, without waiting for a hub that does not answer; what was under way is taken up at the next start."""
        background, self._background = self._background, None
        if self._unlisten is not None:
            self._unlisten()
            self._unlisten = None
        if background is not None:
            background.stop(_PATIENCE)

    def watch_network(self) -> None:
        """Tries at once when the network comes or goes; only a hint, what the hub answers is the truth."""
        network = import_module("PySide6.QtNetwork").QNetworkInformation
        if network.loadDefaultBackend() and (found := network.instance()) is not None:
            found.reachabilityChanged.connect(lambda _: self._try_now())

    def _try_now(self) -> None:
        if self._background is not None:
            self._background.sync_now()

    def _report(self, error: BaseException) -> None:
        """A fault, unless the program is being closed and took the file away itself."""
        if self._background is not None:
            self._bug.emit(error)

    def nudge(self) -> None:
        """Something was saved, and is sent soon."""
        if self._background is not None:
            self._background.nudge()

    def give(self, code: str) -> None:
        """Takes the six digits of a phone, for a county that asks for them; for a worker."""
        self.network.give(code)

    def sync_now(self, progress: Progress | None = None) -> Future[Any]:
        """A synchronisation at once; fails with Trouble where the laptop belongs to no county."""
        self.start()
        if self._background is None:
            future: Future[Any] = Future()
            future.set_exception(Trouble("这台电脑还没有加入县里的网", "请在“同步”页粘贴县里发来的邀请码"))
            return future
        asked: Future[Any] = self._background.sync_now(progress)
        return asked

    def now(self) -> Standing:
        """How things stand at this moment; for a worker."""
        background, waits = self._background, counts(self.store)
        return replace(
            standing(self.store),
            online=background.online if background is not None else None,
            conflicts=waits.conflicts,
            doubles=waits.doubles,
        )
