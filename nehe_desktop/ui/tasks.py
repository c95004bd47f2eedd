"""Work off the window's thread: futures whose answers come home through one queued signal."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from nehe_desktop.core.errors import Invalid, Refused, Trouble

T = TypeVar("T")
Done = Callable[[Any], object]
Failed = Callable[[BaseException], object]


class Cancelled(Exception):
    """Raised inside a long job when a person cancels it."""


class Progress:
    """What a long job tells of itself; raises Cancelled at the next step after 取消."""

    def __init__(self, tell: Callable[[int, int, str], None]) -> None:
        self._tell, self._stop, self._told = tell, Event(), 0.0

    def step(self, done: int, total: int, text: str = "") -> None:
        """Says how far the job is; tells the window at most ten times a second."""
        if self._stop.is_set():
            raise Cancelled
        now = time.monotonic()
        if done >= total or now - self._told >= 0.1:
            self._told = now
            self._tell(done, total, text)

    def cancel(self) -> None:
        """Asks the job to stop."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked for that."""
        return self._stop.is_set()


@dataclass
class _Asked(Generic[T]):
    owner: QObject | None
    slot: str
    number: int
    done: Done
    failed: Failed | None
    job: Job | None = None


class Job(QObject):
    """A long job that a person sees: its title, how far it is, and 取消."""

    progressed = Signal(int, int, str)
    ended = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self.progress = Progress(self._tell)

    def cancel(self) -> None:
        """Asks the job to stop at its next step."""
        self.progress.cancel()

    def _tell(self, done: int, total: int, text: str) -> None:
        self.progressed.emit(done, total, text)


class Tasks(QObject):
    """Runs questions in workers; an answer to an older question of the same slot is dropped."""

    job_started = Signal(object)
    _arrived = Signal(object, object)

    def __init__(self, trouble: Callable[[Trouble], object], bug: Callable[[BaseException], object]) -> None:
        """`trouble` shows a notice, `bug` writes the crash report."""
        super().__init__()
        self._trouble, self._bug = trouble, bug
        self._numbers: dict[tuple[int, str], int] = {}
        self._asking: dict[tuple[int, str], Future[Any]] = {}
        self._pool = ThreadPoolExecutor(max_workers=3, thread_name_prefix="ask")
        self._jobs = ThreadPoolExecutor(max_workers=1, thread_name_prefix="job")
        self._running: set[Job] = set()
        self._open = True
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def ask(
        self,
        work: Callable[[], T],
        done: Callable[[T], object],
        *,
        owner: QObject | None = None,
        slot: str = "",
        failed: Failed | None = None,
    ) -> Future[T]:
        """Runs `work` in a worker and `done(answer)` on the window's thread.

        With owner and slot only the newest question is answered, and none once the owner or the window is gone.
        """
        if not self._open:
            unasked: Future[T] = Future()
            unasked.cancel()
            return unasked
        return self._watch(self._pool.submit(work), done, owner, slot, failed)

    def watch(
        self,
        future: Future[T],
        done: Callable[[T], object],
        *,
        owner: QObject | None = None,
        slot: str = "",
        failed: Failed | None = None,
    ) -> Future[T]:
        """The same for a future that somebody else made, such as a write of the store."""
        return self._watch(future, done, owner, slot, failed)

    def run(
        self,
        title: str,
        work: Callable[[Progress], T],
        done: Callable[[T], object],
        *,
        failed: Failed | None = None,
    ) -> Job:
        """A long job with a progress bar and 取消; one at a time, the window stays usable."""
        job = Job(title)
        self._running.add(job)
        self.job_started.emit(job)
        asked = _Asked(None, "", 0, done, failed, job)
        self._jobs.submit(work, job.progress).add_done_callback(lambda ended: self._tell(asked, ended))
        return job

    @property
    def jobs(self) -> list[str]:
        """The titles of long jobs that are not done yet."""
        return [job.title for job in self._running]

    def stale(self, owner: QObject, slot: str) -> None:
        """Drops whatever is still being asked for a slot."""
        key = (id(owner), slot)
        self._numbers[key] = self._numbers.get(key, 0) + 1

    def asking(self, owner: QObject) -> bool:
        """Whether a question of this owner is still without its answer."""
        mine = [future for (number, _), future in self._asking.items() if number == id(owner)]
        return not all(future.done() for future in mine)

    def close(self) -> None:
        """Cancels what waits and lets what runs come to its end unheard."""
        self._open = False
        for job in self._running:
            job.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._jobs.shutdown(wait=True, cancel_futures=True)

    def _watch(
        self, future: Future[T], done: Done, owner: QObject | None, slot: str, failed: Failed | None
    ) -> Future[T]:
        asked = _Asked(owner, slot, self._number(owner, slot, future), done, failed)
        future.add_done_callback(lambda ended: self._tell(asked, ended))
        return future

    def _number(self, owner: QObject | None, slot: str, future: Future[Any]) -> int:
        if owner is None or not slot:
            return 0
        key = (id(owner), slot)
        if (older := self._asking.get(key)) is not None:
            older.cancel()
        self._asking[key] = future
        self._numbers[key] = self._numbers.get(key, 0) + 1
        return self._numbers[key]

    def _tell(self, asked: _Asked[Any], ended: Future[Any]) -> None:
        if self._open and not ended.cancelled():
            self._arrived.emit(asked, ended)

    @Slot(object, object)
    def _deliver(self, asked: _Asked[Any], ended: Future[Any]) -> None:
        if asked.job is not None:
            self._running.discard(asked.job)
            asked.job.ended.emit()
        if not self._open or not self._current(asked):
            return
        error = ended.exception()
        if error is not None:
            self._fail(error, asked.failed)
        else:
            asked.done(ended.result())

    def _current(self, asked: _Asked[Any]) -> bool:
        if asked.owner is not None and not shiboken6.isValid(asked.owner):
            return False
        return not asked.number or self._numbers.get((id(asked.owner), asked.slot)) == asked.number

    def _fail(self, error: BaseException, failed: Failed | None) -> None:
        if isinstance(error, Cancelled | CancelledError):
            return
        if failed is not None and isinstance(error, Refused | Invalid | Trouble):
            failed(error)
        elif isinstance(error, Trouble):
            self._trouble(error)
        elif isinstance(error, Refused | Invalid):
            self._trouble(Trouble(str(error)))
        else:
            self._bug(error)
