"""What a key on the month grid does: which half-days it changes, which it leaves, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Change, Put, Remove
from nehe_desktop.features.attendance.lateness import is_late, is_night_late
from nehe_desktop.features.attendance.ledger import HALVES, STATUSES, HalfDay, Night
from nehe_desktop.features.attendance.month import FIXED, Cell, Mate, Month

KEYS = {"1": "V", "2": "O", "3": "R", "4": "S", "5": "B", "6": "N", "7": "A", "8": "L", "0": ""}
"""Digits of the keyboard and what they fill; 0 clears."""
PARTS: dict[str, tuple[str, ...]] = {"全天": ("AM", "PM"), "上午": ("AM",), "下午": ("PM",)}
AHEAD = frozenset("ORSBN")
"""What may be planned for days to come."""
NOT_YET = "还没到的日子只能先登记公出、休息、事假、病假、法定假"
NOT_POSTED = "不在任的日子不能登记"
NO_NIGHT = "还没到的夜晚不能登记住村"


@dataclass
class Filling:
    """A step: what changes, why something was left out, how many half-days are made up later."""

    halves: dict[tuple[str, date, str], HalfDay | None] = field(default_factory=dict)
    nights: dict[tuple[str, date], Night | None] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    refused: list[tuple[Cell, str]] = field(default_factory=list)
    late: int = 0

    @property
    def count(self) -> int:
        """Half-days and nights that change."""
        return len(self.changes)

    @property
    def why(self) -> str:
        """Why cells were left as they are, in one sentence, or nothing."""
        return "；".join(dict.fromkeys(reason for _, reason in self.refused))


def fill(month: Month, cells: Iterable[Cell], part: str, status: str, source: str = "手工") -> Filling:
    """A status for the chosen halves of days; "" clears them."""
    step = Filling()
    for cell in cells:
        for half in PARTS[part]:
            _fill_half(step, month, cell, half, status, source)
    return step


def _fill_half(step: Filling, month: Month, cell: Cell, half: str, status: str, source: str) -> None:
    key = (cell.mate.member, cell.day, half)
    old = month.halves.get(key)
    if reason := refusal(month, cell, status) or _fixed(month, old):
        step.refused.append((cell, reason))
        return
    if not status:
        _clear(step, key, old)
    elif old is None or old.status != status:
        late = is_late(cell.day, half, month.now)
        given = {"status": status, "source": "补签" if late else source, "late": late}
        new = (
            replace(old, **given, place="", note="", evidence=())
            if old
            else HalfDay(member=cell.mate.member, team=cell.mate.team, day=cell.day, half=half, **given)
        )
        step.halves[key] = new
        step.changes.append(Put(new, old))
        step.late += late


def _clear(step: Filling, key: tuple[str, date, str], old: HalfDay | None) -> None:
    if old is not None:
        step.halves[key] = None
        step.changes.append(Remove(HalfDay, old.id))


def refusal(month: Month, cell: Cell, status: str) -> str:
    """Why a status cannot stand on a day, or nothing."""
    if not cell.mate.posted(cell.day):
        return NOT_POSTED
    if barred := month.hands.refusal(cell.mate):
        return barred
    return NOT_YET if status and cell.day > month.today and status not in AHEAD else ""


def _fixed(month: Month, old: HalfDay | Night | None) -> str:
    return FIXED if old is not None and old.id in month.hands.fixed else ""


def own_lines(month: Month, mates: Iterable[Mate]) -> list[Mate]:
    """Those of these lines that may be filled: all of them, or one's own."""
    return [mate for mate in mates if not month.hands.refusal(mate)]


def fill_rest(month: Month, mates: Iterable[Mate]) -> Filling:
    """休息 for every empty half-day of weekends and holidays, also of those to come."""
    step = Filling()
    for cell in (Cell(mate, day) for mate in own_lines(month, mates) for day in month.days):
        if not month.calendar[cell.day].works:
            for half in HALVES:
                if month.status(cell, half) == "U":
                    _fill_half(step, month, cell, half, "R", "手工")
    return step


def fill_workdays(month: Month, mates: Iterable[Mate]) -> Filling:
    """在村 for every empty half-day of the workdays before today and of today, but for those of an approved leave."""
    step = Filling()
    for cell in (Cell(mate, day) for mate in own_lines(month, mates) for day in month.days):
        if month.is_open(cell):
            for half in HALVES:
                if month.status(cell, half) == "U" and (cell.mate.member, cell.day, half) not in month.slips:
                    _fill_half(step, month, cell, half, "V", "手工")
    return step


