"""The rows of the list of households: columns, cells, and how several pills share a cell."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from nehe_desktop.core.store import Store
from nehe_desktop.features.exchange.page_marks import STATE_COLUMN, state_cell
from nehe_desktop.features.exchange.state_queries import household_states
from nehe_desktop.features.households import screen_queries
from nehe_desktop.features.households.screen_queries import ListedHousehold, Wanted
from nehe_desktop.features.households.words import BASE_TYPES
from nehe_desktop.ui.cells import CellPainter
from nehe_desktop.ui.paged import Cell, Column, Row
from nehe_desktop.ui.painted import draw_pill, pill_width
from nehe_desktop.ui.theme import em

_TONES = {"建档立卡户": "teal", "脱贫户": "teal", "一般户": "grey", "边缘户": "gold"}
_COLUMNS = (
    Column("code", "户码", 7.6),
    Column("head", "户主", 7.6, bold=True),
    Column("members", "人口", 4.2, right=True),
    Column("kind", "类别", 11.5),
    Column("hamlet", "屯", 4.6),
    Column("last", "上次走访", 6.6),
    STATE_COLUMN,
)
STATE_AT = len(_COLUMNS) - 1
"""Where the column of the states stands."""


@dataclass(frozen=True)
class Pills(Cell):
    """Several pills in one cell; `text` is read out."""

    pills: tuple[tuple[str, str], ...] = ()


def pills_of(household: ListedHousehold) -> tuple[tuple[str, str], ...]:
    """Base type and dated categories with their tones, what matters most first, nothing twice."""
    names = dict.fromkeys([*household.categories, BASE_TYPES[household.base_type]])
    if "脱贫监测户" in names:
        names.pop("脱贫户", None)
    ordered = sorted(names, key=lambda name: _TONES.get(name, "") in ("teal", "grey"))
    return tuple((name, _TONES.get(name, "orange")) for name in ordered)


def days_ago(day: date | None, today: date) -> str:
    """How long ago a visit was, in words."""
    if day is None:
        return "没走访过"
    days = (today - day).days
    return "今天" if days == 0 else "昨天" if days == 1 else f"{days} 天前"


def short_code(household: ListedHousehold) -> str:
    """The part of the codes by which one village tells its households apart."""
    return household.local_no[10:] or household.hh_no[-8:] or "—"


class Households:
    """The source of the list."""

    columns: Sequence[Column] = _COLUMNS

    def __init__(self, store: Store) -> None:
        self.store = store

    def ids(self, sort: str, descending: bool, wanted: Wanted, limit: int = 0) -> array[int]:  # noqa: FBT001
        """Row ids in the order of a column."""
        return screen_queries.ids(self.store, wanted, sort, descending=descending, limit=limit)

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """The rows of these ids, None for a household that is gone."""
        today = self.store.clock.today()
        found = screen_queries.rows(self.store, ids, today)
        states = household_states(self.store, [each.id for each in found.values()])
        return [_row(found[number], today, states) if number in found else None for number in ids]

    def number_of(self, record: str) -> int:
        """The row id of a household, -1 where there is none."""
        return screen_queries.number_of(self.store, record)


def _row(household: ListedHousehold, today: date, states: Mapping[str, str]) -> Row:
    pills = pills_of(household)
    last, followed = household.last_visit, household.base_type != "03"
    late = followed and (last is None or (today - last).days > household.every)
    seen = days_ago(last, today) if last or followed else "—"
    return Row(
        household.id,
        (
            short_code(household),
            household.head or "未登记",
            f"{household.members} 人",
            Pills(" ".join(name for name, _ in pills), "teal", pills=pills),
            household.hamlet or "—",
            Cell(seen, "red", plain=True) if late else seen,
            state_cell(states.get(household.id, "")),
        ),
    )


class PillPainter(CellPainter):
    """Paints several pills beside each other, and +n for those that have no room."""

    def _cell(self, painter: QPainter, area: QRectF, cell: str | Cell, column: Column) -> None:
        if not isinstance(cell, Pills):
            super()._cell(painter, area, cell, column)
            return
        left, gap = area.left(), em(0.3)
        for at, (name, tone) in enumerate(cell.pills):
            rest = len(cell.pills) - at
            room = area.right() - left - (em(2.2) if rest > 1 else 0)
            if at and pill_width(name) > room:
                draw_pill(
                    painter, QRectF(left, area.top(), area.right() - left, area.height()), f"+{rest}", "grey"
                )
                return
            draw_pill(painter, QRectF(left, area.top(), area.right() - left, area.height()), name, tone)
            left += pill_width(name) + gap
