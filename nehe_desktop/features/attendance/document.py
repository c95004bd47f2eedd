"""D02: the month sheet of a team, from what was entered."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.documents.attendance_sheet import AttendanceSheet, DayKind, MemberMonth, YearToDate
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.features.attendance.calendar import workdays_between
from nehe_desktop.features.attendance.ledger import HALVES, SYMBOLS
from nehe_desktop.features.attendance.month import Cell, Mate, Month, YearSoFar
from nehe_desktop.features.attendance.screen_queries import month_of, years_so_far
from nehe_desktop.features.attendance.sheet_queries import sheet_of
from nehe_desktop.features.attendance.sheet_rules import Progress
from nehe_desktop.features.divisions.queries import path_of
from nehe_desktop.features.teams.ledger import Team, Unit

NIGHTS = {"住村": "√", "未住": "×"}
_KINDS: dict[str, DayKind] = {"周末": "weekend", "法定": "holiday"}


class Place(NamedTuple):
    """Where a team is and who sent it."""

    township: str
    village: str
    unit: str


def place_of(store: Store, team: Team) -> Place:
    """Township, village and sending unit of a team; what is not known is empty."""
    path = path_of(store, team.village)
    unit = store.find(Unit, team.unit) if team.unit else None
    units = "、".join(filter(None, (unit.name if unit else "", team.other_units)))
    return Place(path[1] if len(path) > 2 else "", path[-1] if path else "", units)


def sheet_content(store: Store, team: str, month: str, stamp: Stamp) -> AttendanceSheet:
    """What the sheet of a month YYYYMM says. Raises Trouble for a team that is not there."""
    found = store.find(Team, team)
    if found is None:
        raise Trouble("没有找到这支工作队", "请在“台账 → 驻村工作队”里核对")
    view, place = month_of(store, month, team), place_of(store, found)
    told = sheet_of(store, team, month).progress
    last = min(max(view.today, view.days[0]), view.days[-1])
    years = years_so_far(store, last)
    leader = next((mate.name for mate in view.mates if mate.role.startswith("队长")), "")
    return AttendanceSheet(
        stamp,
        place.township,
        place.village,
        int(month[:4]),
        int(month[4:]),
        place.unit,
        leader,
        workdays_between(view.calendar),
        tuple(_KINDS.get(kind.kind, "workday") for kind in view.calendar.values()),
        tuple(_line(view, mate, _year(mate, years.get(mate.member))) for mate in view.mates),
        told.revision,
        confirmations(told),
    )


def confirmations(told: Progress) -> str:
    """Who confirmed the sheet on a laptop, and that it is locked; nothing before the first step."""
    done = [f"{step.step} {step.by} {step.at.month}月{step.at.day}日" for step in told.done]
    done += [told.words] if told.closed else []
    return f"已在系统确认：{'；'.join(done)}。以签字盖章为准。" if done else ""


def _year(mate: Mate, year: YearSoFar | None) -> YearToDate | None:
    if year is None:
        return None
    return YearToDate(mate.terms[0][0].isoformat(), year.village, year.official, Decimal(year.aim))


def _line(view: Month, mate: Mate, year: YearToDate | None) -> MemberMonth:
    cells = [Cell(mate, day) for day in view.days]
    morning, afternoon = (tuple(SYMBOLS[view.status(c, half)] for c in cells) for half in HALVES)
    nights = tuple(NIGHTS.get(view.stayed(cell), "") for cell in cells)
    late = {
        (cell.day.day, row)
        for cell in cells
        for row, half in enumerate(HALVES)
        if (entered := view.halves.get((mate.member, cell.day, half))) and entered.late
    }
    late |= {(cell.day.day, len(HALVES)) for cell in cells if view.late_night(cell)}
    return MemberMonth(
        mate.name, mate.role, morning, afternoon, nights if any(nights) else (), frozenset(late), "", year
    )

