"""Small widgets that every screen is made of: labels, buttons, cards, marks, empty states."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLayout, QPushButton, QSizePolicy, QWidget

from nehe_desktop.ui.icons import icon, pixmap
from nehe_desktop.ui.layouts import Margins, column, row
from nehe_desktop.ui.painted import Avatar, IconTile
from nehe_desktop.ui.theme import em, look, sized

_ICON_TONES = {"primary": "on_dark", "ghost": "p600", "tonal": "p700", "danger": "red"}


def label(text: str = "", role: str = "", *, tone: str = "", wrap: bool = False) -> QLabel:
    """Text with a role: h1 h2 h3 number bold caption muted field error warning hint key; tone by name."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    return made


def retone(widget: QWidget, **properties: object) -> None:
    """Sets properties that the style sheet looks at and shows them."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class Button(QPushButton):
    """A button with an icon and the key that does the same written on it."""

    def __init__(self, text: str, icon_name: str = "", kind: str = "", key: str = "", tone: str = "") -> None:
        super().__init__()
        self._icon_name, self._words, self._key = icon_name, text, key
        self.setProperty("kind", kind)
        self.setProperty("tone", tone)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        self.reword(text)
        self._tint()

    def reword(self, text: str) -> None:
        """Changes the words; the key stays."""
        self._words = text
        space = "\u2009" if self._icon_name and text else ""
        self.setText(f"{space}{text}  {self._key}" if self._key else f"{space}{text}")
        self.setAccessibleName(text or self.accessibleName())

    def changeEvent(self, event: QEvent) -> None:
        """A new look means a new tint."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        if not self._icon_name:
            return
        tone = self.property("tone")
        colour = look().tone(tone)[0] if tone else getattr(look(), _ICON_TONES.get(self.property("kind"), "text2"))
        self.setIcon(icon(self._icon_name, colour, look().border2))
        self.setIconSize(QSize(em(1.2), em(1.2)))


def button(
    text: str,
    pressed: Callable[[], object] | None = None,
    *,
    icon: str = "",
    kind: str = "",
    key: str = "",
    tip: str = "",
) -> Button:
    """A button; kind is primary tonal ghost danger chip or plain; `key` is shown, not bound (see bind)."""
    made = Button(text, icon, kind, key)
    made.setToolTip(tip)
    if kind == "chip":
        made.setCheckable(True)
    if not text:
        made.setAccessibleName(tip)
        sized(made, width=2.53)
    if pressed is not None:
        made.clicked.connect(lambda _checked=False: pressed())
    return made


def bind(made: Button, keys: str) -> Button:
    """The button with its key working in the window it stands in."""
    made.setShortcut(QKeySequence(keys))
    return made


class Icon(QLabel):
    """An icon of the text's size and of a token's or tone's colour."""

    def __init__(self, name: str, colour: str = "text2", size: float = 1.33) -> None:
        super().__init__()
        self._name, self._colour, self._size = name, colour, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._draw()

    def change(self, name: str, colour: str) -> None:
        """Shows another icon or colour."""
        self._name, self._colour = name, colour
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """A new look means a new picture."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        self.setPixmap(pixmap(self._name, getattr(look(), self._colour), em(self._size)))


def line(way: str = "h") -> QFrame:
    """A thin rule, "h" across or "v" down."""
    made = QFrame()
    made.setProperty("line", way)
    return made


def card(layout: QLayout, *, kind: str = "plain", margins: Margins = (16, 14, 16, 14)) -> QFrame:
    """A framed surface; kind plain, flat or chosen."""
    made = QFrame()
    made.setProperty("card", kind)
    layout.setContentsMargins(*margins)
    made.setLayout(layout)
    return made


def note_card(text: str, tone: str = "blue", action: QWidget | None = None) -> QFrame:
    """A tinted sentence with an icon and perhaps one button: red warns, blue informs, gold is sample data."""
    made = QFrame()
    made.setProperty("note", tone)
    name = "info" if tone in ("blue", "teal", "green") else "circle-alert"
    extra = (action,) if action else ()
    row(Icon(name, tone), (label(text, tone=tone, wrap=True), 1), *extra, margins=(12, 7, 8, 7), on=made)
    return made


def key_cap(keys: str) -> QLabel:
    """A key as it looks on the keyboard."""
    made = label(keys, "key")
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def key_hints(*pairs: tuple[str, str]) -> QWidget:
    """Keys with what they do, in one row."""
    parts: list[QWidget] = []
    for keys, meaning in pairs:
        parts += [key_cap(keys), label(meaning, "caption")]
    made = QWidget()
    row(*parts, None, gap=5, on=made)
    return made


def section_title(number: int, text: str, *extra: QWidget) -> QWidget:
    """A numbered heading of a part of a form, with what stands at its right."""
    made = QWidget()
    row(Avatar(str(number), 1.6, "p100", "p700"), label(text, "h3"), None, *extra, on=made)
    return made


def pairs(items: list[tuple[str, str | QWidget]], columns: int = 2) -> QWidget:
    """Captions with their values below, in columns: what is read, not edited."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    for at, (caption, value) in enumerate(items):
        shown = label(value or "—", wrap=True) if isinstance(value, str) else value
        shown.setAccessibleName(f"{caption} {value}" if isinstance(value, str) else caption)
        grid.addLayout(column(label(caption, "caption"), shown, None, gap=1), at // columns, at % columns)
    for at in range(columns):
        grid.setColumnStretch(at, 1)
    return made


def empty_state(icon_name: str, sentence: str, action: QWidget | None = None) -> QWidget:
    """What an empty screen shows: a picture, one sentence, one button."""
    made = QWidget()
    words = label(sentence, "muted", wrap=True)
    words.setAlignment(Qt.AlignmentFlag.AlignCenter)
    parts = [row(None, IconTile(icon_name, "teal", 4.8), None), words]
    if action is not None:
        parts.append(row(None, action, None))
    column(None, *parts, None, gap=12, margins=(24, 10, 24, 10), on=made)
    return made
