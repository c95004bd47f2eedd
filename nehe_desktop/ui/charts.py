"""Small charts drawn by ourselves: bars, a ring, bars on their side, a trend."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from nehe_desktop.ui.chart import Bar, Chart, fill, scale_top, write
from nehe_desktop.ui.painted import draw_pill
from nehe_desktop.ui.theme import CENTRE, LEFT, RIGHT, em, font, look
from nehe_desktop.ui.tokens import BAR

__all__ = ["Bar", "Bars", "HBars", "Ring", "Trend", "scale_top"]
_SMALL = 0.8


class Bars(Chart):
    """Upright bars, the last one darker: months of a year. A pale bar behind is the target."""

    def __init__(self, title: str, unit: str, bars: tuple[Bar, ...] = ()) -> None:
        super().__init__(title, unit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.show_bars(bars)

    def sizeHint(self) -> QSize:
        """Wide enough for twelve months."""
        return QSize(em(24), em(10))

    def minimumSizeHint(self) -> QSize:
        """Still readable."""
        return QSize(em(12), em(6.4))

    def part_at(self, place: QPointF) -> int:
        """The column under a place."""
        at = int((place.x() - self._left()) // self._step()) if self.bars else -1
        return at if 0 <= at < len(self.bars) else -1

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axis lines, then columns."""
        painter = self._begin()
        top, step = scale_top(max((max(b.value, b.target) for b in self.bars), default=1))
        for value in range(0, top + 1, step):
            self._axis_line(painter, value, self._height_of(value, top))
        for at, bar in enumerate(self.bars):
            self._column(painter, at, bar, top)

    def _left(self) -> float:
        return em(2.3)

    def _step(self) -> float:
        return (self.width() - self._left()) / max(1, len(self.bars))

    def _foot(self) -> float:
        return self.height() - em(1.6)

    def _height_of(self, value: float, top: int) -> float:
        return (self._foot() - em(1.2)) * value / top

    def _axis_line(self, painter: QPainter, value: int, height: float) -> None:
        painter.setFont(font(_SMALL))
        level = self._foot() - height
        painter.setPen(QPen(QColor(look().border), 1))
        painter.drawLine(QPointF(self._left(), level), QPointF(self.width(), level))
        area = QRectF(0, level - em(0.6), self._left() - 8, em(1.2))
        write(painter, area, RIGHT, str(value), look().text3)

    def _column(self, painter: QPainter, at: int, bar: Bar, top: int) -> None:
        last = at == len(self.bars) - 1
        middle = self._left() + self._step() * (at + 0.5)
        width = min(em(1.75), self._step() * 0.5)
        self._solid(painter, middle, width, self._height_of(bar.target, top), look().p100)
        colour = look().p600 if last else BAR[bar.tone]
        self._solid(painter, middle, width, self._height_of(bar.value, top), colour)
        painter.setFont(font(_SMALL, bold=last or at == self._at))
        level = self._foot() - self._height_of(max(bar.value, 0 if last else bar.target), top)
        half = self._step() / 2
        write(painter, QRectF(middle - half, level - em(1.15), 2 * half, em(1.1)), CENTRE, f"{bar.value:g}", look().text)
        ink = look().text if last else look().text2
        write(painter, QRectF(middle - half, self._foot() + 3, 2 * half, em(1.3)), CENTRE, bar.text, ink)

    def _solid(self, painter: QPainter, middle: float, width: float, height: float, colour: str) -> None:
        if height <= 0:
            return
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        area = QRectF(middle - width / 2, self._foot() - height, width, height)
        path.addRoundedRect(area, 4, 4)
        path.addRect(area.adjusted(0, max(0, height - 4), 0, 0))
        fill(painter, colour)
        painter.drawPath(path)


