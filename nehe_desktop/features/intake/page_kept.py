"""Lists of what is in memory, such as the rows of a plan: a row is made when it is shown."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nehe_desktop.core.masks import masked
from nehe_desktop.features.intake.errand import field_at
from nehe_desktop.features.intake.plan import Outcome, Plan, Reason
from nehe_desktop.features.intake.targets import HEAD_ID
from nehe_desktop.ui.listing import Cell, Column, Row

_LONG = re.compile(r"\d{7,}[\dXx]?")
_SHOWN = 9  # columns of the file that a list of rows shows


@dataclass
class Kept:
    """A source of a list whose length may change; every row is made by its place."""

    columns: Sequence[Column]
    size: int = 0
    make: Callable[[int], Row] = field(default=lambda at: Row(str(at), ()))

    def ids(self, sort: str, descending: bool, wanted: Any, limit: int = 0) -> array[int]:  # noqa: ARG002, FBT001
        """Places in the order of the file."""
        return array("q", range(min(self.size, limit) if limit else self.size))

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """Rows by their places."""
        return [self.make(at) if at < self.size else None for at in ids]


def as_text(cell: object) -> str:
    """A raw cell as a person reads it."""
    return "" if cell is None else str(cell)


def file_rows(plan: Plan, table: str, outcome: Outcome) -> tuple[Kept, list[tuple[str, int]]]:
    """The rows of the file with one outcome, and where each stands; private numbers are covered."""
    found = [
        (name, row) for name, rows in plan.outcomes.items() for row, each in sorted(rows.items()) if each == outcome
    ]
    keys = list(dict.fromkeys(key for sheet in plan.sheets for key in sheet.columns.values()))[:_SHOWN]
    places = {sheet.name: {key: at for at, key in sheet.columns.items()} for sheet in plan.sheets}
    headings = {key: sheet.headings[at] for sheet in reversed(plan.sheets) for at, key in sheet.columns.items()}
    cells = {sheet.name: sheet.rows for sheet in plan.workbook.sheets}

    def make(at: int) -> Row:
        name, number = found[at]
        raw = cells[name][number - 1]
        columns = (places[name].get(key, -1) for key in keys)
        texts = (as_text(raw[c]) if 0 <= c < len(raw) else "" for c in columns)
        shown = (covered(table, key, text) for key, text in zip(keys, texts, strict=True))
        return Row(f"{name}!{number}", (_place(plan, name, number), *shown))

    columns = [Column("row", "行", 5, sortable=False)]
    columns += [Column(key, headings[key], 13 if key.endswith("_no") else 8, sortable=False) for key in keys]
    return Kept(columns, len(found), make), found


def differences(plan: Plan) -> Kept:
    """Field by field what is stored and what the file says."""

    def make(at: int) -> Row:
        each = plan.differences[at]
        after = Cell(each.after, "grey" if each.kept else "green", plain=True)
        what = Cell("保留本机的", "grey") if each.kept else Cell("更新", "teal")
        where = _place(plan, each.sheet, each.row)
        return Row(f"{each.sheet}!{each.row}", (where, each.who, each.label, each.before or "（空）", after, what))

    titles = (("row", "行", 5), ("who", "谁", 9), ("label", "项目", 9), ("before", "原来", 12), ("after", "表里", 12))
    columns = [Column(*title, sortable=False) for title in titles]
    return Kept([*columns, Column("what", "处理", 8, sortable=False)], len(plan.differences), make)


def in_order(plan: Plan) -> list[Reason]:
    """Refused cells as they stand in the file, then what is only doubted."""
    return sorted(plan.reasons, key=lambda each: (each.level != "error", each.sheet, each.row, each.column))


def refusals(plan: Plan, table: str) -> Kept:
    """Refused cells with their reason, then what is only doubted; private ones are covered."""
    reasons = in_order(plan)

    def make(at: int) -> Row:
        each = reasons[at]
        tone = "red" if each.level == "error" else "yellow"
        text = told(plan, table, each)
        value = Cell(text or "（空）", tone) if each.column >= 0 else ""
        sentence = each.sentence.replace(each.value, text) if each.value else each.sentence
        kind = "" if each.level == "error" else "提示："
        return Row(str(at), (_place(plan, each.sheet, each.row), each.heading or "整行", value, kind + sentence))

    titles = (("row", "行", 5), ("column", "列", 9), ("value", "填的是", 14), ("why", "原因", 30))
    return Kept([Column(*title, sortable=False) for title in titles], len(reasons), make)


def told(plan: Plan, table: str, reason: Reason) -> str:
    """What a cell with a reason says, covered as on every screen."""
    sheet = next((each for each in plan.sheets if each.name == reason.sheet), None)
    key = sheet.columns.get(reason.column, "") if sheet else ""
    return covered(table, key, reason.value)


def covered(table: str, key: str, text: str) -> str:
    """A cell with what is private covered as on every screen; of a column that nobody knows, every long number."""
    spec = field_at(table, "person.id_no" if key == HEAD_ID else key) if key else None
    if spec is not None:
        return masked(spec.private, text, "screen") if text else text
    return _LONG.sub(lambda found: masked("phone", found[0], "screen"), text)


def _place(plan: Plan, sheet: str, row: int) -> str:
    return f"{sheet} {row}" if len(plan.sheets) > 1 else str(row)
