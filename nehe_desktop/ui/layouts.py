"""Rows and columns of widgets in one expression."""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

Part: TypeAlias = "QWidget | QLayout | int | tuple[QWidget | QLayout, int] | None"
Margins = tuple[int, int, int, int]


def row(*parts: Part, gap: int = 8, margins: Margins = (0, 0, 0, 0), on: QWidget | None = None) -> QHBoxLayout:
    """A row: widgets and layouts, None stretches, a number is a space in px, (part, n) takes n shares."""
    layout = QHBoxLayout(on) if on else QHBoxLayout()
    _fill(layout, parts, gap, margins)
    return layout


def column(*parts: Part, gap: int = 8, margins: Margins = (0, 0, 0, 0), on: QWidget | None = None) -> QVBoxLayout:
    """A column, with the same parts as a row."""
    layout = QVBoxLayout(on) if on else QVBoxLayout()
    _fill(layout, parts, gap, margins)
    return layout


def box(layout: QLayout, name: str = "") -> QWidget:
    """A plain widget around a layout."""
    made = QWidget()
    made.setObjectName(name)
    made.setLayout(layout)
    return made


def scrolled(layout: QLayout) -> QScrollArea:
    """A layout that scrolls up and down, never sideways, on the colour of what lies behind it."""
    area = QScrollArea()
    area.setWidget(box(layout, "scrollbody"))
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def emptied(layout: QLayout) -> None:
    """Takes everything out of a layout and lets it go."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            emptied(inner)


def _fill(layout: QBoxLayout, parts: tuple[Part, ...], gap: int, margins: Margins) -> None:
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    for part in parts:
        _add(layout, part)


def _add(layout: QBoxLayout, part: Part) -> None:
    if part is None:
        layout.addStretch(1)
    elif isinstance(part, int):
        layout.addSpacing(part)
    else:
        widget, share = part if isinstance(part, tuple) else (part, 0)
        if isinstance(widget, QLayout):
            layout.addLayout(widget, share)
        else:
            layout.addWidget(widget, share)
