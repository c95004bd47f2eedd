"""A household moves between villages: everything that belongs to it goes along, and nothing of it stays behind."""

from __future__ import annotations

import pytest

from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.protocol import EXIT
from tests.hub.laptops import EAST, NORTH, SOUTH, Laptop, edit, join, new, removal


@pytest.fixture
def county(either_hub: Hub) -> Laptop:
    """The county's laptop; in the north there is a household with a member and a visit."""
    laptop = join(either_hub, "县里", "*")
    join(either_hub, "东村", EAST)
    join(either_hub, "南村", SOUTH)
    laptop.does(
        new("household", "h1", NORTH, village=NORTH),
        new("person", "p1", NORTH, household="h1", id_number="230"),
        new("visit", "v1", NORTH, household="h1"),
    )
    return laptop


def scopes(laptop: Laptop) -> dict[str, str]:
    laptop.catch_up()
    return {key: scope for (_, key), (scope, _) in laptop.rows.items()}


def test_all_that_belongs_to_it_goes_along(county: Laptop) -> None:
    county.does(edit("household", "h1", NORTH, village=(NORTH, SOUTH)))
    assert scopes(county) == {"h1": SOUTH, "p1": SOUTH, "v1": SOUTH}


def test_the_old_village_is_told_that_it_left_and_nothing_of_where_to(county: Laptop) -> None:
    north = join(county.hub, "北村", NORTH)
    north.catch_up()
    county.does(edit("household", "h1", NORTH, village=(NORTH, SOUTH), name=(None, "新家")))
    rows = north.pull().pages[NORTH].rows
    assert [(row.k, row.g, row.f, row.u) for row in rows] == [
        (key, EXIT, {}, "") for key in ("h1", "p1", "v1")
    ]
    assert not north.rows


def test_the_new_village_is_told_all_of_it(county: Laptop) -> None:
    south = join(county.hub, "南村二", SOUTH)
    south.catch_up()
    county.does(edit("household", "h1", NORTH, village=(NORTH, SOUTH)))
    assert set(scopes(south)) == {"h1", "p1", "v1"}


def test_it_moves_on_and_back_again(county: Laptop) -> None:
    north = join(county.hub, "北村", NORTH)
    north.catch_up()
    for old, to in ((NORTH, SOUTH), (SOUTH, EAST), (EAST, NORTH)):
        county.does(edit("household", "h1", old, village=(old, to)))
    assert scopes(north) == {"h1": NORTH, "p1": NORTH, "v1": NORTH}
    assert north.pull(check=True).pages[NORTH].digest == north.digest(NORTH)


def test_the_digests_of_both_villages_follow(county: Laptop) -> None:
    county.does(edit("household", "h1", NORTH, village=(NORTH, SOUTH)))
    county.catch_up()
    pages = county.pull(check=True).pages
    assert {scope: page.digest for scope, page in pages.items()} == {
        scope: county.digest(scope) for scope in pages
    }
    assert pages[NORTH].digest == "0" * 16


def test_a_visit_of_the_same_transaction_goes_along(county: Laptop) -> None:
    county.does(
        new("visit", "v2", NORTH, household="h1"),
        edit("household", "h1", NORTH, village=(NORTH, SOUTH)),
        new("visit", "v3", NORTH, household="h1"),
    )
    assert set(scopes(county).values()) == {SOUTH}


def test_a_person_who_changes_the_household_changes_the_village(county: Laptop) -> None:
    county.does(new("household", "h2", SOUTH, village=SOUTH))
    county.does(edit("person", "p1", NORTH, household=("h1", "h2")))
    assert scopes(county) == {"h1": NORTH, "h2": SOUTH, "p1": SOUTH, "v1": NORTH}
    county.does(edit("household", "h1", NORTH, village=(NORTH, EAST)))
    assert scopes(county)["p1"] == SOUTH


def test_a_row_whose_household_is_emptied_stays_where_it_was(county: Laptop) -> None:
    county.does(edit("person", "p1", NORTH, household=("h1", None)))
    assert scopes(county)["p1"] == NORTH


def test_what_was_removed_goes_along_without_a_word(county: Laptop) -> None:
    county.does(removal("visit", "v1", NORTH, household="h1"))
    county.does(edit("household", "h1", NORTH, village=(NORTH, SOUTH)))
    south = join(county.hub, "南村二", SOUTH)
    south.catch_up()
    assert south.sees("visit", "v1") is None
    assert south.pull(check=True).pages[SOUTH].digest == south.digest(SOUTH)


def test_a_visit_that_came_before_its_household_follows_it(county: Laptop) -> None:
    county.does(new("visit", "v9", NORTH, household="h9"))
    assert scopes(county)["v9"] == NORTH
    county.does(new("household", "h9", SOUTH, village=SOUTH))
    assert scopes(county)["v9"] == SOUTH


def test_an_open_conflict_goes_along_with_its_row(county: Laptop) -> None:
    county.does(edit("household", "h1", NORTH, kind=("一般户", "脱贫户")))
    county.does(edit("household", "h1", NORTH, village=(NORTH, SOUTH)))
    south = join(county.hub, "南村二", SOUTH)
    south.catch_up()
    (conflict,) = south.all("conflict")
    assert (conflict["village"], conflict["pk"], conflict["state"]) == (SOUTH, "h1", "待处理")


def test_a_reference_row_stays_with_the_county(county: Laptop) -> None:
    county.does(new("unit", "u1", NORTH, name="县教育局"))
    assert scopes(county)["u1"] == "county"


def test_a_ledger_that_the_hub_does_not_know_lies_where_the_laptop_says(county: Laptop) -> None:
    county.does(new("orchard", "o1", NORTH, trees=3))
    assert scopes(county)["o1"] == NORTH
