"""A row of joined buttons of which one is chosen: the editor for up to four or five options."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from nehe_desktop.ui.layouts import row
from nehe_desktop.ui.widgets import retone


class Segmented(QWidget):
    """Options side by side; digits choose, arrows move, Backspace clears where `clearable`."""

    chosen = Signal(str)

    def __init__(
        self,
        options: Sequence[str] | Mapping[str, str],
        value: str | None = None,
        *,
        bad: Collection[str] = (),
        clearable: bool = False,
    ) -> None:
        super().__init__()
        pairs = options.items() if isinstance(options, Mapping) else zip(options, options, strict=True)
        self.codes: list[str] = []
        self._clearable = clearable
        self._group = QButtonGroup(self)
        layout = row(gap=0, on=self)
        for at, (code, text) in enumerate(pairs):
            layout.addWidget(self._segment(at, code, text, len(options), code in bad or text in bad))
        layout.addStretch(1)
        self._group.idClicked.connect(self._pick)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self._group.button(0))
        self.show_value(value)

    def value(self) -> str | None:
        """The chosen code."""
        at = self._group.checkedId()
        return self.codes[at] if at >= 0 else None

    def show_value(self, code: str | None) -> None:
        """Shows a code as chosen, or none; says nothing to listeners."""
        self._group.setExclusive(False)
        for at, each in enumerate(self.codes):
            self._group.button(at).setChecked(each == code)
        self._group.setExclusive(True)
        self.setFocusProxy(self._group.button(max(0, self._group.checkedId())))

    def choose(self, code: str) -> None:
        """Chooses as a person would."""
        self.show_value(code)
        self.chosen.emit(code)

    def mark_wrong(self, *, wrong: bool) -> None:
        """Red borders, or none."""
        for each in self._group.buttons():
            retone(each, wrong=wrong)

    def setAccessibleName(self, name: str) -> None:
        """Each option is read with the name of the question."""
        super().setAccessibleName(name)
        for each in self._group.buttons():
            each.setAccessibleName(f"{name}：{each.text()}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits choose; Backspace and Delete clear."""
        number = event.text()
        if number.isdecimal() and 1 <= int(number) <= len(self.codes):
            self._group.button(int(number) - 1).setFocus()
            self.choose(self.codes[int(number) - 1])
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self._clearable:
            self.show_value(None)
            self.chosen.emit("")
        else:
            super().keyPressEvent(event)

    def _segment(self, at: int, code: str, text: str, count: int, bad: bool) -> QPushButton:  # noqa: FBT001
        self.codes.append(code)
        made = QPushButton(text)
        made.setCheckable(True)
        made.setAutoDefault(False)
        place = "only" if count == 1 else "first" if at == 0 else "last" if at == count - 1 else "mid"
        made.setProperty("seg", place)
        made.setProperty("bad", bad)
        made.setProperty("wrong", False)
        made.setToolTip(f"按 {at + 1}")
        self._group.addButton(made, at)
        return made

    def _pick(self, at: int) -> None:
        self.setFocusProxy(self._group.button(at))
        self.chosen.emit(self.codes[at])
