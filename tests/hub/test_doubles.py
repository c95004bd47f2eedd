"""The same person entered twice becomes a case for people, whatever village the two rows lie in."""

from __future__ import annotations

from typing import Any

import pytest

from nehe_desktop.hub.service import Hub
from tests.hub.laptops import COUNTY, NORTH, SOUTH, Laptop, edit, join, new, removal

NUMBER = "230281196001011234"


@pytest.fixture
def north(either_hub: Hub) -> Laptop:
    """A laptop of the north with a household and a person."""
    laptop = join(either_hub, "北村", NORTH)
    laptop.does(
        new("household", "h1", NORTH, village=NORTH),
        new("person", "p1", NORTH, household="h1", id_number=NUMBER),
    )
    return laptop


def person(key: str, number: str | None = NUMBER) -> Any:
    values = {"household": "h1"} | ({"id_number": number} if number else {})
    return new("person", key, NORTH, **values)


def cases(laptop: Laptop) -> list[tuple[str, str, str]]:
    """First, second and state of each live case."""
    laptop.catch_up()
    return sorted((each["first"], each.get("second", ""), each["state"]) for each in laptop.all("double"))


def in_the_south(north: Laptop) -> Laptop:
    south = join(north.hub, "南村", SOUTH)
    south.does(
        new("household", "s1", SOUTH, village=SOUTH),
        new("person", "s2", SOUTH, household="s1", id_number=NUMBER),
    )
    return south


def test_two_rows_of_one_village_are_one_case(north: Laptop) -> None:
    north.does(person("p0"))
    assert cases(north) == [("p0", "p1", "待处理")]
    (found,) = north.all("double")
    assert (found["village"], found["tbl"], found["fields"]) == (NORTH, "person", "id_number")


def test_two_rows_of_one_transaction_are_a_case_too(north: Laptop) -> None:
    north.does(person("p2", "1"), person("p3", "1"))
    assert cases(north) == [("p2", "p3", "待处理")]


def test_three_rows_are_a_case_for_each_two(north: Laptop) -> None:
    north.does(person("p2"), person("p3"))
    assert [case[:2] for case in cases(north)] == [("p1", "p2"), ("p1", "p3"), ("p2", "p3")]


def test_an_empty_number_is_nobodys_number(north: Laptop) -> None:
    north.does(person("p2", None), person("p3", None))
    assert cases(north) == []


def test_two_villages_have_a_case_each_that_does_not_name_the_other_row(north: Laptop) -> None:
    south = in_the_south(north)
    assert cases(north) == [("p1", "", "待处理")]
    assert cases(south) == [("s2", "", "待处理")]


def test_a_case_that_was_decided_stays_decided(north: Laptop) -> None:
    north.does(person("p2"))
    cases(north)
    ((_, id),) = [key for key in north.rows if key[0] == "double"]
    north.does(edit("double", id, NORTH, state=("待处理", "不是同一个")))
    north.does(edit("person", "p2", NORTH, id_number=(NUMBER, "9")))
    north.does(edit("person", "p2", NORTH, id_number=("9", NUMBER)))
    assert cases(north) == [("p1", "p2", "不是同一个")]


def test_a_number_that_was_put_right_closes_the_case(north: Laptop) -> None:
    north.does(person("p2"))
    north.does(edit("person", "p2", NORTH, id_number=(NUMBER, "9")))
    assert cases(north) == []
    north.does(edit("person", "p2", NORTH, id_number=("9", NUMBER)))
    assert cases(north) == [("p1", "p2", "待处理")]


def test_a_row_that_was_removed_closes_the_case(north: Laptop) -> None:
    north.does(person("p2"))
    north.does(removal("person", "p2", NORTH, household="h1", id_number=NUMBER))
    assert cases(north) == []


def test_a_merge_keeps_its_case(north: Laptop) -> None:
    north.does(person("p2"))
    cases(north)
    ((_, id),) = [key for key in north.rows if key[0] == "double"]
    north.does(
        removal("person", "p2", NORTH, household="h1", id_number=NUMBER),
        edit("double", id, NORTH, state=("待处理", "已合并"), kept=(None, "p1")),
    )
    assert cases(north) == [("p1", "p2", "已合并")]


def test_a_person_who_moves_to_the_village_of_the_double_makes_one_case_of_two(north: Laptop) -> None:
    south, county = in_the_south(north), join(north.hub, "县里", "*")
    county.does(edit("household", "h1", NORTH, village=(NORTH, SOUTH)))
    assert cases(north) == []
    assert cases(south) == [("p1", "s2", "待处理")]


def test_a_person_who_moves_away_from_the_double_makes_two_cases_of_one(north: Laptop) -> None:
    north.does(
        new("household", "h2", NORTH, village=NORTH),
        new("person", "p2", NORTH, household="h2", id_number=NUMBER),
    )
    south, county = join(north.hub, "南村", SOUTH), join(north.hub, "县里", "*")
    county.does(edit("household", "h2", NORTH, village=(NORTH, SOUTH)))
    assert cases(north) == [("p1", "", "待处理")]
    assert cases(south) == [("p2", "", "待处理")]


def test_both_move_together_and_their_case_goes_along(north: Laptop) -> None:
    north.does(person("p2"))
    south, county = join(north.hub, "南村", SOUTH), join(north.hub, "县里", "*")
    county.does(edit("household", "h1", NORTH, village=(NORTH, SOUTH)))
    assert cases(north) == []
    assert cases(south) == [("p1", "p2", "待处理")]
    assert [each["village"] for each in south.all("double")] == [SOUTH]


def test_natural_keys_are_those_of_live_rows(north: Laptop) -> None:
    north.does(person("p2", "7"), person("p3", "8"))
    north.does(
        edit("person", "p2", NORTH, id_number=("7", None)),
        removal("person", "p3", NORTH, household="h1", id_number="8"),
    )
    sql = "SELECT words, pk FROM natural_key WHERE county = ?"
    assert north.hub.store.read(lambda link: link.all(sql, (COUNTY,))) == [(NUMBER, "p1")]
