"""A team of three in 明星村 on the evening of 31 August 2020, with nothing entered yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.core.clock import fixed
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.attendance import sheet_acts
from nehe_desktop.features.attendance.calendar import shipped_workdays
from nehe_desktop.features.attendance.ledger import HALVES, HalfDay
from nehe_desktop.features.attendance.screen_queries import month_of
from nehe_desktop.features.attendance.sheet_queries import Sheet, sheet_of
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.reference.queries import shipped_settings
from nehe_desktop.features.teams.ledger import Member, Posting, Team, Unit
from nehe_desktop.security.rights import Actor, Rights

KEY = bytes(range(32))
NAMES = ("王海波", "李工", "陈雪")


def found(store: Store) -> None:
    """Writes the village, its team and the calendar."""
    places = [
        Division(id="c", code="230281", name="讷河市", level="county"),
        Division(id="t", code="230281102", name="学田镇", level="town", parent="c"),
        Division(id="v", code="230281102201", name="明星村", level="village", parent="t"),
    ]
    unit, team = Unit(id="u", name="市财政局"), Team(id="team", village="v", name="明星村驻村工作队", unit="u")
    members = [Member(id=f"m{n}", name=name, team="team", unit="u") for n, name in enumerate(NAMES)]
    since = (date(2020, 1, 1), date(2020, 1, 1), date(2020, 8, 11))
    postings = [
        Posting(id=f"p{n}", team="team", member=f"m{n}", role="队长" if n == 0 else "队员", since=day)
        for n, day in enumerate(since)
    ]
    records = (*places, unit, team, *members, *postings, *shipped_settings(), *shipped_workdays())
    store.write(map(Put, records), "建队")


@pytest.fixture
def august(tmp_path: Path) -> Iterator[Store]:
    """The store of that evening."""
    store = Store.open(tmp_path / "team.db", KEY, "李工", fixed("2020-08-31T20:00:00+08:00"))
    found(store)
    yield store
    store.close()


def sit(store: Store, name: str, *roles: str) -> Store:
    """Puts somebody at the keyboard."""
    store.author, store.guard = name, Rights(Actor(name, frozenset(roles)))
    return store


def fill_august(store: Store) -> None:
    """Registers every half-day, in the village on workdays and at rest on the others."""
    view = month_of(store, "202008")
    halves = [
        HalfDay(member=c.mate.member, team="team", day=c.day, half=half, status="V" if view.calendar[c.day].works else "R")
        for c in view.cells
        if c.mate.posted(c.day)
        for half in HALVES
    ]
    store.write(map(Put, halves), "考勤")


@pytest.fixture
def full(august: Store) -> Store:
    """August with every half-day registered, nothing made up later."""
    fill_august(august)
    return august


def confirmed(store: Store, *who: tuple[str, str]) -> Sheet:
    """The sheet after these people took its next steps."""
    for name, role in who:
        sheet_acts.confirm(sit(store, name, role), sheet_of(store, "team", "202008")).result()
    return sheet_of(store, "team", "202008")


FOUR = (("王海波", "R2"), ("赵书记", "R4"), ("孙委员", "R5"), ("周主任", "R7"))
"""Who takes the four steps."""


def second_team() -> list[Team | Member | Posting]:
    """Another team, of one."""
    return [
        Team(id="team2", village="v", name="胜利村驻村工作队"),
        Member(id="n0", name="高强", team="team2"),
        Posting(team="team2", member="n0", role="队长", since=date(2020, 1, 1)),
    ]
