"""When the mark lies over the window: where the county wants it or this laptop's people do; by whom and when."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from nehe_desktop.core.store import Store
from nehe_desktop.features.custody.marks import is_ordered, mark
from nehe_desktop.ui.window import Window

_HALF_A_MINUTE = 30_000


class MarkKeeper(QObject):
    """Keeps the mark of a window true: at once when somebody else sits down, else by the minute."""

    def __init__(self, window: Window, store: Store, wished: Callable[[], bool]) -> None:
        """`wished` asks whether the mark was chosen on this laptop, in a worker."""
        super().__init__(window)
        self._window, self._store, self._wished = window, store, wished
        self._clock = QTimer(self, interval=_HALF_A_MINUTE)
        self._clock.timeout.connect(self.look)
        window.user_shown.connect(self._changed)
        window.closing.connect(self._clock.stop)
        self._clock.start()
        self.look()

    def look(self) -> None:
        """Asks whose mark is to be shown, if any, and shows it."""
        store, wished = self._store, self._wished

        def ask() -> str:
            return mark(store, store.clock.now()) if is_ordered(store) or wished() else ""

        self._window.tasks.ask(ask, self._window.mark.show_words, owner=self, slot="mark")

    def _changed(self) -> None:
        """Nobody works under the name of the one before, not for a moment."""
        self._window.mark.show_words("")
        self.look()
