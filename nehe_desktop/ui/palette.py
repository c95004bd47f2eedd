"""Ctrl+K: one line that finds people, households, functions and what was opened lately."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QInputMethodEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from nehe_desktop.ui.icons import pixmap
from nehe_desktop.ui.layouts import box, column, emptied, row
from nehe_desktop.ui.painted import draw_pill, pill_width
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.theme import LEFT, RIGHT, em, font, look, tint
from nehe_desktop.ui.widgets import Icon, label, line

WAIT_MS = 30


@dataclass(frozen=True)
class Found:
    """One line of the sheet: group 农户, 功能 or 最近, and the page it opens with what."""

    group: str
    title: str
    subtitle: str = ""
    icon: str = "user-round"
    go: str = ""
    where: tuple[tuple[str, str], ...] = ()
    tone: str = ""
    pill: str = ""


Find = Callable[[str], Sequence[Found]]


class QuietLine(QLineEdit):
    """A line that knows whether a Chinese word is still being composed."""

    settled = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.composing = False
        self.textChanged.connect(self._say)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Notes the composition; a commit is said through textChanged."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def _say(self, text: str) -> None:
        if not self.composing:
            self.settled.emit(text)


class FoundRow(QWidget):
    """A painted line: icon, title, subtitle, pill, and on the chosen one what Enter does."""

    pressed = Signal()

    def __init__(self, found: Found) -> None:
        super().__init__()
        self.found, self.chosen = found, False
        self.setFixedHeight(em(3.6))
        self.setAccessibleName(f"{found.group}：{found.title}，{found.subtitle}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Opens it."""
        self.pressed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The line."""
        painter, found = QPainter(self), self.found
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        if self.chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look().p100))
            painter.drawRoundedRect(area.adjusted(8, 1, -8, -1), 8, 8)
        ink = look().p600 if self.chosen else look().text2
        painter.drawPixmap(QPoint(em(1.6), int(area.center().y() - em(0.73))), pixmap(found.icon, ink, em(1.47)))
        middle = area.center().y()
        painter.setFont(font(1.07, bold=True))
        painter.setPen(QColor(look().text))
        painter.drawText(QRectF(em(4), middle - em(1.5), area.width(), em(1.6)), LEFT, found.title)
        painter.setFont(font(0.87))
        painter.setPen(QColor(look().text2))
        painter.drawText(QRectF(em(4), middle, area.width(), em(1.4)), LEFT, found.subtitle)
        self._right(painter, area)

    def _right(self, painter: QPainter, area: QRectF) -> None:
        right = area.right() - em(1.6)
        if self.chosen:
            painter.setFont(font(0.87, bold=True))
            painter.setPen(QColor(look().p700))
            painter.drawText(area.adjusted(0, 0, -em(1.6), 0), RIGHT, "Enter 打开")
        right -= em(5.5)
        if self.found.pill:
            width = pill_width(self.found.pill, dot=True)
            place = QRectF(right - width, area.top(), width, area.height())
            draw_pill(painter, place, self.found.pill, self.found.tone or "grey", dot=True)


class Palette(QWidget):
    """The sheet over the whole window. The search runs in a worker, never while a word is composed."""

    picked = Signal(object)

    def __init__(self, host: QWidget, tasks: Tasks, find: Find, always: Callable[[], Sequence[Found]]) -> None:
        """`find` searches records; `always` gives functions and recent things, matched here by their words."""
        super().__init__(host)
        self._host = host
        self._tasks, self._find, self._always = tasks, find, always
        self._rows: list[FoundRow] = []
        self._at = 0
        self.line = QuietLine()
        self.line.setProperty("role", "palette")
        self.line.setPlaceholderText("姓名、拼音首字母、身份证后 4 位、电话、功能")
        self.line.setAccessibleName("找一切")
        self.line.installEventFilter(self)
        self._told = label("", "caption")
        self._list = QVBoxLayout()
        self._sheet = self._build()
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._search)
        self.line.settled.connect(lambda _text: self._timer.start())
        host.installEventFilter(self)
        self.hide()

    def open_with(self, text: str = "") -> None:
        """Shows the sheet with a text to look for."""
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self.line.setText(text)
        self.line.setFocus()
        self._search()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the line; the sheet keeps to the window's size."""
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._host.rect())
            self._place()
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return not self.line.composing and self._key(Qt.Key(event.key()))
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A veil over the page."""
        QPainter(self).fillRect(self.rect(), tint("#061E1C", 0.45))

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """A click beside the sheet closes it."""
        self.hide()

    @property
    def titles(self) -> list[str]:
        """What is listed."""
        return [each.found.title for each in self._rows]

    def _build(self) -> QFrame:
        sheet = QFrame(self)
        sheet.setObjectName("sheet")
        head = row(Icon("search", "p600", 1.6), (self.line, 1), self._told, gap=12, margins=(20, 0, 20, 0))
        self._list.setSpacing(0)
        self._list.setContentsMargins(0, 4, 0, 4)
        foot = label("↑↓ 选择　Enter 打开　Esc 关闭　　可输：姓名、拼音、身份证后 4 位、电话", "caption")
        column(head, line(), self._list, line(), row(foot, margins=(20, 8, 20, 10)), gap=0, on=sheet)
        return sheet

    def _key(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._rows:
            self._choose((self._at + (1 if key == Qt.Key.Key_Down else -1)) % len(self._rows))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._rows:
            self._pick(self._rows[self._at].found)
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True

    def _search(self) -> None:
        text = self.line.text().strip()
        if not text:
            self._tasks.stale(self, "find")
            self._show([])
            return
        self._tasks.ask(lambda: self._find(text), self._show, owner=self, slot="find")

    def _show(self, found: Iterable[Found]) -> None:
        text = self.line.text().strip()
        records = list(found)
        more = [each for each in self._always() if text in each.title or text in each.subtitle]
        self._list_up([*records[:6], *more[:4 if text else 8]])
        count = len(records) + len(more)
        self._told.setText(f"{count} 个结果" if text and count else "没找到，换个写法试试" if text else "")
        self._place()

    def _list_up(self, found: Sequence[Found]) -> None:
        emptied(self._list)
        self._rows, group = [], ""
        for each in found:
            if each.group != group:
                group = each.group
                heading = box(row(label(group, "caption"), None, margins=(20, 6, 20, 2)))
                self._list.addWidget(heading)
                heading.show()
            line_of = FoundRow(each)
            line_of.pressed.connect(lambda each=each: self._pick(each))
            self._rows.append(line_of)
            self._list.addWidget(line_of)
            line_of.show()
        self._choose(0)

    def _choose(self, at: int) -> None:
        self._at = at
        for each, shown in enumerate(self._rows):
            shown.chosen = each == at
            shown.update()
        if self._rows:
            self.line.setAccessibleDescription(self._rows[at].accessibleName())

    def _pick(self, found: Found) -> None:
        self.hide()
        self.picked.emit(found)

    def _place(self) -> None:
        width = min(em(41), self.width() - em(2))
        self._sheet.setFixedWidth(width)
        self._sheet.setFixedHeight(self._sheet.sizeHint().height())
        self._sheet.move((self.width() - width) // 2, max(8, em(5) if self.height() > em(45) else em(1)))
