"""The rows of a file as values by key, with the reason for each cell that cannot be taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.kinds import Kind
from nehe_desktop.features.intake.plan import Plan, Reason, SheetPlan
from nehe_desktop.spreadsheets.cells import cell_reader
from nehe_desktop.spreadsheets.headers import Columns, Table, Target, find_tables, map_columns, plain
from nehe_desktop.spreadsheets.sheets import Cancelled, Progress, Row, Stopped, breathe, filled_down

Reader = Callable[[object], Any]
Translate = Callable[[object], object]
"""Makes a foreign word ours; a dict is what the cell says of other fields, by key."""
_STEP = 200  # rows between two pauses, in which a window's thread may run


@dataclass(slots=True)
class Line:
    """One row that is a record."""

    sheet: str
    row: int
    values: dict[str, Any]
    refused: frozenset[str] = frozenset()  # keys whose cell was refused
    spoilt: bool = False  # the row itself is refused
    elsewhere: bool = False  # its person is in another row or household, or dead


@dataclass(frozen=True)
class Source:
    """A table of the file with the meaning of its columns."""

    table: Table
    columns: Mapping[int, str]
    places: Mapping[str, int]  # key → column
    headings: Sequence[str]

    def reason(self, line: Line, key: str, sentence: str, level: str = "error") -> Reason:
        """The reason at the cell of a key, or at the whole row where the file has no such column."""
        column = self.places.get(key, -1)
        row = self.table.sheet.rows[line.row - 1]
        cell = row[column] if 0 <= column < len(row) else None
        heading = self.headings[column] if column >= 0 else ""
        return Reason(
            line.sheet, line.row, column, heading, "" if cell is None else str(cell), sentence, level
        )


def sources(plan: Plan, targets: Sequence[Target], memory: Mapping[str, str], least: int = 5) -> list[Source]:
    """The tables of the plan's workbook, noted in the plan; raises Trouble where there is none."""
    found = []
    for table in find_tables(plan.workbook, targets, memory, least):
        mapping = map_columns(table.header, targets, memory)
        headings = table.header.names
        plan.sheets.append(_sheet_plan(table, mapping))
        plan.outcomes[table.sheet.name] = {}
        places = {key: column for column, key in mapping.columns.items()}
        found.append(Source(table, mapping.columns, places, headings))
    return found


def _sheet_plan(table: Table, mapping: Columns) -> SheetPlan:
    header = table.header
    return SheetPlan(
        table.sheet.name, header.first, header.names, mapping.columns, mapping.offered, mapping.unknown
    )


def memory_of(
    remembered: Mapping[str, str], chosen: Mapping[str, str], left_out: Sequence[str]
) -> dict[str, str]:
    """Heading → key: columns that are never stored, what was chosen before, what is chosen now."""
    memory = dict.fromkeys(map(plain, left_out), "")
    memory.update(remembered)
    memory.update({plain(heading): key for heading, key in chosen.items()})
    return memory


def lines_of(
    plan: Plan,
    source: Source,
    kind_of: Callable[[str], Kind],
    translator: Callable[[str], Translate | None],
    merged: Sequence[str] = (),
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Iterator[Line]:
    """Each record of a table; refused cells go to the plan's reasons. `merged` are keys merged over rows."""
    readers = [(c, key, _reader(kind_of(key), translator(key))) for c, key in source.columns.items()]
    columns = [source.places[key] for key in merged if key in source.places]
    rows = filled_down(source.table.sheet, columns, source.table.header.first)
    for at, row in enumerate(rows):
        if at % _STEP == 0:
            pause(at, len(rows), progress, cancelled)
        if at < source.table.header.first:
            continue
        if why := source.table.why_skipped(row):
            plan.skipped[why] = plan.skipped.get(why, 0) + 1
            continue
        yield _line(plan, source, readers, at + 1, row)


def pause(done: int, total: int, progress: Progress | None, cancelled: Cancelled | None) -> None:
    """Lets other threads run, tells how far it is; raises Stopped."""
    breathe()
    if cancelled and cancelled():
        raise Stopped
    if progress:
        progress(done, total)


def _reader(kind: Kind, translate: Translate | None) -> Reader:
    """The reader of a column; a cell that means other fields gives a dict of their values."""
    read_ours = cell_reader(kind)
    if translate is None:
        return read_ours

    def read(raw: object) -> Any:
        ours = translate(raw)
        return ours if isinstance(ours, dict) else read_ours(ours)

    return read


def _line(
    plan: Plan, source: Source, readers: Sequence[tuple[int, str, Reader]], number: int, row: Row
) -> Line:
    line = Line(source.table.sheet.name, number, {})
    for column, key, read in readers:
        try:
            value = read(row[column]) if column < len(row) else None
        except Refused as refused:
            line.refused |= {key}
            plan.reasons.append(source.reason(line, key, refused.sentence))
            continue
        if isinstance(value, dict):
            line.values.update({k: v for k, v in value.items() if k not in line.values})
        elif value is not None and value not in ("", ()):
            line.values[key] = value
    return line
