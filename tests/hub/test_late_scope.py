"""A household moves, a village is taken away: what a laptop could not know of yet is still taken from it."""

from __future__ import annotations

import pytest

from nehe_desktop.hub import devices
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.protocol import SyncReply
from tests.hub.laptops import COUNTY, NORTH, NOW, SOUTH, Laptop, ack_of, edit, join, new


@pytest.fixture
def north(hub: Hub) -> Laptop:
    """A laptop whose household was moved away by the county after it had last pulled."""
    laptop, county = join(hub, "北村", NORTH), join(hub, "县里", "*")
    laptop.does(new("household", "h1", NORTH, village=NORTH), new("person", "p1", NORTH, household="h1"))
    laptop.catch_up()
    county.does(edit("household", "h1", NORTH, village=(NORTH, SOUTH)))
    return laptop


def county_of(laptop: Laptop) -> Laptop:
    county = join(laptop.hub, "复核", "*")
    county.catch_up()
    return county


def whys(reply: SyncReply) -> list[str]:
    return [result.why for result in ack_of(reply).res if result.k == "quarantined"]


def test_an_edit_of_a_household_that_moved_away_meanwhile_arrives(north: Laptop) -> None:
    assert whys(north.does(edit("household", "h1", NORTH, phone=(None, "1")))) == []
    assert county_of(north).sees("household", "h1") == {"village": SOUTH, "phone": "1"}


def test_a_visit_to_a_household_that_moved_away_meanwhile_arrives_there(north: Laptop) -> None:
    assert whys(north.does(new("visit", "v1", NORTH, household="h1"))) == []
    assert county_of(north).rows["visit", "v1"][0] == SOUTH


def test_an_edit_of_its_members_arrives_too(north: Laptop) -> None:
    assert whys(north.does(edit("person", "p1", NORTH, phone=(None, "1")))) == []


def test_once_the_laptop_knows_it_may_no_longer(north: Laptop) -> None:
    north.catch_up()
    assert north.sees("household", "h1") is None
    assert whys(north.does(edit("household", "h1", NORTH, phone=(None, "1")))) == ["scope"]
    assert whys(north.does(new("visit", "v1", NORTH, household="h1"))) == ["scope"]


def test_a_laptop_that_moves_a_household_itself_goes_on_with_it_until_it_pulls(north: Laptop) -> None:
    north.does(new("household", "h2", NORTH, village=NORTH))
    moved = [
        north.save(edit("household", "h2", NORTH, village=(NORTH, SOUTH))),
        north.save(edit("household", "h2", SOUTH, phone=(None, "2"))),
    ]
    assert whys(north.send(*moved)) == []
    assert county_of(north).sees("household", "h2") == {"village": SOUTH, "phone": "2"}


def test_work_from_before_a_village_was_taken_away_is_taken(north: Laptop) -> None:
    north.does(new("household", "h2", NORTH, village=NORTH))
    devices.take_away(north.hub.store, COUNTY, north.dev, NORTH, NOW + 5)
    before, after = NOW << 16, (NOW + 6) << 16
    assert whys(north.does(edit("household", "h2", NORTH, phone=(None, "1")), at=before)) == []
    assert whys(north.does(new("household", "h3", NORTH, village=NORTH), at=before)) == []
    assert whys(north.does(edit("household", "h2", NORTH, phone=("1", "2")), at=after)) == ["scope"]
    assert whys(north.does(new("household", "h4", NORTH, village=NORTH), at=after)) == ["scope"]


def test_a_village_that_was_given_back_is_held_again(north: Laptop) -> None:
    devices.take_away(north.hub.store, COUNTY, north.dev, NORTH, NOW - 5)
    devices.grant(north.hub.store, COUNTY, north.dev, NORTH, NOW)
    assert whys(north.does(new("household", "h5", NORTH, village=NORTH))) == []
