"""Fills on their way to the disk: one step each, said in a toast, put back when they are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future

from PySide6.QtCore import QObject

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Change, Receipt
from nehe_desktop.features.attendance.steps import Steps
from nehe_desktop.ui.page import Desk


class Writing(QObject):
    """Writes, undoes and redoes for a page; `ended` is called when a write is over, well or not."""

    def __init__(self, desk: Desk, ended: Callable[[], object], owner: QObject) -> None:
        super().__init__(owner)
        self._desk, self._ended, self._steps = desk, ended, Steps(desk.store)
        self._going: list[Future[Receipt]] = []

    @property
    def busy(self) -> bool:
        """Whether something is not on the disk yet."""
        self._going = [future for future in self._going if not future.done()]
        return bool(self._going)

    def do(self, changes: Iterable[Change], reason: str, said: str) -> None:
        """Stores a step and says so, with 撤销."""
        self._follow(self._steps.do(changes, reason), said, self.undo)

    def undo(self) -> None:
        """Takes the last step back."""
        self._turn(self._steps.undo(), "已撤销", "没有可撤销的考勤", self.redo)

    def redo(self) -> None:
        """Does the last step again."""
        self._turn(self._steps.redo(), "已重做", "没有可重做的考勤", self.undo)

    def _turn(self, future: Future[Receipt] | None, said: str, nothing: str, back: Callable[[], object]) -> None:
        if future is None:
            self._desk.notices.toast(nothing)
        else:
            self._follow(future, said, back)

    def _follow(self, future: Future[Receipt], said: str, back: Callable[[], object]) -> None:
        self._going.append(future)

        def stored(_receipt: Receipt) -> None:
            self._desk.notices.toast(said, back, word="重做" if said == "已撤销" else "撤销")
            self._ended()

        self._desk.tasks.watch(future, stored, owner=self, failed=self._refused)

    def _refused(self, error: BaseException) -> None:
        trouble = error if isinstance(error, Trouble) else Trouble(str(error))
        self._desk.notices.trouble(Trouble(f"没有保存，已恢复原样：{trouble.sentence}", trouble.advice))
        self._ended()
