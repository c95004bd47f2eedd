"""A list of cards: three lines and a pill each, painted, so that hundreds are as quick as ten."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from nehe_desktop.ui.cells import CellPainter
from nehe_desktop.ui.icons import pixmap
from nehe_desktop.ui.layouts import box, column, row
from nehe_desktop.ui.listing import Listing, Source
from nehe_desktop.ui.paged import Cell, Column, Index, PagedModel
from nehe_desktop.ui.painted import draw_pill, pill_width
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.theme import LEFT, em, font, look
from nehe_desktop.ui.widgets import label

COLUMN = (Column("card", "", 16, sortable=False),)
"""Cards have one column."""

_HIGH = 5.3


@dataclass(frozen=True)
class CardCell(Cell):
    """A card: title, what is different, who and when, and a word in a pill; `text` is read out."""

    title: str = ""
    detail: str = ""
    caption: str = ""
    pill: str = ""
    colour: str = "orange"


def card_cell(title: str, detail: str, caption: str, pill: str = "", colour: str = "orange") -> CardCell:
    """A card that is read out whole."""
    return CardCell("，".join(filter(None, (title, detail, caption, pill))), "", title=title, detail=detail,
                    caption=caption, pill=pill, colour=colour)  # fmt: skip


def quiet(words: str) -> QWidget:
    """What an empty list says, without a picture: the right half has it."""
    said = label(words, "muted")
    return box(column(None, row(None, said, None), None))


class CardPainter(CellPainter):
    """Paints cards with a frame; the current one is framed thicker, a marked one has a tick."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Three lines."""
        return QSize(em(12), em(_HIGH))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One card."""
        model = index.model()
        if not isinstance(model, PagedModel):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(option.rect, QColor(look().surface))  # type: ignore[attr-defined]
        area = QRectF(option.rect).adjusted(em(0.6), em(0.2), -em(0.6), -em(0.2))  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        self._frame(painter, area, chosen=chosen)
        found = model.row_at(index.row())
        cell = found.cells[0] if found else None
        if isinstance(cell, CardCell):
            self._words(painter, area.adjusted(em(0.75), em(0.45), -em(0.7), -em(0.4)), cell,
                        marked=model.ids[index.row()] in model.marked)  # fmt: skip
        painter.restore()

    def _frame(self, painter: QPainter, area: QRectF, *, chosen: bool) -> None:
        painter.setPen(QPen(QColor(look().p600 if chosen else look().border), 2 if chosen else 1))
        painter.setBrush(QColor(look().p50 if chosen else look().surface2))
        painter.drawRoundedRect(area, look().radius, look().radius)

    def _words(self, painter: QPainter, area: QRectF, cell: CardCell, *, marked: bool) -> None:
        line = area.height() / 3
        left = area.left()
        if marked:
            painter.drawPixmap(QPoint(int(left), int(area.top() + em(0.15))), pixmap("check", look().p600, em(1.1)))
            left += em(1.4)
        pill = pill_width(cell.pill) if cell.pill else 0
        if pill:
            draw_pill(painter, QRectF(area.right() - pill, area.top(), pill, line), cell.pill, cell.colour)
        self._text(painter, QRectF(left, area.top(), area.right() - left - pill - em(0.4), line), cell.title, bold=True)
        self._text(painter, QRectF(area.left(), area.top() + line, area.width(), line), cell.detail)
        self._text(painter, QRectF(area.left(), area.top() + 2 * line, area.width(), line), cell.caption, small=True)

    def _text(self, painter: QPainter, area: QRectF, text: str, *, bold: bool = False, small: bool = False) -> None:
        painter.setFont(font(0.87 if small else 1, bold=bold))
        painter.setPen(QColor(look().text if bold else look().text2))
        shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, LEFT, shown)


class CardListing(Listing):
    """A listing whose rows are cards, without a header."""

    def __init__(self, source: Source, tasks: Tasks, name: str, empty: QWidget) -> None:
        super().__init__(source, tasks, name, empty)
        self.table.setItemDelegate(CardPainter(self.table))
        self.table.horizontalHeader().hide()
        self._at = 0
        self.chosen.connect(lambda _id: self._note())
        self.model.dataChanged.connect(lambda *_: self._land())
        self.counted.connect(lambda _count: self._land())

    def step(self) -> None:
        """Goes to the next card, after the last one to the first."""
        at = self.table.currentIndex().row() + 1
        self.table.selectRow(at if at < self.count else 0)

    def _note(self) -> None:
        self._at = self.table.currentIndex().row()

    def _land(self) -> None:
        """Where the chosen card has gone, the one that took its place is chosen."""
        if not self.count or self.table.selectionModel().hasSelection():
            return
        if there := self.model.row_at(min(self._at, self.count - 1)):
            self.select(there.id)

    def fit(self) -> None:
        """Rows of three lines."""
        super().fit()
        self.table.verticalHeader().setDefaultSectionSize(em(_HIGH))
