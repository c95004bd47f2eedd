"""设置: sections at the left, the chosen one at the right; each is made when it is first opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QWidget

from nehe_desktop.features.administration.page_backup import BackupSection
from nehe_desktop.features.administration.page_care import CheckSection, StepsSection
from nehe_desktop.features.administration.page_keys import KeysSection
from nehe_desktop.features.administration.page_look import AboutSection, LookSection
from nehe_desktop.features.administration.page_people import PeopleSection
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import Icon, card, label

_SECTIONS: tuple[tuple[str, str, str, Callable[[Desk], QWidget]], ...] = (
    ("look", "字号、颜色和锁屏", "type", LookSection),
    ("people", "人员和口令", "key-round", PeopleSection),
    ("keys", "钥匙和恢复", "lock-keyhole", KeysSection),
    ("backup", "备份和恢复", "usb", BackupSection),
    ("steps", "最近的操作", "history", StepsSection),
    ("check", "自检和诊断", "shield-check", CheckSection),
    ("about", "关于", "info", AboutSection),
)


class SettingsPage(Page):
    """All settings of this laptop."""

    key, title, icon, help_topic = "settings", "设置", "settings", "settings"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.stack, self.group = QStackedWidget(), QButtonGroup(self)
        self.made: dict[str, QWidget] = {}
        choices = column(gap=2)
        for at, (key, words, icon_name, _) in enumerate(_SECTIONS):
            choices.addWidget(self._choice(at, key, words, icon_name))
        choices.addWidget(_row("操作日志", "list-checks", lambda: desk.go("log")))
        choices.addStretch(1)
        left = sized(card(choices, margins=(8, 10, 8, 10)), width=12.5)
        right = card(column((self.stack, 1)), margins=(1, 1, 1, 1))
        row(left, (right, 1), gap=12, margins=(16, 14, 16, 14), on=self)

    def opened(self, section: str = "", **_where: Any) -> None:
        """Shows a section; the one shown last where none is named."""
        current = self.group.checkedId()
        at = next((n for n, each in enumerate(_SECTIONS) if each[0] == section), max(current, 0))
        self.show_section(_SECTIONS[at][0])

    def show_section(self, key: str) -> None:
        """Makes the section at its first opening and lets it look anew."""
        at = next(n for n, each in enumerate(_SECTIONS) if each[0] == key)
        if key not in self.made:
            self.made[key] = _SECTIONS[at][3](self.desk)
            self.stack.addWidget(self.made[key])
        self.group.button(at).setChecked(True)
        self.stack.setCurrentWidget(self.made[key])
        refresh = getattr(self.made[key], "refresh", None)
        if refresh is not None:
            refresh()

    def _choice(self, at: int, key: str, words: str, icon_name: str) -> QPushButton:
        made = _row(words, icon_name, lambda: self.show_section(key))
        made.setCheckable(True)
        self.group.addButton(made, at)
        return made


def _row(words: str, icon_name: str, pressed: Callable[[], object]) -> QPushButton:
    """A line of the choices at the left."""
    made = QPushButton()
    made.setProperty("kind", "row")
    made.setAccessibleName(words)
    sized(made, height=2.7)
    row(Icon(icon_name, "p600"), (label(words), 1), gap=10, margins=(10, 0, 6, 0), on=made)
    made.clicked.connect(lambda _checked=False: pressed())
    return made
