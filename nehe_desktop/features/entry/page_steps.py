"""The dark side of the wizard: what the program is, and how far one is."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from nehe_desktop.ui.layouts import column, emptied, row
from nehe_desktop.ui.painted import Avatar, IconTile
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import label

STEPS = ("在哪里工作", "设置口令", "收好恢复码", "开始使用")


class Steps(QFrame):
    """The dark side: what the program is, and how far one is."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rail")
        sized(self, width=21)
        self._lines = column(gap=16)
        column(
            row(IconTile("wheat", "rail", 3.7), None),
            6,
            label("讷河帮扶工作台", "rail-title"),
            label("不联网也能用。数据存在这台电脑上，加密保存。", "rail-caption", wrap=True),
            24,
            self._lines,
            None,
            label("看不懂的地方按 F1", "rail-caption"),
            margins=(32, 28, 24, 22),
            on=self,
        )

    def show_step(self, at: int) -> None:
        """Ticks what is done and lights what is asked."""
        emptied(self._lines)
        for number, words in enumerate(STEPS):
            done, here = number < at, number == at
            ground, ink = (
                ("gold500", "p900") if here else ("p600", "on_dark") if done else ("p700", "on_rail")
            )
            mark = Avatar("✓" if done else str(number + 1), 2.0, ground, ink)
            text = label(words, "rail-title" if here else "rail-caption")
            text.setAccessibleName(f"{words}：{'已完成' if done else '正在填' if here else '还没到'}")
            self._lines.addLayout(row(mark, text, None, gap=12))
