"""The left side of the forms: the household, its people, the steps of a family, its categories."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nehe_desktop.features.households.ledger import HouseholdCategory
from nehe_desktop.features.households.moves import Family
from nehe_desktop.features.reference.codes import codes
from nehe_desktop.ui.layouts import column, emptied
from nehe_desktop.ui.widgets import Button, button, label

STEPS = {
    "leave": ("成员减少", "log-out"),
    "head": ("更换户主", "users"),
    "move": ("转到别户", "arrow-right"),
    "split": ("分户", "split"),
}


class Navigation(QWidget):
    """What can be edited; `picked` says "household", "new", "category", a step, or the id of what it is."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[str, Button] = {}
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        column(self._lines, None, on=self)

    def show_family(self, family: Family | None) -> None:
        """The names of a family; none for a household that is not stored yet."""
        emptied(self._lines)
        self._items.clear()
        if family is None:
            self._lines.addWidget(label("先存户信息，再一个一个加成员", "muted", wrap=True))
            return
        self._item("household", "户信息", "house-plus")
        self._lines.addWidget(label(f"成员 {len(family.members)} 人", "caption"))
        for person in family.members:
            self._item(person.id, f"{person.name}（{codes('relation').get(person.relation, '')}）", "user-round")
        self._item("new", "新增成员", "user-plus")
        self._lines.addWidget(label("变动", "caption"))
        for name, (words, icon) in STEPS.items():
            self._item(name, words, icon)
        self._item("category", "新增类别", "list-checks")

    def show_categories(self, found: Sequence[HouseholdCategory]) -> None:
        """The dated categories, each to be ended or corrected."""
        for each in found:
            until = f"至 {each.until}" if each.until else f"{each.since} 起"
            self._item(each.id, f"{each.category} {until}", "clock")

    def choose(self, key: str) -> None:
        """Lights what is edited."""
        for name, item in self._items.items():
            item.setChecked(name == key)

    def _item(self, key: str, words: str, icon: str) -> None:
        made = button(words, lambda: self.picked.emit(key), icon=icon, kind="row", tip=words)
        made.setCheckable(True)
        self._items[key] = made
        self._lines.addWidget(made)
