"""A version as a card that is chosen by a click, a digit or Space."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QSizePolicy

from nehe_desktop.features.exchange.naming import breakable
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.painted import Pill
from nehe_desktop.ui.widgets import key_cap, label, retone

STEERING = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Return: "next",
    Qt.Key.Key_Enter: "next",
}

_LONG = 30  # characters that are still read in bold


class OptionCard(QFrame):
    """What one side says, who said it when, and its digit; framed where it is chosen."""

    picked = Signal()
    steered = Signal(str)

    def __init__(self, text: str, said: str = "", digit: int = 0, mark: str = "", *, faint: bool = False) -> None:
        """`mark` is a word such as 现在用; `faint` is for what stands there only to be compared."""
        super().__init__()
        self.text, self.chosen = text, False
        words = label(breakable(text), "" if faint or len(text) > _LONG else "bold", wrap=True)
        head = row((words, 1), gap=6)
        if digit:
            head.addWidget(key_cap(str(digit)), 0, Qt.AlignmentFlag.AlignTop)
        pill = [Pill(mark, "blue")] if mark else []
        foot = (row((label(said, "caption", wrap=True), 1), *pill, gap=6),) if said or mark else ()
        column(head, None, *foot, gap=2, margins=(10, 6, 8, 6), on=self)
        self.setProperty("option", "off")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # columns stay of one width
        self._name = "，".join(filter(None, (text, said, mark)))
        self.setAccessibleName(self._name)

    def choose(self, *, chosen: bool) -> None:
        """Shows whether it is chosen."""
        self.chosen = chosen
        retone(self, option="on" if chosen else "off")
        self.setAccessibleName(f"已选 {self._name}" if chosen else self._name)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        if self.rect().contains(event.position().toPoint()):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.picked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space chooses, Enter chooses and goes on, arrows and digits steer."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_Space:
            self.picked.emit()
        elif plain and event.key() in STEERING:
            if STEERING[Qt.Key(event.key())] == "next":
                self.picked.emit()
            self.steered.emit(STEERING[Qt.Key(event.key())])
        elif plain and event.text().isdecimal():
            self.steered.emit(event.text())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows who has the keyboard."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Shows that it is elsewhere."""
        super().focusOutEvent(event)
        self.update()
