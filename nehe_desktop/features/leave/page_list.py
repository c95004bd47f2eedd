"""The list of leaves: who, what, from when to when, how it stands."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from nehe_desktop.core.store import Store
from nehe_desktop.features.leave import acts
from nehe_desktop.features.leave.checks import short_words
from nehe_desktop.features.leave.queries import Case, cases
from nehe_desktop.features.leave.rules import (
    APPROVED,
    AWAY,
    CHANGED,
    DRAFT,
    DUE,
    OVER,
    OVERDUE,
    REFUSED,
    WAITING,
    WITHDRAWN,
    slots,
)
from nehe_desktop.features.leave.words import state_words
from nehe_desktop.ui.listing import Cell, Column, Row

TONES = {DRAFT: "grey", CHANGED: "orange", APPROVED: "green", AWAY: "teal", DUE: "orange", OVERDUE: "red", REFUSED: "red",
         WITHDRAWN: "grey", OVER: "grey", **dict.fromkeys(WAITING.values(), "blue")}  # fmt: skip
MINE, GONE, ALL = "mine", "away", "all"
_KEYS: dict[str, Callable[[Case], object]] = {
    "who": lambda case: case.who.name,
    "kind": lambda case: case.leave.kind,
    "period": lambda case: slots(case.leave).start,
    "days": lambda case: case.days,
    "state": lambda case: case.state,
    "village": lambda case: case.village,
}


_COLUMNS = (
    Column("who", "姓名", 5, bold=True),
    Column("kind", "类别", 4.8),
    Column("period", "起止", 9.4),
    Column("days", "天数", 3.6),
    Column("state", "状态", 8.6),
)
_OF_MANY = (
    Column("who", "姓名", 4.4, bold=True),
    Column("village", "村", 4.8),
    Column("kind", "类别", 4),
    Column("period", "起止", 8.2),
    Column("days", "天数", 2.8),
    Column("state", "状态", 7.2),
)
"""Of several teams: the village tells whose, the team's long name stands beside the list."""


class LeaveSource:
    """The leaves of a list, the latest first where no column is chosen; what is wanted is one of MINE, GONE, ALL."""

    def __init__(self, store: Store, *, teams: bool) -> None:
        """`teams` shows also whose team it is."""
        self._store = store
        self._numbers: dict[str, int] = {}
        self._found: dict[int, Case] = {}
        self.columns: Sequence[Column] = _OF_MANY if teams else _COLUMNS

    def ids(self, sort: str, descending: bool, wanted: str | None, limit: int = 0) -> array[int]:  # noqa: FBT001
        """The numbers of the leaves in the order of a column; a leave keeps its number."""
        found = [case for case in cases(self._store) if self._fits(case, wanted or ALL)]
        if sort in _KEYS:
            found.sort(key=_KEYS[sort], reverse=descending)  # type: ignore[arg-type]
        numbers = [self._numbers.setdefault(case.leave.id, len(self._numbers)) for case in found]
        self._found = {**self._found, **dict(zip(numbers, found, strict=True))}
        return array("q", numbers[:limit] if limit else numbers)

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """The rows of these numbers."""
        found = self._found
        names = [column.key for column in self.columns]
        return [_row(found[number], names) if number in found else None for number in ids]

    def _fits(self, case: Case, wanted: str) -> bool:
        if wanted == MINE:
            return acts.is_for_me(self._store, case)
        return case.state in acts.IN_VILLAGE if wanted == GONE else True


def _row(case: Case, names: Sequence[str]) -> Row:
    state = Cell("改过，待重批" if case.state == CHANGED else state_words(case), TONES[case.state], dot=True)
    cells = {"who": case.who.name, "village": case.village, "kind": case.leave.kind, "period": short_words(case.leave),
             "days": f"{case.days:g}", "state": state}  # fmt: skip
    return Row(case.leave.id, tuple(cells[name] for name in names))
