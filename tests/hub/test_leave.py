"""Words about leaves as the hub takes them: each level on its own laptop, nobody in his own matter, nothing rewritten."""

from __future__ import annotations

from typing import Any

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.features import ledgers
from nehe_desktop.hub import quarantine
from nehe_desktop.hub.scopes import TOWN
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.protocol import Change
from nehe_desktop.sync.rules import rules_of
from tests.hub.laptops import COUNTY, NORTH, SOUTH, Laptop, ack_of, edit, join, new, removal

ASKED = {
    "team": "t", "kind": "事假", "since": "2020-08-18", "since_half": "AM", "until": "2020-08-25", "until_half": "PM",
    "reason": "家里有事", "submitted": 1,
}  # fmt: skip


@pytest.fixture
def hub(either_hub: Hub) -> Hub:
    """A hub of the real ledgers: in the north 李工 asked for leave, and so did 王海波, who leads."""
    real = Hub(either_hub.store, COUNTY, rules_of(ledgers.ALL), either_hub.wall)
    join(real, "建队", NORTH).does(
        new("team", "t", NORTH, village=NORTH, name="北村驻村工作队"),
        new("member", "m", NORTH, team="t", name="李工"),
        new("member", "boss", NORTH, team="t", name="王海波"),
        new("leave", "l", NORTH, member="m", **ASKED),
        new("leave", "own", NORTH, member="boss", **ASKED),
    )
    return real


@pytest.fixture
def village(hub: Hub) -> Laptop:
    return join(hub, "北村", NORTH)


@pytest.fixture
def town(hub: Hub) -> Laptop:
    return join(hub, "乡镇", NORTH, TOWN)


@pytest.fixture
def county(hub: Hub) -> Laptop:
    return join(hub, "县里", "*")


def word(key: str, by: str, step: str, laptop: Laptop, leave: str = "l", **more: Any) -> Change:
    said = {
        "leave": leave,
        "step": step,
        "decision": "同意",
        "by": by,
        "at": "2020-08-17T09:00:00",
        "digest": "d",
    }
    return new("leave_step", key, NORTH, **{**said, "device": laptop.dev, **more})


def whys(laptop: Laptop, *changes: Change) -> list[str]:
    return [result.why for result in ack_of(laptop.does(*changes)).res if result.k == "quarantined"]


def test_each_level_says_its_own_word_on_its_own_laptop(
    village: Laptop, town: Laptop, county: Laptop
) -> None:
    assert whys(village, word("1", "王海波", "队长意见", village)) == []
    assert whys(village, word("2", "孙委员", "乡镇党委意见", village)) == ["rights"]
    assert whys(village, word("3", "周主任", "驻村办意见", village)) == ["rights"]
    assert whys(town, word("4", "孙委员", "乡镇党委意见", town)) == []
    assert whys(town, word("5", "周主任", "驻村办意见", town)) == ["rights"]
    assert whys(county, word("6", "周主任", "驻村办意见", county)) == []
    county.catch_up()
    assert sorted(row["step"] for row in county.all("leave_step")) == [
        "乡镇党委意见",
        "队长意见",
        "驻村办意见",
    ]


@pytest.mark.parametrize("step", ["队长意见", "乡镇党委意见", "驻村办意见", "销假确认"])
def test_the_leader_decides_his_own_leave_from_no_laptop(
    village: Laptop, town: Laptop, county: Laptop, step: str
) -> None:
    for laptop in (village, town, county):
        assert whys(laptop, word(f"x-{laptop.name}", "王海波", step, laptop, "own")) == ["rights"]
        assert whys(laptop, word(f"y-{laptop.name}", "王 海波", step, laptop, "own")) == ["rights"]
    county.catch_up()
    assert county.all("leave_step") == []


def test_a_word_without_a_name_or_about_no_leave_is_set_aside(village: Laptop, county: Laptop) -> None:
    assert whys(village, word("1", "", "队长意见", village)) == ["rights"]
    assert whys(village, word("2", "王海波", "队长意见", village, "nowhere")) == ["rights"]
    assert whys(county, word("3", "周主任", "驻村办意见", county, "nowhere")) == ["rights"]


def test_no_laptop_speaks_in_the_name_of_another(village: Laptop, town: Laptop, county: Laptop) -> None:
    assert whys(village, word("1", "孙委员", "队长意见", village, device=town.dev)) == ["rights"]
    assert whys(county, word("2", "周主任", "驻村办意见", county, device=village.dev)) == ["rights"]
    south = join(village.hub, "南村", SOUTH)
    assert whys(south, word("3", "王海波", "队长意见", south)) == ["scope"]


def test_what_was_said_is_neither_changed_nor_removed_nor_said_twice_otherwise(
    village: Laptop, county: Laptop
) -> None:
    no = word("1", "王海波", "队长意见", village, decision="不同意")
    assert whys(village, no) == []
    assert whys(village, word("1", "王海波", "队长意见", village)) == ["rights"]
    assert whys(village, edit("leave_step", "1", NORTH, decision=("不同意", "同意"))) == ["rights"]
    assert whys(county, removal("leave_step", "1", NORTH, by="王海波", step="队长意见")) == ["rights"]
    assert whys(village, no) == []  # the same once more is no harm
    village.catch_up()
    assert (village.sees("leave_step", "1") or {})["decision"] == "不同意"


def test_a_village_that_holds_also_the_county_s_word_may_not_turn_its_own_into_it(village: Laptop) -> None:
    assert whys(village, word("1", "王海波", "队长意见", village)) == []
    assert whys(village, edit("leave_step", "1", NORTH, step=("队长意见", "驻村办意见"))) == ["rights"]


def test_an_altered_program_that_writes_a_state_or_a_word_beside_a_good_row_gains_nothing(
    hub: Hub, village: Laptop, county: Laptop
) -> None:
    assert whys(
        village,
        edit("leave", "own", NORTH, submitted=(1, 1)),
        word("1", "孙委员", "乡镇党委意见", village, "own"),
    )
    waiting = quarantine.waiting(hub.store, COUNTY)
    assert [(each.why, each.dev) for each in waiting] == [("rights", village.dev)]
    village.does(new("leave", "z", NORTH, member="boss", **{**ASKED, "state": "批准"}))
    county.catch_up()
    assert county.all("leave_step") == []  # there is no state to write: it is told by the words alone


def test_the_county_may_take_what_a_village_was_refused_but_nobody_his_own(hub: Hub, village: Laptop) -> None:
    whys(village, word("1", "孙委员", "乡镇党委意见", village))
    whys(village, word("2", "王海波", "队长意见", village, "own"))
    first, second = quarantine.waiting(hub.store, COUNTY)
    quarantine.accept(hub, first.dev, first.seq)
    with pytest.raises(Refused, match="不能接收"):
        quarantine.accept(hub, second.dev, second.seq)
    assert [each.seq for each in quarantine.waiting(hub.store, COUNTY)] == [second.seq]
