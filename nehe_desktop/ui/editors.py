"""One editor for each kind of field. Each says `edited` with what was typed or chosen, never a judgement."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol, cast

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QCompleter,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from nehe_desktop.core.fields import Field
from nehe_desktop.core.kinds import Choice, IdNumber
from nehe_desktop.ui.icons import icon
from nehe_desktop.ui.layouts import row
from nehe_desktop.ui.segmented import Segmented
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.theme import em, look
from nehe_desktop.ui.widgets import button, label, retone

SEGMENTS, SEGMENT_LETTERS = 4, 16


class Editor(Protocol):
    """What a form knows of an editor."""

    edited: Signal

    def show_value(self, text: str, value: Any) -> None:
        """Shows a value without saying `edited`; `text` is the value as a person reads it."""
        ...

    def mark_wrong(self, *, wrong: bool) -> None:
        """Red, or not."""
        ...


@dataclass(frozen=True)
class Links:
    """What editors need of the world: workers, how to look records up, how to keep a picture."""

    tasks: Tasks
    search: Callable[[str, str], Sequence[tuple[str, str]]] = lambda _table, _text: ()
    title: Callable[[str, str], str] = lambda _table, _id: ""
    keep: Callable[[bytes, str], str] | None = None


class LineEditor(QLineEdit):
    """One line of text; knows whether a word is being composed."""

    edited = Signal(object)

    def __init__(self, *, width: int = 0, hint: str = "") -> None:
        super().__init__()
        self.composing = False
        self.setPlaceholderText(hint)
        if width:
            self.setMaxLength(width * 2)  # never blocks typing; the kind says what is too long
        self.textEdited.connect(self._say)

    def show_value(self, text: str, _value: Any) -> None:
        """Shows the text where it differs."""
        if text != self.text():
            self.setText(text)

    def mark_wrong(self, *, wrong: bool) -> None:
        """Red, or not."""
        retone(self, wrong=wrong)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Notes whether a word is still being composed."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def _say(self, text: str) -> None:
        if not self.composing:
            self.edited.emit(text)


class DayEditor(LineEditor):
    """A day typed in many ways, or picked from a calendar."""

    def __init__(self, today: Callable[[], date] = date.today) -> None:
        super().__init__(hint="如 8.10、20200810、昨天")
        self._today = today
        action = self.addAction(icon("calendar-days", look().text2), QLineEdit.ActionPosition.TrailingPosition)
        action.setToolTip("日历")
        action.triggered.connect(self._open)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Short ways to write a day become the whole day."""
        whole = whole_day(self.text(), self._today())
        if whole != self.text():
            self.setText(whole)
            self.edited.emit(whole)
        super().focusOutEvent(event)

    def _open(self) -> None:
        calendar = QCalendarWidget(self)
        calendar.setWindowFlag(Qt.WindowType.Popup)
        calendar.setGridVisible(False)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        day = QDate.fromString(self.text(), "yyyy-MM-dd")
        calendar.setSelectedDate(day if day.isValid() else QDate(self._today()))  # type: ignore[call-overload]
        calendar.clicked.connect(self._take)
        calendar.clicked.connect(calendar.close)
        calendar.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar.move(self.mapToGlobal(QPoint(0, self.height())))
        calendar.show()

    def _take(self, day: QDate) -> None:
        self.setText(day.toString("yyyy-MM-dd"))
        self.edited.emit(self.text())


_NEAR = {"今天": 0, "昨天": -1, "前天": -2, "明天": 1, "后天": 2}


def whole_day(typed: str, today: date) -> str:
    """A day in ISO from a short way to write it (8.10, 8月10日, 0810, 昨天); other text as it is."""
    plain = typed.strip()
    if plain in _NEAR:
        return (today + timedelta(days=_NEAR[plain])).isoformat()
    match = re.fullmatch(r"(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2})", plain)
    if match is None:
        return typed
    month, day = (int(part) for part in match.groups() if part)
    try:
        return date(today.year, month, day).isoformat()
    except ValueError:
        return typed


