"""How far an import is: five chips over the page."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from nehe_desktop.ui.layouts import emptied, row
from nehe_desktop.ui.painted import Pill

STEPS = ("① 选文件", "② 对列", "③ 核对村名", "④ 预演", "⑤ 导入")


class Steps(QWidget):
    """Chips: done ones green, the present one blue."""

    def __init__(self) -> None:
        super().__init__()
        self._chips = row(gap=8, on=self)
        self.at = 0
        self.show_step(0)

    def show_step(self, at: int) -> None:
        """Lights the present step."""
        self.at = at
        emptied(self._chips)
        for number, words in enumerate(STEPS):
            tone = "green" if number < at else "blue" if number == at else "grey"
            chip = Pill(words, tone)
            chip.setAccessibleName(f"{words}{'，已完成' if number < at else '，现在' if number == at else ''}")
            self._chips.addWidget(chip)
        self._chips.addStretch(1)
