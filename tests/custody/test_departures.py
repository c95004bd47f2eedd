"""Somebody leaves the team: his PIN goes out of use, the log says so, and the key is changed (domain §11.4)."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features import ledgers
from nehe_desktop.features.administration import keys, people
from nehe_desktop.features.custody import departures
from nehe_desktop.features.custody.ledger import Account, AuditEntry
from nehe_desktop.features.custody.seating import let_in
from nehe_desktop.features.entry.intake import begin
from nehe_desktop.features.entry.rules import Answers
from nehe_desktop.features.home.agenda import key_tasks
from nehe_desktop.security import laptop, vault
from nehe_desktop.security.envelope import Cost, Key
from nehe_desktop.security.laptop import Laptop, profile_of
from nehe_desktop.sync import contact, tables

CHEAP = Cost(memory=8, passes=1, lanes=1)
LEADER, COLLEAGUE = "李建国", "敖拉·明"
PINS = {LEADER: "kx83mm2", COLLEAGUE: "ph7w2qa"}
LEDGERS = ledgers.ALL


@dataclass
class Team:
    """A laptop of two people; each act opens it anew."""

    here: Laptop

    def sits(self, person: str) -> tuple[Key, Store]:
        return let_in(self.here, person, lambda: vault.unlock(self.here.vault, person, PINS[person]))

    def due(self) -> departures.Due:
        with closing(self.sits(LEADER)[1]) as store:
            return departures.due(store)

    def ends(self, until: date, since: date | None = None) -> None:
        """The colleague's time here."""
        with closing(self.sits(LEADER)[1]) as store:
            [account] = store.all(Account, "name = ?", (COLLEAGUE,))
            store.write([Put(replace(account, since=since, until=until))], "任期")

    def hears(self, at: datetime) -> None:
        """The county was heard at a time of its own clock."""
        with closing(self.sits(LEADER)[1]) as store:
            tables.prepare(store)
            store.database.write(lambda writing: contact.note(writing, int(at.timestamp() * 1000))).result()

    def logged(self) -> list[str]:
        with closing(self.sits(LEADER)[1]) as store:
            return [each.detail for each in store.all(AuditEntry, order="number") if each.detail]

    @property
    def holders(self) -> list[str]:
        return [each.name for each in vault.people(self.here.vault)]


@pytest.fixture
def team(tmp_path: Path) -> Team:
    here = Laptop(tmp_path)
    here.vault.parent.mkdir(parents=True)
    key, _ = vault.create(here.vault, LEADER, PINS[LEADER], cost=CHEAP)
    vault.add_person(here.vault, key, COLLEAGUE, PINS[COLLEAGUE], cost=CHEAP)
    with closing(laptop.open_store(here, key, LEADER)) as store:
        begin(store, Answers("学田镇", "明星村", LEADER, "队长", "市财政局"))
        store.write([Put(Account(name=COLLEAGUE, role="R1", village=profile_of(store).village))], "登记")
    return Team(here)


def today() -> date:
    return datetime.now().astimezone().date()


def test_a_pin_ends_with_the_posting_and_the_key_is_due(team: Team) -> None:
    team.ends(today() - timedelta(days=2))
    team.hears(datetime.now().astimezone())
    assert team.due().count == 1
    assert team.holders == [LEADER]
    assert departures.STOPPED in team.logged()
    assert "更换数据密钥" in next(key_tasks(team.due())).title


def test_the_change_of_the_key_ends_it_and_the_log_says_why(team: Team) -> None:
    team.ends(today() - timedelta(days=2))
    team.hears(datetime.now().astimezone())
    key, store = team.sits(LEADER)
    store.close()
    following = keys.change(team.here, key, LEADER)
    assert following != key
    assert team.due().words == ""
    assert team.logged()[-1] == "有人离开以后，更换了数据密钥"


def test_a_wrong_date_of_the_laptop_shuts_nobody_out_and_is_left_to_the_leader(team: Team) -> None:
    team.hears(datetime.now().astimezone() - timedelta(days=5))
    team.ends(today() - timedelta(days=2))
    assert team.due().over == (COLLEAGUE,)
    assert team.due().since is None
    assert team.holders == [LEADER, COLLEAGUE]
    assert COLLEAGUE in next(key_tasks(team.due())).detail


def test_who_tries_after_his_last_day_makes_the_key_due(team: Team) -> None:
    team.ends(today() - timedelta(days=2))
    with pytest.raises(Refused, match="任期到"):
        team.sits(COLLEAGUE)
    assert team.holders == [LEADER]
    assert team.due().count == 1


def test_who_comes_before_his_first_day_keeps_his_pin(team: Team) -> None:
    team.ends(today() + timedelta(days=90), since=today() + timedelta(days=3))
    team.hears(datetime.now().astimezone())
    with pytest.raises(Refused, match="还没有到任"):
        team.sits(COLLEAGUE)
    assert team.holders == [LEADER, COLLEAGUE]
    assert team.due() == departures.Due()


def test_a_pin_that_the_leader_takes_back_makes_the_key_due(team: Team) -> None:
    key, store = team.sits(LEADER)
    with closing(store):
        people.remove(store, team.here, key, COLLEAGUE)
        assert "请更换数据密钥" in departures.due(store).words
        assert next(key_tasks(departures.due(store))).where == {"section": "keys"}
