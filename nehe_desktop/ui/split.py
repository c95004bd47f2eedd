"""A list at the left and its detail at the right, with a handle between them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget


def split(left: QWidget, right: QWidget, shares: Sequence[int] = (3, 2)) -> QSplitter:
    """Both side by side; neither can be closed by dragging."""
    made = QSplitter(Qt.Orientation.Horizontal)
    made.setHandleWidth(12)
    made.setChildrenCollapsible(False)
    for at, part in enumerate((left, right)):
        made.addWidget(part)
        made.setStretchFactor(at, shares[at])
    made.setSizes([share * 1000 for share in shares])
    return made
