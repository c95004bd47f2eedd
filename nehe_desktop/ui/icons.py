"""Lucide icons, tinted by token and sharp at every scale."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons"


def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """The icon of a name at `size` logical px in one colour; raises FileNotFoundError for an unknown one."""
    screen = QGuiApplication.primaryScreen()
    return _drawn(name, colour, size, screen.devicePixelRatio() if screen else 1.0)


def icon(name: str, colour: str, faint: str = "#A9B8B2") -> QIcon:
    """The icon for a button, paler where the button is disabled."""
    made = QIcon()
    for size in (18, 24, 36):
        made.addPixmap(pixmap(name, colour, size))
        made.addPixmap(pixmap(name, faint, size), QIcon.Mode.Disabled)
    return made


def forget_icons() -> None:
    """Drops the drawn icons, for a new look."""
    _drawn.cache_clear()


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    source = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    source = source.replace("currentColor", colour).replace('stroke-width="2"', 'stroke-width="1.9"')
    image = QPixmap(round(size * ratio), round(size * ratio))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(source.encode())).render(painter)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image
