"""Covered fields of a form: what stands in their place, and the eye that a page gets from app.py (domain §11.3 (2))."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from nehe_desktop.ui.icons import icon
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.theme import look
from nehe_desktop.ui.widgets import Button

HINT = "已遮住。直接输入就换掉整个原来的；要看原来的，点“显示”"
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class Lens(Protocol):
    """The way to whole numbers: asks why and for the PIN, and tells the log."""

    whole: bool
    turned: Any

    def eye(self, press: Callable[[], object]) -> Button:
        """A button that shows the seconds left."""
        ...

    def press(self, table: str, rows: Sequence[str]) -> None:
        """Asks, or covers what is whole."""
        ...

    def cover(self) -> None:
        """Covers now."""
        ...


def lens_of(desk: Desk, host: QWidget) -> Lens | None:
    """The lens of a part of a page, None where nobody is logged in."""
    make = desk.tools.get("lens")
    return make(desk, host) if make is not None else None


class CoverLine(QLineEdit):
    """Stands in place of a covered value: nothing of it can be edited; typing begins anew, Delete empties.

    `begun` says what was typed first, None where only the editor is asked for; `emptied` that nothing shall stand.
    """

    begun = Signal(object)
    emptied = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.composing = False
        self.setReadOnly(True)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setProperty("covered", True)
        self.setToolTip(HINT)
        anew = self.addAction(icon("pencil", look().text3), QLineEdit.ActionPosition.TrailingPosition)
        anew.setToolTip("重新填写")
        anew.triggered.connect(lambda: self.begun.emit(None))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter begins anew, a paste replaces, Delete empties; the rest moves and copies as ever."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self._begin(QGuiApplication.clipboard().text())
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.emptied.emit()
        elif event.text().isprintable() and event.text() and not event.modifiers() & _COMMANDS:
            self._begin(event.text())
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """A composed word begins anew when it is committed."""
        self.composing = bool(event.preeditString())
        self._begin(event.commitString())

    def _begin(self, text: str) -> None:
        if text:
            self.begun.emit(text)
