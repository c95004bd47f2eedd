"""A leave on three real laptops: it goes up level by level; what is not of a level's laptop counts nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Invalid
from nehe_desktop.core.guard import UNGUARDED
from nehe_desktop.core.record import Record
from nehe_desktop.core.store import Put
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.leave import acts
from nehe_desktop.features.leave.ledger import Leave, LeaveStep
from nehe_desktop.features.leave.queries import Case, case_of
from nehe_desktop.features.leave.rules import digest_of
from nehe_desktop.features.teams.ledger import Member, Posting, Team
from nehe_desktop.hub import quarantine
from nehe_desktop.hub.scopes import TOWN
from nehe_desktop.hub.store import open_store
from nehe_desktop.security.laptop import Profile, tell
from nehe_desktop.security.rights import Actor, Rights
from nehe_desktop.sync.membership import account_of
from tests.sync.direct import NORTH, County, Desk

TOWNSHIP = "0e" * 16
SINCE, UNTIL = date(2020, 10, 26), date(2020, 10, 30)


class Office:
    """A county with a village's, a township's and a county's laptop; 王海波 leads, 李工 is a member."""

    def __init__(self, folder: Path) -> None:
        self.county = County(open_store(str(folder / "hub.db"), bytes(32)))
        self.top = Desk(self.county, folder / "top.db", "周主任").join("*")
        places = [
            Division(id="0c" * 16, code="230281", name="讷河市", level="county"),
            Division(id=TOWNSHIP, code="230281102", name="学田镇", level="town", parent="0c" * 16),
            Division(id=NORTH, code="230281102201", name="明星村", level="village", parent=TOWNSHIP),
        ]
        team = Team(id="t", village=NORTH, name="明星村驻村工作队")
        members = [Member(id="boss", name="王海波", team="t"), Member(id="m", name="李工", team="t")]
        roles = {"boss": "队长", "m": "队员"}
        posts = [
            Posting(team="t", member=id, role=role, since=date(2020, 1, 1)) for id, role in roles.items()
        ]
        self.top.store.write(map(Put, (*places, team, *members, *posts)), "建队")
        self.top.sync()
        self.village = Desk(self.county, folder / "village.db", "村里").join(NORTH)
        self.town = Desk(self.county, folder / "town.db", "镇里").join(TOWNSHIP, NORTH, TOWN)
        tell(self.village.store, Profile("王海波", NORTH, "t"))
        self.round()

    @property
    def desks(self) -> tuple[Desk, ...]:
        return self.village, self.town, self.top

    def round(self) -> None:
        for _ in range(2):
            for desk in self.desks:
                desk.sync()

    def sit(self, desk: Desk, name: str, *roles: str) -> Desk:
        desk.store.author, desk.store.guard = name, Rights(Actor(name, frozenset(roles)))
        return desk

    def asks(self, name: str, member: str, role: str) -> str:
        leave = Leave(member=member, team="t", kind="事假", since=SINCE, until=UNTIL, reason="家里有事")
        acts.hand_in(self.sit(self.village, name, role).store, leave).result()
        self.round()
        return leave.id

    def says(self, desk: Desk, name: str, role: str, leave: str) -> None:
        acts.decide(self.sit(desk, name, role).store, self.case(desk, leave), "同意").result()
        self.round()

    def case(self, desk: Desk, leave: str) -> Case:
        found = case_of(desk.store, leave)
        assert found is not None
        return found

    def states(self, leave: str) -> list[str]:
        for desk in self.desks:
            desk.store.guard = UNGUARDED
        return [self.case(desk, leave).state for desk in self.desks]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    for desk in made.desks:
        desk.store.close()
    made.county.close()


def test_a_leave_goes_up_through_three_laptops(office: Office) -> None:
    leave = office.asks("李工", "m", "R1")
    assert office.states(leave) == ["待队长"] * 3
    office.says(office.village, "王海波", "R2", leave)
    assert office.states(leave) == ["待乡镇"] * 3
    office.says(office.town, "孙委员", "R5", leave)
    assert office.states(leave) == ["待驻村办"] * 3
    office.says(office.top, "周主任", "R7", leave)
    assert office.states(leave) == ["批准"] * 3


def forged(office: Office, leave: str, step: str, by: str) -> LeaveStep:
    """A word as an altered program of the village writes it, past every right."""
    store = office.village.store
    store.guard, case = UNGUARDED, office.case(office.village, leave)
    account = account_of(store)
    assert account is not None
    return LeaveStep(leave=leave, step=step, decision="同意", by=by, role="乡镇扶贫专干", at=store.clock.now(),
                     device=account.dev, digest=digest_of(case.leave, case.who))  # fmt: skip


def test_a_village_that_writes_the_words_of_the_levels_above_gains_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave = office.asks("王海波", "boss", "R2")
    with pytest.raises(Invalid, match="由乡镇的电脑填写"):
        office.village.store.write([Put(forged(office, leave, "乡镇党委意见", "孙委员"))], "审批")
    monkeypatch.setattr(LeaveStep, "follows", Record.follows)  # an altered program asks nothing
    for step, by in (("乡镇党委意见", "孙委员"), ("驻村办意见", "周主任")):
        word = forged(office, leave, step, by)
        office.village.store.write([Put(word)], "审批")
        assert office.states(leave)[0] == "待乡镇"
        office.round()
    assert office.states(leave) == ["待乡镇"] * 3
    waiting = quarantine.waiting(office.county.store, office.county.code)
    assert [(each.why, each.tables) for each in waiting] == [("rights", ("leave_step",))] * 2
    office.says(office.town, "孙委员", "R5", leave)
    office.says(office.top, "周主任", "R7", leave)
    assert office.states(leave) == ["批准"] * 3


def test_what_was_approved_and_then_changed_in_the_village_is_approved_nowhere(office: Office) -> None:
    leave = office.asks("李工", "m", "R1")
    office.says(office.village, "王海波", "R2", leave)
    office.says(office.town, "孙委员", "R5", leave)
    office.says(office.top, "周主任", "R7", leave)
    whole = office.case(office.village, leave).leave
    longer = {"until": date(2020, 11, 20)}
    store = office.sit(office.village, "李工", "R1").store
    store.write([Put(type(whole)(**{**whole.values(), "id": whole.id, **longer}))], "改")
    office.round()
    assert office.states(leave) == ["改过，要重新审批"] * 3
