"""The right half of 冲突处理: one record with its lines, what happened to them, and what is decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from nehe_desktop.core.errors import Invalid, Problem
from nehe_desktop.features.custody.page_reveal import Lens
from nehe_desktop.features.exchange.page_lines import BEFORE, ELSE, NAME, LineBox
from nehe_desktop.features.exchange.resolving import Decision
from nehe_desktop.features.exchange.showing import Colleague, Sheet
from nehe_desktop.ui.layouts import box, column, emptied, row, scrolled
from nehe_desktop.ui.ledger_page import links
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import button, card, label, line, note_card, pairs

PLACES = {"household": ("households", "id"), "visit": ("visits", "visit"), "problem": ("problems", "problem")}
"""Pages that show one record, and by what word they are told which."""
_WORDS = {"open": "确认", "past": "换成选中的"}


class CasePanel(QFrame):
    """Shows a sheet; says what was decided, that it waits, or that numbers are to be seen in clear."""

    decided = Signal(list)
    postponed = Signal()
    revealed = Signal()

    def __init__(self, desk: Desk, empty: Callable[[], QWidget]) -> None:
        """`empty` makes what stands here where nothing is to be decided."""
        super().__init__()
        self.setProperty("card", "plain")
        self.desk, self.sheet, self.lines = desk, None, []
        self.which = "open"
        self._title, self._place = label("", "h2"), label("", "caption")
        self.lens = Lens(desk, self)
        self._eye = self.lens.eye(self.revealed.emit)
        self._body: QVBoxLayout = column(gap=10)
        self._said, self._wrong = label("", "caption"), label("", "error", wrap=True)
        self._confirm = button("确认", self.confirm, icon="git-merge", kind="primary", key="Ctrl+Enter")
        self._later = button("先放着", self.postponed.emit, tip="不定，看下一条；不影响继续录入")
        self._parts = self._laid()
        self._empty, self._make_empty = column(gap=0), empty
        self._blank = box(self._empty)
        column(*self._parts, (self._blank, 1), gap=0, margins=(1, 1, 1, 1), on=self)
        self.show_sheet(None)

    def show_sheet(self, sheet: Sheet | None, which: str = "open") -> None:
        """Shows another case, or that there is none.

        What was chosen for the very same versions stays.
        """
        chosen = [(each.shown.line, each.choice) for each in self.lines if each.is_version]
        self.sheet, self.which, self.lines = sheet, which, []
        for part, _ in self._parts:
            part.setVisible(sheet is not None)
        emptied(self._empty)
        self._blank.setVisible(sheet is None)
        emptied(self._body)
        self._say("")
        if sheet is None:
            self._empty.addWidget(self._make_empty())
            return
        self._title.setText(str(sheet.case.title))
        self._place.setText(sheet.case.village)
        self._eye.setVisible(sheet.covered)
        self._fill(sheet)
        for each in self.lines:
            for at in (choice for same, choice in chosen if same == each.shown.line):
                each.take(at)
        self._count()

    def confirm(self) -> None:
        """Says what was chosen; what is typed wrongly is told beside its field."""
        if self.sheet is None:
            return
        decisions: list[Decision] = []
        for each in self.lines:
            try:
                decision = each.decision(self.sheet.case)
            except Invalid:
                return
            decisions += [decision] if decision else []
        if decisions:
            self._say("")
            self.decided.emit(decisions)
        else:
            self._say("还没有选：点一个，或按 1、2")
            self.begin()

    def refuse(self, problems: Sequence[Problem], otherwise: str = "") -> None:
        """What keeps the decision from being stored, beside the lines it is about, the rest at the foot."""
        rest = [p for p in problems if not any([each.say([p]) for each in self.lines])]  # noqa: C419 - every line is told
        self._say("；".join(problem.sentence for problem in rest) or otherwise)

    def pick_all(self, *, mine: bool) -> None:
        """Chooses one side in every line."""
        missing = [each for each in self.lines if not each.pick_side(mine=mine)]
        if missing:
            self._say("有的项两边都不是这台电脑改的，请逐项选")

    def begin(self) -> None:
        """Puts the keyboard on the first line that is not chosen yet."""
        line_of = next((each for each in self.lines if not each.is_chosen), None)
        if line_of is not None:
            line_of.begin()
        elif self.sheet is not None:
            self._confirm.setFocus()

    def _laid(self) -> tuple[tuple[QWidget, int], ...]:
        head = row(column(self._title, self._place, gap=2), None, self._eye, margins=(16, 12, 14, 8))
        body = scrolled(column(self._body, None, margins=(16, 0, 10, 12)))
        foot = row(self._later, None, self._said, self._confirm, margins=(16, 9, 14, 9))
        bottom = column(row(self._wrong, margins=(16, 6, 14, 0)), foot, gap=0)
        return (box(head), 0), (body, 1), (line(), 0), (box(bottom), 0)

    def _fill(self, sheet: Sheet) -> None:
        self._body.addWidget(note_card(sheet.what, "blue"))
        self._body.addWidget(self._heads(sheet))
        editing = links(self.desk)
        for at, shown in enumerate(sheet.rows):
            made = LineBox(shown, editing)
            made.changed.connect(self._count)
            made.walked.connect(lambda step, at=at: self._walk(at + step))
            self.lines.append(made)
            self._body.addWidget(made)
        for part in (self._ask(sheet.colleagues), self._about(sheet), self._tale(sheet.tale)):
            if part is not None:
                self._body.addWidget(part)
        self._confirm.reword(_WORDS[self.which])
        self._later.setVisible(self.which == "open")

    def _heads(self, sheet: Sheet) -> QWidget:
        """Names of the columns; those of the two sides choose the whole column."""
        made: list[QWidget] = [label(word, "caption") for word in ("先改的", "后改的")]
        if sheet.sided:
            tip = "这条记录的每一行都用这一边"
            mine = button("用我的", lambda: self.pick_all(mine=True), kind="ghost", key="Alt+1", tip=tip)
            theirs = button("用别处的", lambda: self.pick_all(mine=False), kind="ghost", key="Alt+2", tip=tip)
            made = [mine, theirs]
        for each in made:
            each.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        words = (sized(label("内容", "caption"), width=NAME), sized(label("原来", "caption"), width=BEFORE))
        return box(row(*words, *((each, 1) for each in made), sized(QWidget(), width=ELSE), gap=6))

    def _about(self, sheet: Sheet) -> QWidget | None:
        if not sheet.about:
            return None
        title = row(label("这条记录", "bold"), None, *self._doors(sheet))
        return card(column(title, pairs(list(sheet.about), 4), gap=6), kind="flat", margins=(12, 6, 12, 10))

    def _doors(self, sheet: Sheet) -> list[QWidget]:
        """A way to the record itself, where it has a page."""
        place = PLACES.get(sheet.case.table)
        if place is None:
            return []
        page, name = place
        return [button("打开", lambda: self.desk.go(page, **{name: sheet.case.id}), icon="arrow-right", kind="ghost")]

    def _tale(self, told: Sequence[str]) -> QWidget | None:
        if not told:
            return None
        lines = (label(each, "muted", wrap=True) for each in told)
        return card(column(label("这几项的经过", "bold"), *lines, gap=4), kind="flat", margins=(12, 8, 12, 10))

    def _ask(self, colleagues: Sequence[Colleague]) -> QWidget | None:
        if not colleagues:
            return None
        return box(row(*(self._phone(each) for each in colleagues), None))

    def _phone(self, colleague: Colleague) -> QWidget:
        words = f"打电话问{colleague.name}（{colleague.role}） {colleague.phone}"
        return button(words, self._ask_number, icon="phone", tip="按下显示完整电话，要写理由和口令")

    def _ask_number(self) -> None:
        if not self.lens.whole:
            self.revealed.emit()

    def _walk(self, at: int) -> None:
        if 0 <= at < len(self.lines):
            self.lines[at].begin()
        elif at >= len(self.lines):
            self._confirm.setFocus()

    def _count(self) -> None:
        left = sum(not each.is_chosen for each in self.lines)
        again = "要换回来，点另一边" if self.which == "past" else f"还剩 {left} 项没选"
        self._said.setText(again if left else "都选好了")

    def _say(self, words: str) -> None:
        self._wrong.setText(words)
        self._wrong.setVisible(bool(words))
