"""The bar above the pages and the status bar below them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy, QWidget

from nehe_desktop.ui.icons import icon
from nehe_desktop.ui.layouts import box, emptied, row
from nehe_desktop.ui.painted import Avatar
from nehe_desktop.ui.theme import look, sized
from nehe_desktop.ui.widgets import Button, button, key_cap, label, line, retone


def search_line(hint: str) -> QLineEdit:
    """A line to search in, with a glass at its left."""
    made = QLineEdit()
    made.setProperty("role", "search")
    made.setPlaceholderText(hint)
    made.setAccessibleName(hint)
    made.addAction(icon("search", look().text3), QLineEdit.ActionPosition.LeadingPosition)
    return made


class SearchDoor(QLineEdit):
    """Looks like a search line; a click or a letter opens the Ctrl+K sheet with that letter."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "round")
        self.setPlaceholderText("找人、找户、找功能…")
        self.setAccessibleName("找人、找户、找功能，Ctrl+K")
        self.addAction(icon("search", look().text3), QLineEdit.ActionPosition.LeadingPosition)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Opens the sheet."""
        self.asked.emit("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Opens the sheet with what was typed; Tab goes on."""
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape):
            super().keyPressEvent(event)
        else:
            self.asked.emit(event.text().strip())


class TopBar(QFrame):
    """Title of the page, the door to the search sheet, who is logged in."""

    user_pressed = Signal()
    lock_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self._title, self._subtitle = label("", "h2"), label("", "caption")
        self.search = SearchDoor()
        self._cap = key_cap("Ctrl K")
        self._avatar = Avatar("", 2.27)
        self._user = button("", self.user_pressed.emit, kind="ghost", tip="当前登录的人")
        self._user.setMinimumWidth(0)
        sized(self._user, width=5)
        self._lock = button("", self.lock_pressed.emit, kind="ghost", icon="lock", tip="锁住，或换一个人（Ctrl+L）")
        self._lock.setAccessibleName("锁住")
        row(self._title, self._subtitle, None, self.search, self._cap, 8, self._avatar, self._user, self._lock,
            margins=(20, 0, 12, 0), on=self)
        sized(self, height=3.73)
        self.make_compact(compact=False)

    def show_title(self, title: str, subtitle: str = "") -> None:
        """What the page is called now."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)

    def show_user(self, name: str) -> None:
        """Who is at the keyboard."""
        self._avatar.show_letter(name[:1])
        self._user.reword(name)
        self._avatar.setVisible(bool(name))
        self._user.setVisible(bool(name))
        self._lock.setVisible(bool(name))

    def make_compact(self, *, compact: bool) -> None:
        """A shorter search line."""
        sized(self.search, width=15 if compact else 20)

    @property
    def titles(self) -> tuple[str, str]:
        """Title and subtitle as shown."""
        return self._title.text(), self._subtitle.text()


@dataclass(frozen=True)
class Status:
    """One part of the status bar: a word with an icon that opens its screen; red only where action is needed."""

    key: str
    text: str
    icon: str
    tone: str = ""
    go: str = ""
    least: bool = True  # kept when the window is narrow


class StatusBar(QFrame):
    """在线 · 待上传 · 冲突 · 备份 · 已加密 | 示例数据 · F1; every part is a button. Parts without room step back."""

    def __init__(self, go: Callable[[str], None], help_page: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("status")
        self._go, self._compact = go, False
        self._parts: tuple[Status, ...] = ()
        self._shown: list[tuple[Status, QWidget]] = []
        self._row = row(gap=4)
        self._left = box(self._row)
        self._left.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._demo = button("示例数据", lambda: go("settings"), kind="status", tip="现在用的是示例数据，和真实数据分开存放")
        retone(self._demo, tone="gold")
        self._demo.hide()
        foot = button("F1 帮助", help_page, kind="status")
        row((self._left, 1), self._demo, foot, margins=(10, 0, 10, 0), on=self)
        sized(self, height=2.13)

    def show_demo(self, *, demo: bool) -> None:
        """The golden badge of sample data."""
        self._demo.setVisible(demo)

    def show_parts(self, parts: Sequence[Status]) -> None:
        """Shows the parts in their order; nothing happens where they are as before."""
        if tuple(parts) != self._parts:
            self._parts = tuple(parts)
            self._fill()

    def make_compact(self, *, compact: bool) -> None:
        """Leaves out what is not needed on a narrow window."""
        if compact != self._compact:
            self._compact = compact
            self._fit()

    def part(self, key: str) -> Button | None:
        """The button of a part."""
        return self.findChild(Button, f"status-{key}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width holds other parts."""
        super().resizeEvent(event)
        self._fit()

    def _fill(self) -> None:
        emptied(self._row)
        self._shown = []
        for at, part in enumerate(self._parts):
            made = self._button(part)
            holder = box(row(*((sized(line("v"), height=0.93),) if at else ()), made, gap=4))
            self._row.addWidget(holder)
            self._shown.append((part, holder))
        self._row.addStretch(1)
        self._fit()

    def _fit(self) -> None:
        """What is least goes first, the rest from the right; what is red stays."""
        kept = [each for each in self._shown if each[0].least or not self._compact]
        room = self._left.width()
        while kept and sum(holder.sizeHint().width() + 4 for _, holder in kept) > room:
            loose = [each for each in kept if each[0].tone != "red" and each[0].key != "net"]
            if not loose:
                break
            kept.remove(next((each for each in reversed(loose) if not each[0].least), loose[-1]))
        for each in self._shown:
            each[1].setVisible(each in kept)

    def _button(self, part: Status) -> Button:
        made = Button(part.text, part.icon, "status", tone=part.tone)
        made.setObjectName(f"status-{part.key}")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if part.go:
            made.clicked.connect(lambda _checked=False: self._go(part.go))
        return made
