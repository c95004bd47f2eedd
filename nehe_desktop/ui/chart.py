"""What every chart is: values with a name, read out, chosen by arrows, opened by a click."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from nehe_desktop.ui.theme import look


@dataclass(frozen=True)
class Bar:
    """One value of a chart; `key` names the query behind it, `target` is drawn pale behind the value."""

    text: str
    value: float
    target: float = 0
    tone: str = "teal"
    key: str = ""


class Chart(QWidget):
    """A painted chart with a spoken description; arrows choose a part, Enter or a click opens it."""

    opened = Signal(str)

    def __init__(self, title: str, unit: str) -> None:
        super().__init__()
        self.title, self.unit = title, unit
        self.bars: tuple[Bar, ...] = ()
        self._at = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)

    def show_bars(self, bars: tuple[Bar, ...]) -> None:
        """Draws other values."""
        self.bars, self._at = bars, -1
        self.setAccessibleName(f"{self.title}：" + "，".join(map(self.words, bars)))
        self.updateGeometry()
        self.update()

    def words(self, bar: Bar) -> str:
        """A value as it is read out."""
        target = f"，应为 {bar.target:g} {self.unit}" if bar.target else ""
        return f"{bar.text} {bar.value:g} {self.unit}{target}"

    def part_at(self, place: QPointF) -> int:
        """Which value lies at a place, -1 for none."""
        raise NotImplementedError

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Opens what is behind the value."""
        self._open(self.part_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Says the value under the pointer."""
        at = self.part_at(event.position())
        self.setToolTip(self.words(self.bars[at]) if at >= 0 else "")
        clickable = at >= 0 and bool(self.bars[at].key)
        self.setCursor(Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move between values, Enter opens one."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if event.key() in steps and self.bars:
            self._at = (self._at + steps[Qt.Key(event.key())]) % len(self.bars)
            self.setAccessibleDescription(self.words(self.bars[self._at]))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self._at)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """A new look means a new size."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        super().changeEvent(event)

    def _open(self, at: int) -> None:
        if 0 <= at < len(self.bars) and self.bars[at].key:
            self.opened.emit(self.bars[at].key)

    def _begin(self) -> QPainter:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(look().p600), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        return painter


def fill(painter: QPainter, colour: str) -> None:
    """Fills with a colour, without an edge."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))


def write(painter: QPainter, area: QRectF, how: Qt.AlignmentFlag, text: str, colour: str) -> None:
    """Text in an area, in a colour."""
    painter.setPen(QColor(colour))
    painter.drawText(area, how, text)


def scale_top(largest: float) -> tuple[int, int]:
    """The top of an axis and its step, round numbers, two to five steps."""
    step = 1
    for step in (base * 10**power for power in range(9) for base in (1, 2, 5)):
        if largest <= step * 4:
            break
    return max(step, -(-int(largest + 0.999) // step) * step), step
