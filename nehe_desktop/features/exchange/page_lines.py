"""One line of a case: what it was, the versions side by side, and room for something else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from nehe_desktop.core.errors import Invalid, Problem
from nehe_desktop.core.fields import Field
from nehe_desktop.core.masks import COVERED, masked
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.features.exchange.cases import Case
from nehe_desktop.features.exchange.naming import breakable
from nehe_desktop.features.exchange.page_options import OptionCard
from nehe_desktop.features.exchange.resolving import Decision, chosen, written
from nehe_desktop.features.exchange.showing import Row
from nehe_desktop.ui.covering import HINT, CoverLine
from nehe_desktop.ui.editors import Editor, LineEditor, Links, editor_for
from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.layouts import box, column, row
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import Button, button, label, retone

NAME, BEFORE, ELSE = 5.2, 5.9, 5.3
"""Widths of the columns in em: what it is, what it was, something else."""
_NOTHING = -1


class OtherBox(QWidget):
    """Editors for something else than what both sides wrote."""

    def __init__(self, shown: Row, links: Links) -> None:
        super().__init__()
        table = shown.line.conflicts[0].tbl
        self._start = next((v.values for v in shown.line.versions if v.stands), {})
        self.raw: dict[str, object] = {}
        self.boxes = {name: self._box(table, name, links) for name in shown.fields}
        column(*self.boxes.values(), gap=6, on=self)

    def say(self, problems: Iterable[Problem]) -> None:
        """What is wrong, beside each field."""
        told = {problem.field: problem.sentence for problem in problems}
        for name, each in self.boxes.items():
            each.say(told.get(name, ""), "error")

    def begin(self) -> None:
        """Puts the keyboard into the first editor."""
        first = next(iter(self.boxes.values())).front
        first.setFocus()
        if isinstance(first, QLineEdit):
            first.selectAll()

    def _box(self, table: str, name: str, links: Links) -> FieldBox:
        field = LEDGERS[table].fields[name]
        editor = editor_for(field, links)
        value = field.kind.load(self._start.get(name))
        self.raw[name] = field.kind.show(value) if not isinstance(value, tuple) else value
        cast("Any", editor).edited.connect(lambda raw: self.raw.__setitem__(name, raw))
        if field.private in COVERED and value not in (None, "", ()):
            return self._covered(field, editor, masked(field.private, field.kind.show(value), "screen"))
        cast("Editor", editor).show_value(field.kind.show(value), value)
        return FieldBox(f"{field.label}改成", editor, hint=field.hint)

    def _covered(self, field: Field, editor: QWidget, text: str) -> FieldBox:
        """A private value that stands: written anew as a whole, or left as it is; never seen."""
        cover = CoverLine()
        box = FieldBox(f"{field.label}改成", editor, hint=HINT, cover=cover)
        box.show_cover(text)

        def begin(typed: str | None) -> None:
            box.show_cover(None)
            if typed is None or not isinstance(editor, LineEditor):
                editor.setFocus()
                return
            editor.setText(typed)
            self.raw[field.name] = typed
            editor.setFocus()

        cover.begun.connect(begin)
        cover.emptied.connect(lambda: begin(""))
        return box


class LineBox(QWidget):
    """A line with its versions; digits choose, arrows walk."""

    changed = Signal()
    walked = Signal(int)

    def __init__(self, shown: Row, links: Links) -> None:
        super().__init__()
        self.shown, self.choice, self.other = shown, _NOTHING, None
        self._links = links
        self.cards = [self._card(at) for at in range(len(shown.options))]
        self._else = self._else_button()
        self._below = column(gap=4)
        self._wrong = label("", "error", wrap=True)
        self._wrong.hide()
        name = sized(label(shown.label, "bold", wrap=True), width=NAME)
        before = sized(label(breakable(shown.before or "—"), "muted", wrap=True), width=BEFORE)
        before.setAccessibleName(f"原来 {shown.before or '没有'}")
        first = row(name, before, *((card, 1) for card in self.cards[:2]), self._last(), gap=6)
        rest = [row(sized(QWidget(), width=NAME), sized(QWidget(), width=BEFORE), (card, 1), sized(QWidget(), width=ELSE),
                    gap=6) for card in self.cards[2:]]  # fmt: skip
        column(first, *rest, self._below, self._wrong, gap=4, on=self)

    def pick(self, at: int) -> None:
        """Chooses a version; one more than there are is something else."""
        if at == len(self.cards) and self.shown.fields:
            self._write()
        elif 0 <= at < len(self.cards):
            self.choice = at
            self._show_choice()
            self.cards[at].setFocus()
            self.changed.emit()

    def pick_side(self, *, mine: bool) -> bool:
        """Chooses my side or the others'; whether there is one."""
        version = self.shown.line.version(mine=mine)
        at = next((n for n, option in enumerate(self.shown.options) if option.version is version), _NOTHING)
        if at != _NOTHING:
            self.choice = at
            self._show_choice()
            self.changed.emit()
        return at != _NOTHING

    def take(self, at: int) -> None:
        """Shows a version as chosen, without a word to anybody and without taking the keyboard."""
        self.choice = at
        self._show_choice()

    @property
    def is_version(self) -> bool:
        """Whether one of the versions is chosen, not something else."""
        return 0 <= self.choice < len(self.cards)

    @property
    def is_chosen(self) -> bool:
        """Whether something is chosen."""
        return self.choice != _NOTHING

    def decision(self, case: Case) -> Decision | None:
        """What was chosen; raises Invalid, said beside the field, for what is typed wrongly."""
        self.say(())
        if self.choice == _NOTHING:
            return None
        if self.choice < len(self.cards):
            return chosen(case, self.shown.line, self.shown.options[self.choice].version)
        other = cast("OtherBox", self.other)
        try:
            return written(case, self.shown.line, other.raw)
        except Invalid as invalid:
            other.say(invalid.problems)
            other.begin()
            raise

    def say(self, problems: Iterable[Problem]) -> bool:
        """Shows what is wrong with a decision below the line; whether any of it is about this line."""
        mine = [p for p in problems if p.field in self.shown.line.names]
        if self.other is not None:
            self.other.say(mine)
        self._wrong.setText("；".join(problem.sentence for problem in mine))
        self._wrong.setVisible(bool(mine) and self.choice < len(self.cards))
        return bool(mine)

    def begin(self) -> None:
        """Puts the keyboard on the line."""
        at = self.choice if 0 <= self.choice < len(self.cards) else 0
        self.cards[at].setFocus()

    def _card(self, at: int) -> OptionCard:
        option = self.shown.options[at]
        made = OptionCard(option.text, option.said, at + 1, "现在用" if option.version.stands else "")
        made.picked.connect(lambda: self.pick(at))
        made.steered.connect(lambda way: self._steer(at, way))
        return made

    def _steer(self, at: int, way: str) -> None:
        if way.isdecimal():
            self.pick(int(way) - 1)
        elif way in ("left", "right"):
            self.cards[max(0, min(len(self.cards) - 1, at + (1 if way == "right" else -1)))].setFocus()
        else:
            self.walked.emit(-1 if way == "up" else 1)

    def _else_button(self) -> Button:
        return button("另填", self._write, kind="ghost", key=str(len(self.cards) + 1), tip="两边都不对，另写一个")

    def _last(self) -> QWidget:
        """The column for something else; empty where the question is if the record stays."""
        return sized(box(row(self._else)) if self.shown.fields else QWidget(), width=ELSE)

    def _write(self) -> None:
        """Opens the editors for something else."""
        if self.other is None:
            self.other = OtherBox(self.shown, self._links)
            for edit in self.other.findChildren(QLineEdit):
                edit.returnPressed.connect(lambda: self.walked.emit(1))
            self._below.addLayout(row(sized(QWidget(), width=NAME), (self.other, 1), sized(QWidget(), width=ELSE), gap=6))
        self.choice = len(self.cards)
        self._show_choice()
        self.other.begin()
        self.changed.emit()

    def _show_choice(self) -> None:
        for at, card in enumerate(self.cards):
            card.choose(chosen=at == self.choice)
        writing = self.choice == len(self.cards)
        retone(self._else, kind="tonal" if writing else "ghost")
        if self.other is not None:
            self.other.setVisible(writing)
        self._wrong.hide()
