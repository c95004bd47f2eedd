"""待确认的补签: what was entered later than a day, with who entered it, chosen and confirmed or sent back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from nehe_desktop.features.attendance.sheet_queries import LateEntry
from nehe_desktop.ui.layouts import column, emptied, row, scrolled
from nehe_desktop.ui.theme import em
from nehe_desktop.ui.widgets import button, label, line


class LateLine(NamedTuple):
    """An entry, and why who is at the keyboard may not say anything of it."""

    entry: LateEntry
    why: str = ""


class LatePanel(QFrame):
    """The list; `said` has the chosen entries, 同意 or 退回, and the reason; `left` goes back to the grid."""

    said = Signal(list, str, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self.boxes: list[tuple[QCheckBox, LateEntry]] = []
        self._head, self._none = label("", "h3"), label("", "muted", wrap=True)
        self.every = QCheckBox("全选")
        self.every.toggled.connect(lambda on: [box.setChecked(on) for box, _ in self.boxes])
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("退回时写明理由：哪里不对")
        self.reason.setAccessibleName("退回理由")
        self._wrong = label("", "error")
        self._wrong.hide()
        self.yes = button("确认选中的", lambda: self._say("同意"), icon="check", kind="primary")
        self.no = button("退回选中的", lambda: self._say("退回"), icon="undo-2")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        hint = "超过 24 小时登记的是补签，要队长和村书记两人确认，本人不算（队长的可由乡镇代）；没确认完，这个月不能锁定。"
        top = row(
            self._head,
            (label(hint, "muted", wrap=True), 1),
            button("回到月历", self.left.emit, key="Esc"),
            gap=12,
        )
        foot = row(self.every, (self.reason, 1), self._wrong, self.no, self.yes, gap=8)
        body = column(column(self._lines), None, gap=0)
        column(
            top, line(), (scrolled(body), 1), self._none, line(), foot, gap=6, margins=(14, 8, 14, 8), on=self
        )

    def show_lines(self, lines: Sequence[LateLine]) -> None:
        """Shows entries; those that one may say something of can be chosen."""
        kept = {entry.id for box, entry in self.boxes if box.isChecked()}
        emptied(self._lines)
        self.boxes = []
        open_ = sum(not line.entry.made.confirmed for line in lines)
        self._head.setText(f"补签 {len(lines)} 处，待确认 {open_} 处" if lines else "补签")
        for each in lines:
            self._lines.addWidget(self._row(each, chosen=each.entry.id in kept))
        self._none.setText("这个月没有补签。" if not lines else "")
        self._none.setVisible(not lines)
        for part in (self.every, self.reason, self.yes, self.no):
            part.setVisible(bool(self.boxes))
        self._wrong.hide()

    def begin(self) -> None:
        """Puts the keyboard on the first entry that waits."""
        (self.boxes[0][0] if self.boxes else self).setFocus()

    def _row(self, given: LateLine, *, chosen: bool) -> QWidget:
        entry = given.entry
        words = f"{entry.member}　{entry.when}　{entry.what}"
        hand = f"{entry.author} {entry.at:%m-%d %H:%M} 登记" if entry.at else ""
        what = QCheckBox(words)
        what.setMinimumWidth(em(16.5))
        what.setEnabled(not given.why)
        what.setChecked(chosen and not given.why)
        if not given.why:
            self.boxes.append((what, entry))
        tone = "green" if entry.made.confirmed else "red" if entry.made.returned else "orange"
        state = label(entry.made.words, "bold", tone=tone)
        state.setMinimumWidth(em(11))
        state.setToolTip(entry.made.words)
        why = label("" if entry.made.confirmed else given.why, "muted")
        said = label("　".join(filter(None, (entry.said, hand))), "muted")
        for part in (why, said):
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            part.setToolTip(part.text())
        frame = QWidget()
        row(what, (said, 3), state, (why, 4), gap=10, margins=(2, 2, 2, 2), on=frame)
        return frame

    def _say(self, decision: str) -> None:
        chosen = [entry for box, entry in self.boxes if box.isChecked()]
        reason = self.reason.text().strip()
        wrong = (
            "先选中要办的" if not chosen else "退回要写明理由" if decision == "退回" and not reason else ""
        )
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        if wrong:
            (self.reason if chosen else self).setFocus()
            return
        self.reason.clear()
        self.said.emit(chosen, decision, reason)
