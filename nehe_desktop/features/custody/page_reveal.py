"""The eye: numbers and illnesses of a record in clear for a minute; Esc covers them again (domain §11.3 (2))."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.features.custody.clear import SHOWN_FOR, Asking, checked_count, look
from nehe_desktop.features.custody.page_asking import AskingCard
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.widgets import Button, button

_TIP = f"显示身份证号、电话、账号和病情 {SHOWN_FOR} 秒，要写理由，会记入日志；Alt+X，Esc 遮住"


class Lens(QObject):
    """The one way of every eye button of a page; `turned` says that numbers are whole now, or covered again."""

    turned = Signal(bool)

    def __init__(self, desk: Desk, host: QWidget) -> None:
        super().__init__(host)
        self._desk, self._host = desk, host
        self._card: AskingCard | None = None
        self._eye: Button | None = None
        self._press: Callable[[], object] | None = None
        key = QShortcut(QKeySequence("Alt+X"), host)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self._pressed)
        self.whole, self.left = False, 0
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)

    def eye(self, press: Callable[[], object]) -> Button:
        """An eye button; the newest one shows the seconds that are left, and Alt+X presses it."""
        self._press = press
        made = button("显示", press, icon="eye", kind="ghost", tip=_TIP)
        self._eye = made
        self._word()
        return made

    def press(self, table: str, rows: Sequence[str]) -> None:
        """Covers what is whole; else asks who is at the keyboard why, and for his PIN."""
        if self.whole:
            self.cover()
            return
        try:
            checked_count(rows)
            self._desk.store.guard.require("clear", table)
        except Refused as refused:
            self._desk.notices.banner(refused.sentence, "orange")
            return
        session = self._desk.tools.get("session")
        if session is None:
            self._desk.notices.banner("没有登录，不能显示完整号码", "orange")
            return
        if self._card is None:
            self._card = AskingCard(_page_of(self._host), sample=session.sample)
        title = LEDGERS[table].title if table in LEDGERS else "这条记录"
        which = f"这 {len(rows)} 条" if len(rows) > 1 else "这条"
        words = f"显示{which}“{title}”里的完整号码和病情 {SHOWN_FOR} 秒，时间、人和理由都会记入日志。"
        self._card.ask("显示完整内容", words, "显示", lambda asking: self._look(table, tuple(rows), asking))

    def _pressed(self) -> None:
        if self._press is not None and self._eye is not None and shiboken6.isValid(self._eye) and self._eye.isVisible():
            self._press()

    def cover(self) -> None:
        """Covers the numbers now."""
        if self.whole:
            self._turn(whole=False)

    def _look(self, table: str, rows: tuple[str, ...], asking: Asking) -> None:
        store, laptop = self._desk.store, self._desk.tools["session"].laptop
        self._desk.tasks.ask(
            lambda: look(store, laptop, table, rows, asking),
            lambda _: self._looked(), owner=self, slot="look", failed=self._refused,
        )  # fmt: skip

    def _looked(self) -> None:
        if self._card is None or self._card.isHidden():
            return  # somebody went elsewhere meanwhile
        self._card.leave()
        self._turn(whole=True)

    def _refused(self, error: BaseException) -> None:
        if self._card is not None:
            self._card.refuse(str(error))

    def _turn(self, *, whole: bool) -> None:
        self.whole, self.left = whole, SHOWN_FOR if whole else 0
        application = QCoreApplication.instance()
        if whole:
            self._second.start()
            application.installEventFilter(self)  # type: ignore[union-attr]
        else:
            self._second.stop()
            application.removeEventFilter(self)  # type: ignore[union-attr]
        self.turned.emit(whole)
        self._word()

    def _tick(self) -> None:
        self.left -= 1
        if self.left <= 0 or not self._host.isVisible():
            self.cover()
        self._word()

    def _word(self) -> None:
        if self._eye is not None and shiboken6.isValid(self._eye):
            self._eye.reword(f"遮住 {self.left}" if self.whole else "显示")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc covers, before it means anything else."""
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if event.type() in kinds and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self.cover()
            return True
        return super().eventFilter(watched, event)


def _page_of(widget: QWidget) -> QWidget:
    """The page that a panel stands on, for a card that needs more room than the panel has."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, Page):
        above = above.parentWidget()
    return above or widget
