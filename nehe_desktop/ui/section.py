"""A titled part of a form: its fields in rows of twelve columns without holes."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QGridLayout, QWidget

from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.flow import Placed, placed
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.painted import Avatar
from nehe_desktop.ui.segmented import Segmented
from nehe_desktop.ui.theme import em
from nehe_desktop.ui.widgets import label, line

GAP = 14


class Section(QWidget):
    """A titled part of a form; its fields flow into rows of twelve columns."""

    def __init__(self, title: str, boxes: dict[str, tuple[FieldBox, int]]) -> None:
        super().__init__()
        self._boxes = boxes
        self._plan: list[Placed] | None = None
        self._rule, self._number = line(), Avatar("1", 1.6, "p100", "p700")
        area = QWidget()
        self._grid = QGridLayout(area)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(10)
        for at in range(12):
            self._grid.setColumnStretch(at, 1)
        heading = QWidget()
        row(self._number, label(title, "h3"), None, on=heading)
        column(self._rule, heading, area, gap=10, on=self)
        heading.setVisible(bool(title))
        for box, _ in boxes.values():
            box.setParent(self)  # shown before it is placed, it would be a window of its own for a moment

    def count(self, number: int) -> int:
        """Takes its number among the shown sections; the next number."""
        if not self._plan:
            return number
        self._number.show_letter(str(number))
        self._rule.setVisible(number > 1)
        return number + 1

    def lay(self, shown: Collection[str], width: int) -> None:
        """Places the shown fields for a width; does nothing where they stand so already."""
        plan = placed([(name, self._span(name, width)) for name in self._boxes if name in shown])
        if plan == self._plan:
            return
        self._plan = plan
        for name, (box, _) in self._boxes.items():
            self._grid.removeWidget(box)
            box.setVisible(name in shown)
        for each in plan:
            self._grid.addWidget(self._boxes[each.name][0], each.row, each.column, 1, each.span)
        self.setVisible(bool(plan))

    def _span(self, name: str, width: int) -> int:
        box, span = self._boxes[name]
        unit = max(1.0, (width + GAP) / 12)
        hint = box.editor.sizeHint() if isinstance(box.editor, Segmented) else box.minimumSizeHint()
        least = -(-(hint.width() + GAP) // unit)
        narrow = 12 if width < em(26) else 6 if width < em(46) and span < 6 else span
        return int(min(12, max(narrow, least)))
