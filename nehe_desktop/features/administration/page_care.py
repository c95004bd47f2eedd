"""最近的操作 with 撤销; 自检 and 诊断."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from nehe_desktop.core.journal import Step
from nehe_desktop.features.administration.care import bundle, look
from nehe_desktop.security.check import Finding
from nehe_desktop.ui.layouts import box, column, emptied, row, scrolled
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.widgets import Icon, button, card, label

_SIGNS = {
    "good": ("circle-check", "green"),
    "repaired": ("hammer", "blue"),
    "warning": ("triangle-alert", "orange"),
    "bad": ("circle-x", "red"),
}


class StepsSection(QWidget):
    """The last steps, each of which can be taken back whole."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.list = column(gap=6)
        words = "每一次保存、导入都是一步，可以整步撤销；之后又改过的内容会保留。撤销本身也能撤销。"
        parts = (label("最近的操作", "h2"), label(words, "muted", wrap=True), self.list, None)
        column((scrolled(column(*parts, gap=12, margins=(18, 16, 18, 14))), 1), on=self)

    def refresh(self) -> None:
        """Reads the last steps."""
        self.desk.tasks.ask(lambda: self.desk.store.steps(30), self._show, owner=self, slot="steps")

    def take_back(self, step: Step) -> None:
        """Undoes a step."""
        self.desk.tasks.watch(self.desk.store.submit_undo(step.tx), self._undone, owner=self, slot="undo")

    def _undone(self, receipt: Any) -> None:
        kept = f"，{receipt.kept} 条之后又改过，保留不动" if receipt.kept else ""
        self.desk.notices.toast(f"已撤销{kept}")
        self.refresh()

    def _show(self, steps: list[Step]) -> None:
        emptied(self.list)
        for step in steps:
            parts = row(
                Icon("history"),
                (label(step.reason or "保存", "bold"), 1),
                label(f"{step.rows:,} 条 · {step.author} · {step.at:%m-%d %H:%M}", "caption"),
                button("撤销", lambda step=step: self.take_back(step), kind="ghost"),
                gap=12,
            )
            self.list.addWidget(card(column(box(parts)), kind="flat", margins=(12, 4, 8, 4)))
        if not steps:
            self.list.addWidget(label("还没有操作。", "muted"))


class CheckSection(QWidget):
    """The self-check, and the diagnosis to send when something is wrong."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.session: Any = desk.tools["session"]
        self.list, self.text = column(gap=4), QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("诊断信息")
        self.text.hide()
        self.found: tuple[Finding, ...] = ()
        acts = row(
            button("开始自检", self.run, icon="shield-check", kind="primary"),
            button("复制诊断信息", self.copy, icon="copy"),
            None,
        )
        words = (
            "检查数据文件、索引、搜索、时钟、磁盘和字体，能修的当场修好。诊断信息里没有姓名、证件号和电话。"
        )
        parts = (
            label("自检和诊断", "h2"),
            label(words, "muted", wrap=True),
            acts,
            self.list,
            self.text,
            None,
        )
        column((scrolled(column(*parts, gap=12, margins=(18, 16, 18, 14))), 1), on=self)

    def run(self) -> None:
        """Looks at everything in a worker."""
        here, store = self.session.laptop, self.desk.store
        self.desk.tasks.run("正在自检", lambda _: look(store, here), self._show)

    def copy(self) -> None:
        """Puts the diagnosis on the clipboard and shows it."""
        here, store, found = self.session.laptop, self.desk.store, self.found
        self.desk.tasks.ask(lambda: bundle(store, here, found), self._copied, owner=self, slot="diagnosis")

    def _copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.text.setPlainText(text)
        self.text.show()
        self.desk.notices.toast("诊断信息已复制，可以发给管理员")

    def _show(self, found: tuple[Finding, ...]) -> None:
        self.found = found
        emptied(self.list)
        for finding in found:
            icon_name, colour = _SIGNS[finding.level]
            words = f"{finding.what}：{finding.sentence}{finding.advice}"
            self.list.addWidget(box(row(Icon(icon_name, colour), (label(words, wrap=True), 1), gap=8)))
