"""A form made from a draft: sections, a grid of twelve columns without holes, errors beside the fields."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.errors import Problem
from nehe_desktop.core.fields import Field
from nehe_desktop.core.masks import COVERED
from nehe_desktop.ui.covered_form import CoveringForm
from nehe_desktop.ui.editors import (
    Links,
    NoteEditor,
    composes,
    editor_for,
    enter_pressed,
    live_hint,
)
from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.layouts import column
from nehe_desktop.ui.section import Section
from nehe_desktop.ui.theme import em

AUTOSAVE_MS = 800


class Form(CoveringForm):
    """Edits a draft. Enter goes on, Shift+Enter back, F8 to the next error; nothing blocks typing.

    What is private stands covered until `uncover` shows it, or somebody begins to write it anew.
    """

    edited = Signal(str)
    autosave = Signal(object)
    missing = Signal(object)
    refreshed = Signal()
    ended = Signal()

    def __init__(
        self,
        draft: Draft[Any],
        links: Links,
        *,
        only: Collection[str] = (),
        skip: Collection[str] = (),
        titles: bool = True,
    ) -> None:
        """`only` and `skip` choose fields; `ended` is said at Enter in the last field."""
        super().__init__()
        self.draft, self._links = draft, links
        self._names = [n for n in draft.fields if (not only or n in only) and n not in skip]
        self._edited: set[str] = set()
        self._touched: set[str] = set()  # whose problems are shown: left after an edit, or all at 保存
        self.boxes = {name: self._box(draft.fields[name]) for name in self._names}
        self._sections = self._made_sections(titles=titles)
        self._timer = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._timer.timeout.connect(lambda: self.autosave.emit(self.draft.to_json()))
        column(*self._sections, None, gap=12, on=self)
        self.refresh()

    def show_draft(self, draft: Draft[Any]) -> None:
        """Edits another draft of the same ledger."""
        self.draft = draft
        self._touched.clear()
        self._edited.clear()
        self._whole, self._begun = False, ""
        self._timer.stop()
        self.refresh()

    def problems(self) -> list[Problem]:
        """What is wrong, without the doubts about fields of which must not be seen that they apply."""
        draft, covered = self.draft, not self._whole
        hidden = {name for name in draft.fields if draft.shown(name) and not draft.shown(name, covered=covered)}
        return [p for p in draft.problems() if p.level == "error" or p.field not in hidden]

    def keep_soon(self) -> None:
        """Says autosave in 0.8 s at the latest, also while somebody types on without a pause."""
        if not self._timer.isActive():
            self._timer.start()

    def keep_now(self) -> None:
        """Says autosave at once where it was about to."""
        if self._timer.isActive():
            self._timer.stop()
            self.autosave.emit(self.draft.to_json())

    def refresh(self) -> None:
        """Shows every value and problem as the draft has them."""
        for name in self._names:
            self._show(name)
        self._judge()
        self._lay()
        self.refreshed.emit()

    def shown(self) -> list[str]:
        """The fields that apply at present, in their order, by what can be seen."""
        return [name for name in self._names if self.draft.shown(name, covered=not self._whole)]

    def focus_field(self, name: str) -> None:
        """Puts the keyboard on a field and brings it into view."""
        box = self.boxes[name]
        box.front.setFocus(Qt.FocusReason.ShortcutFocusReason)
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(box, 0, em(2))

    def show_errors(self) -> bool:
        """Shows every problem, goes to the first error; whether there is one."""
        self._touched.update(self._names)
        self._judge()
        first = next((p.field for p in self.draft.errors() if p.field in self.boxes), "")
        if first:
            self.focus_field(first)
        return bool(self.draft.errors())

    def next_error(self) -> None:
        """Goes to the next field with an error, after the last one to the first."""
        wrong = {p.field for p in self.draft.errors()}
        names = [name for name in self.shown() if name in wrong]
        if names:
            order = self.shown()
            here = order.index(self.current()) if self.current() in order else -1
            self.focus_field(next((n for n in names if order.index(n) > here), names[0]))

    def current(self) -> str:
        """The field that has the keyboard, empty for none."""
        focus = self.focusWidget()
        return next((n for n, box in self.boxes.items() if focus is not None and box.isAncestorOf(focus)), "")

    def undo(self) -> None:
        """Takes the last field's edits back."""
        self._stepped(self.draft.undo())

    def redo(self) -> None:
        """Makes an undone edit again."""
        self._stepped(self.draft.redo())

    def take(self, name: str, raw: object) -> None:
        """Sets a field as a hand would, such as last visit's value."""
        self._edit(name, raw)
        self._show(name)

    def carry(self, name: str, raw: object) -> None:
        """Sets a field to what stands elsewhere, such as in the last visit; what is private stays covered."""
        self.draft.carry(name, raw)
        self._told(name)
        self._show(name)

    def minimumSizeHint(self) -> QSize:
        """Narrower than the fields stand now: they flow anew."""
        return QSize(em(16), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fields flow anew for the width."""
        super().resizeEvent(event)
        self._lay()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Shift+Enter walk; leaving a field shows what is wrong with it."""
        if event.type() == QEvent.Type.FocusOut:
            self._left(watched)
        elif event.type() == QEvent.Type.FocusIn:
            self._came(watched)
        pressed = enter_pressed(event)
        if pressed is None or composes(watched) or pressed.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return self._undo_key(event)
        back = bool(pressed.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if isinstance(watched, NoteEditor) and not back:
            return False
        self._walk(-1 if back else 1)
        return True

    def _undo_key(self, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() != Qt.KeyboardModifier.ControlModifier:
            return False
        step = {Qt.Key.Key_Z: self.undo, Qt.Key.Key_Y: self.redo}.get(Qt.Key(event.key()))
        if step is not None:
            step()
        return step is not None

    def _box(self, field: Field) -> FieldBox:
        editor = editor_for(field, self._links)
        unit = getattr(field.kind, "unit", "") or ("元" if field.kind.editor == "money" else "")
        text = f"{field.label}（{unit}）" if unit else field.label
        cover = self._cover(field.name) if field.private in COVERED else None
        box = FieldBox(text, editor, required=field.required, hint=field.hint, cover=cover)
        cast("Any", editor).edited.connect(lambda raw, name=field.name: self._typed(name, raw))
        for each in (editor, *editor.findChildren(QWidget), *([cover] if cover else ())):
            each.installEventFilter(self)
        return box

    def _made_sections(self, *, titles: bool) -> list[Section]:
        groups: dict[str, dict[str, tuple[FieldBox, int]]] = {}
        last = ""
        for name in self._names:
            field = self.draft.fields[name]
            last = field.section or last
            groups.setdefault(last, {})[name] = (self.boxes[name], field.span)
        return [Section(text if titles else "", boxes) for text, boxes in groups.items()]

    def _lay(self) -> None:
        shown, number = set(self.shown()), 1
        for section in self._sections:
            section.lay(shown, self.width())
            number = section.count(number)

    def _edit(self, name: str, raw: object) -> None:
        self.draft.set(name, raw)
        self._told(name)

    def _told(self, name: str) -> None:
        self._edited.add(name)
        self.keep_soon()
        self._judge()
        self._lay()
        self.edited.emit(name)

    def _left(self, watched: QObject) -> None:
        name = next((n for n, box in self.boxes.items() if watched in (box.editor, box.cover)), "")
        if name in self._edited:
            self._touched.add(name)
            self._show(name)
            self._judge()
        elif name and watched is self.boxes[name].cover:
            self.boxes[name].say()

    def _judge(self) -> None:
        problems = self.problems()
        for name, box in self.boxes.items():
            mine = next((p for p in problems if p.field == name), None)
            self._say(name, box, mine)
        self.missing.emit(problems)

    def _say(self, name: str, box: FieldBox, problem: Problem | None) -> None:
        field = self.draft.fields[name]
        if problem is not None and name in self._touched:
            box.say(problem.sentence.removeprefix(f"{field.label}："), problem.level)
        elif not self._hides(name) and (good := live_hint(field, self.draft.value(name))):
            box.say(good, "good")
        else:
            box.say()

    def _walk(self, step: int) -> None:
        names = self.shown()
        at = names.index(self.current()) + step if self.current() in names else 0
        if 0 <= at < len(names):
            self.focus_field(names[at])
        elif step > 0:
            self.ended.emit()

    def _stepped(self, name: str | None) -> None:
        if name:
            self.refresh()
            self.keep_soon()
            self.edited.emit(name)
            if name in self.boxes:
                self.focus_field(name)
