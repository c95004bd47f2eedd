"""The right half of 疑似重复: two rows side by side, what differs marked, one chosen to stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from nehe_desktop.features.custody.page_reveal import Lens
from nehe_desktop.features.exchange.naming import breakable
from nehe_desktop.features.exchange.page_options import OptionCard
from nehe_desktop.features.exchange.pairing import PairSheet, Twin
from nehe_desktop.ui.layouts import box, column, emptied, row, scrolled
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import button, card, label, line, note_card, pairs

NAME = 7.0
"""Width of the labels in em."""


class TwinBox(QWidget):
    """A field that differs: both values as cards, of which one is used."""

    picked = Signal(int)
    walked = Signal(int)

    def __init__(self, twin: Twin, choice: int) -> None:
        super().__init__()
        self.twin, self.choice = twin, choice
        self.cards = [self._card(at) for at in range(2)]
        name = sized(label(twin.label, "bold", wrap=True), width=NAME)
        row(name, *((each, 1) for each in self.cards), gap=6, on=self)
        self.pick(choice)

    def pick(self, at: int) -> None:
        """Uses one of both."""
        if at in (0, 1):
            self.choice = at
            for number, each in enumerate(self.cards):
                each.choose(chosen=number == at)
            self.picked.emit(at)

    def begin(self) -> None:
        """Puts the keyboard on the line."""
        self.cards[self.choice].setFocus()

    def _card(self, at: int) -> OptionCard:
        made = OptionCard(self.twin.texts[at], "", at + 1)
        made.picked.connect(lambda: self.pick(at))
        made.steered.connect(self._steer)
        return made

    def _steer(self, way: str) -> None:
        if way.isdecimal():
            self.pick(int(way) - 1)
            self.begin()
        elif way in ("left", "right"):
            self.cards[way == "right"].setFocus()
        else:
            self.walked.emit(-1 if way == "up" else 1)


class PairPanel(QFrame):
    """Shows a sheet; says that both are one (which stays), that they are not, or that it waits."""

    merged = Signal(int)
    parted = Signal()
    postponed = Signal()
    revealed = Signal()

    def __init__(self, desk: Desk, empty: Callable[[], QWidget]) -> None:
        """`empty` makes what stands here where there is no double."""
        super().__init__()
        self.setProperty("card", "plain")
        self.desk, self.sheet, self.twins, self.kept = desk, None, [], 0
        self.heads: list[OptionCard] = []
        self._title, self._place = label("", "h2"), label("", "caption")
        self.lens = Lens(desk, self)
        self._eye = self.lens.eye(self.revealed.emit)
        self._body, self._after, self._wrong = column(gap=8), label("", "caption", wrap=True), label("", "error", wrap=True)
        self._merge = button("合并", self.confirm, icon="git-merge", kind="primary", key="Ctrl+Enter")
        self._apart = button("不是同一个", self.parted.emit, tip="记下来，以后不再提醒")
        self._later = button("先放着", self.postponed.emit, tip="不定，看下一条")
        self._parts = self._laid()
        self._empty, self._make_empty = column(gap=0), empty
        self._blank = box(self._empty)
        column(*self._parts, (self._blank, 1), gap=0, margins=(1, 1, 1, 1), on=self)
        self.show_sheet(None)

    def show_sheet(self, sheet: PairSheet | None) -> None:
        """Shows another double, or that there is none."""
        self.sheet, self.twins, self.heads = sheet, [], []
        for part, _ in self._parts:
            part.setVisible(sheet is not None)
        emptied(self._empty)
        self._blank.setVisible(sheet is None)
        emptied(self._body)
        self.refuse("")
        if sheet is None:
            self._empty.addWidget(self._make_empty())
            return
        self._title.setText(sheet.titles[0] or "疑似重复")
        self._place.setText(sheet.village)
        self._eye.setVisible(sheet.covered)
        self._fill(sheet)

    @property
    def choices(self) -> dict[tuple[str, ...], int]:
        """Which row each field that differs is taken from."""
        return {each.twin.names: each.choice for each in self.twins}

    def confirm(self) -> None:
        """Says that both are one."""
        if self.sheet is not None and self.sheet.may_merge:
            self.merged.emit(self.kept)

    def keep(self, at: int) -> None:
        """Chooses the row that stays; every field follows it except where only the other says something."""
        if self.sheet is None or not self.sheet.may_merge or at not in (0, 1):
            return
        self.kept = at
        for number, each in enumerate(self.heads):
            each.choose(chosen=number == at)
        for each in self.twins:
            each.pick(at if each.twin.better < 0 else each.twin.better)
        gone = self.sheet.uses[1 - at]
        follows = f"另一条名下的{gone}转到它名下，" if gone else ""
        self._after.setText(f"留下{'左' if at == 0 else '右'}边这条；{follows}另一条删除。整步可以撤销。")

    def refuse(self, words: str) -> None:
        """Why it was not done."""
        self._wrong.setText(words)
        self._wrong.setVisible(bool(words))

    def begin(self) -> None:
        """Puts the keyboard on the first thing to choose."""
        if self.heads:
            self.heads[self.kept].setFocus()
        elif self.sheet is not None:
            self._apart.setFocus()

    def _laid(self) -> tuple[tuple[QWidget, int], ...]:
        head = row(column(self._title, self._place, gap=2), None, self._eye, margins=(16, 12, 14, 8))
        body = scrolled(column(self._body, None, margins=(16, 0, 10, 12)))
        foot = row(self._later, self._apart, None, self._merge, margins=(16, 6, 14, 9))
        said = row((column(self._wrong, self._after, gap=2), 1), margins=(16, 6, 14, 0))
        return (box(head), 0), (body, 1), (line(), 0), (box(column(said, foot, gap=0)), 0)

    def _fill(self, sheet: PairSheet) -> None:
        self._body.addWidget(note_card(sheet.what, "blue"))
        may, waits = sheet.may_merge, sheet.pair.double.state == "待处理"
        self._merge.setVisible(may)
        self._apart.setVisible(waits)
        self._later.setVisible(waits)
        self._after.setText("")
        if may:
            self._body.addWidget(self._heads(sheet))
            differing = [twin for twin in sheet.twins if twin.differs]
            self.twins = [self._twin(at, twin) for at, twin in enumerate(differing)]
            for each in self.twins:
                self._body.addWidget(each)
            self.keep(sheet.kept)
        if rest := self._same([twin for twin in sheet.twins if not twin.differs]):
            self._body.addWidget(rest)

    def _heads(self, sheet: PairSheet) -> QWidget:
        """Both rows as cards: what they are called, who entered them, what hangs on them."""
        for at in range(2):
            uses = f"名下有{sheet.uses[at]}" if sheet.uses[at] else "名下没有别的记录"
            made = OptionCard(f"留这条：{sheet.titles[at]}", f"{sheet.made[at]}\n{uses}", at + 1)
            made.picked.connect(lambda at=at: self.keep(at))
            made.steered.connect(self._steer)
            self.heads.append(made)
        return box(row(sized(label("留哪条", "bold"), width=NAME), *((each, 1) for each in self.heads), gap=6))

    def _steer(self, way: str) -> None:
        if way.isdecimal():
            self.keep(int(way) - 1)
            self.heads[self.kept].setFocus()
        elif way in ("left", "right"):
            self.heads[way == "right"].setFocus()
        elif way != "up":
            self._walk(0)

    def _twin(self, at: int, twin: Twin) -> TwinBox:
        made = TwinBox(twin, 0)
        made.walked.connect(lambda step: self._walk(at + step))
        return made

    def _walk(self, at: int) -> None:
        if at < 0:
            self.begin()
        elif at < len(self.twins):
            self.twins[at].begin()
        else:
            self._merge.setFocus()

    def _same(self, twins: Sequence[Twin]) -> QWidget | None:
        told = [(twin.label, breakable(twin.texts[0] or twin.texts[1])) for twin in twins if _says(twin)]
        if not told:
            return None
        title = "两条都一样的" if self.heads else "这一条"
        return card(column(label(title, "bold"), pairs(list(told), 4), gap=6), kind="flat", margins=(12, 8, 12, 10))


def _says(twin: Twin) -> bool:
    return any(text not in ("", "（空）") for text in twin.texts)
