"""How a cell of a list is painted."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from nehe_desktop.ui.icons import pixmap
from nehe_desktop.ui.paged import Cell, Column, Index, PagedModel, words
from nehe_desktop.ui.painted import draw_pill
from nehe_desktop.ui.theme import LEFT, RIGHT, em, font, look


class CellPainter(QStyledItemDelegate):
    """Paints cells: pills, bold names, the mark of the current row."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """A row of 2.67 em."""
        return QSize(em(6), em(2.67))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell."""
        model = index.model()
        if not isinstance(model, PagedModel):
            return
        painter.save()
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        self._ground(painter, area, chosen=chosen, first=index.column() == 0)
        row = model.row_at(index.row())
        inner = area.adjusted(em(0.67), 0, -em(0.67), 0)
        if index.column() == 0 and model.ids[index.row()] in model.marked:
            corner = QPoint(int(inner.left()), int(inner.center().y() - em(0.55)))
            painter.drawPixmap(corner, pixmap("check", look().p600, em(1.1)))
            inner.adjust(em(1.4), 0, 0, 0)
        if row is None:
            gap = area.height() * 0.4
            painter.fillRect(inner.adjusted(0, gap, -inner.width() / 3, -gap), QColor(look().grey_bg))
        else:
            self._cell(painter, inner, row.cells[index.column()], model.source.columns[index.column()])
        painter.restore()

    def _ground(self, painter: QPainter, area: QRectF, *, chosen: bool, first: bool) -> None:
        painter.fillRect(area, QColor(look().p100 if chosen else look().surface))
        if chosen and first:
            painter.fillRect(QRectF(area.left(), area.top(), 4, area.height()), QColor(look().p600))
        painter.setPen(QPen(QColor(look().border), 1))
        painter.drawLine(area.bottomLeft() - QPointF(0, 1), area.bottomRight() - QPointF(0, 1))

    def _cell(self, painter: QPainter, area: QRectF, cell: str | Cell, column: Column) -> None:
        if isinstance(cell, Cell) and cell.tone and not cell.plain:
            if cell.text:
                draw_pill(painter, area, cell.text, cell.tone, dot=cell.dot)
            return
        painter.setFont(font(1, bold=column.bold))
        ink = look().tone(cell.tone)[0] if isinstance(cell, Cell) and cell.tone else look().text
        painter.setPen(QColor(ink))
        if isinstance(cell, Cell) and cell.icon:
            painter.drawPixmap(QPoint(int(area.left()), int(area.center().y() - em(0.5))), pixmap(cell.icon, ink, em(1)))
            area = area.adjusted(em(1.3), 0, 0, 0)
        how = RIGHT if column.right else LEFT
        text = QFontMetrics(painter.font()).elidedText(words(cell), Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, how, text)
