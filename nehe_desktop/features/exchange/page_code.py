"""The six digits of a phone, which the county wants from its own laptops once a week."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QFrame, QLineEdit

from nehe_desktop.security import pins
from nehe_desktop.ui.layouts import row
from nehe_desktop.ui.painted import IconTile
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import button, label

_DIGITS = 6


class CodePanel(QFrame):
    """One line: what to do, the digits, the button; Enter sends."""

    def __init__(self, given: Callable[[str], object]) -> None:
        """`given` takes the six digits and synchronises."""
        super().__init__()
        self._given = given
        self.code = QLineEdit()
        sized(self.code, width=9)
        self.code.setPlaceholderText("6 位数字")
        self.code.setAccessibleName("手机上的 6 位验证码")
        self.code.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9０-９]{0,6}"), self.code))
        self.code.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.code.textChanged.connect(lambda text: self.go.setEnabled(len(text) == _DIGITS))
        self.go = button("用验证码同步", self.send, icon="key-round", kind="primary", key="Enter")
        self.go.setEnabled(False)
        words = label("打开手机上的验证器，输入现在显示的 6 位数字", "bold", wrap=True)
        self.setProperty("card", "plain")
        row(IconTile("key-round", "orange", 2.4), (words, 1), self.code, self.go, gap=12, margins=(14, 8, 16, 8), on=self)

    def send(self) -> None:
        """Hands the digits over; each is good once."""
        if self.go.isEnabled():
            code = pins.spelling(self.code.text())
            self.code.clear()
            self._given(code)

    def ask(self, *, asked: bool) -> None:
        """Shows itself, with the keyboard in it, when the county asks."""
        if asked and self.isHidden():
            self.show()
            self.code.setFocus()
        elif not asked:
            self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter sends."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.send()
        else:
            super().keyPressEvent(event)