def fill_slips(month: Month, mates: Iterable[Mate]) -> Filling:
    """What the approved leaves say, for every half-day of theirs that is empty (domain §8.4)."""
    step, lines = Filling(), {mate.member: mate for mate in own_lines(month, mates)}
    for (member, day, half), slip in month.slips.items():
        mate = lines.get(member)
        if mate and month.status(Cell(mate, day), half) == "U":
            _fill_half(step, month, Cell(mate, day), half, slip.status, slip.source)
            if new := step.halves.get((member, day, half)):
                told = {"place": slip.place} if slip.status == "O" else {"note": slip.words}
                step.halves[member, day, half] = replace(new, source=slip.source, **told)
    step.changes = [Put(new) for new in step.halves.values() if new]
    return step


def copy_line(month: Month, source: Mate, target: Mate) -> Filling:
    """What one member has for the empty half-days of another; what is already entered stays."""
    step = Filling()
    for day in month.days:
        for half in HALVES:
            given, here = month.status(Cell(source, day), half), Cell(target, day)
            if given not in "–U" and month.status(here, half) == "U":
                _fill_half(step, month, here, half, given, "手工")
    return step


def toggle_nights(month: Month, cells: Iterable[Cell]) -> Filling:
    """住村 for every night where one of them is not; else 未住."""
    step, chosen = Filling(), list(cells)
    stayed = all(month.stayed(cell) == "住村" for cell in chosen)
    for cell in chosen:
        fill_night(step, month, cell, "未住" if stayed else "住村")
    return step


def fill_night(step: Filling, month: Month, cell: Cell, stayed: str, source: str = "手工") -> None:
    """Adds a night to a step; nights to come are refused."""
    key = (cell.mate.member, cell.day)
    old = month.nights.get(key)
    if reason := refusal(month, cell, "") or _fixed(month, old) or ("" if cell.day <= month.today else NO_NIGHT):
        step.refused.append((cell, reason))
        return
    if old and old.stayed == stayed:
        return
    late = is_night_late(cell.day, month.now)
    given = {"stayed": stayed, "source": "补签" if late else source, "late": late}
    new = replace(old, **given) if old else Night(member=key[0], team=cell.mate.team, day=cell.day, **given)
    step.late += late
    step.nights[key] = new
    step.changes.append(Put(new, old))


def sign_in(month: Month, mate: Mate, what: str, *, clock_went_back: bool, own: bool = True) -> Filling:
    """A member's sign-in today: 上午, 下午 or 住村; what another enters for him is 手工. Raises Refused."""
    if clock_went_back:
        raise Refused("电脑时间早于最后一次登记，请先校准电脑的日期和时间，再签到")
    cell, source = Cell(mate, month.today), "签到" if own else "手工"
    if what != "住村":
        return fill(month, [cell], what, "V", source)
    step = Filling()
    fill_night(step, month, cell, "住村", source)
    return step


def sign_in_now(month: Month) -> str:
    """What is signed at this hour: 上午 before noon, 下午 until six, 住村 in the evening."""
    hour = month.now.hour
    return "上午" if hour < 12 else "下午" if hour < 18 else "住村"


def explain(month: Month, cells: Iterable[Cell], part: str, words: str) -> Filling:
    """Where a trip went, or what is to be said of other half-days."""
    step = Filling()
    for cell in cells:
        for half in PARTS[part]:
            old = month.halves.get((cell.mate.member, cell.day, half))
            if old is None:
                continue
            if reason := month.hands.refusal(cell.mate) or _fixed(month, old):
                step.refused.append((cell, reason))
                continue
            new = replace(old, place=words) if old.status in "OV" else replace(old, note=words)
            if new != old:
                step.halves[old.member, old.day, half] = new
                step.changes.append(Put(new, old))
    return step


def explained(month: Month, cell: Cell, part: str) -> str:
    """What was said of a day."""
    found = (month.halves.get((cell.mate.member, cell.day, half)) for half in PARTS[part])
    return next((h.place if h.status in "OV" else h.note for h in found if h), "")


def said_of(step: Filling, status: str) -> str:
    """The sentence of the toast."""
    did = f"{step.count} 个半天登记为{STATUSES[status]}" if status else f"清除 {step.count} 个半天"
    made_up = f"，其中 {step.late} 个超过 24 小时，记为补签" if step.late else ""
    left = f"；{step.why}" if step.refused else ""
    return f"{did}{made_up}{left}"


