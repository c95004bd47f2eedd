"""Editors of what stands elsewhere: another record, pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QStringListModel, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QCompleter,
    QFileDialog,
    QLineEdit,
    QWidget,
)

from nehe_desktop.ui.editors_text import LineEditor
from nehe_desktop.ui.icons import icon
from nehe_desktop.ui.layouts import row
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.theme import look
from nehe_desktop.ui.widgets import button, label, retone


@dataclass(frozen=True)
class Links:
    """What editors need of the world: workers, how to look records up, how to keep a picture."""

    tasks: Tasks
    search: Callable[[str, str], Sequence[tuple[str, str]]] = lambda _table, _text: ()
    title: Callable[[str, str], str] = lambda _table, _id: ""
    keep: Callable[[bytes, str], str] | None = None


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
            self._links.tasks.ask(lambda: self._links.title(self._table, value), self._name, owner=self, slot="title")
        self._shown = value or ""

    def _name(self, title: str) -> None:
        self.setText(title)
        self.setCursorPosition(0)  # the name stands first and must be seen

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
        paths, _ = QFileDialog.getOpenFileNames(self, "选择照片", "", "照片 (*.jpg *.jpeg *.png *.heic *.heif)")
        if paths:
            self._links.tasks.ask(lambda: self._kept(paths), lambda new: self._say((*self._names, *new)), owner=self)

    def _kept(self, paths: Sequence[str]) -> tuple[str, ...]:
        keep = cast("Callable[[bytes, str], str]", self._links.keep)
        return tuple(keep(Path(path).read_bytes(), "image/png" if path.endswith("png") else "image/jpeg") for path in paths)

    def _drop(self) -> None:
        self._say(self._names[:-1])

    def _say(self, names: tuple[str, ...]) -> None:
        self.edited.emit(names)
