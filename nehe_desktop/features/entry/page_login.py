"""Log-in: who, PIN; and the way back in with the recovery code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QWidget,
)

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.features.custody.seating import Unheard
from nehe_desktop.features.entry.page_county import CountyPanel
from nehe_desktop.security import escrow, pins
from nehe_desktop.security.outer_lock import Unkept
from nehe_desktop.security.vault import Holder
from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.layouts import box, column, row
from nehe_desktop.ui.notices import Notices
from nehe_desktop.ui.painted import IconTile
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import button, card, label


@dataclass(frozen=True)
class Doors:
    """What the log-in calls, in a worker: open with a PIN, or with the code and a new PIN.

    `hear` opens with a PIN after the county was heard, by the network or by a package.
    """

    people: Callable[[], Sequence[Holder]]
    open: Callable[[str, str], object]
    recover: Callable[[str, str, str], object]
    opened: Callable[[object], object]
    sample: Callable[[], object]
    hear: Callable[[str, str, Path | None], object]
    locked: str = ""  # who locked the window behind; empty at the start of the program
    vault: Path | None = None  # the key file, where the county may be asked for help


class Login(QWidget):
    """A card in the middle: name, PIN, Enter."""

    def __init__(self, tasks: Tasks, notices: Notices, doors: Doors) -> None:
        super().__init__()
        self.tasks, self.doors = tasks, doors
        self.stack = QStackedWidget()
        self.stack.addWidget(self._by_pin())
        self.stack.addWidget(self._by_code())
        self.county = self._by_county()
        self.ways.setVisible(self._waits())
        self._ticking = QTimer(self, interval=1000)
        self._ticking.timeout.connect(self.refresh)
        middle = sized(card(column(self.stack), margins=(28, 24, 28, 22)), width=30)
        centre = row(None, column(None, middle, None), None)
        column(notices.banners, (box(centre), 1), gap=0, on=self)
        self.refresh()
        if doors.locked:
            self.person.setCurrentText(doors.locked)
        QTimer.singleShot(0, self.pin.setFocus)

    def refresh(self) -> None:
        """Who can open the laptop, and how long one has to wait after wrong PINs."""
        names = {holder.name: holder for holder in self.doors.people()}
        if [self.person.itemText(at) for at in range(self.person.count())] != list(names):
            self.person.clear()
            self.person.addItems(list(names))
        holder = names.get(self.person.currentText())
        wait = holder.wait if holder else 0
        locked = bool(holder and holder.locked)
        self.on.setEnabled(not wait and not locked)
        if locked:
            self.ways.show()
            self.pin_box.say("输错太多次，已锁住。请能登录的同事帮您重设口令，或用下面的办法", "error")
        elif wait:
            self.pin_box.say(f"输错了，{wait} 秒后可以再试", "error")
        elif self._ticking.isActive():
            self.pin_box.say("可以再试了", "good")
        (self._ticking.start if wait else self._ticking.stop)()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, or does what a button says that has the keyboard; Esc goes back to the PIN."""
        chosen = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(chosen, QAbstractButton):
            chosen.click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.open, self.recover, self._proceed)[self.stack.currentIndex()]()
        elif event.key() == Qt.Key.Key_Escape:
            self._back()
        else:
            super().keyPressEvent(event)

    def open(self) -> None:
        """Tries the PIN in a worker; stretching it takes about half a second."""
        self._try("正在打开…", self.doors.open)

    def hear(self, package: Path | None = None) -> None:
        """Hears the county first, with the same PIN."""
        self._try("正在和县里联系…", lambda who, pin: self.doors.hear(who, pin, package))

    def _take_package(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "选县里给的数据包", "", "数据包 (*.nhpkg)")
        if path:
            self.hear(Path(path))

    def _try(self, words: str, door: Callable[[str, str], object]) -> None:
        if not self.on.isEnabled():
            return
        if not self.pin.text():
            self.pin_box.say("请输入口令", "error")
            return
        self._busy(words)
        who, pin = self.person.currentText(), self.pin.text()
        self.tasks.ask(lambda: door(who, pin), self._opened, owner=self, slot="open", failed=self._refused)

    def forgotten(self) -> None:
        """Shows the way in by the recovery code; who takes over from the last one writes his own name."""
        self.newcomer.setText(self.person.currentText())
        self.stack.setCurrentIndex(1)
        self.code.setFocus()

    def recover(self) -> None:
        """Tries the recovery code with a new PIN."""
        if not pins.same(self.new_pin.text(), self.new_again.text()):
            self.again_box.say("两次不一样，请再输一遍", "error")
            return
        self._busy("正在核对…")
        words = (self.code.toPlainText(), self._who(), self.new_pin.text())
        self.tasks.ask(
            lambda: self.doors.recover(*words),
            self._opened,
            owner=self,
            slot="open",
            failed=self._not_recovered,
        )

    def _by_pin(self) -> QWidget:
        self.person, self.pin = QComboBox(), QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.person.currentTextChanged.connect(lambda _: self.pin.setFocus())
        self.pin_box = FieldBox("口令", self.pin)
        self.on = button("打开", self.open, kind="primary", key="Enter")
        foot = row(
            button("忘了口令", self.forgotten, kind="ghost"),
            *([] if self.doors.locked else [button("看示例数据", self.doors.sample, kind="ghost")]),
            None,
            self.on,
        )
        head = row(IconTile("wheat", "rail", 3.2), label("讷河帮扶工作台", "h1"), None, gap=12)
        words = f"{self.doors.locked} 锁住了这台电脑，没写完的都在。换人用就选自己的姓名。" if self.doors.locked else ""
        said = label(words, "muted", wrap=True)
        said.setVisible(bool(words))
        self.hearing, self.ways = self._hearing(), self._other_ways()
        fields = (FieldBox("姓名", self.person), self.pin_box, self.hearing, self.ways)
        return box(column(head, said, 10, *fields, 6, foot, None, gap=10))

    def _hearing(self) -> QWidget:
        """What opens a laptop that the county has not heard for long; shown when that is why nobody comes in."""
        network = button("立即同步", self.hear, icon="refresh-cw", kind="tonal")
        stick = button("收 U 盘数据包…", self._take_package, icon="usb", kind="tonal")
        made = box(row(network, stick, None))
        made.hide()
        return made

    def _other_ways(self) -> QWidget:
        """What opens without a PIN; shown where no PIN opens, and while the county's answer is awaited."""
        sheet = button("用恢复单打开", self.forgotten, icon="file-text", kind="tonal")
        words = "输县里的答复" if self._waits() else "请县里打开"
        self.asking = button(words, self._forgotten_to_county, icon="landmark", kind="tonal")
        self.asking.setVisible(self.doors.vault is not None)
        made = box(row(sheet, self.asking, None))
        made.hide()
        return made

    def _by_code(self) -> QWidget:
        self.code, self.new_pin, self.new_again = QPlainTextEdit(), QLineEdit(), QLineEdit()
        self.newcomer = QLineEdit()
        sized(self.code, height=8)
        self.code.setTabChangesFocus(True)
        for edit in (self.new_pin, self.new_again):
            edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.code_box = FieldBox("恢复码", self.code, hint="照恢复单上的五行输入，大小写、空格都不要紧")
        self.new_box = FieldBox("新口令", self.new_pin, hint="至少 6 位")
        self.again_box = FieldBox("再输一遍", self.new_again)
        self.reset = button("重设口令", self.recover, kind="primary")
        county = button("没有恢复单，请县里打开", self._ask_county, kind="ghost")
        county.setVisible(self.doors.vault is not None)
        foot = row(button("返回", self._back, key="Esc"), county, None, self.reset)
        return box(
            column(
                label("用恢复码重设口令", "h2"),
                FieldBox("姓名", self.newcomer, hint="接任的人写自己的姓名"),
                self.code_box,
                row((self.new_box, 1), (self.again_box, 1), gap=12),
                6,
                foot,
                None,
                gap=8,
            )
        )

    def _who(self) -> str:
        """Who comes in without a PIN: the one who takes over writes his own name."""
        return self.newcomer.text().strip() or self.person.currentText()

    def _by_county(self) -> CountyPanel | None:
        if self.doors.vault is None:
            return None
        made = CountyPanel(self.tasks, self.doors.vault, self._who, self.doors.recover, self._opened, self._back)
        self.stack.addWidget(made)
        return made

    def _waits(self) -> bool:
        """Whether a request to the county was made here, whose answer may have come by now."""
        return self.doors.vault is not None and escrow.waiting(self.doors.vault) is not None

    def _back(self) -> None:
        """To the PIN, with the keyboard in it; the other ways are offered while the county is asked."""
        self.stack.setCurrentIndex(0)
        if self._waits():
            self.asking.reword("输县里的答复")
            self.ways.show()
        self.pin.setFocus()

    def _forgotten_to_county(self) -> None:
        self.forgotten()
        self._ask_county()

    def _ask_county(self) -> None:
        if self.county is not None:
            self.stack.setCurrentWidget(self.county)
            self.county.refresh()

    def _proceed(self) -> None:
        if self.county is not None:
            self.county.proceed()

    def _busy(self, words: str) -> None:
        for made in (self.on, self.reset, self.hearing):
            made.setEnabled(False)
        self.on.reword(words)

    def _ready(self) -> None:
        for made in (self.on, self.reset, self.hearing):
            made.setEnabled(True)
        self.on.reword("打开")

    def _opened(self, opened: object) -> None:
        self.pin.clear()
        self._ready()
        self.doors.opened(opened)

    def _refused(self, error: BaseException) -> None:
        self._ready()
        self.hearing.setVisible(isinstance(error, Unheard) or (isinstance(error, Trouble) and self.hearing.isVisible()))
        self.ways.setVisible(isinstance(error, Unkept) or self._waits())
        self.pin.selectAll()
        self.pin_box.say(error.sentence if isinstance(error, Refused) else str(error), "error")
        self.refresh()

    def _not_recovered(self, error: BaseException) -> None:
        self._ready()
        about_pin = isinstance(error, Refused) and "口令" in error.sentence
        wrong = self.new_box if about_pin else self.code_box
        wrong.say(error.sentence if isinstance(error, Refused) else str(error), "error")