class NoteEditor(QPlainTextEdit):
    """Several lines; Tab goes on, Enter begins a new line."""

    edited = Signal(object)

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setPlaceholderText(hint)
        self._showing = False
        self.composing = False
        self.textChanged.connect(self._say)
        self.changeEvent(QEvent(QEvent.Type.FontChange))

    def show_value(self, text: str, _value: Any) -> None:
        """Shows the text where it differs."""
        if text != self.toPlainText():
            self._showing = True
            self.setPlainText(text)
            self._showing = False

    def mark_wrong(self, *, wrong: bool) -> None:
        """Red, or not."""
        retone(self, wrong=wrong)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Notes whether a word is still being composed."""
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Four lines high at every text size."""
        if event.type() == QEvent.Type.FontChange:
            self.setFixedHeight(em(5.4))
        super().changeEvent(event)

    def _say(self) -> None:
        if not self._showing and not self.composing:
            self.edited.emit(self.toPlainText())


class ComboEditor(QComboBox):
    """One of many options; typing any part of a label finds it."""

    edited = Signal(object)

    def __init__(self, options: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.addItem("", "")
        for code, text in options:
            self.addItem(text, code)
        completer = cast("QCompleter", self.completer())
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.textActivated.connect(self._say)
        cast("QLineEdit", self.lineEdit()).editingFinished.connect(lambda: self._say(self.currentText()))

    def show_value(self, text: str, value: Any) -> None:
        """Shows the option of a code; an unknown code is shown as it is."""
        at = self.findData(value) if value else 0
        self.setCurrentIndex(at)
        if at < 0:
            self.setEditText(text)

    def mark_wrong(self, *, wrong: bool) -> None:
        """Red, or not."""
        retone(self, wrong=wrong)

    def _say(self, text: str) -> None:
        at = self.findText(text)
        self.edited.emit(self.itemData(at) if at >= 0 else text)


class SegmentEditor(Segmented):
    """Few options side by side."""

    edited = Signal(object)

    def __init__(self, options: Sequence[tuple[str, str]]) -> None:
        super().__init__(dict(options), clearable=True)
        self.chosen.connect(self.edited.emit)

    def show_value(self, code: str | None, value: Any = None) -> None:
        """Shows a value as chosen: its code, or 是 and 否 of a flag, which is the text `code`."""
        super().show_value((value if isinstance(value, str) else code) or None)


class CheckEditor(QWidget):
    """Any number of options as boxes."""

    edited = Signal(object)

    def __init__(self, options: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._boxes = {code: QCheckBox(text) for code, text in options}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        columns = 4 if max((len(text) for _, text in options), default=0) < 6 else 3
        for at, box in enumerate(self._boxes.values()):
            grid.addWidget(box, at // columns, at % columns)
            box.clicked.connect(lambda _checked=False: self.edited.emit(self.codes()))
        grid.setColumnStretch(columns, 1)
        self.setFocusProxy(next(iter(self._boxes.values())))

    def codes(self) -> tuple[str, ...]:
        """The checked codes."""
        return tuple(code for code, box in self._boxes.items() if box.isChecked())

    def show_value(self, _text: str, value: Any) -> None:
        """Checks the codes of the value."""
        for code, box in self._boxes.items():
            box.setChecked(code in (value or ()))

    def mark_wrong(self, *, wrong: bool) -> None:
        """Red, or not."""
        retone(self, wrong=wrong)


class RefEditor(LineEditor):
    """A record of another ledger, found by typing a part of its name; looked up in a worker."""

    def __init__(self, table: str, links: Links) -> None:
        super().__init__(hint="输入姓名或名称查找")
        self._table, self._links = table, links
        self._found: list[tuple[str, str]] = []
        self._shown = ""
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.activated.connect(self._pick)
        self.setCompleter(completer)
        self.addAction(icon("search", look().text3), QLineEdit.ActionPosition.TrailingPosition)

    def show_value(self, text: str, _value: Any) -> None:
        """Shows the name of the record of an id."""
        value = text
        if not value:
            self.setText("")
        elif value != self._shown:
            self._links.tasks.ask(lambda: self._links.title(self._table, value), self.setText, owner=self, slot="title")
        self._shown = value or ""

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A name that only one record has is taken as that record."""
        super().focusOutEvent(event)
        exact = [id for id, title in self._found if title == self.text()]
        if len(exact) == 1 and exact[0] != self._shown:
            self._choose(exact[0])

    def _say(self, text: str) -> None:
        if self.composing:
            return
        if not text:
            self._choose("")
            return
        self._links.tasks.ask(lambda: self._links.search(self._table, text), self._offer, owner=self, slot="search")

    def _offer(self, found: Sequence[tuple[str, str]]) -> None:
        self._found = list(found)
        self._names.setStringList([title for _, title in found])
        if self.hasFocus():
            self.completer().complete()

    def _pick(self, title: str) -> None:
        self._choose(next((id for id, each in self._found if each == title), ""))

    def _choose(self, record: str) -> None:
        self._shown = record
        self.edited.emit(record)


class PhotoEditor(QWidget):
    """Pictures kept beside the record: how many, add, take the last one away."""

    edited = Signal(object)

    def __init__(self, links: Links) -> None:
        super().__init__()
        self._links, self._names = links, ()
        self._count = label("", "muted")
        self._add = button("添加照片", self._choose, icon="camera")
        self._less = button("去掉最后一张", self._drop, kind="ghost")
        row(self._add, self._count, self._less, None, on=self)
        self.setFocusProxy(self._add)
        self._add.setEnabled(links.keep is not None)

    def show_value(self, text: str, value: Any) -> None:
        """How many there are."""
        self._names: tuple[str, ...] = tuple(value or ())
        self._count.setText(text or "还没有照片")
        self._less.setVisible(bool(self._names))

    def mark_wrong(self, *, wrong: bool) -> None:
        """Red, or not."""
        retone(self._count, role="error" if wrong else "muted")

    def _choose(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, "选择照片", "", "照片 (*.jpg *.jpeg *.png)")
        if paths:
            self._links.tasks.ask(lambda: self._kept(paths), lambda new: self._say((*self._names, *new)), owner=self)

    def _kept(self, paths: Sequence[str]) -> tuple[str, ...]:
        keep = cast("Callable[[bytes, str], str]", self._links.keep)
        return tuple(keep(Path(path).read_bytes(), "image/png" if path.endswith("png") else "image/jpeg") for path in paths)

    def _drop(self) -> None:
        self._say(self._names[:-1])

    def _say(self, names: tuple[str, ...]) -> None:
        self.edited.emit(names)


def editor_for(field: Field, links: Links) -> QWidget:
    """The editor of a field's kind."""
    kind = field.kind
    made: dict[str, Callable[[], QWidget]] = {
        "note": NoteEditor,
        "day": DayEditor,
        "flag": lambda: SegmentEditor((("是", "是"), ("否", "否"))),
        "choices": lambda: CheckEditor(cast("Choice", kind).options),
        "choice": lambda: _choice(cast("Choice", kind).options),
        "ref": lambda: RefEditor(getattr(kind, "table", ""), links),
        "photos": lambda: PhotoEditor(links),
    }
    return made.get(kind.editor, lambda: LineEditor(width=getattr(kind, "width", 0)))()


def _choice(options: Sequence[tuple[str, str]]) -> QWidget:
    letters = sum(len(text) for _, text in options)
    few = len(options) <= SEGMENTS and letters <= SEGMENT_LETTERS
    return SegmentEditor(options) if few else ComboEditor(options)


def live_hint(field: Field, value: Any) -> str:
    """What a value tells by itself while it is typed: sex and birth of an ID number."""
    if not isinstance(field.kind, IdNumber) or not isinstance(value, str) or len(value) < 18:
        return ""
    birth, sex = value[6:14], "男" if int(value[16]) % 2 else "女"
    return f"{sex}，{birth[:4]} 年 {int(birth[4:6])} 月 {int(birth[6:])} 日生"


def enter_pressed(event: QEvent) -> QKeyEvent | None:
    """The key press of an Enter, or None."""
    if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
        return event if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) else None
    return None


def composes(widget: QObject) -> bool:
    """Whether a word is being composed in an editor."""
    return bool(getattr(widget, "composing", False))
