"""The small icon and word beside a row that is not yet the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from nehe_desktop.features.exchange.words import ROW_STATES
from nehe_desktop.ui.layouts import row
from nehe_desktop.ui.listing import Cell, Column
from nehe_desktop.ui.widgets import Icon, label

STATE_COLUMN = Column("state", "同步", 6.2, sortable=False)
"""The column of a list; hidden on a laptop that belongs to no county."""


def state_cell(state: str) -> str | Cell:
    """The cell of a row's state; empty where the row is the same on both ends."""
    if state not in ROW_STATES:
        return ""
    word, tone, icon = ROW_STATES[state]
    return Cell(word, tone, plain=True, icon=icon)


def state_mark(state: str) -> QWidget | None:
    """The same beside a title; None where there is nothing to say."""
    if state not in ROW_STATES:
        return None
    word, tone, icon = ROW_STATES[state]
    made = QWidget()
    made.setAccessibleName(word)
    row(Icon(icon, tone, 1.1), label(word, "caption", tone=tone), gap=4, on=made)
    return made


def counts_words(counts: Mapping[str, int]) -> str:
    """待上传 4 条 · 冲突 1 条, for the line of a village."""
    told = (f"{ROW_STATES[state][0]} {counts[state]} 条" for state in ROW_STATES if counts.get(state))
    return " · ".join(told)
