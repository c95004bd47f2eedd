"""A month as a sheet: written to be filled in or kept, and read back with every refused cell named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Receipt, Store
from nehe_desktop.features.attendance.entering import entered_month
from nehe_desktop.features.attendance.fill import Filling, fill, fill_night
from nehe_desktop.features.attendance.ledger import HALVES, STATUSES, SYMBOLS
from nehe_desktop.features.attendance.month import Cell, Group, Month
from nehe_desktop.features.attendance.screen_queries import month_of
from nehe_desktop.features.teams.ledger import Team
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.spreadsheets.sheets import Row
from nehe_desktop.spreadsheets.writing import Column, write_list

_ROWS = {"上午": "上午", "下午": "下午", "夜间": "夜间", "上": "上午", "下": "下午", "夜": "夜间"}
_OWN_WORDS = {"✓": "V", "✔": "V", "v": "V", "驻村": "V", "出差": "O", "开会": "O", "培训": "O", "休": "R"}
_OWN_WORDS |= {"+": "B", "x": "A", "旷工": "A", "脱岗": "A", "年休": "N", "*": "N", "迟到": "L", "早退": "L"}
WORDS = {word: code for code, word in SYMBOLS.items() if word} | _OWN_WORDS
WORDS |= {label: code for code, label in STATUSES.items()}
_NIGHTS = {"√": "住村", "✓": "住村", "v": "住村", "住村": "住村", "住": "住村", "×": "未住", "x": "未住"}
_NIGHTS |= {"未住": "未住", "未": "未住", "未查": "未查"}
_TITLE = re.compile(r"^(?P<team>.*?)\s*(?P<year>\d{4})年(?P<month>\d{1,2})月考勤表")


@dataclass(frozen=True)
class Preview:
    """What an import would do: the step, and the cells that are refused, each named."""

    month: Month
    filling: Filling
    refused: tuple[str, ...]
    late: int


def export_month(store: Store, team: str, month: str, path: str | Path) -> int:
    """Writes a team's month to .xlsx, one line for each member and half; empty cells are to be filled in.

    Returns the number of lines; raises Trouble.
    """
    view = month_of(store, month, team)
    if not view.groups:
        raise Trouble("这个月没有在任的队员", "请先在“台账”里登记队员和任职记录")
    columns = [Column("姓名", width=12), Column("职务", width=14), Column("时段", width=6)]
    columns += [Column(str(day.day), width=4) for day in view.days]
    title = f"{view.groups[0].name} {month[:4]}年{int(month[4:])}月考勤表"
    return write_list(path, columns, _lines(view), sheet="考勤", title=title)


def _lines(view: Month) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = []
    nights = {"住村": "√", "未住": "×", "未查": "未查"}
    for mate in view.mates:
        cells = [Cell(mate, day) for day in view.days]
        for half, word in HALVES.items():
            lines.append((mate.name, mate.role, word, *(SYMBOLS[view.status(c, half)] for c in cells)))
        lines.append((mate.name, mate.role, "夜间", *(nights.get(view.stayed(c), "") for c in cells)))
    return lines


def read_month(store: Store, path: str | Path) -> Preview:
    """What a filled month would change; symbols and words are taken, empty cells change nothing.

    Raises Trouble for a file that is no month of a known team.
    """
    rows = open_workbook(path).sheets[0].rows
    team, month = _whose(store, rows)
    view = entered_month(store, month, team)
    head = next((n for n, row in enumerate(rows) if row and _word(row[0]) == "姓名"), None)
    if head is None or not view.groups:
        raise Trouble("表里没有“姓名”这一行标题", "请用本程序导出的考勤表填写")
    step, refused = Filling(), list[str]()
    for number, row in enumerate(rows[head + 1 :], head + 2):
        _read_line(view, view.groups[0], step, refused, number, row, rows[head])
    refused += [f"{c.mate.name} {c.day.month}月{c.day.day}日：{why}" for c, why in step.refused]
    return Preview(view, step, tuple(refused), step.late)


def import_month(store: Store, path: str | Path) -> tuple[Receipt, tuple[str, ...]]:
    """Stores a filled month as one step and names the cells that were refused; raises Trouble."""
    preview = read_month(store, path)
    return store.write(preview.filling.changes, "导入考勤表"), preview.refused


def _whose(store: Store, rows: list[Row]) -> tuple[str, str]:
    """Team and month by the title in the first line."""
    title = next((_word(cell) for row in rows[:3] for cell in row if _TITLE.match(_word(cell))), "")
    found = _TITLE.match(title)
    if found is None:
        raise Trouble("看不出这是哪支工作队哪个月的考勤表", "第一行应像“××村工作队 2020年8月考勤表”")
    team = next((t for t in store.all(Team, "name = ?", (found["team"].strip(),))), None)
    if team is None:
        raise Trouble(f"没有叫“{found['team']}”的工作队", "请核对第一行的工作队名称")
    return team.id, f"{found['year']}{int(found['month']):02}"


def _read_line(
    view: Month, group: Group, step: Filling, refused: list[str], number: int, row: Row, head: Row
) -> None:
    name, part = _word(row[0] if row else None), _ROWS.get(_word(row[2] if len(row) > 2 else None))
    mate = next((mate for mate in group.mates if mate.name == name), None)
    if not name:
        return
    if mate is None or part is None:
        refused.append(f"第 {number} 行：{'没有这名队员：' + name if mate is None else '时段应为上午、下午或夜间'}")
        return
    for title, value in zip(head[3:], row[3:], strict=False):
        at, word = _word(title), _word(value)
        if word in ("", "—", "–", "-") or not at.isdecimal() or not 1 <= int(at) <= len(view.days):
            continue
        cell = Cell(mate, view.days[int(at) - 1])
        code = (_NIGHTS if part == "夜间" else WORDS).get(word, "")
        if not code or code in "–U":
            refused.append(f"{name} {cell.day.month}月{cell.day.day}日{part}：看不懂“{word}”")
        else:
            _take(view, step, cell, part, code)


def _take(view: Month, step: Filling, cell: Cell, part: str, code: str) -> None:
    if part == "夜间":
        fill_night(step, view, cell, code, "导入")
        return
    more = fill(view, [cell], part, code, "导入")
    step.halves.update(more.halves)
    step.changes += more.changes
    step.refused += more.refused
    step.late += more.late


def _word(cell: object) -> str:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell or "")
    return text.strip().replace("X", "x").replace("V", "v")
