"""The rail at the left: one item a page, full or compact."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QSizePolicy, QWidget

from nehe_desktop.ui.icons import pixmap
from nehe_desktop.ui.layouts import column, row, scrolled
from nehe_desktop.ui.page import PageSpec
from nehe_desktop.ui.painted import IconTile
from nehe_desktop.ui.theme import CENTRE, LEFT, em, font, look, sized
from nehe_desktop.ui.widgets import label

WIDE, NARROW = 13.1, 5.1


class RailItem(QAbstractButton):
    """A page's name and icon, with a golden number where something waits."""

    def __init__(self, spec: PageSpec, keys: str) -> None:
        super().__init__()
        self.spec, self.compact, self._waiting = spec, False, 0
        self.setText(spec.title)
        self.setToolTip(f"{spec.title}  {keys}" if keys else spec.title)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_waiting(0)

    def show_waiting(self, count: int) -> None:
        """How many things wait on that page."""
        self._waiting = count
        self.setAccessibleName(f"{self.spec.title}，{count} 件待办" if count else self.spec.title)
        self.update()

    def sizeHint(self) -> QSize:
        """Lower when full, as high as icon and word when compact."""
        return QSize(em(4), em(3.25 if self.compact else 2.95))

    def minimumSizeHint(self) -> QSize:
        """The same height."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, icon, word, number."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = 6 if self.compact else 10
        area = QRectF(self.rect()).adjusted(side, 2, -side, -2)
        self._ground(painter, area)
        ink = look().on_dark if self.isChecked() else look().on_rail
        (self._below if self.compact else self._beside)(painter, area, ink)
        if self._waiting:
            self._number(painter, area)

    def _ground(self, painter: QPainter, area: QRectF) -> None:
        if self.isChecked() or self.underMouse() or self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look().p600 if self.isChecked() else look().p800))
            painter.drawRoundedRect(area, 8, 8)
        if self.hasFocus():
            painter.setPen(QPen(QColor(look().gold500), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 8, 8)

    def _beside(self, painter: QPainter, area: QRectF, ink: str) -> None:
        size = em(1.33)
        place = (int(area.left() + em(0.8)), int(area.center().y() - size / 2))
        painter.drawPixmap(*place, pixmap(self.spec.icon, ink, size))
        painter.setPen(QColor(ink))
        painter.setFont(font(1, bold=self.isChecked()))
        painter.drawText(area.adjusted(em(2.9), 0, 0, 0), LEFT, self.text())

    def _below(self, painter: QPainter, area: QRectF, ink: str) -> None:
        size = em(1.45)
        painter.drawPixmap(int(area.center().x() - size / 2), int(area.top() + 3), pixmap(self.spec.icon, ink, size))
        painter.setPen(QColor(ink))
        painter.setFont(font(0.84, bold=self.isChecked()))
        painter.drawText(area.adjusted(-4, em(1.5), 4, 0), CENTRE, self.text())

    def _number(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(font(0.8, bold=True))
        words, high = str(self._waiting), em(1.27)
        width = max(em(1.33), QFontMetrics(painter.font()).horizontalAdvance(words) + em(0.67))
        right = area.right() - (2 if self.compact else 10)
        top = area.top() + (1 if self.compact else (area.height() - high) / 2)
        place = QRectF(right - width, top, width, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look().gold500))
        painter.drawRoundedRect(place, high / 2, high / 2)
        painter.setPen(QColor(look().on_gold))
        painter.drawText(place, CENTRE, words)


class Rail(QFrame):
    """The program's mark, the pages, and at the foot the settings."""

    def __init__(self, specs: Sequence[PageSpec], go: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName("导航")
        self._compact = False
        main = [spec for spec in specs if spec.rail == "main"]
        foot = [spec for spec in specs if spec.rail == "foot"]
        keys = {spec.key: f"Ctrl+{at}" for at, spec in enumerate([*main, *foot], 1) if at < 10}
        self.items = {spec.key: RailItem(spec, keys.get(spec.key, "")) for spec in [*main, *foot]}
        self.order = tuple(self.items)
        for key, item in self.items.items():
            item.clicked.connect(lambda _checked=False, key=key: go(key))
        self._name, self._place = label("讷河帮扶工作台", "rail-title"), label("", "rail-caption")
        self._words = QWidget()
        column(self._name, self._place, gap=0, on=self._words)
        head = row(None, IconTile("wheat", "rail", 2.53), self._words, None, gap=10, margins=(6, 12, 6, 8))
        middle = scrolled(column(*(self.items[s.key] for s in main), None, gap=2))
        column(head, (middle, 1), *(self.items[s.key] for s in foot), gap=0, margins=(0, 0, 0, 6), on=self)
        self.make_compact(compact=False)

    def show_place(self, place: str) -> None:
        """Town and village under the program's name."""
        self._place.setText(place)

    def name_label(self) -> QLabel:
        """The program's name."""
        return self._name

    def make_compact(self, *, compact: bool) -> None:
        """Icons over words, or icons beside words."""
        self._compact = compact
        self._words.setVisible(not compact)
        for item in self.items.values():
            item.compact = compact
            item.updateGeometry()
            item.update()
        sized(self, width=NARROW if compact else WIDE)

    @property
    def compact(self) -> bool:
        """Whether the narrow form is shown."""
        return self._compact

    def show_current(self, key: str) -> None:
        """Marks the page that is shown; none where it has no item."""
        for each, item in self.items.items():
            item.setAutoExclusive(False)
            item.setChecked(each == key)
            item.setAutoExclusive(True)
