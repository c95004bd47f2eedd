"""加入县里的网: the invitation, what this laptop is called, and the way without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QPlainTextEdit

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.features.exchange import joining
from nehe_desktop.features.exchange.page_running import Running
from nehe_desktop.sync.account import Account
from nehe_desktop.ui.editors import LineEditor
from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.layouts import box, column, row, scrolled
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.tasks import Progress
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import button, label

_STEPS = (
    "向县里要一张邀请码：一行以 NEHE1. 开头的字，一台电脑一张，只能用一次。",
    "粘贴在下面，给这台电脑起个名字，点“加入”。",
    "第一次会把本村的数据收下来，可以照常录入，不用等。",
)


class JoinPanel(QFrame):
    """The form; `joined` is said when the county has let this laptop in."""

    joined = Signal()

    def __init__(self, desk: Desk, running: Running, take_back: Callable[[], object]) -> None:
        """`take_back` chooses the package that came back on a stick."""
        super().__init__()
        self.setProperty("card", "plain")
        self.desk, self._running = desk, running
        self.invitation, self.name = QPlainTextEdit(), LineEditor(width=40)
        self.invitation.setTabChangesFocus(True)
        self.invitation.setPlaceholderText("NEHE1.……")
        sized(self.invitation, height=5.2)
        self.invitation_box = FieldBox("邀请码", self.invitation, required=True, hint="可以整段粘贴，中间有空格、换行不要紧")
        told = "县里按这个名字认这台电脑；县里给邀请码时起好了名字的，以县里的为准"
        self.name_box = FieldBox("这台电脑叫什么", self.name, required=True, hint=told)
        self.practice = QCheckBox("这是练习：对方是练习用的服务，不是真的县")
        self._sample = bool(getattr(desk.tools.get("session"), "sample", False))
        self.on = button("加入", self.join, icon="log-in", kind="primary", key="Ctrl+Enter")
        self.by_stick = button("没有网络，用 U 盘加入…", self.choose_folder, icon="usb")
        self._asked_words = label("", tone="teal", wrap=True)
        self._asked = self._note(take_back)
        file = button("从文件读取…", self.choose_file, icon="folder-open", kind="ghost")
        self._title, self._already = label("加入县里的网", "h2"), label("", "muted", wrap=True)
        self._already.hide()
        steps = column(
            self._title,
            self._already,
            *(label(f"{at}. {words}", "muted", wrap=True) for at, words in enumerate(_STEPS, 1)),
            self._asked,
            None,
            gap=10,
        )
        sample = (self.practice,) if self._sample else ()
        form = column(self.invitation_box, self.name_box, *sample, row(self.on, self.by_stick, None, file), None, gap=8)
        body = row((box(steps), 2), (box(form), 3), gap=24, margins=(20, 14, 16, 12))
        column((scrolled(body), 1), gap=0, margins=(1, 1, 1, 1), on=self)

    def show_enrolled(self, name: str) -> None:
        """Says that this laptop has joined already, under a name; empty for not yet."""
        self._title.setText("重新加入县里的网" if name else "加入县里的网")
        self._already.setText(f"这台电脑已经加入，叫“{name}”。只有县里说不认识这台电脑，或换了服务器，才要重新加入。")
        self._already.setVisible(bool(name))

    def load(self) -> None:
        """Suggests a name, and says what was asked already."""
        store = self.desk.store
        self.desk.tasks.ask(
            lambda: (joining.suggested_name(store), joining.asked(store)), self._show, owner=self, slot="join"
        )

    def join(self) -> None:
        """Asks the county to let this laptop in; what is refused is said beside its field."""
        if not self._named():
            return
        store, reach = self.desk.store, self._running.network.reach
        text, name = self.invitation.toPlainText(), self.name.text()

        def work(progress: Progress) -> Account:
            progress.step(0, 0, "正在核对邀请码")
            account = joining.join(store, text, name, reach)
            self._running.start()
            return account

        self._busy(busy=True)
        self.desk.tasks.run("正在加入县里的网", work, self._joined, failed=self._refused)

    def choose_file(self) -> None:
        """Reads the invitation from a file."""
        name, _ = QFileDialog.getOpenFileName(self, "选择邀请码文件", "", "文本 (*.txt *.nheinv);;所有文件 (*)")
        if name:
            self.read_file(Path(name))

    def read_file(self, path: Path) -> None:
        """The invitation of a file."""
        self.desk.tasks.ask(
            lambda: joining.invitation_in(path), self._read, owner=self, slot="file", failed=self._refused
        )

    def choose_folder(self) -> None:
        """Asks where the stick is."""
        if self._named() and (folder := QFileDialog.getExistingDirectory(self, "选择 U 盘")):
            self.ask_by_stick(Path(folder))

    def ask_by_stick(self, folder: Path) -> None:
        """Writes the request on a stick."""
        store, text, name = self.desk.store, self.invitation.toPlainText(), self.name.text()
        self._busy(busy=True)
        self.desk.tasks.run(
            "正在写申请", lambda _: joining.ask_by_stick(store, text, name, folder), self._written, failed=self._refused
        )

    def _note(self, take_back: Callable[[], object]) -> QFrame:
        made = QFrame()
        made.setProperty("note", "teal")
        again = button("U 盘收回…", take_back, icon="usb", kind="tonal")
        row((self._asked_words, 1), again, margins=(12, 7, 8, 7), on=made)
        made.hide()
        return made

    def _show(self, found: tuple[str, str]) -> None:
        name, asked = found
        if not self.name.text():
            self.name.setText(name)
        self._asked.setVisible(bool(asked))
        if asked:
            self._asked_words.setText(
                f"已经用“{asked}”这个名字写过申请。U 盘从县里带回来以后，点“U 盘收回”选县里给的数据包。"
            )

    def _named(self) -> bool:
        """Whether name and data will do; says what is wrong with them."""
        self.invitation_box.say()
        try:
            joining.named(self.name.text())
        except Refused as refused:
            self.name_box.say(refused.sentence, "error")
            self.name.setFocus()
            return False
        self.name_box.say()
        if self._sample and not self.practice.isChecked():
            self.invitation_box.say("现在是示例数据，都是编造的，不能传到真的县里；只是练习，请勾选下面那一行", "error")
            self.practice.setFocus()
            return False
        return True

    def _refused(self, error: BaseException) -> None:
        self._busy(busy=False)
        words = f"{error.sentence}。{error.advice}" if isinstance(error, Trouble) and error.advice else str(error)
        self.invitation_box.say(words, "error")
        self.invitation.setFocus()

    def _read(self, text: str) -> None:
        self.invitation.setPlainText(text)
        self.invitation_box.say("已从文件读取", "good")

    def _joined(self, account: Account) -> None:
        self._busy(busy=False)
        self.invitation.clear()
        self.desk.notices.toast(f"已加入，正在接收数据；县里看到的名字是“{account.name}”")
        self.joined.emit()

    def _written(self, path: Path) -> None:
        self._busy(busy=False)
        self.desk.notices.toast(f"已写出 {path.name}，请把 U 盘送到县里")
        self.load()

    def _busy(self, *, busy: bool) -> None:
        for made in (self.on, self.by_stick):
            made.setEnabled(not busy)

