"""The month grid: members down, days across, painted by ourselves and worked by keyboard or mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip

from nehe_desktop.features.attendance.fill import KEYS
from nehe_desktop.features.attendance.month import Cell, Mate, Month, words_of
from nehe_desktop.features.attendance.page_paint import Measures, Painting
from nehe_desktop.features.attendance.selection import Selection
from nehe_desktop.ui.theme import em, look

_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_LETTERS = {
    Qt.Key.Key_A: "上午",
    Qt.Key.Key_P: "下午",
    Qt.Key.Key_D: "全天",
    Qt.Key.Key_N: "night",
    Qt.Key.Key_B: "note",
    Qt.Key.Key_Tab: "part",
}
_CLEAR = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class Grid(QAbstractScrollArea):
    """Shows a month and a selection; says which status, letter or move was asked for."""

    filled = Signal(str)
    asked = Signal(str)
    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.month: Month | None = None
        self.selection = Selection()
        self.nights = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("考勤月历")
        self.viewport().setMouseTracking(False)
        self.verticalScrollBar().setSingleStep(em(2.4))

    def show_month(self, month: Month) -> None:
        """Shows other data; the cursor stays where it can."""
        if self.month is None or self.month.month != month.month:
            at = month.days.index(month.today) if month.today in month.calendar else 0
            own = next((n for n, mate in enumerate(month.mates) if not month.hands.refusal(mate)), 0)
            self.selection = Selection().at(month, own, at)
        else:
            kept = self.selection
            self.selection = Selection(
                min(kept.line, max(0, len(month.mates) - 1)), kept.day, kept.anchor, kept.some
            )
        self.month = month
        self._measure()
        self.viewport().update()

    def show_nights(self, shown: bool) -> None:  # noqa: FBT001
        """Shows or hides the line of the nights below each member."""
        self.nights = shown
        self._measure()
        self.viewport().update()

    def select(self, selection: Selection) -> None:
        """Chooses cells and brings the cursor into view."""
        self.selection = selection
        if self.month is not None and (cell := selection.cell(self.month)):
            self._reveal(cell.mate)
            self.setAccessibleDescription(words_of(self.month, cell))
        self.viewport().update()
        self.moved.emit()

    def chosen(self) -> tuple[Cell, ...]:
        """The chosen cells."""
        return self.selection.cells(self.month) if self.month else ()

    def measures(self) -> Measures:
        """Where everything stands at this width."""
        return Measures.of(self.viewport().width(), len(self.month.days) if self.month else 31, nights=self.nights)

    def cell_at(self, place: QPoint) -> Cell | None:
        """The member's day under a place of the viewport."""
        if self.month is None or place.y() < self.measures().head:
            return None
        measures, mate = self.measures(), self._mate_at(place.y())
        day = int((place.x() - measures.names) // measures.day)
        return Cell(mate, self.month.days[day]) if mate and 0 <= day < len(self.month.days) else None

    # -- keyboard --------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Tab changes the half instead of leaving; Shift+Tab leaves."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
            self.keyPressEvent(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Shift chooses, digits fill, letters ask."""
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if self.month is None or not self.month.mates or not plain:
            super().keyPressEvent(event)
        elif event.key() in _ARROWS or event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._move(event)
        elif event.text() in KEYS or event.key() in _CLEAR:
            self.filled.emit(KEYS.get(event.text(), ""))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit("next")
        elif event.key() in _LETTERS:
            self.asked.emit(_LETTERS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _move(self, event: QKeyEvent) -> None:
        far = {Qt.Key.Key_Home: (0, -31), Qt.Key.Key_End: (0, 31)}
        lines, days = {**_ARROWS, **far}[Qt.Key(event.key())]
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self.month is not None:
            self.select(self.selection.moved(self.month, lines, days, extend=extend))

    # -- mouse -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click puts the cursor; with Shift it chooses up to there."""
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._point(event.position().toPoint(), extend=extend)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Dragging chooses a range."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._point(event.position().toPoint(), extend=True)

    def _point(self, place: QPoint, *, extend: bool) -> None:
        cell = self.cell_at(place)
        if cell and self.month is not None:
            line, day = self.month.mates.index(cell.mate), self.month.days.index(cell.day)
            self.select(self.selection.at(self.month, line, day, extend=extend))

    def viewportEvent(self, event: QEvent) -> bool:
        """The tooltip of a cell says the day and the holiday."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.month is not None:
            cell, day = self.cell_at(event.pos()), self._day_at(event.pos())
            text = words_of(self.month, cell) if cell else day
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)

    def _day_at(self, place: QPoint) -> str:
        at, month = int((place.x() - self.measures().names) // self.measures().day), self.month
        if month is None or not 0 <= at < len(month.days):
            return ""
        kind = month.calendar[month.days[at]]
        return f"{month.days[at].month}月{month.days[at].day}日　{kind.name or kind.kind}"

    # -- drawing ---------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Only the lines that can be seen, then the head over them."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.viewport().rect(), QColor(look().surface))
        if self.month is None:
            return
        chosen = frozenset(self.chosen())
        painting = Painting(painter, self.month, self.measures(), self.viewport().width(), chosen, focused=self.hasFocus())
        painting.shade(self.viewport().height())
        for kind, subject, top, height in self._places():
            if top + height > self.measures().head and top < self.viewport().height():
                area = QRectF(0, top, self.viewport().width(), height)
                if kind == "team":
                    painting.team(area, str(subject))
                elif isinstance(subject, Mate):
                    painting.line(area, subject, self.selection.cell(self.month))
        painting.head()

    def _places(self) -> list[tuple[str, str | Mate, int, int]]:
        """Each team and line with its top and height on the viewport."""
        measures, found = self.measures(), []
        top = measures.head - self.verticalScrollBar().value()
        for group in self.month.groups if self.month else ():
            found.append(("team", group.name, top, measures.team))
            top += measures.team
            for mate in group.mates:
                found.append(("line", mate, top, measures.line))
                top += measures.line
        return found

    def _mate_at(self, y: int) -> Mate | None:
        return next((s for _, s, top, h in self._places() if isinstance(s, Mate) and top <= y < top + h), None)

    def _reveal(self, mate: Mate) -> None:
        measures, bar = self.measures(), self.verticalScrollBar()
        top = next((top for _, s, top, _ in self._places() if s == mate), measures.head)
        if top < measures.head:
            bar.setValue(bar.value() - (measures.head - top))
        elif top + measures.line > self.viewport().height():
            bar.setValue(bar.value() + top + measures.line - self.viewport().height())

    def _measure(self) -> None:
        measures, groups = self.measures(), self.month.groups if self.month else ()
        tall = measures.head + sum(measures.team + measures.line * len(g.mates) for g in groups)
        self.verticalScrollBar().setRange(0, max(0, tall - self.viewport().height()))
        self.verticalScrollBar().setPageStep(self.viewport().height())
        self.setMinimumHeight(measures.head + measures.team + measures.line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room, fewer lines to scroll."""
        super().resizeEvent(event)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        """Another text size means other measures."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measure()


