"""The look of the whole program: tokens to palette, fonts and style sheet, switched while it runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from nehe_desktop.ui.icons import forget_icons
from nehe_desktop.ui.stylesheet import style_sheet
from nehe_desktop.ui.tokens import HIGH_CONTRAST, LIGHT, SIZES, Tokens

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
SCREEN_FONTS = (
    "Microsoft YaHei UI",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "Nehe Hei",
)
_look: list[Tokens] = [LIGHT]


def look() -> Tokens:
    """The tokens in force."""
    return _look[0]


def em(times: float) -> int:
    """A length in px as a multiple of the base text size in force."""
    return look().em(times)


def load_fonts(folder: Path = RESOURCES / "fonts") -> bool:
    """Makes our own hei face known to Qt, so that Chinese is drawn on any machine; whether it was found."""
    return QFontDatabase.addApplicationFont(str(folder / "NeheHei.ttf")) >= 0


def font(times: float = 1.0, *, bold: bool = False) -> QFont:
    """The screen font at a multiple of the base size."""
    made = QFont()
    made.setFamilies(list(SCREEN_FONTS))
    made.setPixelSize(em(times))
    made.setBold(bold)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def wants_contrast() -> bool:
    """Whether the desktop asks for high contrast (Windows; Qt 6.10 and later say so)."""
    hints = QGuiApplication.styleHints()
    access = getattr(hints, "accessibility", None)
    return bool(access) and "High" in str(access().contrastPreference())


def apply(app: QApplication, size: str = "标准", *, high_contrast: bool = False) -> None:
    """Puts the look on the whole program; `size` is a name of SIZES. May be called again at any time."""
    tokens = replace(HIGH_CONTRAST if high_contrast else LIGHT, base=SIZES[size])
    _look[0] = tokens
    forget_icons()
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette(tokens))
    app.setFont(font())
    app.setStyleSheet(style_sheet(tokens, RESOURCES / "icons"))
    for widget in app.allWidgets():
        _fit(widget)


def palette(tokens: Tokens) -> QPalette:
    """Qt's own colours from the tokens."""
    made = QPalette()
    role = QPalette.ColorRole
    for colour, *roles in (
        (tokens.bg, role.Window),
        (tokens.text, role.WindowText, role.Text, role.ButtonText),
        (tokens.surface, role.Base, role.Button, role.Light),
        (tokens.surface2, role.AlternateBase),
        (tokens.p600, role.Highlight, role.Link),
        (tokens.on_dark, role.HighlightedText, role.ToolTipText),
        (tokens.p900, role.ToolTipBase),
        (tokens.text3, role.PlaceholderText),
        (tokens.border2, role.Mid),
    ):
        for each in roles:
            made.setColor(each, QColor(colour))
    for each in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, each, QColor(tokens.text3))
    return made


def sized(widget: QWidget, *, width: float = 0, height: float = 0, least: float = 0, most: float = 0) -> QWidget:
    """The widget with a fixed width or height, or a least or most width, in em; follows the text size."""
    for name, times in (("em_w", width), ("em_h", height), ("em_min", least), ("em_max", most)):
        if times:
            widget.setProperty(name, times)
    _fit(widget)
    return widget


def _fit(widget: QWidget) -> None:
    if times := widget.property("em_w"):
        widget.setFixedWidth(em(times))
    if times := widget.property("em_h"):
        widget.setFixedHeight(em(times))
    if times := widget.property("em_min"):
        widget.setMinimumWidth(em(times))
    if times := widget.property("em_max"):
        widget.setMaximumWidth(em(times))


def tint(colour: str, alpha: float) -> QColor:
    """A colour with an opacity of 0 to 1."""
    made = QColor(colour)
    made.setAlphaF(alpha)
    return made


LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
