"""A laptop is never told a byte of a village that it does not hold: invariant I6."""

from __future__ import annotations

import hashlib

import pytest

from nehe_desktop.hub import devices
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.protocol import COUNTY as REFERENCE
from nehe_desktop.sync.protocol import Pull, Row, encode
from nehe_desktop.sync.transport import Denied
from tests.hub.laptops import COUNTY, NORTH, NOW, SOUTH, Laptop, ack_of, edit, join, new

SECRET = "南村的秘密"


@pytest.fixture
def north(either_hub: Hub) -> Laptop:
    """A laptop of the north; the south has a household, a person, a double and a conflict."""
    south, county = join(either_hub, "南村", SOUTH), join(either_hub, "县里", "*")
    south.does(new("household", "s1", SOUTH, village=SOUTH, name=SECRET))
    south.does(new("person", "sp", SOUTH, household="s1", id_number="230281196001011234", name=SECRET))
    county.does(edit("household", "s1", SOUTH, name=("别的", SECRET + "二")))
    laptop = join(either_hub, "北村", NORTH)
    laptop.does(new("household", "n1", NORTH, village=NORTH), new("person", "np", NORTH, household="n1"))
    return laptop


def everything_told(laptop: Laptop) -> str:
    return encode(laptop.pull(check=True)).decode()


def test_no_page_no_head_and_no_scope_tells_of_another_village(north: Laptop) -> None:
    told = (
        everything_told(north)
        + encode(north.does(edit("household", "n1", NORTH, phone=(None, "1")))).decode()
    )
    assert SECRET not in told
    assert SOUTH not in told
    assert "s1" not in told


def test_asking_for_another_village_by_name_tells_nothing(north: Laptop) -> None:
    reply = north.ask(None, Pull({SOUTH: 0, NORTH: 0, REFERENCE: 0}, check=True))
    assert set(reply.pages) == {REFERENCE, NORTH}
    assert SECRET not in encode(reply).decode()


def test_a_double_in_two_villages_does_not_tell_whose_the_other_is(north: Laptop) -> None:
    north.does(edit("person", "np", NORTH, id_number=(None, "230281196001011234")))
    told = everything_told(north)
    (double,) = [row for row in (north.reply or north.pull()).pages[NORTH].rows if row.t == "double"]
    assert double.f["first"] == "np"
    assert "second" not in double.f
    assert "sp" not in told
    assert SOUTH not in told


def test_the_result_of_a_late_edit_names_only_a_conflict(north: Laptop) -> None:
    county = join(north.hub, "县里二", "*")
    county.does(edit("household", "n1", NORTH, village=(NORTH, SOUTH), name=(None, SECRET)))
    reply = north.does(edit("household", "n1", NORTH, name=("原来", "新的")))
    assert [result.k for result in ack_of(reply).res] == ["conflict"]
    assert SECRET not in encode(reply).decode()
    assert SECRET not in everything_told(north)
    assert north.sees("household", "n1") is None


def test_an_order_for_a_conflict_of_another_village_is_set_aside(north: Laptop) -> None:
    county = join(north.hub, "县里二", "*")
    county.catch_up()
    ((_, id),) = [key for key in county.rows if key[0] == "conflict"]
    reply = north.does(edit("conflict", id, NORTH, state=("自动", "已处理")))
    assert [result.why for result in ack_of(reply).res] == ["scope"]


def test_the_snapshot_of_another_village_is_refused(north: Laptop) -> None:
    with pytest.raises(Denied, match="403 scope"):
        north.hub.snapshot(north.dev, SOUTH, 1, 0, 100)


def test_an_attachment_of_another_village_can_neither_be_read_nor_asked_for(either_hub: Hub) -> None:
    photo = b"a photo of the south"
    name = hashlib.sha256(photo).hexdigest()
    south, north = join(either_hub, "南村", SOUTH), join(either_hub, "北村", NORTH)
    south.does(
        new("household", "s1", SOUTH, village=SOUTH),
        new("visit", "v", SOUTH, household="s1", photos=f'["{name}"]'),
    )
    assert either_hub.put(south.dev, name, 0, len(photo), photo) == len(photo)
    assert either_hub.have(north.dev, name) == -1
    with pytest.raises(Denied, match="403"):
        either_hub.fetch_blob(north.dev, name, 0, 100)
    with pytest.raises(Denied, match="403"):
        either_hub.put(north.dev, name, 0, 3, b"abc")


def test_a_scope_that_was_taken_away_is_told_no_longer(north: Laptop) -> None:
    north.pull()
    devices.take_away(north.hub.store, COUNTY, north.dev, NORTH, NOW)
    reply = north.pull(check=True)
    assert reply.scopes == [REFERENCE]
    assert set(reply.pages) == {REFERENCE}


def test_salvage_cannot_write_into_another_village(north: Laptop) -> None:
    north.salvages({SOUTH: [Row("household", "s1", 9, 9, f={"village": SOUTH, "name": "被改了"})]})
    north.salvages({NORTH: [Row("household", "s1", 9, 9, f={"village": NORTH})]})
    county = join(north.hub, "县里二", "*")
    county.catch_up()
    assert (county.sees("household", "s1") or {})["village"] == SOUTH


def test_the_lineage_names_only_villages_that_the_laptop_knows(north: Laptop) -> None:
    with pytest.raises(Denied) as denied:
        north.ask(None, Pull({NORTH: 1}), epoch="before")
    assert SOUTH not in encode(denied.value.refusal).decode()
