"""A label above an editor, with its hint or what is wrong below."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from nehe_desktop.ui.covering import CoverLine
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.widgets import Icon, label, retone

_SIGNS = {"error": ("circle-alert", "red"), "warning": ("triangle-alert", "orange"), "good": ("circle-check", "green")}


class FieldBox(QWidget):
    """An editor with its label, and one line below it: error, warning, good news or hint."""

    def __init__(
        self, text: str, editor: QWidget, *, required: bool = False, hint: str = "", cover: CoverLine | None = None
    ) -> None:
        """`cover` takes the editor's place while its value is not to be seen."""
        super().__init__()
        self.editor, self.hint, self.cover = editor, hint, cover
        self.title = label(text, "field")
        self.title.setBuddy(editor)
        self.star = label("*", "field", tone="red")
        self._sign = Icon("info", "text3", 1.0)
        self._message = label("", "hint", wrap=True)
        editor.setAccessibleName(text)
        below = row(self._sign, (self._message, 1), gap=5)
        covers = [cover] if cover is not None else []
        column(row(self.title, self.star, None, gap=3), *covers, editor, below, None, gap=4, on=self)
        self.star.setVisible(required)
        if cover is not None:
            cover.setAccessibleName(f"{text}，已遮住")
            cover.hide()
        self.say()

    @property
    def front(self) -> QWidget:
        """What of both takes the keyboard."""
        return self.cover if self.cover is not None and not self.cover.isHidden() else self.editor

    def show_cover(self, text: str | None) -> None:
        """Puts a cover in the editor's place, or takes it away; the keyboard stays in the field."""
        if self.cover is None:
            return
        focus = self.window().focusWidget()
        had = focus is not None and self.isAncestorOf(focus)
        here, gone = (self.editor, self.cover) if text is None else (self.cover, self.editor)
        self.cover.setText(text or "")
        here.show()
        if had:
            here.setFocus()
        gone.hide()
        self.title.setBuddy(here)

    def require(self, *, required: bool) -> None:
        """Shows or hides the star."""
        self.star.setVisible(required)

    def say(self, text: str = "", level: str = "hint") -> None:
        """Shows a line below; level error, warning, good or hint. Without text the hint comes back."""
        shown = text or self.hint
        level = level if text else "hint"
        self._message.setText(shown)
        self._message.setVisible(bool(shown))
        retone(self._message, role=level)
        self._sign.setVisible(bool(shown) and level in _SIGNS)
        if level in _SIGNS:
            self._sign.change(*_SIGNS[level])
        self.editor.setAccessibleDescription(shown)
        mark = getattr(self.editor, "mark_wrong", None)
        if mark is not None:
            mark(wrong=level == "error")
        else:
            retone(self.editor, wrong=level == "error")

    @property
    def message(self) -> str:
        """The line below."""
        return self._message.text()
