"""Pages of a paper on the screen: zoom, fit, turning pages. Pictures are drawn in a worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from nehe_desktop.core.errors import Trouble
from nehe_desktop.ui.layouts import box, column, emptied, row
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.theme import look
from nehe_desktop.ui.widgets import button, empty_state, label, line

ZOOM_STEP, LEAST, MOST = 1.25, 0.3, 4.0
POINT = 96 / 72  # px of a point at 100 %


class Pages(Protocol):
    """A paper that can be drawn; both are called in a worker."""

    def sizes(self) -> list[tuple[float, float]]:
        """Width and height of each page in points."""
        ...

    def picture(self, page: int, scale: float) -> tuple[int, int, int, bytes]:
        """Width, height, bytes a line and RGB pixels of a page at `scale` px a point."""
        ...


class Canvas(QWidget):
    """One page on a grey ground."""

    def __init__(self) -> None:
        super().__init__()
        self.image: QImage | None = None

    def show_image(self, image: QImage | None) -> None:
        """Another picture."""
        self.image = image
        if image is not None:
            size = image.deviceIndependentSize().toSize()
            self.setMinimumSize(size + QSize(28, 28))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, a thin edge, the page."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(look().border))
        if self.image is None:
            return
        size = self.image.deviceIndependentSize()
        corner = QPointF(max(14.0, (self.width() - size.width()) / 2), 14)
        painter.drawImage(corner, self.image)
        painter.setPen(QColor(look().border2))
        painter.drawRect(QRectF(corner, size))


class Preview(QWidget):
    """Shows a paper; Ctrl+滚轮 and + − zoom, PageUp and PageDown turn, 0 fits the width."""

    def __init__(self, tasks: Tasks, hint: str = "选一种文件，这里就会显示样子") -> None:
        super().__init__()
        self._tasks, self._pages = tasks, cast("Pages | None", None)
        self._sizes: list[tuple[float, float]] = []
        self._page, self._zoom, self._fits = 0, 1.0, True
        self._name, self._at, self._percent = label("", "h3"), label("", "caption"), label("", "caption")
        self._canvas = Canvas()
        self._area = QScrollArea()
        self._area.setWidget(self._canvas)
        self._area.setWidgetResizable(True)
        self._area.setAccessibleName("文件预览")
        self._area.installEventFilter(self)
        self._nothing = column(empty_state("printer", hint), gap=0)
        self._empty = box(self._nothing)
        column(box(self._bar()), line(), (self._area, 1), (self._empty, 1), gap=0, on=self)
        self._area.hide()
        self.setFocusProxy(self._area)

    def show_paper(self, name: str, make: Callable[[], Pages]) -> None:
        """Makes a paper in a worker and shows its first page; a newer one takes its place."""
        self._name.setText(name)
        self._tasks.ask(lambda: _opened(make), self._show, owner=self, slot="paper", failed=self._refuse)

    def turn(self, step: int) -> None:
        """Goes to another page where there is one."""
        page = self._page + step
        if 0 <= page < len(self._sizes):
            self._page = page
            self._draw()

    def zoom(self, times: float) -> None:
        """Larger or smaller."""
        self._fits = False
        self._zoom = min(MOST, max(LEAST, self._zoom * times))
        self._draw()

    def fit(self) -> None:
        """As wide as there is room."""
        self._fits = True
        self._draw()

    @property
    def place(self) -> tuple[int, int]:
        """Page from 1, and how many there are."""
        return (self._page + 1 if self._sizes else 0), len(self._sizes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys, + − and 0."""
        acts = {
            Qt.Key.Key_PageDown: lambda: self.turn(1),
            Qt.Key.Key_PageUp: lambda: self.turn(-1),
            Qt.Key.Key_Plus: lambda: self.zoom(ZOOM_STEP),
            Qt.Key.Key_Equal: lambda: self.zoom(ZOOM_STEP),
            Qt.Key.Key_Minus: lambda: self.zoom(1 / ZOOM_STEP),
            Qt.Key.Key_0: self.fit,
        }
        act = acts.get(Qt.Key(event.key()))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        """Page keys turn pages instead of scrolling."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        turns = event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
        if turns:
            self.keyPressEvent(event)
        return turns

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted page keeps fitting."""
        super().resizeEvent(event)
        if self._fits and self._sizes:
            self._draw()

    def _bar(self) -> QHBoxLayout:
        return row(
            self._name, None,
            button("", lambda: self.zoom(1 / ZOOM_STEP), icon="zoom-out", tip="缩小  −"), self._percent,
            button("", lambda: self.zoom(ZOOM_STEP), icon="zoom-in", tip="放大  +"),
            button("", self.fit, icon="maximize", tip="适合宽度  0"), 8,
            button("", lambda: self.turn(-1), icon="chevron-left", tip="上一页  PageUp"), self._at,
            button("", lambda: self.turn(1), icon="chevron-right", tip="下一页  PageDown"),
            gap=5, margins=(14, 8, 10, 8),
        )

    def _show(self, answer: tuple[Pages, list[tuple[float, float]]]) -> None:
        self._pages, self._sizes = answer
        self._page = 0
        self._empty.hide()
        self._area.show()
        self._draw()

    def _refuse(self, error: BaseException) -> None:
        """Says in the paper's place why there is none; what was shown before is another paper."""
        advice = f"。{error.advice}" if isinstance(error, Trouble) and error.advice else ""
        emptied(self._nothing)
        self._nothing.addWidget(empty_state("printer", f"{str(error).rstrip('。')}{advice}"))
        self._pages, self._sizes, self._page = None, [], 0
        self._at.setText("")
        self._percent.setText("")
        self._area.hide()
        self._empty.show()

    def _draw(self) -> None:
        pages = self._pages
        if pages is None or not self._sizes:
            return
        if self._fits:
            room = max(120, self._area.viewport().width() - 28)
            self._zoom = min(MOST, room / (self._sizes[self._page][0] * POINT))
        page, ratio = self._page, self.devicePixelRatioF()
        scale = self._zoom * POINT * ratio
        self._percent.setText(f"{round(self._zoom * 100)}%")
        self._at.setText("{} / {}".format(*self.place))
        self._tasks.ask(lambda: pages.picture(page, scale), lambda p: self._put(p, ratio), owner=self, slot="picture")

    def _put(self, picture: tuple[int, int, int, bytes], ratio: float) -> None:
        width, height, stride, pixels = picture
        image = QImage(pixels, width, height, stride, QImage.Format.Format_RGB888).copy()
        image.setDevicePixelRatio(ratio)
        self._canvas.show_image(image)


def _opened(make: Callable[[], Pages]) -> tuple[Pages, list[tuple[float, float]]]:
    pages = make()
    return pages, pages.sizes()
