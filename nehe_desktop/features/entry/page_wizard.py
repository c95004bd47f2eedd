"""The first start of a laptop: which village, who, PIN, the recovery sheet, and in."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QLineEdit, QStackedWidget, QWidget

from nehe_desktop.core.errors import Refused
from nehe_desktop.features.entry.page_steps import Steps
from nehe_desktop.features.entry.page_where import Where, step_page
from nehe_desktop.features.entry.rules import Answers
from nehe_desktop.security import pins
from nehe_desktop.security.erasing import erase
from nehe_desktop.security.recovery import RecoverySheet
from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.layouts import box, column, row
from nehe_desktop.ui.notices import Notices
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.widgets import button, card, empty_state, label, line, note_card


@dataclass(frozen=True)
class Ways:
    """What the wizard calls: set up in a worker, print a file, and where to go at the end."""

    set_up: Callable[[Answers, str], RecoverySheet]
    sheet_file: Callable[[RecoverySheet, Path | None], Path]
    print_file: Callable[[Path], str]
    sample: Callable[[], object]
    finish: Callable[[str], object]


class Wizard(QWidget):
    """Four pages; Enter goes on, Esc goes back. Nothing is written before the PIN is set."""

    shown = Signal(int)

    def __init__(self, tasks: Tasks, notices: Notices, ways: Ways) -> None:
        super().__init__()
        self.tasks, self.notices, self.ways = tasks, notices, ways
        self.sheet: RecoverySheet | None = None
        self.steps, self.pages = Steps(), QStackedWidget()
        self.back = button("上一步", self.go_back)
        self.sample = button("先用示例数据试试", ways.sample, kind="ghost")
        self.on = button("下一步", self.go_on, kind="primary", key="Enter")
        self.where = Where()
        first = step_page(self.where.title, self.where.keeps, self.where)
        for page in (first, self._secret(), self._keep()):
            self.pages.addWidget(page)
        foot = row(self.back, self.sample, None, self.on, gap=8)
        body = column((self.pages, 1), line(), foot, gap=12, margins=(40, 24, 40, 20))
        front = QFrame()
        front.setObjectName("topbar")
        front.setLayout(column(notices.banners, (box(body), 1), gap=0))
        row(self.steps, (front, 1), gap=0, on=self)
        self._show(0)

    @property
    def answers(self) -> Answers:
        """What was said so far."""
        return self.where.answers

    def go_on(self) -> None:
        """The next page, if this one has all it needs."""
        at = self.pages.currentIndex()
        if at == 0 and self.where.is_checked():
            self._show(1)
        elif at == 1 and self._checked_secret():
            self._set_up()
        elif at == 2:
            self.pages.addWidget(self._ready())
            self._show(3)
        elif at == 3:
            self.ways.finish("home")

    def go_back(self) -> None:
        """The page before; not past the point where the laptop was set up."""
        if self.pages.currentIndex() == 1:
            self._show(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Esc back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.on.isEnabled():
                self.go_on()
        elif event.key() == Qt.Key.Key_Escape:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def _show(self, at: int) -> None:
        self.pages.setCurrentIndex(at)
        self.steps.show_step(at)
        self.back.setVisible(at == 1)
        self.sample.setVisible(at == 0)
        self.on.reword("开始使用" if at == 3 else "下一步")
        self.on.setEnabled(at != 2 or self.kept.isChecked())
        first = (self.where.first, self.pin, self.kept, self.on)[at]
        first.setFocus(Qt.FocusReason.TabFocusReason)
        self.shown.emit(at)

    # -- pages -----------------------------------------------------------------------------------

    def _secret(self) -> QWidget:
        self.pin, self.again = QLineEdit(), QLineEdit()
        for edit in (self.pin, self.again):
            edit.setEchoMode(QLineEdit.EchoMode.Password)
            edit.textChanged.connect(self._judge)
        look = QCheckBox("显示口令")
        look.toggled.connect(self._reveal)
        self.pin_box = FieldBox(
            "口令", self.pin, required=True, hint="至少 6 位，数字、字母都行；不要用生日和连号"
        )
        self.again_box = FieldBox("再输一遍", self.again, required=True)
        advice = "每个人用自己的口令，不要共用。忘了口令，用下一步的恢复码就能重设，数据不会丢。"
        words = "每次打开软件时输入。连续输错要等一会儿才能再试。"
        return step_page("设置开机口令", words, self.pin_box, self.again_box, look, note_card(advice, "teal"))

    def _keep(self) -> QWidget:
        self.code = label("", "h2")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code.setAccessibleName("恢复码")
        self.kept = QCheckBox("我已经打印或抄写，并交给妥当的人收好")
        self.kept.toggled.connect(self.on.setEnabled)
        acts = row(
            button("打印恢复单", self._print_sheet, icon="printer", kind="primary"),
            button("另存为 PDF", self._save_sheet, icon="download"),
            None,
        )
        words = "忘了口令时，只有这张纸能打开数据。打印后封好交乡镇或村里保管，不要存在这台电脑上，也不要拍照发群。"
        code = card(column(self.code, gap=4), kind="flat", margins=(20, 14, 20, 14))
        return step_page("收好恢复码", words, code, acts, self.kept)

    def _ready(self) -> QWidget:
        if self.answers.place == "village":
            act = button("导入农户名单", lambda: self.ways.finish("import"), icon="file-input", kind="tonal")
            words = "都准备好了。手头有农户名单（Excel）就先导入，没有就直接开始登记。"
        else:
            act = button("加入县里的网", lambda: self.ways.finish("sync"), icon="refresh-cw", kind="tonal")
            words = "都准备好了。接下来用县里发的邀请码加入，各村的数据就会同步下来。"
        return box(column(None, empty_state("badge-check", words, act), None))

    # -- checks ----------------------------------------------------------------------------------

    def _judge(self) -> None:
        """Says at once whether the PIN will do; the second field only once something stands in it."""
        said = self._weakness()
        typed = bool(self.pin.text())
        self.pin_box.say((said or "可以用") if typed else "", "error" if said else "good")
        same = pins.same(self.pin.text(), self.again.text())
        words = "两次一样" if same else "两次不一样，请再输一遍"
        self.again_box.say(words if self.again.text() else "", "good" if same else "error")

    def _weakness(self) -> str:
        try:
            pins.checked(self.pin.text(), self.answers.person)
        except Refused as refused:
            return refused.sentence
        return ""

    def _checked_secret(self) -> bool:
        self._judge()
        if said := self._weakness():
            self.pin_box.say(said, "error")
            self.pin.setFocus()
            return False
        if not pins.same(self.pin.text(), self.again.text()):
            self.again_box.say("两次不一样，请再输一遍", "error")
            self.again.setFocus()
            return False
        return True

    def _reveal(self, on: bool) -> None:  # noqa: FBT001 - Qt hands the state over so
        mode = QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password
        for edit in (self.pin, self.again):
            edit.setEchoMode(mode)

    # -- work ------------------------------------------------------------------------------------

    def _set_up(self) -> None:
        self.on.setEnabled(False)
        self.back.setEnabled(False)
        self.on.reword("正在加密…")
        answers, pin = self.answers, self.pin.text()
        self.tasks.ask(
            lambda: self.ways.set_up(answers, pin), self._made, owner=self, slot="setup", failed=self._failed
        )

    def _made(self, sheet: RecoverySheet) -> None:
        self.sheet = sheet
        self.pin.clear()
        self.again.clear()
        self.code.setText("\n".join(sheet.lines))
        self._show(2)

    def _failed(self, error: BaseException) -> None:
        self.on.setEnabled(True)
        self.back.setEnabled(True)
        self.on.reword("下一步")
        if not isinstance(error, Refused):
            self.notices.banner(str(error) or "没有设置成功，请再试一次", "red")
            return
        self.pin_box.say(error.sentence, "error")

    def _print_sheet(self) -> None:
        sheet, ways = self.sheet, self.ways
        if sheet is not None:
            self._do_sheet(lambda: _printed(ways, sheet))

    def _save_sheet(self) -> None:
        sheet, ways = self.sheet, self.ways
        name, _ = QFileDialog.getSaveFileName(self, "另存为 PDF", "恢复单.pdf", "PDF (*.pdf)")
        if sheet is not None and name:
            self._do_sheet(lambda: f"已存为 {ways.sheet_file(sheet, Path(name)).name}")

    def _do_sheet(self, work: Callable[[], str]) -> None:
        self.tasks.ask(work, self.notices.toast, owner=self, slot="sheet")


def _printed(ways: Ways, sheet: RecoverySheet) -> str:
    """Prints the sheet; the file that the printer took is gone afterwards, for it opens everything."""
    path = ways.sheet_file(sheet, None)
    try:
        return ways.print_file(path)
    finally:
        with contextlib.suppress(OSError):
            erase(path)
            path.parent.rmdir()
