"""Whole numbers out of the window: why, the PIN, perhaps a second person, a password that is shown once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit

from nehe_desktop.features.custody.clear import Asking, Release, limit_of, release, seconds
from nehe_desktop.features.custody.page_asking import AskingCard
from nehe_desktop.features.intake.export import Export, export_whole
from nehe_desktop.features.intake.page_watch import watched
from nehe_desktop.spreadsheets.sealing import checked_password, new_password
from nehe_desktop.ui.page import Page
from nehe_desktop.ui.tasks import Failed, Progress


class WholeExport:
    """Asks, and writes an encrypted archive in a worker; the password is neither stored nor logged."""

    def __init__(self, page: Page, failed: Failed) -> None:
        self._page, self._failed = page, failed
        self.card: AskingCard | None = None
        self.typed: QLineEdit | None = None

    def ask(self, wanted: Export, name: str) -> None:
        """Opens the card for an export; `name` is suggested for the file."""
        desk = self._page.desk
        session, store = desk.tools.get("session"), desk.store
        if session is None:
            desk.notices.banner("没有登录，不能导出完整号码", "orange")
            return
        card = self.card = self.card or AskingCard(self._page, sample=session.sample)

        def load() -> tuple[int, list[str] | None]:
            count = wanted.count(store)
            return count, seconds(store, session.laptop) if count > limit_of(store) and not session.sample else None

        def opened(found: tuple[int, list[str] | None]) -> None:
            self.typed = QLineEdit()
            self.typed.setPlaceholderText("压缩包密码：留空由程序生成，或自己写 12 位以上")
            self.typed.setAccessibleName("压缩包密码")
            words = f"{found[0]} 条记录的完整号码要离开这台电脑。时间、人和理由都会记入日志。"
            given = self._given
            card.ask(
                "导出完整号码", words, "导出", lambda asking: given(wanted, name, found[0], asking),
                seconds=found[1], extra=self.typed,
            )  # fmt: skip

        desk.tasks.ask(load, opened, owner=self._page, slot="people", failed=self._failed)

    def _given(self, wanted: Export, name: str, count: int, asking: Asking) -> None:
        desk, card = self._page.desk, self.card
        typed = self.typed.text() if self.typed else ""
        store, laptop = desk.store, desk.tools["session"].laptop

        def work() -> tuple[Release, str]:
            password = checked_password(typed) if typed else new_password()
            return release(store, laptop, "export", wanted.table, count, asking), password

        desk.tasks.ask(
            work, lambda found: self._write(wanted, name, *found, shown=not typed), owner=self._page, slot="release",
            failed=lambda error: card.refuse(str(error)) if card else None,
        )  # fmt: skip

    def _write(self, wanted: Export, name: str, given: Release, password: str, *, shown: bool) -> None:
        if self.card is not None:
            self.card.leave()
        chosen, _ = QFileDialog.getSaveFileName(self._page, "存到哪里", name, "加密压缩包 (*.zip)")
        if not chosen:
            return
        path, desk = Path(chosen).with_suffix(".zip"), self._page.desk

        def job(progress: Progress) -> int:
            told = watched(progress, "导出")
            return export_whole(desk.store, wanted.at(path), given, password, told, lambda: progress.cancelled)

        def done(count: int) -> None:
            said = f"已把 {count} 条存到加密压缩包 {path.name}。"
            if shown:
                said += f"密码：{password}（只显示这一次，请抄下，另行告诉收件人）"
            desk.notices.banner(said, "blue")

        desk.tasks.run(f"正在写 {path.name}", job, done, failed=self._failed)
