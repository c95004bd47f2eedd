"""The sync that goes on beside the work: a thread of its own, soon after a save, patient when the hub is away."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.sync.client import Client, Connect, Progress
from nehe_desktop.sync.denials import CodeNeeded, Wiped
from nehe_desktop.sync.intake import Report
from nehe_desktop.sync.membership import account_of
from nehe_desktop.sync.standing import Standing, standing

SOON = 5.0
"""Seconds after a save until it is sent: what a person types next goes along."""

FIRST, LONGEST = 5.0, 900.0
"""Seconds until the next try after a failure: doubled each time, with full jitter, up to a quarter of an hour."""

IDLE = 900.0
"""Seconds after which the hub is asked for news where nothing is to be sent."""

_CHECK = 86_400.0  # seconds after which both ends compare what they hold, even where nothing is new


class Background:
    """Synchronises by itself; every answer is told from its own thread."""

    def __init__(
        self,
        store: Store,
        connect: Connect,
        tell: Callable[[Standing], None],
        wiped: Callable[[Trouble], None],
        bug: Callable[[BaseException], None] | None = None,
    ) -> None:
        """`tell` hears how things stand after every change, `wiped` that the hub ordered the laptop emptied."""
        self._store, self._connect = store, connect
        self._tell, self._wiped, self._bug = tell, wiped, bug or (lambda _: None)
        self._wake, self._guard = threading.Event(), threading.Lock()
        self._asked: list[tuple[Future[Report], Progress | None]] = []
        self._stop, self._due, self._failures, self._checked = False, 0.0, 0, 0.0
        self._online: bool | None = None
        self._nudged = False  # since the synchronisation that is under way began
        self._thread = threading.Thread(target=self._live, name="sync", daemon=True)

    def start(self) -> None:
        """Begins; the first synchronisation follows at once."""
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """Ends; what is under way is broken off at its next message, which does no harm."""
        self._stop = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def nudge(self) -> None:
        """Something was saved: it is sent soon. After failures the patience is kept."""
        with self._guard:
            self._nudged = True
            if not self._failures:
                self._due = min(self._due, time.monotonic() + SOON)
        self._wake.set()

    def sync_now(self, progress: Progress | None = None) -> Future[Report]:
        """A synchronisation at once, with all the checks; the future fails with Trouble."""
        future: Future[Report] = Future()
        with self._guard:
            self._asked.append((future, progress))
        self._wake.set()
        return future

    @property
    def online(self) -> bool | None:
        """Whether the last try reached the hub; None before the first."""
        return self._online

    def _live(self) -> None:
        while not self._stop:
            asked = self._taken()
            if asked or time.monotonic() >= self._due:
                self._once(asked)
                continue
            self._wake.wait(max(0.05, self._due - time.monotonic()))
            self._wake.clear()
        for future, _ in self._taken():
            future.cancel()

    def _taken(self) -> list[tuple[Future[Report], Progress | None]]:
        with self._guard:
            asked, self._asked = self._asked, []
        return asked

    def _once(self, asked: list[tuple[Future[Report], Progress | None]]) -> None:
        if not asked and account_of(self._store) is None:
            self._due = time.monotonic() + IDLE
            return
        with self._guard:
            self._nudged = False
        check = bool(asked) or time.monotonic() - self._checked > _CHECK
        progress = next((each for _, each in asked if each), None)
        try:
            report = Client(self._store, self._connect).sync(self._stoppable(progress), check=check)
        except Wiped as wiped:
            self._stop = True
            self._failed(asked, wiped)
            self._wiped(wiped)
        except CodeNeeded as trouble:
            self._wait_for_code()
            self._failed(asked, trouble)
        except Trouble as trouble:
            self._later(trouble)
            self._failed(asked, trouble)
        except _Stopped:
            self._failed(asked, Trouble("同步已停下", "下次打开时接着传"))
        except Exception as error:  # noqa: BLE001 - the thread lives on, the fault is reported
            self._later(Trouble(""))
            self._failed(asked, error)
            self._bug(error)
        else:
            self._checked = time.monotonic() if check else self._checked
            self._well(asked, report)

    def _stoppable(self, progress: Progress | None) -> Progress:
        def step(done: int, total: int, text: str) -> None:
            if self._stop:
                raise _Stopped
            if progress is not None:
                progress(done, total, text)

        return step

    def _well(self, asked: list[tuple[Future[Report], Progress | None]], report: Report) -> None:
        waits = standing(self._store).waiting  # what was saved while this went on has not gone along
        with self._guard:
            wait = SOON if self._nudged and waits else IDLE * random.uniform(0.8, 1.2)
            self._failures, self._due = 0, time.monotonic() + wait
        self._online = True
        for future, _ in asked:
            future.set_result(report)
        self._say()

    def _failed(self, asked: list[tuple[Future[Report], Progress | None]], error: BaseException) -> None:
        for future, _ in asked:
            future.set_exception(error)
        self._say()

    def _later(self, _trouble: Trouble) -> None:
        with self._guard:
            wait = random.uniform(0.5, 1.0) * min(LONGEST, FIRST * 2**self._failures)
            self._failures += 1
            self._due = time.monotonic() + wait
        self._online = False

    def _wait_for_code(self) -> None:
        """Asking again and again brings nothing: whoever has the phone starts the next synchronisation."""
        with self._guard:
            self._failures, self._due = max(1, self._failures), time.monotonic() + LONGEST
        self._online = False

    def _say(self) -> None:
        if not self._stop:
            self._tell(replace(standing(self._store), online=self._online))


class _Stopped(Exception):
    """The program is being closed."""
