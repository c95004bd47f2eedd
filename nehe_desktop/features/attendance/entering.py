"""A month as it may be entered by who is at the keyboard: own rows or all, nothing once it is locked (domain §11.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from nehe_desktop.core.deciding import same_person
from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance.ledger import HalfDay, Night
from nehe_desktop.features.attendance.month import Hands, Month
from nehe_desktop.features.attendance.screen_queries import TeamLine, month_of, teams_in
from nehe_desktop.features.attendance.sheet_queries import Sheet, closed_teams, late_entries, sheets_in
from nehe_desktop.security.rights import Rights, only_own


class Shown(NamedTuple):
    """What the page shows of a month: the grid, the teams to choose from, the sheets of all of them."""

    month: Month
    teams: list[TeamLine]
    sheets: dict[str, Sheet]


def shown_month(store: Store, month: str, team: str) -> Shown:
    """A month with the teams that can be chosen in it and how their sheets stand."""
    sheets = {sheet.team: sheet for sheet in sheets_in(store, month)}
    return Shown(entered_month(store, month, team), teams_in(store, month), sheets)


def entered_month(store: Store, month: str, team: str = "") -> Month:
    """A month of one team or all, with what may be entered in it."""
    found = month_of(store, month, team)
    confirmed = frozenset(late.id for late in late_entries(store, month, team) if late.made.confirmed)
    return replace(found, hands=hands_of(store, found, closed_teams(store, month), confirmed))


def hands_of(store: Store, month: Month, locked: frozenset[str], confirmed: frozenset[str]) -> Hands:
    """What who is at the keyboard may enter of a month."""
    if not isinstance(store.guard, Rights) or not only_own(store.guard.actor, "create", "attendance_half"):
        return Hands(
            locked, None if store.guard.may("create", "attendance_half") else frozenset(), confirmed=confirmed
        )
    own = frozenset(mate.member for mate in month.mates if same_person(mate.name, store.author))
    rows = [row for row in (*month.halves.values(), *month.nights.values()) if row.member in own]
    return Hands(locked, own, frozenset(row.id for row in rows if not _wrote_alone(store, row)), confirmed)


def _wrote_alone(store: Store, row: HalfDay | Night) -> bool:
    sql = "SELECT DISTINCT author FROM journal WHERE tbl = ? AND pk = ?"
    authors = [found[0] for found in store.rows(sql, (row.ledger.table, row.id))]
    return authors == [store.author]
