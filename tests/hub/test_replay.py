"""Whatever is sent twice, too late or cut off leaves the hub as it was: invariants I3, I4 and I5."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import Link
from tests.hub.laptops import COUNTY, NORTH, SOUTH, Laptop, ack_of, contents, edit, join, new, removal


def saves(laptop: Laptop) -> list[bytes]:
    """A morning's work."""
    return [
        laptop.save(new("household", "h1", NORTH, village=NORTH, phone="1")),
        laptop.save(
            new("person", "p1", NORTH, household="h1", id_number="230"),
            new("visit", "v1", NORTH, household="h1"),
        ),
        laptop.save(edit("household", "h1", NORTH, phone=("1", "2"))),
        laptop.save(new("person", "p2", NORTH, household="h1", id_number="230")),
        laptop.save(edit("household", "h1", NORTH, phone=("8", "9"))),
        laptop.save(removal("visit", "v1", NORTH, household="h1")),
        laptop.save(*(new("visit", f"w{number}", NORTH, household="h1") for number in range(12))),
    ]


@pytest.mark.parametrize("upto", [1, 3, 7])
def test_any_prefix_that_is_sent_again_changes_nothing(either_hub: Hub, upto: int) -> None:
    laptop = join(either_hub, "李工", NORTH)
    work = saves(laptop)
    laptop.send(*work)
    before = contents(either_hub)
    laptop.ask(laptop.push_from(1, "", work[:upto]))
    assert contents(either_hub) == before


def test_one_by_one_is_the_same_as_all_at_once(hub: Hub) -> None:
    laptop = join(hub, "李工", NORTH)
    for save in saves(laptop):
        laptop.send(save)
        laptop.catch_up()
    other = join(hub, "复核", NORTH)
    other.catch_up()
    assert other.state() == laptop.state()


def numbers(hub: Hub, scope: str) -> list[int]:
    """Every number of a scope that a row or a departure has, in order."""
    rows = "SELECT hseq FROM record WHERE county = ? AND scope = ?"
    left = "SELECT hseq FROM departure WHERE county = ? AND scope = ?"
    found = hub.store.read(lambda link: [*link.all(rows, (COUNTY, scope)), *link.all(left, (COUNTY, scope))])
    return sorted(row[0] for row in found)


def test_numbers_have_no_gap_and_never_go_back(either_hub: Hub) -> None:
    laptop = join(either_hub, "县里", "*")
    for key in ("h1", "h2", "h3"):
        reply = laptop.does(new("household", key, NORTH, village=NORTH))
    assert ack_of(reply).heads[NORTH] == 3
    laptop.does(edit("household", "h2", NORTH, village=(NORTH, SOUTH)))
    reply = laptop.does(edit("household", "h1", NORTH, phone=(None, "1")))
    assert ack_of(reply).heads == {"county": 0, NORTH: 5, SOUTH: 1, "office": 0}
    assert numbers(either_hub, NORTH) == [3, 4, 5]
    assert numbers(either_hub, SOUTH) == [1]


def test_laptops_that_send_at_the_same_time_get_numbers_without_a_gap(either_hub: Hub) -> None:
    laptops = [join(either_hub, f"第{number}台", NORTH) for number in range(4)]

    def work(laptop: Laptop) -> None:
        for number in range(8):
            laptop.does(new("household", f"{laptop.name}{number}", NORTH, village=NORTH))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, laptops))
    assert numbers(either_hub, NORTH) == list(range(1, 33))


def test_a_revision_grows_with_every_change(hub: Hub) -> None:
    laptop = join(hub, "李工", NORTH)
    laptop.does(new("household", "h1", NORTH, village=NORTH))
    for number in range(3):
        laptop.does(edit("household", "h1", NORTH, phone=(number or None, number + 1)))
        laptop.catch_up()
        assert laptop.rows["household", "h1"][1].v == number + 2


class Torn(Exception):
    """The store fails."""


class Fragile:
    """A connection that fails at a statement about one table."""

    def __init__(self, link: Link, table: str) -> None:
        self.link, self.table = link, table

    def all(self, sql: str, params: Sequence[Any] = ()) -> list[Any]:
        return self.link.all(sql, params)

    def one(self, sql: str, params: Sequence[Any] = ()) -> Any:
        return self.link.one(sql, params)

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        return self.link.run(sql, params)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        if sql.startswith(f"INSERT INTO {self.table} "):
            raise Torn
        self.link.many(sql, rows)


@pytest.mark.parametrize("table", ["record", "tx", "natural_key", "head"])
def test_a_store_that_fails_in_the_middle_leaves_no_trace(
    either_hub: Hub, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = join(either_hub, "李工", NORTH)
    before, sound = contents(either_hub), either_hub.store.write
    work = saves(laptop)
    with monkeypatch.context() as torn:
        torn.setattr(
            either_hub.store,
            "write",
            lambda county, job: sound(county, lambda link: job(Fragile(link, table))),
        )
        with pytest.raises(Torn):
            laptop.send(*work)
    assert contents(either_hub) == before
    assert laptop.send(*work).ack


def test_the_same_transaction_under_a_new_name_is_not_done_twice(either_hub: Hub) -> None:
    laptop, reborn = join(either_hub, "李工", NORTH), join(either_hub, "李工（新名）", NORTH)
    save = laptop.save(new("household", "h1", NORTH, village=NORTH, phone="1"))
    laptop.send(save)
    laptop.does(edit("household", "h1", NORTH, phone=("1", "2")))
    reply = reborn.send(save)
    assert [(result.q, result.k) for result in ack_of(reply).res] == [(1, "again")]
    reborn.catch_up()
    assert reborn.sees("household", "h1") == {"village": NORTH, "phone": "2"}
    assert not reborn.all("conflict")
