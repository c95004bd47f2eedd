"""Why, and the PIN once more: the small card in the window that stands before whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QVBoxLayout, QWidget

from nehe_desktop.features.custody.clear import REASONS, SAMPLE_NOTE, Asking
from nehe_desktop.ui.layouts import column, emptied, row
from nehe_desktop.ui.segmented import Segmented
from nehe_desktop.ui.theme import em
from nehe_desktop.ui.widgets import button, label, note_card

Given = Callable[[Asking], object]


def _secret(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setAccessibleName(name)
    made.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText)
    return made


class AskingCard(QFrame):
    """Floats over a page: a reason, the PIN, above many people a second person; Enter goes on, Esc leaves."""

    def __init__(self, host: QWidget, *, sample: bool) -> None:
        super().__init__(host)
        self.setProperty("card", "plain")
        self._host, self._sample, self._given = host, sample, lambda _asking: None
        self._title, self._words, self._wrong = label("", "h3"), label("", "muted", wrap=True), label("", "error", wrap=True)
        self.reasons, self.other = Segmented((*REASONS, "其他"), REASONS[0]), QLineEdit()
        self.reasons.setAccessibleName("理由")
        self.other.setPlaceholderText("写明理由，会记入日志；不要写姓名和号码")
        self.other.setAccessibleName("其他理由")
        self.reasons.chosen.connect(self._choose)
        self.pin, self.second, self.second_pin = _secret("您的口令"), QComboBox(), _secret("确认人的口令")
        self.second.setAccessibleName("由谁确认")
        self._pins, self._seconds = QFrame(), QFrame()
        column(label("您的口令", "field"), self.pin, gap=4, on=self._pins)
        column(
            label("人数多，请另一位在场的人确认", "field"), self.second,
            label("确认人的口令", "field"), self.second_pin, gap=4, on=self._seconds,
        )  # fmt: skip
        self._extra = QVBoxLayout()
        self.go = button("显示", self.send, icon="eye", kind="primary", key="Enter")
        self.stop = button("取消", self.leave, key="Esc")
        parts = (
            self._title, self._words, label("理由", "field"), self.reasons, self.other, self._pins, self._seconds,
            self._extra, self._wrong, row(None, self.stop, self.go),
        )  # fmt: skip
        if sample:
            parts = (*parts[:-2], note_card(SAMPLE_NOTE, "blue"), *parts[-2:])
        column(*parts, gap=8, margins=(18, 14, 18, 14), on=self)
        self.setFixedWidth(em(27))
        host.installEventFilter(self)
        self.hide()

    def ask(
        self,
        title: str,
        words: str,
        go: str,
        given: Given,
        *,
        seconds: Sequence[str] | None = None,
        extra: QWidget | None = None,
    ) -> None:
        """Opens for a question; `seconds` are those of whom one confirms, `extra` what else is asked."""
        self._given = given
        self._title.setText(title)
        self._words.setText(words)
        self.go.reword(go)
        self._pins.setVisible(not self._sample)
        self._seconds.setVisible(seconds is not None and not self._sample)
        self.second.clear()
        self.second.addItems(list(seconds or ()))
        emptied(self._extra)
        if extra is not None:
            self._extra.addWidget(extra)
        self._choose(self.reasons.value() or REASONS[0])
        self.refuse("一个能确认的人都没有，请先给队长、村书记开通登录" if seconds is not None and not seconds else "")
        self._forget()
        self.show()
        (self.reasons if self._sample else self.pin).setFocus()

    def refuse(self, sentence: str) -> None:
        """Says why not; the reason stays, the PINs are asked for again."""
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))
        self.setEnabled(True)
        self._forget()
        self._place()
        if sentence and not self._sample:
            self.pin.setFocus()

    def send(self) -> None:
        """Hands over what was said, once."""
        if self.isEnabled():
            word = self.reasons.value()
            reason = self.other.text() if word == "其他" else word or ""
            asking = Asking(reason, self.pin.text(), self.second.currentText(), self.second_pin.text())
            self.setEnabled(False)
            self._forget()
            self._given(asking)

    def leave(self) -> None:
        """Closes; nothing was shown."""
        self.setEnabled(True)
        self._forget()
        self.hide()
        self._host.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Esc leaves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.leave if self.stop.hasFocus() else self.send)()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Enter and Esc belong to the card while it is open, whatever the page does with them."""
        own = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in own:
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays in the middle of its page, and closes with it."""
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._place()
        elif watched is self._host and event.type() == QEvent.Type.Hide:
            self.hide()
            self._forget()
        return super().eventFilter(watched, event)

    def _choose(self, word: str) -> None:
        self.other.setVisible(word == "其他")
        if word == "其他":
            self.other.setFocus()
        self._place()

    def _forget(self) -> None:
        self.pin.clear()
        self.second_pin.clear()

    def _place(self) -> None:
        self.adjustSize()
        space = self._host.rect()
        self.move(max(0, (space.width() - self.width()) // 2), max(8, (space.height() - self.height()) // 3))
        self.raise_()
