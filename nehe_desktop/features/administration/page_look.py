"""字号、颜色和锁屏, and what the program is."""

from __future__ import annotations

import platform
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer, qVersion
from PySide6.QtWidgets import QApplication, QCheckBox, QWidget

from nehe_desktop.features.custody.marks import is_ordered
from nehe_desktop.ui.layouts import box, column, row, scrolled
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.painted import IconTile
from nehe_desktop.ui.segmented import Segmented
from nehe_desktop.ui.widgets import label, note_card, pairs
from nehe_desktop.ui.window import Window

_SIZES = ("标准", "大", "特大")
_MINUTES = {"1 分钟": 1, "3 分钟": 3, "5 分钟": 5, "10 分钟": 10, "15 分钟": 15}  # domain §11.4 says five


class LookSection(QWidget):
    """Three text sizes, high contrast and the mark on the screen; all are at once and stay."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.look: Any = desk.tools["look"]()
        self.size = Segmented(_SIZES, self.look.size)
        self.size.setAccessibleName("字号")
        self.contrast = QCheckBox("高对比（黑白分明，看得更清楚）")
        self.contrast.setChecked(self.look.high_contrast)
        self.mark = QCheckBox("屏幕上显示水印（姓名、工号后四位、时间）")
        self.mark.setChecked(self.look.mark)
        self.mark.toggled.connect(lambda on: self._choose(replace(self.look, mark=on)))
        desk.tasks.ask(lambda: is_ordered(desk.store), self._show_ordered, owner=self, slot="ordered")
        kept = next((words for words, after in _MINUTES.items() if after == self.look.lock_after), "5 分钟")
        self.lock_after = Segmented(tuple(_MINUTES), kept)
        self.lock_after.setAccessibleName("多久没人用就锁住")
        self.lock_after.chosen.connect(lambda words: self._choose(replace(self.look, lock_after=_MINUTES[words])))
        self.said = label("", "caption")
        self.size.chosen.connect(lambda size: self._choose(replace(self.look, size=size)))
        self.contrast.toggled.connect(lambda on: self._choose(replace(self.look, high_contrast=on)))
        sample = "示例：王桂兰户，2 口人，上次走访 8 月 3 日，人均纯收入 9,600 元。"
        body = column(
            label("字号、颜色和锁屏", "h2"),
            label("字号", "field"),
            row(self.size, None),
            self.contrast,
            self.mark,
            label("多久没人用就锁住（随时可以按 Ctrl+L 锁住）", "field"),
            row(self.lock_after, None),
            self.said,
            note_card(sample, "teal"),
            None,
            gap=12,
            margins=(18, 16, 18, 14),
        )
        column((scrolled(body), 1), on=self)

    def _show_ordered(self, ordered: bool) -> None:  # noqa: FBT001 - an answer of a worker
        """What the county wants on every screen cannot be taken away on one."""
        if ordered:
            self.mark.blockSignals(True)
            self.mark.setChecked(True)
            self.mark.setEnabled(False)
            self.mark.setText("屏幕上显示水印（县里要求，不能关）")

    def _choose(self, look: Any) -> None:
        """Applies after the words are painted, because a new size takes a moment on an old laptop."""
        self.look = look
        self.said.setText("正在调整…")
        QTimer.singleShot(30, self._apply)

    def _apply(self) -> None:
        self.desk.tools["relook"](self.look)
        if isinstance(window := self.window(), Window):
            window.user_shown.emit()
        self.said.setText("已调整，下次打开也是这样")


class AboutSection(QWidget):
    """Version, parts, licences, where the data lie."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        session = desk.tools["session"]
        facts: list[tuple[str, str | QWidget]] = [
            ("版本", QApplication.applicationVersion()),
            ("系统", f"{platform.system()} {platform.release()}"),
            ("界面组件", f"Qt {qVersion()}"),
            ("数据文件夹", str(session.laptop.folder)),
        ]
        words = "本软件使用的字体、图标和组件都随附许可文件，见 resources 文件夹。"
        head = row(
            IconTile("wheat", "rail", 3.2),
            box(column(label("讷河帮扶工作台", "h2"), label("驻村工作队的电脑台账", "muted"))),
            None,
            gap=14,
        )
        body = column(
            head, pairs(facts, 1), label(words, "caption", wrap=True), None, gap=16, margins=(18, 16, 18, 14)
        )
        column((scrolled(body), 1), on=self)
