"""How this laptop stands to the county: one large word, when both last agreed, and four numbers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from nehe_desktop.features.exchange.words import Stand, stand_of
from nehe_desktop.sync.standing import Standing
from nehe_desktop.ui.layouts import box, column, emptied, row
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.painted import IconTile
from nehe_desktop.ui.pressable import Pressable
from nehe_desktop.ui.widgets import label, retone


class CountCard(Pressable):
    """A number in one row with what it means; a click opens its rows."""

    def __init__(self, title: str, icon: str, tone: str, opened: Callable[[], object]) -> None:
        super().__init__(opened, title)
        self._title = title
        self.number, self._said = label("0", "h1"), label("", "caption")
        words = column(label(title, "bold"), self._said, gap=0)
        row(IconTile(icon, tone, 2.4), (words, 1), self.number, gap=10, margins=(12, 6, 14, 6), on=self)

    def show_count(self, count: int, said: str, tone: str = "") -> None:
        """The number, and what it means."""
        self.number.setText(str(count))
        self._said.setText(said)
        retone(self.number, tone=tone)
        self.setAccessibleName(f"{self._title} {count} 条，{said}")


class StandPanel(QFrame):
    """The word, and `numbers` beside or below it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._tile, self._word, self._said = column(gap=0), label("", "h1"), label("", "muted", wrap=True)
        self._trouble = label("", "warning", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 100)
        self._bar.setAccessibleName("正在接收本村的数据")
        self._trouble.hide()
        self._bar.hide()
        words = column(self._word, self._said, self._trouble, self._bar, None, gap=2)
        row(box(self._tile), (words, 1), gap=14, on=self)
        go = desk.go
        self.cards = {
            "waiting": CountCard("待上传", "upload", "blue", lambda: go("sync", tab="waiting")),
            "conflicts": CountCard("冲突", "split", "red", lambda: go("conflicts")),
            "doubles": CountCard("疑似重复", "copy", "orange", lambda: go("doubles")),
            "set_aside": CountCard("被搁置", "inbox", "gold", lambda: go("sync", tab="waiting")),
        }
        self.numbers: QWidget = box(row(*((each, 1) for each in self.cards.values()), gap=12))
        self._shown: Stand | None = None

    @property
    def word(self) -> str:
        """The large word."""
        return self._word.text()

    def show_standing(self, found: Standing) -> None:
        """Shows how things stand."""
        stand = stand_of(found, self._desk.store.clock.today())
        if stand != self._shown:
            self._shown = stand
            emptied(self._tile)
            self._tile.addWidget(IconTile(stand.icon, stand.tone, 3.4))
            self._tile.addStretch(1)
            self._word.setText(stand.word)
            self._said.setText(stand.said)
            self._trouble.setText(stand.trouble)
            self._trouble.setVisible(bool(stand.trouble))
            retone(self._trouble, role="error" if stand.needs_person else "warning")
        self._bar.setVisible(found.filling is not None)
        self._bar.setValue(round((found.filling or 0) * 100))
        self.numbers.setVisible(found.enrolled)
        self._count(found)

    def _count(self, found: Standing) -> None:
        sending = f"其中 {found.sending} 条正在发送" if found.sending and found.online else "联网后自动上传"
        self.cards["waiting"].show_count(found.waiting, sending if found.waiting else "县里都有了")
        words = "两边都留着，请选" if found.conflicts else "没有要选的"
        self.cards["conflicts"].show_count(found.conflicts, words, "red" if found.conflicts else "")
        words = "可能登记了两次" if found.doubles else "没有重复"
        self.cards["doubles"].show_count(found.doubles, words, "orange" if found.doubles else "")
        words = "县里还没有收" if found.set_aside else "没有被搁置的"
        self.cards["set_aside"].show_count(found.set_aside, words, "orange" if found.set_aside else "")
