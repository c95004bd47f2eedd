"""The month's sheet as a line of steps over the grid: who did what, what comes next, and the buttons for whom it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy, QWidget

from nehe_desktop.features.attendance.sheet_queries import Sheet
from nehe_desktop.features.attendance.sheet_rules import LOCK
from nehe_desktop.features.attendance.sheets import STEPS
from nehe_desktop.ui.layouts import emptied, row
from nehe_desktop.ui.theme import em
from nehe_desktop.ui.widgets import Button, Icon, button, label

_SHORT: dict[str, str] = dict(zip(STEPS, ("队长", "村书记", "乡镇", "驻村办"), strict=True))
_FOR_RATE, _FOR_DAYS = 70, 84
"""A page of so many em has room for the month's rate, and for the days of the steps."""



class Offer(NamedTuple):
    """What is offered beside a sheet: the next act, sending back, opening again; why not; sheets that wait for him."""

    act: str = ""
    back: bool = False
    reopen: bool = False
    why: str = ""
    others: int = 0


class SheetLine(QFrame):
    """`asked` names what was pressed, with the reason that was written: confirm, lock, back, reopen, next, late."""

    asked = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "flat")
        self._line = row(gap=6, margins=(10, 2, 6, 2), on=self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.reason = QLineEdit()
        self.reason.hide()
        self.go: Button | None = None
        self._sheet, self._offer, self._room = Sheet("", "", "202001"), Offer(), 0
        self._asking = ""

    def minimumSizeHint(self) -> QSize:
        """Never wider than the page."""
        return QSize(em(10), em(2.5))

    def show_sheet(self, sheet: Sheet, offer: Offer, room: int) -> None:
        """Shows a sheet; what is being asked stays."""
        same = (self._sheet.team, self._sheet.month) == (sheet.team, sheet.month)
        if same and (sheet, offer, room) == (self._sheet, self._offer, self._room):
            return
        self._sheet, self._offer, self._room = sheet, offer, room
        if not (same and self._asking):
            self._asking = ""
            self._draw()

    def ask(self, what: str) -> None:
        """Asks once more before something is done for good; sending back and opening again want a reason."""
        self._asking = what
        self._draw()
        front = self.reason if what in ("back", "reopen") else self.go
        if front is not None:
            front.setFocus()

    def leave(self) -> bool:
        """Goes back to the steps; nothing was done. Whether anything was being asked."""
        asked, self._asking = bool(self._asking), ""
        self._draw()
        return asked

    def send(self) -> None:
        """Does what was asked."""
        what, reason = self._asking, self.reason.text().strip()
        if what in ("back", "reopen") and not reason:
            self.reason.setPlaceholderText("先写明理由，再按确定")
            self.reason.setFocus()
            return
        self.leave()
        self.asked.emit(what, reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what is asked, Esc leaves it."""
        if self._asking and event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif self._asking and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.send()
        else:
            super().keyPressEvent(event)

    # -- drawing ---------------------------------------------------------------------------------

    def _draw(self) -> None:
        self._line.removeWidget(self.reason)
        self.reason.hide()
        emptied(self._line)
        self.go = None
        self._draw_question() if self._asking else self._draw_steps()

    def _draw_question(self) -> None:
        what, sheet = self._asking, self._sheet
        month = f"{int(sheet.month[4:])} 月考勤表"
        words, go = {
            "confirm": (f"办“{self._offer.act}”：{month}我已核对，办了不能撤销", self._offer.act),
            "lock": (f"锁定{month}：锁定后谁都不能改，要改先重开", "锁定"),
            "back": (f"把{month}退回队里：", "退回"),
            "reopen": (f"重开{month}，从队长确认重新办：", "重开"),
        }[what]
        self._line.addWidget(label(words, "bold"))
        if what in ("back", "reopen"):
            self.reason.setText("")
            self.reason.setPlaceholderText("写明理由：哪一天、哪个人、改什么")
            self.reason.setAccessibleName("理由")
            self._line.addWidget(self.reason, 1)
            self.reason.show()
        else:
            self._line.addStretch(1)
        self.go = button(go, self.send, icon="check", kind="primary", key="Enter")
        self._line.addWidget(self.go)
        self.go.show()  # what is not shown yet takes no keyboard
        self._line.addWidget(button("取消", self.leave, key="Esc"))

    def _draw_steps(self) -> None:
        told, month = self._sheet.progress, f"{int(self._sheet.month[4:])} 月考勤表"
        self._line.addWidget(Icon("lock-keyhole" if told.closed else "stamp", "p700"))
        draft = f"　第 {told.revision} 稿" if told.revision > 1 else ""
        self._line.addWidget(label(month + draft, "bold"))
        for at, step in enumerate((*STEPS, LOCK)):
            if at:
                self._line.addWidget(Icon("chevron-right", "text3", 0.9))
            self._line.addWidget(self._step(at, step))
        self._line.addSpacing(6)
        said = label(self._said(), "warning" if self._is_wrong() else "muted")
        said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        said.setToolTip(self._said())
        self._line.addWidget(said, 1)
        for made in self._buttons():
            self._line.addWidget(made)

    def _step(self, at: int, step: str) -> QWidget:
        told = self._sheet.progress
        if step == LOCK:
            done = told.closed
            text, tip = (
                ("已锁定", f"锁定：{told.lock.by}")
                if done and told.lock
                else ("锁定", "市驻村办在县里的电脑上锁定")
            )
        else:
            done = at < len(told.done)
            taken = told.done[at] if done else None
            day = f" {taken.at.month}/{taken.at.day}" if taken and self._room > em(_FOR_DAYS) else ""
            text = f"{_SHORT[step]} {taken.by}{day}" if taken else _SHORT[step]
            tip = (
                f"{step}：{taken.by}　{taken.at:%Y-%m-%d %H:%M}　{taken.opinion}"
                if taken
                else f"{step}：还没有办"
            )
        following = told.following == step
        made = label(f"√ {text}" if done else text, "bold" if following else "", tone="green" if done else "")
        if not done and not following:
            made.setProperty("role", "muted")
        made.setToolTip(tip.strip())
        made.setAccessibleName(tip.strip())
        return made

    def _is_wrong(self) -> bool:
        told = self._sheet.progress
        return told.differs or bool(told.returned) or (bool(told.stale) and not told.done)

    def _said(self) -> str:
        told = self._sheet.progress
        if told.differs:
            return "本机另有县里没有接收的改动，见“同步”"
        if told.closed:
            rate = f"出勤率 {self._sheet.rate or 0}% · " if self._room > em(_FOR_RATE) else ""
            return f"{rate}只能看，要改请驻村办重开"
        if told.returned:
            return f"{told.returned.by}退回：{told.returned.opinion}"
        if told.stale and not told.done:
            return f"{told.stale[-1].by}等确认后又改过，要重新确认"
        if told.lock and told.lock.reason and not told.done:
            return f"重开理由：{told.lock.reason}"
        return self._offer.why

    def _buttons(self) -> list[QWidget]:
        offer, made = self._offer, list[QWidget]()

        def add(words: str, act: Callable[[], object], kind: str, icon: str, tip: str = "") -> None:
            made.append(button(words, act, kind=kind, icon=icon, tip=tip))

        if self._sheet.waiting:
            add(
                f"补签待确认 {self._sheet.waiting}",
                lambda: self.asked.emit("late", ""),
                "tonal",
                "list-checks",
            )
        if offer.back:
            add("退回", lambda: self.ask("back"), "", "undo-2", "退回队里，要写理由")
        if offer.reopen:
            add("重开", lambda: self.ask("reopen"), "", "undo-2", "重开要写理由，成为下一稿")
        if offer.act:
            lock = offer.act == LOCK
            add(
                offer.act,
                lambda: self.ask("lock" if lock else "confirm"),
                "primary",
                "lock" if lock else "check",
            )
        if offer.others:
            add(
                f"下一张 {offer.others}",
                lambda: self.asked.emit("next", ""),
                "",
                "chevron-right",
                "下一支等您办的工作队",
            )
        return made
