"""A team of three in 明星村 on Monday 17 August 2020: 王海波 leads, 李工 and 陈雪 are members."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nehe_desktop.core.clock import fixed
from nehe_desktop.core.store import Store
from nehe_desktop.features.leave import acts
from nehe_desktop.features.leave.ledger import Leave
from nehe_desktop.features.leave.queries import Case, case_of
from nehe_desktop.security.rights import Actor, Rights
from tests.attendance.conftest import KEY, found

WHO = {"王海波": "R2", "李工": "R1", "陈雪": "R1", "赵书记": "R4", "孙委员": "R5", "周主任": "R7"}
"""Whose role is what; the last three are of the village, the township and the county."""
MEMBERS = {"王海波": "m0", "李工": "m1", "陈雪": "m2"}


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Store]:
    """The store of that morning."""
    store = Store.open(tmp_path / "team.db", KEY, "王海波", fixed("2020-08-17T09:00:00+08:00"))
    found(store)
    yield store
    store.close()


def sit(store: Store, name: str) -> Store:
    """Puts somebody at the keyboard."""
    store.author, store.guard = name, Rights(Actor(name, frozenset({WHO[name]})))
    return store


def at(store: Store, moment: str) -> Store:
    """Makes it another moment."""
    store.clock = fixed(f"{moment}:00+08:00")
    return store


def leave_of(name: str, since: date, until: date, **more: Any) -> Leave:
    """An application that is not handed in; whole days where no halves are told."""
    told = {"kind": "事假", "reason": "家里有事", "destination": "齐齐哈尔", **more}
    return Leave(member=MEMBERS[name], team="team", since=since, until=until, **told)


def asked(store: Store, name: str, since: date, until: date, **more: Any) -> str:
    """The id of an application that its member handed in."""
    leave = leave_of(name, since, until, **more)
    acts.hand_in(sit(store, name), leave).result()
    return leave.id


def look(store: Store, leave: str) -> Case:
    """A leave as it stands, whoever is at the keyboard."""
    guard, author = store.guard, store.author
    case = case_of(sit(store, "周主任"), leave)
    store.guard, store.author = guard, author
    assert case is not None
    return case


def say(store: Store, leave: str, *names: str, decision: str = "同意", opinion: str = "") -> str:
    """The state after these people said their word."""
    for name in names:
        acts.decide(sit(store, name), look(store, leave), decision, opinion).result()
    return look(store, leave).state