class HBars(Chart):
    """Bars on their side with a pill before and the number behind: the four warning levels."""

    def __init__(self, title: str, unit: str, bars: tuple[Bar, ...] = ()) -> None:
        super().__init__(title, unit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.show_bars(bars)

    def sizeHint(self) -> QSize:
        """Two em a bar."""
        return QSize(em(20), em(2.1) * max(1, len(self.bars)))

    def minimumSizeHint(self) -> QSize:
        """Not lower than its bars."""
        return QSize(em(14), em(1.9) * max(1, len(self.bars)))

    def part_at(self, place: QPointF) -> int:
        """The bar under a place."""
        at = int(place.y() // (self.height() / len(self.bars))) if self.bars else -1
        return at if 0 <= at < len(self.bars) else -1

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Each bar with its pill and number."""
        painter = self._begin()
        largest = max((bar.value for bar in self.bars), default=0) or 1
        height = self.height() / max(1, len(self.bars))
        for at, bar in enumerate(self.bars):
            self._one(painter, QRectF(0, at * height, self.width(), height), bar, bar.value / largest)
            if at == self._at and self.hasFocus():
                painter.setPen(QPen(QColor(look().gold500), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(1, at * height + 1, self.width() - 2, height - 2), 6, 6)

    def _one(self, painter: QPainter, area: QRectF, bar: Bar, share: float) -> None:
        left, right, thick = em(6.3), em(4), em(0.67)
        draw_pill(painter, area, bar.text, bar.tone, dot=True)
        track = QRectF(left, area.center().y() - thick / 2, area.width() - left - right, thick)
        fill(painter, look().grey_bg)
        painter.drawRoundedRect(track, thick / 2, thick / 2)
        if bar.value:
            track.setWidth(max(thick, track.width() * share))
            fill(painter, BAR.get(bar.tone, look().p500))
            painter.drawRoundedRect(track, thick / 2, thick / 2)
        painter.setFont(font(1, bold=True))
        place = QRectF(area.right() - right, area.top(), right, area.height())
        write(painter, place, RIGHT, f"{bar.value:g} {self.unit}", look().text)


class Ring(Chart):
    """How much of a total is done; the whole ring is one part."""

    def __init__(self, title: str, unit: str, value: float, total: float, *, tone: str = "teal", key: str = "") -> None:
        super().__init__(title, unit)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_bars((Bar(title, value, total, tone, key),))

    def sizeHint(self) -> QSize:
        """A square of six em."""
        return QSize(em(6.2), em(6.2))

    def minimumSizeHint(self) -> QSize:
        """The same square."""
        return self.sizeHint()

    def part_at(self, place: QPointF) -> int:
        """Always the one part."""
        return 0 if self.rect().contains(place.toPoint()) else -1

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Track, arc, number and total."""
        painter, bar, width = self._begin(), self.bars[0], em(0.6)
        area = QRectF(self.rect()).adjusted(width, width, -width, -width)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(look().grey_bg), width))
        painter.drawEllipse(area)
        cap = Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(QColor(BAR.get(bar.tone, look().p500)), width, Qt.PenStyle.SolidLine, cap))
        painter.drawArc(area, 90 * 16, int(-360 * 16 * min(1, bar.value / (bar.target or 1))))
        painter.setFont(font(1.5, bold=True))
        write(painter, area.adjusted(0, -em(0.8), 0, -em(0.8)), CENTRE, f"{bar.value:g}", look().text)
        painter.setFont(font(_SMALL))
        write(painter, area.adjusted(0, em(1.6), 0, em(0.4)), CENTRE, f"/ {bar.target:g} {self.unit}", look().text2)


class Trend(Chart):
    """A line of values over time on a plain ground, with the last one marked."""

    def __init__(self, title: str, unit: str, bars: tuple[Bar, ...] = ()) -> None:
        super().__init__(title, unit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_bars(bars)

    def sizeHint(self) -> QSize:
        """Flat and wide."""
        return QSize(em(16), em(4))

    def part_at(self, place: QPointF) -> int:
        """The nearest value."""
        if not self.bars:
            return -1
        return min(range(len(self.bars)), key=lambda at: abs(self._place(at).x() - place.x()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The line, its last point and what it says."""
        painter = self._begin()
        places = [self._place(at) for at in range(len(self.bars))]
        painter.setPen(QPen(QColor(look().p500), 2))
        painter.drawPolyline(places)
        if places:
            fill(painter, look().p600)
            painter.drawEllipse(places[-1], em(0.25), em(0.25))
            painter.setFont(font(_SMALL))
            area = QRectF(0, 0, self.width(), em(1.2))
            write(painter, area, LEFT, self.words(self.bars[-1]), look().text2)

    def _place(self, at: int) -> QPointF:
        values = [bar.value for bar in self.bars]
        low, high = min(values), max(values)
        share = (values[at] - low) / ((high - low) or 1)
        across = (self.width() - em(1)) * at / max(1, len(values) - 1) + em(0.5)
        return QPointF(across, self.height() - em(0.5) - (self.height() - em(2.2)) * share)
