"""The window: rail, top bar, pages made when first opened, status bar, Ctrl+K, help, notices."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Store
from nehe_desktop.ui.bars import Status, StatusBar, TopBar
from nehe_desktop.ui.layouts import box, column, row
from nehe_desktop.ui.notices import Notices
from nehe_desktop.ui.page import Desk, Page, PageSpec
from nehe_desktop.ui.palette import Find, Found, Palette
from nehe_desktop.ui.rail import Rail
from nehe_desktop.ui.screen_mark import ScreenMark
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.theme import apply, em

FULL_EM = 80  # from this width on, in em, the rail shows words beside its icons (1200 px at 15 px)


def _nothing(_text: str) -> Sequence[Found]:
    return ()


class Window(QWidget):
    """The one window of the program."""

    closing = Signal()
    lock_asked = Signal()
    user_shown = Signal()  # who works here, or how he wants to see it
    _tables = Signal(object)

    def __init__(
        self,
        specs: Sequence[PageSpec],
        store: Store,
        bug: Callable[[BaseException], object],
        find: Find = _nothing,
        tools: Mapping[str, Any] | None = None,
    ) -> None:
        """`bug` takes what is nobody's fault but ours; `find` is the search behind Ctrl+K, run in a worker."""
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle("讷河帮扶工作台")
        self.specs = {spec.key: spec for spec in specs}
        self.notices = Notices(self)
        self.tasks = Tasks(self.notices.trouble, bug)
        self.tasks.job_started.connect(self.notices.progress)
        self.desk = Desk(store, self.tasks, self.notices, self.go, tools or {})
        self._pages: dict[str, Page] = {}
        self._recent: deque[Found] = deque(maxlen=6)
        self._help: QWidget | None = None
        self.rail = Rail([spec for spec in specs if spec.is_for(store.guard)], self.go)
        self.top = TopBar()
        self.stack = QStackedWidget()
        self.status = StatusBar(self.go, self.show_help)
        body = column(self.top, self.notices.banners, (self.stack, 1), self.status, gap=0)
        row(self.rail, (box(body), 1), gap=0, on=self)
        self.palette_sheet = Palette(self, self.tasks, find, self._functions)
        self.palette_sheet.picked.connect(self._open_found)
        self.top.search.asked.connect(self.palette_sheet.open_with)
        self.top.user_pressed.connect(lambda: self.go("settings"))
        self.top.lock_pressed.connect(self.lock_asked)
        self._keys()
        self._tables.connect(self._changed, Qt.ConnectionType.QueuedConnection)
        self._unlisten = store.listen(self._tables.emit)
        self.mark = ScreenMark(self)
        self.resize(em(91), em(51))

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, Page) else None

    def go(self, key: str, **where: Any) -> None:
        """Shows a page; it is made at its first opening. A page that may not be left keeps its place.

        Who may not read the first page of all begins with the first one that he may.
        """
        if refusal := self._refusal(key):
            if self.page is None and key in self.specs and self.rail.order:
                self.go(self.rail.order[0])
            else:
                self.notices.banner(refusal, "orange")
            return
        if self.page is not None and self.page.key != key and not self.page.may_leave():
            self.rail.show_current(self.page.key)
            return
        page = self._made(key)
        self.stack.setCurrentWidget(page)
        self.rail.show_current(key)
        self.top.show_title(page.title)
        page.setFocus()
        page.opened(**where)

    def remember(self, found: Found) -> None:
        """Adds to what Ctrl+K lists as 最近."""
        if found in self._recent:
            self._recent.remove(found)
        self._recent.appendleft(found)

    def show_user(self, name: str, place: str) -> None:
        """Who works here, and where."""
        self.top.show_user(name)
        self.rail.show_place(place)
        self.user_shown.emit()

    def change_look(self, size: str, *, high_contrast: bool) -> None:
        """Another text size or set of colours; says so first, for it takes a moment on an old machine."""
        self.notices.toast("正在调整…")

        def change() -> None:
            apply(cast("QApplication", QApplication.instance()), size, high_contrast=high_contrast)
            self.notices.hide_toast()

        QTimer.singleShot(50, self, change)

    def show_waiting(self, counts: Mapping[str, int]) -> None:
        """Golden numbers on the rail, by page."""
        for key, item in self.rail.items.items():
            item.show_waiting(counts.get(key, 0))

    def show_status(self, parts: Sequence[Status], *, demo: bool) -> None:
        """The status bar."""
        self.status.show_parts(parts)
        self.status.show_demo(demo=demo)

    def show_help(self) -> None:
        """The help of this page."""
        from nehe_desktop.ui.help import HelpView  # made at the first F1 only

        if self._help is None:
            self._help = HelpView(self)
        if isinstance(self._help, HelpView):
            self._help.show_topic(self.page.help_topic if self.page else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows get the compact rail."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Larger letters may need the compact rail."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """A page that may not be left keeps the window open."""
        if self.page is not None and not self.page.may_leave():
            event.ignore()
            return
        self._unlisten()
        self.closing.emit()
        self.tasks.close()
        event.accept()

    def _refusal(self, key: str) -> str:
        """Why a page is not shown; empty where it is."""
        if key not in self.specs:
            return f"这台电脑上没有“{key}”这一页"
        try:
            if table := self.specs[key].reads:
                self.desk.store.guard.require("read", table)
        except Refused as refused:
            return refused.sentence
        return ""

    def _made(self, key: str) -> Page:
        if key not in self._pages:
            page = self.specs[key].build(self.desk)
            page.key, page.title = key, page.title or self.specs[key].title
            page.titled.connect(lambda title, more, page=page: self._titled(page, title, more))
            self._pages[key] = page
            self.stack.addWidget(page)
        return self._pages[key]

    def _titled(self, page: Page, title: str, subtitle: str) -> None:
        if page is self.page:
            self.top.show_title(title, subtitle)

    def _changed(self, tables: frozenset[str]) -> None:
        if self.page is not None:
            self.page.changed(tables)

    def _fit(self) -> None:
        compact = self.width() < em(FULL_EM)
        self.rail.make_compact(compact=compact)
        self.top.make_compact(compact=compact)
        self.status.make_compact(compact=compact)

    def _keys(self) -> None:
        self._key("F1", self.show_help)
        self._key("Ctrl+K", self.palette_sheet.open_with)
        self._key("Ctrl+L", self.lock_asked.emit)
        for at, key in enumerate(self.rail.order[:9], 1):
            self._key(f"Ctrl+{at}", lambda key=key: self.go(key))
        for spec in self.specs.values():
            if spec.keys:
                self._key(spec.keys, lambda key=spec.key: self.go(key))

    def _key(self, keys: str, act: Callable[[], object]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _functions(self) -> Sequence[Found]:
        pages = (Found("功能", s.title, "打开页面" + (f" · {s.keys}" if s.keys else ""), s.icon, s.key)
                 for s in self.specs.values() if s.is_for(self.desk.store.guard))
        return [*self._recent, *pages]

    def _open_found(self, found: Found) -> None:
        if found.group != "功能":
            self.remember(Found("最近", found.title, found.subtitle, "history", found.go, found.where))
        self.go(found.go, **dict(found.where))
