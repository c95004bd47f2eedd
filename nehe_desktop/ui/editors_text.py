"""Editors of what is typed: a line, a day, a note."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QDate, QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QLineEdit,
    QPlainTextEdit,
)

from nehe_desktop.ui.icons import icon
from nehe_desktop.ui.theme import em, look
from nehe_desktop.ui.widgets import retone


class LineEditor(QLineEdit):
    """One line of text; knows whether a word is being composed."""

    edited = Signal(object)

    def __init__(self, *, width: int = 0, hint: str = "") -> None:
        super().__init__()
        self.composing = False
        self.setPlaceholderText(hint)
        if width:
            self.setMaxLength(width * 2)  # never blocks typing; the kind says what is too long
        self.textEdited.connect(self._say)

    def show_value(self, text: str, _value: Any) -> None:
        """Shows the text where it differs."""
        if text != self.text():
            self.setText(text)

    def mark_wrong(self, *, wrong: bool) -> None:
        """Red, or not."""
        retone(self, wrong=wrong)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Notes whether a word is still being composed."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def _say(self, text: str) -> None:
        if not self.composing:
            self.edited.emit(text)


class DayEditor(LineEditor):
    """A day typed in many ways, or picked from a calendar."""

    def __init__(self, today: Callable[[], date] = date.today) -> None:
        super().__init__(hint="如 8.10、20200810、昨天")
        self._today = today
        action = self.addAction(icon("calendar-days", look().text2), QLineEdit.ActionPosition.TrailingPosition)
        action.setToolTip("日历")
        action.triggered.connect(self._open)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Short ways to write a day become the whole day."""
        whole = whole_day(self.text(), self._today())
        if whole != self.text():
            self.setText(whole)
            self.edited.emit(whole)
        super().focusOutEvent(event)

    def _open(self) -> None:
        calendar = QCalendarWidget(self)
        calendar.setWindowFlag(Qt.WindowType.Popup)
        calendar.setGridVisible(False)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        day = QDate.fromString(self.text(), "yyyy-MM-dd")
        calendar.setSelectedDate(day if day.isValid() else QDate(self._today()))  # type: ignore[call-overload]
        calendar.clicked.connect(self._take)
        calendar.clicked.connect(calendar.close)
        calendar.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar.move(self.mapToGlobal(QPoint(0, self.height())))
        calendar.show()

    def _take(self, day: QDate) -> None:
        self.setText(day.toString("yyyy-MM-dd"))
        self.edited.emit(self.text())


_NEAR = {"今天": 0, "昨天": -1, "前天": -2, "明天": 1, "后天": 2}


def whole_day(typed: str, today: date) -> str:
    """A day in ISO from a short way to write it (8.10, 8月10日, 0810, 昨天); other text as it is."""
    plain = typed.strip()
    if plain in _NEAR:
        return (today + timedelta(days=_NEAR[plain])).isoformat()
    match = re.fullmatch(r"(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2})", plain)
    if match is None:
        return typed
    month, day = (int(part) for part in match.groups() if part)
    try:
        return date(today.year, month, day).isoformat()
    except ValueError:
        return typed


class NoteEditor(QPlainTextEdit):
    """Several lines; Tab goes on, Enter begins a new line."""

    edited = Signal(object)

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setPlaceholderText(hint)
        self._showing = False
        self.composing = False
        self.textChanged.connect(self._say)
        self.changeEvent(QEvent(QEvent.Type.FontChange))

    def show_value(self, text: str, _value: Any) -> None:
        """Shows the text where it differs."""
        if text != self.toPlainText():
            self._showing = True
            self.setPlainText(text)
            self._showing = False

    def mark_wrong(self, *, wrong: bool) -> None:
        """Red, or not."""
        retone(self, wrong=wrong)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Notes whether a word is still being composed."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Four lines high at every text size."""
        if event.type() == QEvent.Type.FontChange:
            self.setFixedHeight(em(5.4))
        super().changeEvent(event)

    def _say(self) -> None:
        if not self._showing and not self.composing:
            self.edited.emit(self.toPlainText())
