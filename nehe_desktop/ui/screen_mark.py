"""Who is at the keyboard, faint and slanted over the whole window (domain §11.3 (5)); it takes no press and no key."""

from __future__ import annotations

from functools import cache
from math import ceil, cos, radians, sin

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from nehe_desktop.ui.theme import CENTRE, RESOURCES, font, look, tint

_SLANT = 20  # degrees
_FAINT = 0.07  # opacity: read on a photo of the screen, not in the way of the work
_RARE = {"NeheSongExt": "Nehe Song Ext", "NeheRareA": "Nehe Rare A", "NeheRareB": "Nehe Rare B"}


@cache
def _load_rare() -> None:
    """Makes the faces of rare names known to Qt, for whoever has one."""
    for name in _RARE:
        QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / f"{name}.ttf"))


def mark_font(words: str) -> QFont:
    """The screen font with faces behind it for every character of GB 18030-2022."""
    made = font(1.0)
    if any(ord(character) > 0x9FFF or 0x3400 <= ord(character) < 0x4E00 for character in words):
        _load_rare()
        made.setFamilies([*made.families(), *_RARE.values()])
    return made


class ScreenMark(QWidget):
    """An empty sheet over its parent that shows words; one small picture is painted once and laid out in rows."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("水印")
        self.words, self._tile, self._over = "", QPixmap(), over
        over.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._stay_above)  # type: ignore[union-attr]
        self.hide()

    def show_words(self, words: str) -> None:
        """Shows other words; none for no mark."""
        if words != self.words or not words:
            self.words = words
            self._tile = _tile(words, self.devicePixelRatioF()) if words else QPixmap()
            self.update()
        self.setGeometry(self._over.rect())
        self.setVisible(bool(words))
        self.raise_()

    def eventFilter(self, over: QObject, event: QEvent) -> bool:
        """Keeps to the size of what it lies over, and to a new text size and screen."""
        kind = event.type()
        if kind == QEvent.Type.Resize:
            self.setGeometry(self._over.rect())
        elif self.words and kind in (QEvent.Type.StyleChange, QEvent.Type.DevicePixelRatioChange):
            self._tile = _tile(self.words, self.devicePixelRatioF())
            self.update()
        return super().eventFilter(over, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lays the picture out over what has to be painted anew."""
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        painter.drawTiledPixmap(self.rect(), self._tile)

    def _stay_above(self) -> None:
        """What opens inside the window with the keyboard's focus would lie above it."""
        if self.words:
            self.raise_()


def _tile(words: str, ratio: float) -> QPixmap:
    """The words slanted in the middle of a picture and quartered in its corners, so that rows are staggered."""
    used = mark_font(words)
    box, turn = QFontMetricsF(used), radians(_SLANT)
    wide, high = box.horizontalAdvance(words) + 2 * box.height(), 3 * box.height()
    width, height = ceil(wide * cos(turn) * 1.25), ceil(2 * (wide * sin(turn) / 2 + high * cos(turn)))
    made = QPixmap(ceil(width * ratio), ceil(height * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(used)
    painter.setPen(tint(look().text, _FAINT))
    for x, y in ((0, 0), (width, 0), (0, height), (width, height), (width / 2, height / 2)):
        painter.save()
        painter.translate(QPointF(x, y))
        painter.rotate(-_SLANT)
        painter.drawText(QRectF(-wide / 2, -high / 2, wide, high), CENTRE, words)
        painter.restore()
    painter.end()
    return made
