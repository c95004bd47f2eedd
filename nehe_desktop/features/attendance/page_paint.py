"""How a month is drawn: measures, tiles of half-days, nights, the bar of the year with its target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nehe_desktop.features.attendance.ledger import HALVES, SYMBOLS
from nehe_desktop.features.attendance.month import WEEKDAYS, Cell, Mate, Month
from nehe_desktop.ui.theme import CENTRE, LEFT, RIGHT, em, font, look

TONES = {"V": "green", "O": "blue", "R": "grey", "S": "yellow", "B": "yellow", "N": "teal", "A": "red", "L": "orange"}


@dataclass(frozen=True)
class Measures:
    """Widths and heights in px at a width of the window and a text size."""

    names: int
    day: float
    credit: int
    year: int
    head: int
    team: int
    line: int
    night: int

    @classmethod
    def of(cls, width: int, days: int, *, nights: bool) -> Measures:
        """The days share what the names and sums leave; a narrow window has a shorter bar."""
        names, credit = em(5.4), em(3)
        year = em(8.4) if width > em(72) else em(6.2) if width > em(60) else em(3.2)
        night = em(1.5) if nights else 0
        return cls(names, (width - names - credit - year) / days, credit, year, em(3), em(1.9), em(2.45) + night, night)


def draw_tile(painter: QPainter, area: QRectF, status: str, size: float = 0.95) -> None:
    """A status as its symbol on its tint; rest is plain."""
    ink, ground = look().tone(TONES.get(status, "grey"))
    if status in TONES and status != "R":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(area, em(0.3), em(0.3))
    painter.setPen(QColor(look().text3 if status in "R–" else ink))
    if status == "V":
        _tick(painter, area, ink)
        return
    painter.setFont(font(size, bold=status == "A"))
    painter.drawText(area, CENTRE, SYMBOLS.get(status, ""))


def _tick(painter: QPainter, area: QRectF, ink: str) -> None:
    """The √ of the sheet, drawn so that it stays clear at any size."""
    unit, middle = min(em(0.36), area.height() / 3.4, area.width() / 3.4), area.center()
    corners = ((-1.0, 0.1), (-0.3, 0.8), (1.1, -0.8))
    painter.setPen(QPen(QColor(ink), max(1.4, em(0.11)), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline([middle + QPointF(x * unit, y * unit) for x, y in corners])


@dataclass(frozen=True)
class Painting:
    """One painting of a month."""

    painter: QPainter
    month: Month
    at: Measures
    width: int
    chosen: frozenset[Cell]
    focused: bool

    def left(self, day: date) -> float:
        """Where a day's column begins."""
        return self.at.names + (day.day - 1) * self.at.day

    def shade(self, height: int) -> None:
        """Weekends grey, holidays red, make-up workdays plain."""
        tints = {"周末": look().grey_bg, "法定": look().red_bg}
        for day, kind in self.month.calendar.items():
            if kind.kind in tints:
                self.painter.fillRect(QRectF(self.left(day), 0, self.at.day, height), QColor(tints[kind.kind]))

    def head(self) -> None:
        """Days and weekdays over everything that scrolls."""
        self.painter.fillRect(QRectF(0, 0, self.width, self.at.head), QColor(look().surface2))
        self._rule(self.at.head)
        self._write(QRectF(em(0.9), 0, self.at.names, self.at.head), LEFT, "姓名", look().text2, 0.9, bold=True)
        for day in self.month.days:
            self._head_of(day)
        right = self.width - self.at.year
        sums = QRectF(right - self.at.credit, 0, self.at.credit, self.at.head)
        self._write(sums, CENTRE, "本月", look().text2, 0.85, bold=True)
        goal = next((year.goal for year in self.month.years.values()), 240)
        words = f"全年 / {goal} 天" if self.at.year > em(5) else "全年"
        self._write(QRectF(right, 0, self.at.year - em(0.5), self.at.head), CENTRE, words, look().text2, 0.85, bold=True)

    def _head_of(self, day: date) -> None:
        area, kind = QRectF(self.left(day), 0, self.at.day, self.at.head), self.month.calendar[day]
        number = QRectF(area.left(), em(0.3), area.width(), em(1.35))
        today = day == self.month.today
        if today:
            self.painter.setPen(Qt.PenStyle.NoPen)
            self.painter.setBrush(QColor(look().p600))
            self.painter.drawRoundedRect(number.adjusted(1, 0, -1, 0), em(0.35), em(0.35))
        ink = look().on_dark if today else look().text
        self._write(number, CENTRE, str(day.day), ink, 0.9, bold=True)
        week = QRectF(area.left(), em(1.65), area.width(), em(1.2))
        text = "班" if kind.kind == "调休上班" else WEEKDAYS[day.weekday()]
        self._write(week, CENTRE, text, look().text3 if kind.works else look().red, 0.75)

    def team(self, area: QRectF, name: str) -> None:
        """The line over a team."""
        self.painter.fillRect(area, QColor(look().surface2))
        self._write(area.adjusted(em(0.9), 0, 0, 0), LEFT, name, look().p700, 0.87, bold=True)
        self._rule(area.bottom())

    def line(self, area: QRectF, mate: Mate, cursor: Cell | None) -> None:
        """A member with his days, nights and sums."""
        here = cursor is not None and cursor.mate == mate
        tall = area.height() - self.at.night
        ink = look().text3 if self.month.hands.refusal(mate) else look().text
        self._write(QRectF(em(0.9), area.top(), self.at.names - em(1), tall), LEFT, mate.name, ink, 1, bold=here)
        for day in self.month.days:
            self._day(QRectF(self.left(day), area.top(), self.at.day, tall), Cell(mate, day), cursor)
        if self.at.night:
            self._nights(QRectF(0, area.top() + tall, self.width, self.at.night), mate)
        self._sums(QRectF(0, area.top(), self.width, tall), mate)
        self._rule(area.bottom())

    def _day(self, area: QRectF, cell: Cell, cursor: Cell | None) -> None:
        morning, afternoon = (self.month.status(cell, half) for half in HALVES)
        gap = max(1.0, min(em(0.22), (area.width() - em(1.2)) / 2))
        tile = area.adjusted(gap, em(0.24), -gap, -em(0.24))
        if cell in self.chosen and len(self.chosen) > 1:
            self.painter.fillRect(area.adjusted(0, 1, 0, -1), QColor(look().p100))
        if self.month.is_open(cell):
            self._dashed(tile)
        if morning == afternoon:
            draw_tile(self.painter, tile, morning)
        else:
            half = tile.height() / 2
            for top, status in ((tile.top(), morning), (tile.top() + half + 0.5, afternoon)):
                draw_tile(self.painter, QRectF(tile.left(), top, tile.width(), half - 0.5), status, 0.72)
        if self.month.is_late(cell):
            corner = QRectF(tile.right() - em(0.62), tile.top() - em(0.08), em(0.7), em(0.7))
            ink = look().orange if self.month.is_unconfirmed(cell) else look().text3
            self._write(corner, CENTRE, "补", ink, 0.54, bold=True)
        if self.month.slip(cell):
            self._slip(tile)
        if cell == cursor:
            self._frame(tile, look().gold500 if self.focused else look().border2)

    def _slip(self, tile: QRectF) -> None:
        """A small corner: there is an approved leave for the day."""
        side, at = em(0.45), tile.bottomLeft()
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(look().gold500))
        self.painter.drawPolygon([at, at - QPointF(0, side), at + QPointF(side, 0)])

    def _dashed(self, tile: QRectF) -> None:
        pen = QPen(QColor(look().orange), 1.2, Qt.PenStyle.DashLine)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(tile.adjusted(0.5, 0.5, -0.5, -0.5), em(0.3), em(0.3))

    def _frame(self, tile: QRectF, colour: str) -> None:
        self.painter.setPen(QPen(QColor(colour), 2.4))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(tile.adjusted(-1, -1, 1, 1), em(0.35), em(0.35))

    def _nights(self, area: QRectF, mate: Mate) -> None:
        label = QRectF(em(0.9), area.top(), self.at.names - em(1), area.height())
        self._write(label, LEFT, "夜间住村", look().text3, 0.72)
        for day in self.month.days:
            stayed = self.month.stayed(Cell(mate, day))
            words, ink = {"住村": ("宿", look().p600), "未住": ("未", look().orange)}.get(stayed, ("·", look().text3))
            place = QRectF(self.left(day), area.top(), self.at.day, area.height())
            if mate.posted(day) and day <= self.month.today:
                self._write(place, CENTRE, words, ink, 0.72)
            if late := self.month.late_night(Cell(mate, day)):
                corner = QRectF(place.right() - em(0.75), place.top(), em(0.7), em(0.7))
                self._write(corner, CENTRE, "补", look().orange if late == "待确认" else look().text3, 0.5, bold=True)

    def _sums(self, area: QRectF, mate: Mate) -> None:
        right = self.width - self.at.year
        credit = f"{self.month.credit(mate).normalize():f}"
        place = QRectF(right - self.at.credit, area.top(), self.at.credit, area.height())
        self._write(place, CENTRE, credit, look().text, 1, bold=True)
        year = self.month.years.get(mate.member)
        if year is None:
            return
        ink = look().orange if year.behind else look().text
        number = QRectF(right, area.top(), self.at.year - em(0.8), area.height())
        self._write(number, RIGHT, f"{year.served.normalize():f}", ink, 0.95, bold=True)
        track = QRectF(right + em(0.4), area.center().y() - em(0.24), self.at.year - em(4.1), em(0.48))
        if track.width() > em(1):
            self._bar(track, float(year.served) / year.goal, year.aim / year.goal, behind=year.behind)

    def _bar(self, track: QRectF, share: float, aim: float, *, behind: bool) -> None:
        radius = track.height() / 2
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(look().border))
        self.painter.drawRoundedRect(track, radius, radius)
        done = QRectF(track.left(), track.top(), max(track.height(), track.width() * min(1, share)), track.height())
        self.painter.setBrush(QColor(look().orange if behind else look().p500))
        self.painter.drawRoundedRect(done, radius, radius)
        mark = track.left() + track.width() * min(1, aim)
        self.painter.fillRect(QRectF(mark - 0.8, track.top() - em(0.2), 1.6, track.height() + em(0.4)), QColor(look().text))

    def _rule(self, level: float) -> None:
        self.painter.fillRect(QRectF(0, level - 1, self.width, 1), QColor(look().border))

    def _write(
        self, area: QRectF, how: Qt.AlignmentFlag, text: str, ink: str, size: float, *, bold: bool = False
    ) -> None:
        self.painter.setPen(QColor(ink))
        self.painter.setFont(font(size, bold=bold))
        self.painter.drawText(area, how, text)
