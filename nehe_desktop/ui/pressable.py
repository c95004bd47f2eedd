"""Cards and rows that open something: a number with the rows behind it, a task with its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.painted import IconTile
from nehe_desktop.ui.widgets import label, retone


class Pressable(QFrame):
    """A card or a row that a click, Enter or Space opens."""

    def __init__(self, opened: Callable[[], object], name: str, kind: str = "plain") -> None:
        super().__init__()
        self._opened = opened
        self._kind = kind
        self.setProperty("card", kind)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(name)

    def mouseReleaseEvent(self, event: Any) -> None:
        """Opens."""
        if self.rect().contains(event.position().toPoint()):
            self._opened()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space open."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._opened()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: Any) -> None:
        """A frame around what has the keyboard."""
        retone(self, card="chosen")
        super().focusInEvent(event)

    def focusOutEvent(self, event: Any) -> None:
        """The usual look."""
        retone(self, card=self._kind)
        super().focusOutEvent(event)


class NumberCard(Pressable):
    """One live number; a click lists the rows behind it."""

    def __init__(self, title: str, icon: str, tone: str, opened: Callable[[], object]) -> None:
        super().__init__(opened, title)
        self._title = title
        self.number, self._unit, self.more = label("…", "number"), label("", "muted"), label("", "caption")
        words = column(label(title, "muted"), row(self.number, self._unit, None, gap=5), gap=0)
        head = row(IconTile(icon, tone, 2.93), (words, 1), gap=12)
        column(head, self.more, gap=5, margins=(14, 9, 12, 9), on=self)

    def show_number(self, number: str, unit: str, more: str, tone: str = "") -> None:
        """The number with its unit, and a sentence below."""
        self.number.setText(number)
        self._unit.setText(unit)
        self.more.setText(more)
        retone(self.more, tone=tone)
        self.setAccessibleName(f"{self._title} {number} {unit}，{more}")
