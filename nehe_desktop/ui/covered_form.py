"""What a form does with private values: they stand covered until they are uncovered or written anew (domain §11.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from nehe_desktop.core.draft import Draft
from nehe_desktop.ui.covering import HINT, CoverLine
from nehe_desktop.ui.editors import Editor, LineEditor, NoteEditor
from nehe_desktop.ui.fieldbox import FieldBox


class CoveringForm(QWidget):
    """A form of which the private fields stand covered; what it says is never the value of one."""

    draft: Draft[Any]
    boxes: dict[str, FieldBox]
    _names: Sequence[str]

    def __init__(self) -> None:
        super().__init__()
        self._whole, self._begun = False, ""  # what is uncovered: everything, or the field that is written anew

    def refresh(self) -> None:
        """Shows every value anew."""
        raise NotImplementedError

    def take(self, name: str, raw: object) -> None:
        """Sets a field as a hand would."""
        raise NotImplementedError

    def _edit(self, name: str, raw: object) -> None:
        raise NotImplementedError

    @property
    def covers(self) -> bool:
        """Whether some value stands there that is covered, or would be."""
        return any(self.draft.is_covered(name) for name in self._names)

    def uncover(self, *, whole: bool) -> None:
        """Shows every value whole, or covers again what nobody typed here."""
        self._whole = whole
        self.refresh()

    def _cover(self, name: str) -> CoverLine:
        cover = CoverLine()
        cover.begun.connect(lambda text: self._begin(name, text))
        cover.emptied.connect(lambda: self.take(name, ""))
        return cover

    def _begin(self, name: str, text: str | None) -> None:
        """Writes a covered field anew, without a look at what stood there."""
        self._begun = name
        self._show(name)
        editor = self.boxes[name].editor
        editor.setFocus()
        if text and isinstance(editor, NoteEditor):
            editor.insertPlainText(text)  # which says `edited` by itself
        elif text and isinstance(editor, LineEditor):
            editor.insert(text)
            self._edit(name, editor.text())

    def _typed(self, name: str, raw: object) -> None:
        """What an editor says, but for the emptiness of one that only was to show nothing."""
        if raw not in ("", None, ()) or not self._hides(name):
            self._edit(name, raw)

    def _hides(self, name: str) -> bool:
        return not self._whole and self.draft.is_covered(name)

    def _show(self, name: str) -> None:
        """Shows a field as the draft has it; of what is covered not even a hidden editor knows anything."""
        box, hides = self.boxes[name], self._hides(name)
        text, value = ("", None) if hides else (self.draft.text(name), self.draft.value(name))
        cast("Editor", box.editor).show_value(text, value)
        box.show_cover(self.draft.cover(name) if hides and name != self._begun else None)

    def _came(self, watched: QObject) -> None:
        """Says on a covered field what may be done; covers again what was begun anew and left as it was."""
        name = next((n for n, box in self.boxes.items() if isinstance(watched, QWidget) and box.isAncestorOf(watched)), "")
        begun, self._begun = self._begun, self._begun if name == self._begun else ""
        if begun and begun != name:
            self._show(begun)
        if name and watched is self.boxes[name].cover:
            self.boxes[name].say(HINT, "hint")
