"""Editors of what is chosen: a list, joined buttons, boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QGridLayout,
    QLineEdit,
    QWidget,
)

from nehe_desktop.ui.segmented import Segmented
from nehe_desktop.ui.widgets import retone


class ComboEditor(QComboBox):
    """One of many options; typing any part of a label finds it."""

    edited = Signal(object)

    def __init__(self, options: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.addItem("", "")
        for code, text in options:
            self.addItem(text, code)
        completer = cast("QCompleter", self.completer())
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.textActivated.connect(self._say)
        cast("QLineEdit", self.lineEdit()).editingFinished.connect(lambda: self._say(self.currentText()))

    def show_value(self, text: str, value: Any) -> None:
        """Shows the option of a code; an unknown code is shown as it is."""
        at = self.findData(value) if value else 0
        self.setCurrentIndex(at)
        if at < 0:
            self.setEditText(text)

    def mark_wrong(self, *, wrong: bool) -> None:
        """Red, or not."""
        retone(self, wrong=wrong)

    def _say(self, text: str) -> None:
        at = self.findText(text)
        self.edited.emit(self.itemData(at) if at >= 0 else text)


class SegmentEditor(Segmented):
    """Few options side by side."""

    edited = Signal(object)

    def __init__(self, options: Sequence[tuple[str, str]]) -> None:
        super().__init__(dict(options), clearable=True)
        self.chosen.connect(self.edited.emit)

    def show_value(self, code: str | None, value: Any = None) -> None:
        """Shows a value as chosen: its code, or 是 and 否 of a flag, which is the text `code`."""
        super().show_value((value if isinstance(value, str) else code) or None)


class CheckEditor(QWidget):
    """Any number of options as boxes."""

    edited = Signal(object)

    def __init__(self, options: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._boxes = {code: QCheckBox(text) for code, text in options}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        columns = 4 if max((len(text) for _, text in options), default=0) < 6 else 3
        for at, box in enumerate(self._boxes.values()):
            grid.addWidget(box, at // columns, at % columns)
            box.clicked.connect(lambda _checked=False: self.edited.emit(self.codes()))
        grid.setColumnStretch(columns, 1)
        self.setFocusProxy(next(iter(self._boxes.values())))

    def codes(self) -> tuple[str, ...]:
        """The checked codes."""
        return tuple(code for code, box in self._boxes.items() if box.isChecked())

    def show_value(self, _text: str, value: Any) -> None:
        """Checks the codes of the value."""
        for code, box in self._boxes.items():
            box.setChecked(code in (value or ()))

    def mark_wrong(self, *, wrong: bool) -> None:
        """Red, or not."""
        retone(self, wrong=wrong)
