"""备份和恢复: copies by age, a proof by trial, a copy on a USB stick, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from nehe_desktop.features.administration import copies
from nehe_desktop.security import backup, restoring
from nehe_desktop.security.backup import Copy, Proof
from nehe_desktop.ui.layouts import box, column, emptied, row, scrolled
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.tasks import Progress
from nehe_desktop.ui.widgets import Icon, button, card, label, note_card

_SHOWN = 12


class BackupSection(QWidget):
    """What copies there are, newest first, and what can be done with each."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.session: Any = desk.tools["session"]
        self.list = column(gap=6)
        self.proof = label("", "muted", wrap=True)
        self.proof.hide()
        self.agreed = QCheckBox("我知道退回备份会少掉备份之后的修改")
        acts = row(
            button("现在备份", self.make, icon="save", kind="primary"),
            button("备份到 U 盘…", self.carry, icon="usb"),
            None,
        )
        words = "每天自动备份一份，加密保存，14 天内每天一份，再往前每周、每月各留一份。U 盘上的备份同样是加密的。"
        parts = (
            label("备份和恢复", "h2"),
            label(words, "muted", wrap=True),
            acts,
            self.proof,
            self.list,
            self.agreed,
            note_card("恢复前软件会先试一遍，现在的数据另存一份，不会丢。恢复要重新登录。", "blue"),
            None,
        )
        column((scrolled(column(*parts, gap=12, margins=(18, 16, 18, 14))), 1), on=self)

    def refresh(self) -> None:
        """Looks at the folder anew."""
        folder = self.session.laptop.backups
        self.desk.tasks.ask(lambda: backup.copies(folder), self._show, owner=self, slot="copies")

    def make(self) -> None:
        """A copy now."""
        here, store, key = self.session.laptop, self.desk.store, self.session.key

        def work(progress: Progress) -> str:
            report = copies.make(store, key, here, progress.step, lambda: progress.cancelled)
            return f"已备份，{report.size / 1e6:.1f} MB"

        self.desk.tasks.run("正在备份", work, self._done)

    def carry(self) -> None:
        """The newest copy, brought to a stick and read back."""
        folder = QFileDialog.getExistingDirectory(self, "选择 U 盘")
        found, store = backup.copies(self.session.laptop.backups), self.desk.store
        if folder and not found:
            self.desk.notices.banner("还没有备份，请先点“现在备份”", "orange")
        elif folder:
            self.desk.tasks.run(
                "正在备份到 U 盘",
                lambda progress: copies.carry(
                    store, found[0], Path(folder), progress.step, lambda: progress.cancelled
                ),
                lambda copy: self._done(f"已备份到 {copy.path.parent}，并已读回核对"),
            )

    def prove(self, copy: Copy) -> None:
        """Restores the copy into a temporary file and says what is in it."""
        self.desk.tasks.run(
            "正在试恢复",
            lambda progress: backup.prove(
                copy, self.session.key, progress.step, lambda: progress.cancelled, self.session.laptop.vault
            ),
            self._proved,
        )

    def restore(self, copy: Copy) -> None:
        """Goes back to a copy; first a worker looks what that would lose."""
        file, key = self.session.laptop.file, self.session.key
        self.desk.tasks.ask(
            lambda: restoring.loss(copy, file, key),
            lambda lost: self._restore_knowing(copy, lost),
            owner=self,
            slot="loss",
        )

    def _restore_knowing(self, copy: Copy, lost: str) -> None:
        if lost and not self.agreed.isChecked():
            self.desk.notices.banner(f"{lost}确实要退回，请先勾选下面的“我知道……”再点恢复。", "orange")
            self.agreed.setFocus()
            return
        self.desk.tools["restore"](copy, self.agreed.isChecked())

    def _done(self, said: str) -> None:
        self.desk.notices.toast(said)
        self.refresh()

    def _proved(self, proof: Proof) -> None:
        self.proof.setText(proof.sentence)
        self.proof.show()
        self.desk.notices.toast("试恢复通过" if proof.sound else "试恢复没有通过")

    def _show(self, found: tuple[Copy, ...]) -> None:
        emptied(self.list)
        if not found:
            self.list.addWidget(label("还没有备份。每天第一次打开时会自动做一份。", "muted"))
        for copy in found[:_SHOWN]:
            self.list.addWidget(self._line(copy))

    def _line(self, copy: Copy) -> QWidget:
        size = copy.path.stat().st_size / 1e6 if copy.path.exists() else 0
        parts = row(
            Icon("database", "p600"),
            label(f"{copy.made_at:%Y-%m-%d %H:%M}", "bold"),
            label(f"{size:.1f} MB", "caption"),
            None,
            button("试恢复", lambda: self.prove(copy), kind="ghost"),
            button("恢复", lambda: self.restore(copy), kind="ghost"),
            gap=12,
        )
        return card(column(box(parts)), kind="flat", margins=(12, 4, 8, 4))
