"""The first question of the wizard: where the laptop stands, and who sits before it."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from nehe_desktop.features.entry import rules
from nehe_desktop.features.entry.rules import Answers, Place
from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.layouts import Part, column, row, scrolled
from nehe_desktop.ui.segmented import Segmented
from nehe_desktop.ui.widgets import label

_KEEPS = {
    "village": "这台电脑只保存这个村的数据。填错了以后可以在“设置”里改。",
    "town": "这台电脑保存本乡镇各村的数据，由县里发邀请码后同步下来；在这里审核、审批，不替村里登记。",
    "county": "这台电脑保存全县的数据，由县里的服务器发邀请码后同步下来；在这里备案、锁定、给人权限。",
}
"""What a laptop will hold, by where it stands."""


class Where(QWidget):
    """Village, township or county; township and village; the person with his office."""

    title = "您在哪里工作？"

    def __init__(self) -> None:
        super().__init__()
        self.keeps = label(_KEEPS["village"], "muted", wrap=True)
        self.place = Segmented(rules.PLACES, "village")
        self.place.chosen.connect(self._choose_place)
        self.township, self.village, self.role = QComboBox(), QComboBox(), QComboBox()
        self.township.addItems(rules.townships())
        self.township.setCurrentIndex(-1)
        self.township.setPlaceholderText("请选择")
        self.township.currentTextChanged.connect(self._list_villages)
        self.village.setEditable(True)
        self.village.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.role.addItems(list(rules.ROLES_HERE["village"]))
        self.person, self.unit = QLineEdit(), QLineEdit()
        line_edit = self.village.lineEdit()
        if line_edit is not None:
            line_edit.setPlaceholderText("选择，或直接输入村名")
        self.fields = self._boxes()
        one = row((self.fields["township"], 1), (self.fields["village"], 1), gap=16)
        two = row((self.fields["person"], 1), (self.fields["role"], 1), gap=16)
        column(FieldBox("这台电脑放在", self.place), one, two, self.fields["unit"], gap=12, on=self)

    @property
    def answers(self) -> Answers:
        """What was said so far."""
        texts = (self.township.currentText(), self.village.currentText(), self.person.text(), self.role.currentText())
        return Answers(*(text.strip() for text in texts), self.unit.text().strip(), self._place)

    @property
    def first(self) -> QWidget:
        """The editor that the keyboard begins with."""
        return self.township if self._place != "county" else self.person

    def is_checked(self) -> bool:
        """Whether all is there; what is missing is said beside the field."""
        found = {problem.field: problem.sentence for problem in rules.problems(self.answers)}
        for name, field in self.fields.items():
            field.say(found.get(name, ""), "error")
        for name in found:
            self.fields[name].editor.setFocus()
            break
        return not found

    def _boxes(self) -> dict[str, FieldBox]:
        later = "列表里没有就直接输入，县里下发名单后会核对"
        used = "考勤、走访和打印登记都用这个名字"
        return {
            "township": FieldBox("乡镇街道", self.township, required=True),
            "village": FieldBox("村（社区）", self.village, required=True, hint=later),
            "person": FieldBox("您的姓名", self.person, required=True, hint=used),
            "role": FieldBox("您的职务", self.role, required=True),
            "unit": FieldBox("派出单位", self.unit, hint="可以以后再填"),
        }

    @property
    def _place(self) -> Place:
        return cast("Place", self.place.value() or "village")

    def _choose_place(self, _: str) -> None:
        """Asks what is to be asked there; what was typed stays."""
        place = self._place
        self.keeps.setText(_KEEPS[place])
        self.fields["township"].setVisible(place != "county")
        self.fields["village"].setVisible(place == "village")
        self.fields["unit"].setVisible(place == "village")
        self.role.clear()
        self.role.addItems(list(rules.ROLES_HERE[place]))
        for field in self.fields.values():
            field.say()

    def _list_villages(self, township: str) -> None:
        typed = self.village.currentText()
        self.village.clear()
        self.village.addItems(rules.villages(township))
        self.village.setCurrentIndex(-1)
        self.village.setEditText(typed)


def step_page(title: str, words: str | QLabel, *parts: Part) -> QWidget:
    """A page of the wizard: title, one line, and what is asked."""
    head = (label(title, "h1"), label(words, "muted", wrap=True) if isinstance(words, str) else words, 8)
    return scrolled(column(*head, *parts, None, gap=12, margins=(0, 8, 8, 0)))
