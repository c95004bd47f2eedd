"""Which cells of the month are chosen: a cursor, a range from an anchor, or any set of cells."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nehe_desktop.features.attendance.month import Cell, Month


@dataclass(frozen=True)
class Selection:
    """The cursor's line and day (both from 0) and the other corner; `some` wins where it is not empty."""

    line: int = 0
    day: int = 0
    anchor: tuple[int, int] = (0, 0)
    some: frozenset[Cell] = frozenset()

    def moved(self, month: Month, lines: int, days: int, *, extend: bool = False) -> Selection:
        """The cursor so many lines and days on, kept inside the month."""
        return self.at(month, self.line + lines, self.day + days, extend=extend)

    def at(self, month: Month, line: int, day: int, *, extend: bool = False) -> Selection:
        """The cursor in a place, or the nearest there is."""
        line = max(0, min(line, len(month.mates) - 1))
        day = max(0, min(day, len(month.days) - 1))
        return Selection(line, day, self.anchor if extend else (line, day))

    def onto(self, month: Month, cell: Cell) -> Selection:
        """The cursor on a cell."""
        return self.at(month, month.mates.index(cell.mate), month.days.index(cell.day))

    def choosing(self, cells: frozenset[Cell]) -> Selection:
        """The same cursor with any set of cells chosen."""
        return replace(self, some=cells)

    def cell(self, month: Month) -> Cell | None:
        """The cell under the cursor; None in a month without lines."""
        return Cell(month.mates[self.line], month.days[self.day]) if self.line < len(month.mates) else None

    def cells(self, month: Month) -> tuple[Cell, ...]:
        """Every chosen cell, line by line."""
        if self.some:
            return tuple(cell for cell in month.cells if cell in self.some)
        (top, left), (low, right) = self.anchor, (self.line, self.day)
        top, low, left, right = min(top, low), max(top, low), min(left, right), max(left, right)
        mates, days = month.mates[top : low + 1], month.days[left : right + 1]
        return tuple(Cell(mate, day) for mate in mates for day in days)
