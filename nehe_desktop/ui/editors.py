"""One editor for each kind of field. Each says `edited` with what was typed or chosen, never a judgement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QWidget,
)

from nehe_desktop.core.fields import Field
from nehe_desktop.core.kinds import Choice, IdNumber
from nehe_desktop.ui.editors_choice import CheckEditor, ComboEditor, SegmentEditor
from nehe_desktop.ui.editors_link import Links, PhotoEditor, RefEditor
from nehe_desktop.ui.editors_text import DayEditor, LineEditor, NoteEditor, whole_day

__all__ = [
    "CheckEditor",
    "ComboEditor",
    "DayEditor",
    "Editor",
    "LineEditor",
    "Links",
    "NoteEditor",
    "RefEditor",
    "SegmentEditor",
    "composes",
    "editor_for",
    "enter_pressed",
    "live_hint",
    "whole_day",
]

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
