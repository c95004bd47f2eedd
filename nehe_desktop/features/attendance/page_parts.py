"""The parts around the grid: number cards, the sign-in of today, the legend with its keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from nehe_desktop.features.attendance.fill import KEYS, sign_in_now
from nehe_desktop.features.attendance.ledger import STATUSES
from nehe_desktop.features.attendance.month import Cell, Mate, Month
from nehe_desktop.features.attendance.page_paint import draw_tile
from nehe_desktop.ui.layouts import emptied, row
from nehe_desktop.ui.theme import CENTRE, LEFT, em, font, look, sized
from nehe_desktop.ui.widgets import Icon, button, label, retone

SIGNS = ("上午", "下午", "住村")


class NumberCard(QPushButton):
    """A number that selects the cells it counts."""

    def __init__(self, icon: str, tone: str, pressed: Callable[[], object]) -> None:
        super().__init__()
        self._words, self._number = label("", "muted"), label("", "h3", tone=tone)
        row(Icon(icon, tone, 1.25), self._words, None, self._number, gap=7, margins=(10, 3, 11, 3), on=self)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        sized(self, height=2.6)
        self.clicked.connect(lambda _checked=False: pressed())

    def show_number(self, words: str, number: str, tone: str) -> None:
        """Shows what is counted and how many."""
        self._words.setText(words)
        self._number.setText(number)
        retone(self._number, tone=tone)
        self.setAccessibleName(f"{words} {number}")
        self.setToolTip(f"{words} {number}，点开在表上选中")


class SignIn(QWidget):
    """今日签到: for each member three buttons, and one for the person at the keyboard."""

    signed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.main: QPushButton | None = None
        self._line = row(gap=6, on=self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._shown: tuple[object, ...] = ()

    def minimumSizeHint(self) -> QSize:
        """Never wider than the page: members who do not fit are signed on the grid."""
        return QSize(em(10), em(2.4))

    def show_month(self, month: Month, mates: tuple[Mate, ...], own: Mate | None, room: int) -> None:
        """Shows today's state of as many members as fit into `room` px, the one at the keyboard first."""
        mates = tuple(sorted(mates, key=lambda mate: mate != own))
        mates = mates[: max(1, (room - em(9) - (em(13) if own else 0)) // em(15.6))]
        cells = [Cell(mate, month.today) for mate in mates]
        state = tuple((c.mate, month.status(c, "AM"), month.status(c, "PM"), month.stayed(c)) for c in cells)
        shown = (state, own, sign_in_now(month), month.today, month.hands, look().base)
        if shown == self._shown:
            return
        had = self.main is not None and self.main.hasFocus()
        self._shown, self.main = shown, None
        emptied(self._line)
        self._line.addWidget(label(f"今日签到 {month.today.month}月{month.today.day}日", "bold"))
        if own is not None:
            self._own(month, own)
        for mate, *done in state:
            self._member(mate, done, month.hands.refusal(mate), own=mate == own)
        self._line.addStretch(1)
        if had and self.main is not None:
            self.main.setFocus()

    def _own(self, month: Month, own: Mate) -> None:
        what = sign_in_now(month)
        made = button(f"{own.name} 签{what}", lambda: self.signed.emit(own, what), icon="check", kind="primary", key="Enter")
        made.setAutoDefault(True)
        self.main = made
        self._line.addWidget(made)

    def _member(self, mate: Mate, done: list[str], barred: str, *, own: bool) -> None:
        self._line.addSpacing(8)
        self._line.addWidget(label(mate.name))
        for what, status in zip(SIGNS, done, strict=True):
            made = button(what, lambda w=what: self.signed.emit(mate, w), kind="chip")
            made.setChecked(status in ("V", "住村"))
            made.setEnabled(not barred)
            made.setToolTip(barred or ("" if own else "替他登记，记为手工；签到要本人登录"))
            made.setAccessibleName(f"{mate.name} {what}签到{'，已签' if made.isChecked() else ''}")
            self._line.addWidget(made)


class Legend(QWidget):
    """Every status with its symbol, word and key; a click fills the selection."""

    filled = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("图例：" + "，".join(f"{key} {STATUSES[code]}" for key, code in KEYS.items() if code))
        self.setToolTip("点一项，或按数字键，填写选中的格子；0 或 Delete 清除")

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(em(30), em(1.9))

    def minimumSizeHint(self) -> QSize:
        """The symbols and keys still fit."""
        return QSize(em(16), em(1.9))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Key, tile and word, as wide as there is room."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, (key, code) in enumerate(self._items()):
            area = QRectF(at * self._step(), 0, self._step(), self.height())
            tile = QRectF(area.left() + em(0.85), area.center().y() - em(0.75), em(1.5), em(1.5))
            painter.setFont(font(0.75, bold=True))
            painter.setPen(QColor(look().text2))
            painter.drawText(QRectF(area.left(), area.top(), em(0.8), area.height()), CENTRE, key)
            draw_tile(painter, tile, code, 0.85)
            painter.setFont(font(0.8))
            painter.setPen(QColor(look().text))
            words = QRectF(tile.right() + 3, area.top(), area.right() - tile.right() - 3, area.height())
            painter.drawText(words, LEFT, STATUSES[code][: int(words.width() // em(0.8))])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Fills with the item under the mouse."""
        at = int(event.position().x() // self._step())
        if 0 <= at < len(self._items()):
            self.filled.emit(self._items()[at][1])

    def _items(self) -> list[tuple[str, str]]:
        return [(key, code) for key, code in KEYS.items() if code]

    def _step(self) -> float:
        return min(em(6), self.width() / len(self._items()))
