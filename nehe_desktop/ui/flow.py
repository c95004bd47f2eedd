"""Fields placed in rows of twelve columns, without holes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS = 12


@dataclass(frozen=True)
class Placed:
    """Where a field stands in a grid of twelve columns."""

    name: str
    row: int
    column: int
    span: int


def placed(fields: Sequence[tuple[str, int]]) -> list[Placed]:
    """Places (name, span) in order; what a row has left over is shared by its fields.

    A lone field and a short last row keep their spans.
    """
    rows: list[list[tuple[str, int]]] = []
    room = 0
    for name, span in fields:
        if span > room:
            rows.append([])
            room = COLUMNS
        rows[-1].append((name, span))
        room -= span
    return [each for at, line in enumerate(rows) for each in _line(at, line, last=at == len(rows) - 1)]


def _line(at: int, fields: Sequence[tuple[str, int]], *, last: bool) -> list[Placed]:
    lone = len(fields) == 1 or (last and len(fields) < 3)
    left = 0 if lone else COLUMNS - sum(span for _, span in fields)
    share, rest = divmod(left, len(fields))
    found, column = [], 0
    for number, (name, span) in enumerate(fields):
        wide = span + share + (1 if number >= len(fields) - rest else 0)
        found.append(Placed(name, at, column, wide))
        column += wide
    return found
