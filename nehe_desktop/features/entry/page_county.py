"""忘了口令，请县里打开: a request that goes to the county, and the answer that comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit, QPlainTextEdit, QStackedWidget, QWidget

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.security import escrow, pins
from nehe_desktop.security.durable import write_whole
from nehe_desktop.security.escrow import Request
from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.layouts import box, column, row
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import button, label

_A_ROW = 3  # lines of a request side by side


def shown(request: Request) -> str:
    """A request as it stands on the screen, to be read out over the telephone."""
    lines = request.lines()
    return "\n".join("    ".join(lines[at : at + _A_ROW]) for at in range(0, len(lines), _A_ROW))


def _secret(words: str, hint: str = "") -> tuple[QLineEdit, FieldBox]:
    edit = QLineEdit()
    edit.setEchoMode(QLineEdit.EchoMode.Password)
    return edit, FieldBox(words, edit, hint=hint)


class CountyPanel(QWidget):
    """Two steps: choose a new PIN and ask; then take the county's answer with that PIN."""

    def __init__(
        self,
        tasks: Tasks,
        vault: Path,
        person: Callable[[], str],
        enter: Callable[[str, str, str], object],
        opened: Callable[[object], None],
        back: Callable[[], None],
    ) -> None:
        """`person` is who wants to get in, `enter` opens with answer, name and PIN in a worker."""
        super().__init__()
        self.tasks, self.vault, self.person, self.enter, self.opened = tasks, vault, person, enter, opened
        self.steps = QStackedWidget()
        self.steps.addWidget(self._asking(back))
        self.steps.addWidget(self._waiting(back))
        column(self.steps, on=self)
        self.refresh()

    def refresh(self) -> None:
        """Shows the request that waits, also one from before the program was closed."""
        found = escrow.waiting(self.vault)
        self.steps.setCurrentIndex(1 if found else 0)
        (self.answer if found else self.new).setFocus()
        if found:
            self.text.setPlainText(shown(found[1]))
            self.who.setText(f"{found[0]} 的请求已做好。存到文件发给县里，或打电话念给县里听，等县里的答复。")

    def proceed(self) -> None:
        """Enter: asks, or takes the answer."""
        (self.ask if self.steps.currentIndex() == 0 else self.take)()

    def ask(self) -> None:
        """Makes a request in a worker."""
        if not pins.same(self.new.text(), self.again.text()):
            self.again_box.say("两次不一样，请再输一遍", "error")
            return
        who, pin = self.person(), self.new.text()
        work = lambda: escrow.ask(self.vault, who, pin)  # noqa: E731 - a name makes the call below one line
        self.tasks.ask(work, lambda _: self._asked(), owner=self, slot="county", failed=self._not_asked)

    def take(self) -> None:
        """Opens with the answer in a worker."""
        found = escrow.waiting(self.vault)
        if found is None:
            self.refresh()
            return
        words = (self.answer.toPlainText(), found[0], self.pin.text())
        self.tasks.ask(
            lambda: self.enter(*words), self._taken, owner=self, slot="county", failed=self._not_taken
        )

    def save(self) -> None:
        """Saves the request where the user says, such as on a stick."""
        found = escrow.waiting(self.vault)
        name, _ = QFileDialog.getSaveFileName(self, "存请求", "打开请求.txt", "文本 (*.txt)")
        if found and name:
            try:
                write_whole(Path(name), "\n".join(["# 请县里打开这台电脑", *found[1].lines()]).encode())
            except Trouble as trouble:
                self.answer_box.say(f"请求没有存成：{trouble.sentence}{trouble.advice}", "error")
                return
            self.answer_box.say(f"请求已存为 {Path(name).name}，请发给县里", "good")

    def load(self) -> None:
        """Takes the county's answer from a file."""
        name, _ = QFileDialog.getOpenFileName(self, "选县里的答复", "", "文本 (*.txt);;所有文件 (*)")
        if name:
            try:
                self.answer.setPlainText(Path(name).read_text("utf-8-sig", "replace"))
            except OSError:
                self.answer_box.say("读不了这个文件：请看看 U 盘是否插好", "error")
                return
            self.answer_box.say()
            self.pin.setFocus()

    def _asking(self, back: Callable[[], None]) -> QWidget:
        self.new, self.new_box = _secret("新口令", "至少 6 位；县里答复后用它打开，请记住")
        self.again, self.again_box = _secret("新口令再输一遍")
        words = (
            "县里存有这台电脑的钥匙（同步过的电脑都有），可以请县里打开：先定一个新口令，做一份请求，联网、打电话或用 U 盘"
            "交给县里；县里核实后给一份答复。没上传的内容都还在。"
        )
        foot = row(button("返回", back, key="Esc"), None, button("做请求", self.ask, kind="primary", key="Enter"))
        return box(
            column(
                label("请县里打开", "h2"),
                label(words, "muted", wrap=True),
                self.new_box,
                self.again_box,
                6,
                foot,
                None,
                gap=8,
            )
        )

    def _waiting(self, back: Callable[[], None]) -> QWidget:
        self.who, self.text, self.answer = label("", "muted", wrap=True), QPlainTextEdit(), QPlainTextEdit()
        self.text.setReadOnly(True)
        for edit, height in ((self.text, 7.8), (self.answer, 4)):
            sized(edit, height=height)
            edit.setTabChangesFocus(True)
        self.answer_box = FieldBox("县里的答复", self.answer)
        self.pin, self.pin_box = _secret("请求时定的新口令")
        self.keep = button("请求存到文件…", self.save, icon="usb", kind="tonal")
        tools = row(
            self.keep,
            button("选答复文件…", self.load, icon="folder-open", kind="tonal"),
            None,
        )
        foot = row(
            button("返回", back, key="Esc"),
            button("重新请求", self._anew, kind="ghost"),
            None,
            button("打开", self.take, kind="primary", key="Enter"),
        )
        return box(
            column(
                label("请县里打开", "h2"),
                self.who,
                self.text,
                tools,
                self.answer_box,
                self.pin_box,
                foot,
                None,
                gap=6,
            )
        )

    def _anew(self) -> None:
        escrow.give_up(self.vault)
        self.refresh()

    def _asked(self) -> None:
        for edit in (self.new, self.again):
            edit.clear()
        self.refresh()
        self.keep.setFocus()  # what comes next

    def _not_asked(self, error: BaseException) -> None:
        self.new_box.say(error.sentence if isinstance(error, Refused) else str(error), "error")

    def _taken(self, opened: object) -> None:
        self.pin.clear()
        self.opened(opened)

    def _not_taken(self, error: BaseException) -> None:
        about_pin = isinstance(error, Refused) and "口令不对" in error.sentence
        (self.pin_box if about_pin else self.answer_box).say(
            error.sentence if isinstance(error, Refused) else str(error), "error"
        )
