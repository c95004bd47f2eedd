"""What may not be done is set aside whole: it never blocks, never vanishes, and an administrator decides."""

from __future__ import annotations

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import devices, quarantine
from nehe_desktop.hub.quarantine import SetAside
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.protocol import Change, SyncReply
from tests.hub.laptops import COUNTY, NORTH, NOW, SOUTH, Laptop, ack_of, edit, join, new


@pytest.fixture
def laptop(hub: Hub) -> Laptop:
    return join(hub, "北村", NORTH)


def whys(reply: SyncReply) -> list[str]:
    return [result.why for result in ack_of(reply).res if result.k == "quarantined"]


def foreign(key: str) -> Change:
    return new("household", key, SOUTH, village=SOUTH)


def test_a_change_of_another_village_sets_its_whole_transaction_aside(laptop: Laptop) -> None:
    reply = laptop.does(new("household", "h1", NORTH, village=NORTH), foreign("h2"), why="走访")
    laptop.catch_up()
    assert whys(reply) == ["scope"]
    assert laptop.sees("household", "h1") is None
    aside = SetAside(laptop.dev, "北村", 1, NOW, "scope", "北村", "走访", ("household",))
    assert quarantine.waiting(laptop.hub.store, COUNTY) == [aside]


def test_what_comes_after_is_done_all_the_same(laptop: Laptop) -> None:
    saves = [laptop.save(foreign("h1")), laptop.save(new("household", "h2", NORTH, village=NORTH))]
    reply = laptop.send(*saves)
    laptop.catch_up()
    assert ack_of(reply).to == 2
    assert laptop.sees("household", "h2")


def test_only_the_county_changes_what_only_the_county_may_change(laptop: Laptop) -> None:
    county = join(laptop.hub, "县里", "*")
    assert whys(county.does(new("division", NORTH, "county", name="北村"))) == []
    assert whys(laptop.does(edit("division", NORTH, "county", name=("北村", "南村")))) == ["county"]
    assert whys(laptop.does(new("unit", "u1", "county", name="县教育局"))) == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"h":1}',
        b'{"h":1,"u":"a","r":"","c":[{"t":"household","k":"h","s":"x","o":"X"}]}',
        b'{"h":1,"u":"a","r":"","c":[{"t":"household","k":"h","s":"x","o":"I","f":{"a":[null,{"b":1}]}}]}',
        b'{"h":1,"u":"a","r":"","c":[{"t":"household","k":"h","s":"x","o":"I","f":{"a":[null,9223372036854775808]}}]}',
        b'{"h":1,"u":"a","r":"","c":[{"t":"household","k":"\\u0000","s":"x","o":"I"}]}',
        b'{"h":1,"u":"a","r":"","c":[{"t":"","k":"h","s":"x","o":"I"}]}',
        b'{"h":1,"u":"a","r":"","c":[{"t":"household","k":"h","s":"a b","o":"I"}]}',
        b'{"h":1,"u":"a","r":"","c":[{"t":"household","k":"h","s":"x","o":"I","f":{"village":[null,7]}}]}',
        b'{"h":1,"u":"a","r":"","c":[{"t":"household","k":"h","s":"x","o":"I","f":{"":[null,7]}}]}',
        b'{"h":1,"u":"a","r":"","c":[],"p":[2,1]}',
        b'{"h":1,"u":"a","r":"","c":[],"p":[9223372036854775809,9223372036854775809]}',
        b'{"h":1,"u":"\xff\xfe","r":"","c":[]}',
        b'{"h":1,"u":"a","r":"","c":[' + b"[" * 3000 + b"]" * 3000 + b"]}",
        b"[]",
        b"7",
    ],
)
def test_what_cannot_be_read_is_set_aside_and_does_not_block(either_hub: Hub, body: bytes) -> None:
    laptop = join(either_hub, "北村", NORTH)
    reply = laptop.send(body, laptop.save(new("household", "h1", NORTH, village=NORTH)))
    laptop.catch_up()
    assert whys(reply) == ["unreadable"]
    assert ack_of(reply).to == 2
    assert laptop.sees("household", "h1")


