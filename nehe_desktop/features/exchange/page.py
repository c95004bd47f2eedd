"""同步: how this laptop stands to the county, what waits, what came, the log; by network or by stick."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QFrame, QStackedWidget, QTabBar, QWidget

from nehe_desktop.core.errors import Trouble
from nehe_desktop.features.custody import expiry
from nehe_desktop.features.exchange import queries
from nehe_desktop.features.exchange.naming import covered
from nehe_desktop.features.exchange.page_code import CodePanel
from nehe_desktop.features.exchange.page_join import JoinPanel
from nehe_desktop.features.exchange.page_running import Running
from nehe_desktop.features.exchange.page_stand import StandPanel
from nehe_desktop.features.exchange.page_traffic import CameList, LogList, WaitingList
from nehe_desktop.features.exchange.words import asks_code, needs_person
from nehe_desktop.sync import courier
from nehe_desktop.sync.denials import CodeNeeded
from nehe_desktop.sync.intake import Report
from nehe_desktop.sync.standing import Standing
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.tasks import Progress
from nehe_desktop.ui.theme import em
from nehe_desktop.ui.widgets import button, card, label, line

TABS = ("等待上传", "收到的和自动合并的", "日志", "县里的网")


@dataclass(frozen=True)
class _Seen:
    standing: Standing
    past: int
    locks: str


class SyncPage(Page):
    """State, buttons, four numbers, four lists."""

    key, title, icon, help_topic = "sync", "同步", "refresh-cw", "sync"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.running: Running = desk.tools.get("sync") or Running(desk.store, lambda _: None)
        self.stand = StandPanel(desk)
        self.now = button("立即同步", self.sync_now, icon="refresh-cw", kind="primary", key="Ctrl+Enter")
        self.out = button("U 盘送出…", self.choose_folder, icon="upload", tip="没有网络时，把要上传的写到 U 盘带到县里")
        self.back = button("U 盘收回…", self.choose_package, icon="download", tip="把县里写在 U 盘上的数据包收进来")
        self.waiting, self.came, self.log = WaitingList(desk, covered), CameList(desk, covered), LogList(desk)
        self.join = JoinPanel(desk, self.running, self.choose_package)
        self.join.joined.connect(self._joined)
        self.running.told.connect(lambda _: self.refresh() if self.isVisible() else None)
        self.tabs, self.stack = QTabBar(), QStackedWidget()
        self._lists = self._made_lists()
        self.code = CodePanel(self.sync_now)
        self.code.hide()
        self.locks = label("", "error", wrap=True)
        self.locks.hide()
        acts = column(None, row(self.out, self.back, self.now), None)
        self._head = card(row((self.stand, 1), acts, gap=16), margins=(18, 9, 16, 9))
        above = (self._head, self.locks, self.code, self.stand.numbers)
        column(*above, (self._lists, 1), gap=12, margins=(16, 14, 16, 14), on=self)
        self.shortcut("Ctrl+Return", self._main_act)
        self.shortcut("Ctrl+Enter", self._main_act)
        self.shortcut("Ctrl+C", self._copy)
        self._enrolled: bool | None = None
        self.show_standing(Standing())

    def opened(self, tab: str = "", **_where: Any) -> None:
        """Looks how things stand; `tab` is waiting, came, log or join."""
        names = {"waiting": 0, "came": 1, "log": 2, "join": 3}
        if tab in names:
            self.tabs.setCurrentIndex(names[tab])
        self.refresh()
        self.join.load()

    def changed(self, tables: frozenset[str]) -> None:  # noqa: ARG002 - everything may matter
        """Looks again."""
        self.refresh()

    def exchanged(self) -> None:
        """Looks again."""
        self.refresh()

    def refresh(self) -> None:
        """Asks how things stand, in a worker."""
        store, running = self.desk.store, self.running
        self.desk.tasks.ask(
            lambda: _Seen(running.now(), queries.past_count(store), expiry.warning(store, store.clock.now())),
            self._show,
            owner=self,
            slot="standing",
        )

    def show_standing(self, found: Standing) -> None:
        """Shows how things stand; without a county only how to join one."""
        self.stand.show_standing(found)
        self.code.ask(asked=asks_code(found))
        for made in (self.now, self.out):
            made.setVisible(found.enrolled)
        self.tabs.setTabText(0, f"{TABS[0]} {found.waiting + found.set_aside}" if found.enrolled else TABS[0])
        if found.enrolled != self._enrolled:
            self._enrolled = found.enrolled
            self.join.show_enrolled(found.name)
            self.tabs.setVisible(found.enrolled)
            self.tabs.setCurrentIndex(0 if found.enrolled else 3)
            self._turn(self.tabs.currentIndex())
        self.titled.emit(self.title, found.name)

    def sync_now(self, code: str = "") -> None:
        """A synchronisation at once, with its progress; perhaps with the six digits of a phone."""
        running = self.running

        def work(progress: Progress) -> Report:
            if code:
                running.give(code)
            report: Report = running.sync_now(progress.step).result()
            return report

        self.now.setEnabled(False)
        self.desk.tasks.run("正在同步", work, self._synced, failed=self._failed)

    def choose_folder(self) -> None:
        """Asks where the stick is."""
        if folder := QFileDialog.getExistingDirectory(self, "选择 U 盘"):
            self.send_out(Path(folder))

    def send_out(self, folder: Path) -> None:
        """Writes a package with all that waits."""
        store = self.desk.store
        self.desk.tasks.run("正在写出数据包", lambda _: courier.make_up(store, folder), self._sent_out)

    def choose_package(self) -> None:
        """Asks which package came back."""
        name, _ = QFileDialog.getOpenFileName(self, "选择县里给的数据包", "", "数据包 (*.nhpkg)")
        if name:
            self.take_back(Path(name))

    def take_back(self, path: Path) -> None:
        """Takes a package of the county in."""
        store, running = self.desk.store, self.running

        def work(_progress: Progress) -> Report:
            report = courier.take_down(store, path)
            running.start()
            return report

        self.desk.tasks.run("正在收回数据包", work, self._taken_back)

    def _made_lists(self) -> QFrame:
        for name in TABS:
            self.tabs.addTab(name)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("同步的内容")
        self.tabs.setContentsMargins(em(0.6), 0, 0, 0)
        for each in (self.waiting, self.came, self.log, self.join):
            self.stack.addWidget(each)
        self.join.setProperty("card", "")
        self.tabs.currentChanged.connect(self._turn)
        beside = {self.came: self.came.merged, self.log: self.log.copy}
        self._beside: dict[QWidget, QWidget] = {**beside}
        head = row((self.tabs, 1), *self._beside.values(), margins=(0, 0, 8, 0))
        return card(column(head, line(), (self.stack, 1), gap=0), margins=(1, 1, 1, 1))

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        for shown, made in self._beside.items():
            made.setVisible(self.stack.currentWidget() is shown)
        self._load()

    def _load(self) -> None:
        shown: QWidget | None = self.stack.currentWidget()
        if isinstance(shown, WaitingList | CameList | LogList):
            shown.load()

    def _main_act(self) -> None:
        if self.stack.currentWidget() is self.join:
            self.join.join()
        elif self.code.go.isEnabled() and self.code.isVisible():
            self.code.send()
        elif self.now.isEnabled():
            self.sync_now()

    def _copy(self) -> None:
        if self.stack.currentWidget() is self.log:
            self.log.copy_line()

    def _show(self, seen: _Seen) -> None:
        self.show_standing(seen.standing)
        self.locks.setText(seen.locks)
        self.locks.setVisible(bool(seen.locks))
        self.came.show_merged(seen.past)
        self._load()

    def _joined(self) -> None:
        self.tabs.setCurrentIndex(0)
        self.refresh()

    def _synced(self, report: Report) -> None:
        self.now.setEnabled(True)
        words = f"已同步：上传 {report.sent} 笔，收到 {report.came} 条"
        self.desk.notices.toast(words + (f"，冲突 {report.conflicts} 处" if report.conflicts else ""))
        self.refresh()

    def _failed(self, error: BaseException) -> None:
        self.now.setEnabled(True)
        told = error if isinstance(error, Trouble) else Trouble(str(error))
        if isinstance(told, CodeNeeded):
            self.desk.notices.toast(told.sentence, icon="key-round")
        elif needs_person(told.sentence):
            self.desk.notices.trouble(told)
        else:
            self.desk.notices.toast(f"没有同步成：{told.sentence}。过一会儿自动再试", icon="circle-alert")
        self.refresh()

    def _sent_out(self, path: Path) -> None:
        self.desk.notices.toast(f"已写出 {path.name}，请把 U 盘送到县里，带回来再点“U 盘收回”")
        self.refresh()

    def _taken_back(self, report: Report) -> None:
        told = "；".join(report.problems)
        self.desk.notices.toast(f"已收回：收到 {report.came} 条" + (f"；{told}" if told else ""))
        self.join.load()
        self.refresh()
