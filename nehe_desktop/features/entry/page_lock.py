"""The window locks when nobody has touched it for a while, or at once; behind the lock all goes on as it was."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication, QWidget

from nehe_desktop.features.entry.page_login import Doors, Login
from nehe_desktop.features.entry.page_stage import Stages
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.layouts import column
from nehe_desktop.ui.window import Window

_LOOK_EVERY = 5000  # milliseconds
_LEAST = 60  # seconds before anybody's choice is looked up
_TOUCHES = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel,
    QEvent.Type.TouchBegin, QEvent.Type.TabletMove, QEvent.Type.InputMethod,
})  # fmt: skip


class Lock(QObject):
    """Watches one window; while it is locked nothing of it or of its dialogs is on the screen."""

    def __init__(
        self, window: Window, stages: Stages, doors: Doors, minutes: Callable[[], int], noted: Callable[[str], object]
    ) -> None:
        """`doors.opened` gets who opened it; `minutes` is asked at each look; `noted` hears why it was locked."""
        super().__init__(window)
        self.window, self.doors = window, doors
        self.login: Login | None = None
        self._stages, self._minutes, self._noted = stages, minutes, noted
        self._stage: QWidget | None = None
        self._hidden: list[QWidget] = []
        self._touched, self._touched_wall = time.monotonic(), time.time()
        self._timer = QTimer(self, interval=_LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        window.lock_asked.connect(partial(self.lock, "按下锁住"))
        window.closing.connect(self._timer.stop)
        self._watch(window.windowHandle())
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusWindowChanged.connect(self._watch)
        self._timer.start()

    @property
    def is_locked(self) -> bool:
        """Whether the lock is on the screen."""
        return self._stage is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notes that somebody is there."""
        if event.type() in _TOUCHES:
            self._touched, self._touched_wall = time.monotonic(), time.time()
        return super().eventFilter(watched, event)

    def _watch(self, handle: QWindow | None) -> None:
        """Notes what is touched in a window of the program, such as a dialog that has come up."""
        if handle is not None:
            handle.installEventFilter(self)

    def look(self) -> None:
        """Locks after so many minutes, also those that the laptop slept."""
        idle = max(time.monotonic() - self._touched, time.time() - self._touched_wall)
        if not self.is_locked and idle >= _LEAST and idle >= self._minutes() * 60:
            self.lock("没有人用")

    def lock(self, why: str) -> None:
        """Puts the lock in place of the window; what was typed is kept as a draft besides."""
        if self.is_locked or not self.window.isVisible():
            return
        keep_typed(self.window)
        stage, notices, tasks = self._stages.new()
        self.login = Login(tasks, notices, self.doors)
        column(self.login, gap=0, on=stage)
        stage.setGeometry(self.window.geometry())
        self._stage = stage
        self._hidden = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each is not stage]
        (stage.showMaximized if self.window.isMaximized() else stage.show)()
        for each in self._hidden:
            each.hide()
        self._noted(why)

    def lift(self) -> None:
        """Shows everything again as it was."""
        self._touched, self._touched_wall = time.monotonic(), time.time()
        for each in self._hidden:
            each.show()
        self.drop()

    def drop(self) -> None:
        """Takes the lock away, whatever comes in its place."""
        stage, self._stage, self.login, self._hidden = self._stage, None, None, []
        if stage is not None:
            stage.close()
            stage.deleteLater()

    def say(self, words: str) -> None:
        """A sentence beside the PIN."""
        if self.login is not None:
            self.login.pin_box.say(words, "error")


def keep_typed(window: Window) -> None:
    """Keeps what is being typed in any form of a window, at once."""
    for form in window.findChildren(Form):
        form.keep_now()
    if window.page is not None:
        window.page.may_leave()


