"""Marks that we paint ourselves: pills, avatars, icon tiles."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nehe_desktop.ui.icons import pixmap
from nehe_desktop.ui.theme import CENTRE, LEFT, em, font, look
from nehe_desktop.ui.tokens import LEVEL_TONES

_SMALL = 0.87


def pill_width(text: str, *, dot: bool = False) -> int:
    """How wide a pill is, in px."""
    return QFontMetrics(font(_SMALL)).horizontalAdvance(text) + em(1.2) + (em(0.8) if dot else 0)


def draw_pill(painter: QPainter, area: QRectF, text: str, tone: str, *, dot: bool = False) -> None:
    """A pill at the left of `area`, in the middle of its height."""
    ink, tint = (QColor(colour) for colour in look().tone(tone))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font(_SMALL))
    height = QFontMetrics(painter.font()).height() + 4
    width = min(pill_width(text, dot=dot), area.width())
    shape = QRectF(area.left(), area.center().y() - height / 2 + 0.5, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawRoundedRect(shape, height / 2, height / 2)
    left = shape.left() + em(0.6)
    if dot:
        painter.setBrush(ink)
        painter.drawEllipse(QPointF(left + em(0.2), shape.center().y()), em(0.23), em(0.23))
        left += em(0.8)
    painter.setPen(ink)
    painter.drawText(QRectF(left, shape.top(), shape.right() - left, height), LEFT, text)


class Mark(QWidget):
    """A painted thing of a fixed size in em that a screen reader can name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Never smaller than it is."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """A new look means a new size."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        super().changeEvent(event)


class Pill(Mark):
    """A word on a tint, with a dot where it is a state."""

    def __init__(self, text: str, tone: str = "grey", *, dot: bool = False) -> None:
        super().__init__(text)
        self.text, self.tone, self.dot = text, tone, dot

    def show_as(self, text: str, tone: str) -> None:
        """Another word or tone."""
        self.text, self.tone = text, tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its word."""
        return QSize(pill_width(self.text, dot=self.dot) + 1, em(1.75))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The pill itself."""
        draw_pill(QPainter(self), QRectF(self.rect()), self.text, self.tone, dot=self.dot)


def level_words(level: str) -> tuple[str, str]:
    """The words and the tone of a warning level: 三级 is (三级·黄, yellow)."""
    tone, colour = LEVEL_TONES.get(level, ("grey", ""))
    return (f"{level}·{colour}" if colour else level), tone


def level_pill(level: str) -> Pill:
    """The pill of a warning level: 一级 to 四级, or 正常."""
    words, tone = level_words(level)
    return Pill(words, tone, dot=True)


class Avatar(Mark):
    """A round letter: a surname, or the number of a section. `size` in em."""

    def __init__(self, letter: str, size: float = 2.4, ground: str = "p600", ink: str = "on_dark") -> None:
        super().__init__(letter)
        self.letter, self._size, self._ground, self._ink = letter, size, ground, ink

    def show_letter(self, letter: str) -> None:
        """Another letter."""
        self.letter = letter
        self.setAccessibleName(letter)
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(em(self._size), em(self._size))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A circle with the letter in it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(look(), self._ground)))
        painter.drawEllipse(self.rect())
        painter.setPen(QColor(getattr(look(), self._ink)))
        painter.setFont(font(self._size * 0.45, bold=True))
        painter.drawText(self.rect(), CENTRE, self.letter)


class IconTile(Mark):
    """An icon on a rounded tint; tone by name, or "rail" for the program's own mark. `size` in em."""

    def __init__(self, icon: str, tone: str = "teal", size: float = 2.67) -> None:
        super().__init__("")
        self._icon, self._tone, self._size = icon, tone, size

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(em(self._size), em(self._size))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The tile with the icon in its middle."""
        ink, tint = (look().on_dark, look().p600) if self._tone == "rail" else look().tone(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tint))
        painter.drawRoundedRect(self.rect(), 10, 10)
        side = round(self.width() * 0.55)
        corner = (self.width() - side) // 2
        painter.drawPixmap(corner, corner, pixmap(self._icon, ink, side))
