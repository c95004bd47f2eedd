"""The sender's file given back: what became of each row, and refused cells red with their reason."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from nehe_desktop.features.intake.plan import WORDS, Plan
from nehe_desktop.spreadsheets.marking import Marks, write_marked

_NO_CELL = -1  # a doubt stands in the column of reasons and paints no cell


def write_back(plan: Plan, path: str | Path) -> bool:
    """Writes the marked copy to .xlsx; True where the sender's own formatting was kept. Raises Trouble."""
    reasons: defaultdict[str, defaultdict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for reason in plan.reasons:
        cells = reasons[reason.sheet][reason.row]
        refused = reason.level == "error"
        sentence = reason.sentence if refused else f"提示：{reason.sentence}"
        column = reason.column if refused else _NO_CELL
        cells[column] = f"{cells[column]}；{sentence}" if column in cells else sentence
    marks = {}
    for sheet in plan.sheets:
        results = {row: WORDS[outcome] for row, outcome in plan.outcomes[sheet.name].items()}
        marks[sheet.name] = Marks(sheet.header, results, reasons[sheet.name])
    return write_marked(plan.workbook, marks, path)


def suggested_name(plan: Plan) -> str:
    """A name beside the sender's own."""
    return f"{plan.workbook.path.stem}（导入结果）.xlsx"