def test_a_character_that_no_database_keeps_is_left_out(either_hub: Hub) -> None:
    laptop = join(either_hub, "北村", NORTH)
    values = {"id_number": "2\0", "name": "\0王\\u0000", "phone": "\0"}
    laptop.does(
        new("household", "h1", NORTH, village=NORTH), new("person", "p1", NORTH, household="h1\0", **values)
    )
    laptop.catch_up()
    assert laptop.sees("person", "p1") == {"household": "h1", "id_number": "2", "name": "王\\u0000"}


def test_what_was_set_aside_is_told_again_when_the_answer_was_lost(laptop: Laptop) -> None:
    push = laptop.push(laptop.save(foreign("h1")))
    first, second = laptop.ask(push), laptop.ask(push)
    assert whys(first) == whys(second) == ["scope"]


def test_an_administrator_has_it_done_after_all(either_hub: Hub) -> None:
    laptop, county = join(either_hub, "北村", NORTH), join(either_hub, "县里", "*")
    laptop.does(foreign("h1"))
    quarantine.accept(either_hub, laptop.dev, 1)
    county.catch_up()
    assert county.sees("household", "h1") == {"village": SOUTH}
    assert quarantine.waiting(either_hub.store, COUNTY) == []


def test_an_administrator_drops_it_and_it_stays_in_the_log(hub: Hub, laptop: Laptop) -> None:
    laptop.does(foreign("h1"))
    quarantine.drop(hub, laptop.dev, 1, "录错了村")
    states = hub.store.read(lambda link: link.all("SELECT state, why FROM tx WHERE county = ?", (COUNTY,)))
    assert states == [("dropped", "scope")]
    assert quarantine.waiting(hub.store, COUNTY) == []
    assert hub.store.read(lambda link: link.all("SELECT words FROM event WHERE county = ?", (COUNTY,))) == [
        ("1 录错了村",)
    ]


def test_it_is_decided_once(hub: Hub, laptop: Laptop) -> None:
    laptop.does(foreign("h1"))
    quarantine.accept(hub, laptop.dev, 1)
    for decide in (
        lambda: quarantine.accept(hub, laptop.dev, 1),
        lambda: quarantine.drop(hub, laptop.dev, 1, ""),
    ):
        with pytest.raises(Refused, match="没有这一笔"):
            decide()


def test_what_cannot_be_read_cannot_be_accepted(hub: Hub, laptop: Laptop) -> None:
    laptop.send(b"7")
    with pytest.raises(Refused, match="只能作废"):
        quarantine.accept(hub, laptop.dev, 1)
    assert len(quarantine.waiting(hub.store, COUNTY)) == 1


def test_the_same_one_that_came_again_under_a_new_name_is_done_once(hub: Hub, laptop: Laptop) -> None:
    reborn = join(hub, "北村二", NORTH)
    save = laptop.save(foreign("h1"))
    laptop.send(save)
    reborn.send(save)
    for each in quarantine.waiting(hub.store, COUNTY):
        quarantine.accept(hub, each.dev, each.seq)
    states = hub.store.read(
        lambda link: link.all("SELECT state FROM tx WHERE county = ? ORDER BY seq", (COUNTY,))
    )
    assert sorted(states) == [("again",), ("applied",)]


def test_a_scope_that_was_granted_meanwhile_lets_the_next_ones_through(hub: Hub, laptop: Laptop) -> None:
    assert whys(laptop.does(foreign("h1"))) == ["scope"]
    devices.grant(hub.store, COUNTY, laptop.dev, SOUTH, NOW)
    assert whys(laptop.does(foreign("h2"))) == []


def test_a_row_may_not_be_sent_to_a_village_that_does_not_exist(laptop: Laptop) -> None:
    laptop.does(new("household", "h1", NORTH, village=NORTH))
    assert whys(laptop.does(edit("household", "h1", NORTH, village=(NORTH, "d4" * 16)))) == ["scope"]
    join(laptop.hub, "县里", "*").does(new("division", "d4" * 16, "county", name="东村"))
    assert whys(laptop.does(edit("household", "h1", NORTH, village=(NORTH, "d4" * 16)))) == []
