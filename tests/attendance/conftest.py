"""A team of three in 明星村 on the evening of 31 August 2020, with nothing entered yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.core.clock import fixed
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.attendance.calendar import shipped_workdays
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.reference.queries import shipped_settings
from nehe_desktop.features.teams.ledger import Member, Posting, Team, Unit

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
