"""Whether the window's thread is alive: how long it was held up, and when something became true."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from nehe_desktop.ui import theme

BEAT = 5  # milliseconds


class Pulse(QObject):
    """Beats every 5 ms; `late` has how many seconds each beat came late."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=BEAT, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    @property
    def longest(self) -> float:
        """The longest that the thread was held up, in seconds."""
        return max(self.late, default=0.0)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, now - self._last - BEAT / 1000))
        self._last = now


def once(true: Callable[[], bool], act: Callable[[], object], owner: QObject) -> None:
    """Acts on the window's thread as soon as a condition, looked at every millisecond, is true."""
    timer = QTimer(owner, interval=1, timerType=Qt.TimerType.PreciseTimer)

    def look() -> None:
        if true():
            timer.stop()
            act()

    timer.timeout.connect(look)
    timer.start()


def application() -> QApplication:
    """A Qt application that looks like the program, without its window."""
    made = QApplication([])
    theme.load_fonts()
    theme.apply(made)
    return made
