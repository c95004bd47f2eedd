"""What of the month's sheets and of late entries waits for who is at the keyboard."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance import sheet_acts
from nehe_desktop.features.attendance.month import shifted
from nehe_desktop.features.attendance.sheet_queries import Sheet, late_entries, sheets_in
from nehe_desktop.features.attendance.sheet_rules import due_on, is_over


class Duty(NamedTuple):
    """Sheets of a month that wait for his step, what is missing from his own team's, late entries that he confirms."""

    month: str
    due: date
    step: str = ""
    sheets: tuple[Sheet, ...] = ()
    missing: int = 0
    late: int = 0


def duties(store: Store) -> list[Duty]:
    """What waits, of the month that is due and of the present one."""
    today = store.clock.today()
    present = f"{today:%Y%m}"
    return [
        duty for month in (shifted(present, -1), present) if any((duty := _duty(store, month, today))[2:])
    ]


def _duty(store: Store, month: str, today: date) -> Duty:
    found = Duty(month, due_on(month))
    if sheet_acts.late_steps_of(store):
        waiting = (each for each in late_entries(store, month) if not each.made.returned)
        found = found._replace(late=sum(not sheet_acts.late_refusal(store, each) for each in waiting))
    if not is_over(month, today):
        return found
    turns = [
        sheet
        for sheet in sheets_in(store, month)
        if sheet.progress.following and sheet_acts.is_his_turn(store, sheet)
    ]
    ready = tuple(sheet for sheet in turns if not sheet_acts.refusal(store, sheet))
    steps = dict.fromkeys(sheet.progress.following for sheet in ready)
    missing = sum(sheet.unregistered for sheet in turns) if "R2" in sheet_acts.roles_of(store) else 0
    return found._replace(step="、".join(steps), sheets=ready, missing=missing)
