"""Fills that can be taken back and done again, each as one step of the journal."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future

from nehe_desktop.core.store import Change, Receipt, Store


class Steps:
    """The fills of one sitting; undo and redo are transactions of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._done: list[Future[Receipt]] = []
        self._undone: list[Future[Receipt]] = []

    def do(self, changes: Iterable[Change], reason: str) -> Future[Receipt]:
        """Writes one step; what was undone before cannot be redone any more."""
        self._undone.clear()
        self._done.append(self._store.submit(list(changes), reason))
        return self._done[-1]

    def undo(self) -> Future[Receipt] | None:
        """Takes the last step back; None where there is none."""
        return self._turn(self._done, self._undone)

    def redo(self) -> Future[Receipt] | None:
        """Does again what was taken back; None where there is nothing."""
        return self._turn(self._undone, self._done)

    def _turn(self, here: list[Future[Receipt]], there: list[Future[Receipt]]) -> Future[Receipt] | None:
        while here:
            future = here.pop()
            if future.done() and future.exception():
                continue
            there.append(self._after(future))
            return there[-1]
        return None

    def _after(self, future: Future[Receipt]) -> Future[Receipt]:
        """Undoes a transaction as soon as it is known."""
        if future.done():
            return self._store.submit_undo(future.result().tx)
        turned: Future[Receipt] = Future()
        future.add_done_callback(lambda ended: self._chain(ended, turned))
        return turned

    def _chain(self, ended: Future[Receipt], turned: Future[Receipt]) -> None:
        if error := ended.exception():
            turned.set_exception(error)
            return
        undoing = self._store.submit_undo(ended.result().tx)
        undoing.add_done_callback(lambda last: _hand_on(last, turned))


def _hand_on(ended: Future[Receipt], to: Future[Receipt]) -> None:
    if error := ended.exception():
        to.set_exception(error)
    else:
        to.set_result(ended.result())
