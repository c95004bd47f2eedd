"""Jobs that wait for the same store are done in one transaction, so that the disk is asked once for all of them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

L = TypeVar("L")
T = TypeVar("T")
_AT_ONCE = 8  # jobs of one transaction: with more the first would wait too long for its answer


class Together(Generic[L]):
    """A line of jobs: whoever is in front does all that wait behind him, and they find theirs done."""

    def __init__(self, transact: Callable[[Callable[[L], Any]], Any]) -> None:
        """`transact` runs one job in one transaction; a job may be run again when that transaction fails."""
        self._transact = transact
        self._alone = threading.Lock()
        self._line: deque[tuple[Callable[[L], Any], Future[Any]]] = deque()

    def run(self, job: Callable[[L], T]) -> T:
        """What the job gives, once it is on the disk; raises what it raises, and then it left no trace."""
        mine: Future[T] = Future()
        self._line.append((job, mine))
        with self._alone:
            while not mine.done():
                self._do([self._line.popleft() for _ in range(min(len(self._line), _AT_ONCE))])
        return mine.result()

    def _do(self, front: Sequence[tuple[Callable[[L], Any], Future[Any]]]) -> None:
        """Does these jobs as one; where one fails, each by itself, so that it spoils nothing for the others."""
        if len(front) > 1 and self._done_as_one(front):
            return
        for job, future in front:
            try:
                future.set_result(self._transact(job))
            except BaseException as error:  # noqa: BLE001 - it is raised where the job came from
                future.set_exception(error)

    def _done_as_one(self, front: Sequence[tuple[Callable[[L], Any], Future[Any]]]) -> bool:
        try:
            given = self._transact(lambda link: [job(link) for job, _ in front])
        except BaseException:  # noqa: BLE001 - whose it is will be seen when each is done by itself
            return False
        for (_, future), each in zip(front, given, strict=True):
            future.set_result(each)
        return True
