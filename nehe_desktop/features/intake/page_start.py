"""The first step of an import: what kind of list, which file, and what was imported lately."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QWidget

from nehe_desktop.core.guard import Guard
from nehe_desktop.features.intake.errand import kinds
from nehe_desktop.ui.allowing import refusal
from nehe_desktop.ui.layouts import box, column, emptied, row, scrolled
from nehe_desktop.ui.painted import IconTile
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import button, card, label, line

_SHOWN = 30  # imports on the list
_WORDS = {"new": "新增", "changed": "更新", "same": "无变化", "refused": "未导入"}


def kind_box(name: str) -> QComboBox:
    """Which kind of list."""
    made = QComboBox()
    made.setAccessibleName(name)
    for table, title in kinds().items():
        made.addItem(title, table)
    return made


class StartPanel(QWidget):
    """A place to drop a file on, its password where it has one, and the latest imports."""

    chosen = Signal()
    templates = Signal()
    exports = Signal()
    unlocked = Signal(str)
    taken_back = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.kind = kind_box("导入什么")
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName("文件的密码")
        self.password.returnPressed.connect(self._unlock)
        self.locked = self._lock_card()
        self.locked.hide()
        self._recent = column(gap=6)
        recents = column(label("最近的导入", "h3"), (scrolled(self._recent), 1), gap=8)
        column(
            row(label("导入什么", "field"), sized(self.kind, least=14), None, *self._tools()),
            row((self._drop_card(), 3), (card(recents), 2), gap=12),
            gap=12,
            on=self,
        )

    def limit(self, guard: Guard) -> None:
        """Leaves only the lists that who is at the keyboard may bring in; where there is none, files stay out."""
        for at in reversed(range(self.kind.count())):
            if not guard.may("create", self.kind.itemData(at) or "household"):
                self.kind.removeItem(at)
        if not self.kind.count():
            for each in (self.kind, self._choose):
                each.setEnabled(False)
                each.setToolTip(refusal(guard, "create", "household"))

    def ask_password(self, sentence: str) -> None:
        """Asks for the password of a locked file; the sentence says why."""
        self._why.setText(sentence)
        self.locked.show()
        self.password.clear()
        self.password.setFocus()

    def show_recent(self, entries: Sequence[dict[str, Any]]) -> None:
        """File, time, who and counts of each import, with 撤销."""
        emptied(self._recent)
        for entry in entries[:_SHOWN]:
            self._recent.addWidget(self._entry(entry))
        if not entries:
            self._recent.addWidget(label("还没有导入过。导入错了可以在这里整批撤销。", "muted", wrap=True))
        self._recent.addStretch(1)

    def _tools(self) -> tuple[QWidget, ...]:
        return (
            button("下载模板", self.templates.emit, icon="file-down", tip="空表，带下拉和填写示例"),
            button("导出台账", self.exports.emit, icon="file-spreadsheet"),
        )

    def _drop_card(self) -> QFrame:
        choose = self._choose = button("选择文件", self.chosen.emit, icon="folder-open", kind="primary", key="Ctrl+O")
        words = label("把 Excel 文件拖到这里，或点“选择文件”。xls、xlsx、csv 都行。", "muted", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        calm = label("先预演给您看，点“导入”之前什么都不改。", "caption", wrap=True)
        calm.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture = row(None, IconTile("file-input", "teal", 4.2), None)
        return card(column(None, picture, words, row(None, choose, None), calm, self.locked, None, gap=12))

    def _lock_card(self) -> QFrame:
        self._why = label("", "bold", wrap=True)
        entry = row((self.password, 1), button("打开", self._unlock, icon="key-round", kind="primary"))
        return card(column(self._why, entry, gap=8), kind="flat")

    def _unlock(self) -> None:
        self.unlocked.emit(self.password.text())

    def _entry(self, entry: dict[str, Any]) -> QWidget:
        counts = "，".join(f"{word} {entry['rows'][name]}" for name, word in _WORDS.items() if entry["rows"].get(name))
        when = entry["at"][5:16].replace("T", " ")
        words = column(
            label(entry["file"], "bold", wrap=True),
            label(f"{when} {entry['author']} · {counts}", "caption", wrap=True),
            gap=1,
        )
        undone = bool(entry.get("undone"))
        back: QWidget = label("已撤销", "caption") if undone else self._undo_button(entry)
        return box(column(row((words, 1), back), line(), gap=6))

    def _undo_button(self, entry: dict[str, Any]) -> QWidget:
        made = button("撤销", partial(self.taken_back.emit, entry["tx"]), kind="ghost")
        made.setAccessibleName(f"撤销导入 {entry['file']}")
        return made


def first_file(urls: Sequence[Any]) -> Path | None:
    """The first local file of what is dropped."""
    return next((Path(url.toLocalFile()) for url in urls if url.isLocalFile()), None)


