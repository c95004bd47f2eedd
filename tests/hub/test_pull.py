"""What a laptop is told: every row of its scopes once, in order, in pages that fit its link."""

from __future__ import annotations

import pytest

from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.protocol import COUNTY as REFERENCE
from nehe_desktop.sync.protocol import EXIT, GONE, OFFICE, Pull, Row, encode
from tests.hub.laptops import NORTH, SOUTH, Laptop, edit, join, new, removal


@pytest.fixture
def laptop(either_hub: Hub) -> Laptop:
    """A laptop of the north, where fifty households were entered: one was removed, one edited, one moved away."""
    clerk = join(either_hub, "录入", NORTH)
    rows = (new("household", f"h{number:02}", NORTH, village=NORTH, name="王" * 20) for number in range(50))
    clerk.does(*rows)
    clerk.does(removal("household", "h07", NORTH, village=NORTH, name="王" * 20))
    clerk.does(edit("household", "h08", NORTH, name=("王" * 20, "李")), by="站长")
    mover = join(either_hub, "搬迁办", NORTH, SOUTH)
    mover.does(edit("household", "h09", NORTH, village=(NORTH, SOUTH)))
    mover.does(new("household", "h50", NORTH, village=NORTH))
    return join(either_hub, "北村", NORTH)


def test_rows_come_in_the_order_of_their_numbers_with_author_and_stamp(laptop: Laptop) -> None:
    page = laptop.pull().pages[NORTH]
    assert [row.q for row in page.rows] == [number for number in range(1, 55) if number not in (8, 9, 10)]
    assert page.cur == 54
    assert not page.more
    edited, left, _ = page.rows[-3:]
    assert (left.k, left.g) == ("h09", EXIT)
    assert (edited.k, edited.f["name"], edited.u, edited.v) == ("h08", "李", "站长", 2)


def test_what_was_removed_is_told_without_its_values(laptop: Laptop) -> None:
    (gone,) = [row for row in laptop.pull().pages[NORTH].rows if row.g == GONE]
    assert (gone.k, gone.f, gone.v) == ("h07", {}, 2)


def test_empty_values_are_not_told(laptop: Laptop) -> None:
    laptop.does(new("household", "h99", NORTH, village=NORTH, phone="", name=None))
    laptop.catch_up()
    assert laptop.sees("household", "h99") == {"village": NORTH}


@pytest.mark.parametrize("limit", [1, 200, 1000, 65_536])
def test_a_weak_link_is_told_the_same_in_small_pages(laptop: Laptop, limit: int) -> None:
    other = join(laptop.hub, "快", NORTH)
    laptop.catch_up(limit)
    other.catch_up()
    assert laptop.state() == other.state()
    assert laptop.cursors == other.cursors


def test_a_page_fits_the_link(laptop: Laptop) -> None:
    reply = laptop.pull(250)
    assert reply.pages[NORTH].more
    assert 500 < len(encode(reply.pages[NORTH].rows)) < 250 * 4 * 2


def test_every_page_brings_at_least_one_row(laptop: Laptop) -> None:
    assert [len(laptop.pull(1).pages[NORTH].rows) for _ in range(3)] == [1, 1, 1]


def test_the_limit_holds_for_all_scopes_of_an_answer_and_the_rest_is_promised(laptop: Laptop) -> None:
    join(laptop.hub, "南村", SOUTH).does(new("household", "s1", SOUTH, village=SOUTH))
    county = join(laptop.hub, "县里", "*")
    county.does(new("unit", "u1", REFERENCE, name="县教育局"))
    pages = county.pull(100).pages
    assert list(pages) == [REFERENCE, NORTH, SOUTH]
    assert [len(page.rows) for page in pages.values()][2] == 0
    assert [page.more for page in pages.values()] == [False, True, True]


@pytest.mark.parametrize("cursor", [0, 1, 10, 25, 52, 53, 54])
def test_from_any_number_on_the_outcome_is_the_same(laptop: Laptop, cursor: int) -> None:
    whole, resumed = join(laptop.hub, "从头", NORTH), join(laptop.hub, "接着", NORTH)
    whole.catch_up()
    while resumed.cursors.get(NORTH, 0) < cursor:
        resumed.pull(1)
    resumed.catch_up()
    assert resumed.state() == whole.state()


def test_nothing_new_is_no_page(laptop: Laptop) -> None:
    laptop.catch_up()
    assert laptop.pull().pages == {}


def test_a_check_gives_the_digest_of_every_scope(laptop: Laptop) -> None:
    laptop.catch_up()
    pages = laptop.pull(check=True).pages
    assert {scope: page.digest for scope, page in pages.items()} == {
        REFERENCE: laptop.digest(REFERENCE),
        NORTH: laptop.digest(NORTH),
    }


def test_a_laptop_that_wants_no_rows_is_told_none(laptop: Laptop) -> None:
    assert laptop.ask(None, Pull(limit=0)).pages == {}
    assert laptop.ask(None, None).pages == {}


def test_a_very_old_program_may_send_but_is_told_nothing(either_hub: Hub) -> None:
    laptop = join(either_hub, "旧程序", NORTH)
    either_hub.min_schema = 5
    push = laptop.push(laptop.save(new("household", "h1", NORTH, village=NORTH)))
    reply = laptop.ask(push, Pull(), schema=4)
    assert reply.ack
    assert (reply.pages, reply.min_schema) == ({}, 5)
    assert laptop.ask(None, Pull(), schema=5).pages[NORTH].rows


def test_own_work_comes_back_in_the_same_answer(either_hub: Hub) -> None:
    laptop = join(either_hub, "北村", NORTH)
    push = laptop.push(laptop.save(new("household", "h1", NORTH, village=NORTH, name="王")))
    page = laptop.ask(push, Pull()).pages[NORTH]
    assert page.rows == [
        Row("household", "h1", 1, 1, 0, {"village": NORTH, "name": "王"}, "北村", page.rows[0].h)
    ]


def test_fields_of_a_newer_program_are_kept_and_told(either_hub: Hub) -> None:
    newer, older = join(either_hub, "新程序", NORTH), join(either_hub, "旧程序", NORTH)
    newer.does(new("household", "h1", NORTH, village=NORTH, solar_panels=3))
    older.does(edit("household", "h1", NORTH, phone=(None, "1")))
    newer.catch_up()
    assert newer.sees("household", "h1") == {"village": NORTH, "solar_panels": 3, "phone": "1"}


def test_a_new_village_of_the_county_is_told_to_the_county(either_hub: Hub) -> None:
    county = join(either_hub, "县里", "*")
    assert county.pull().scopes == [REFERENCE, OFFICE]
    join(either_hub, "北村", NORTH)
    assert county.pull().scopes == [REFERENCE, NORTH, OFFICE]
    assert county.does(new("household", "s1", SOUTH, village=SOUTH)).scopes == [REFERENCE, NORTH, SOUTH, OFFICE]
