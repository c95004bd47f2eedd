"""What was removed long ago leaves nothing of a person behind; what is older than that is let go."""

from __future__ import annotations

from nehe_desktop.hub import ageing, events
from nehe_desktop.hub.ageing import EVENTS, RECEIPTS, REMOVED
from nehe_desktop.hub.events import DAY
from nehe_desktop.hub.service import Hub
from tests.hub.laptops import COUNTY, NORTH, NOW, contents, edit, join, new, removal


def test_a_removed_person_keeps_no_values_after_half_a_year(either_hub: Hub) -> None:
    laptop = join(either_hub, "北村", NORTH)
    laptop.does(new("household", "h1", NORTH, village=NORTH, name="王"), at=NOW << 16)
    laptop.does(removal("household", "h1", NORTH, village=NORTH, name="王"), at=NOW << 16)
    assert ageing.age(either_hub.store, COUNTY, NOW + REMOVED)
    assert "王" in str(contents(either_hub)["record"])
    assert ageing.age(either_hub.store, COUNTY, NOW + REMOVED + DAY)
    assert "王" not in str(contents(either_hub)["record"])


def test_the_dead_stay_dead_and_an_edit_still_brings_back_what_it_says(either_hub: Hub) -> None:
    laptop = join(either_hub, "北村", NORTH)
    laptop.does(new("household", "h1", NORTH, village=NORTH, name="王"), at=NOW << 16)
    laptop.does(removal("household", "h1", NORTH, village=NORTH, name="王"), at=NOW << 16)
    ageing.age(either_hub.store, COUNTY, NOW + REMOVED + DAY)
    laptop.catch_up()
    assert laptop.sees("household", "h1") is None
    laptop.does(edit("household", "h1", NORTH, phone=(None, "1")))
    laptop.catch_up()
    assert laptop.sees("household", "h1") == {"phone": "1"}
    assert laptop.pull(check=True).pages[NORTH].digest == laptop.digest(NORTH)


def test_old_receipts_and_events_are_let_go(either_hub: Hub) -> None:
    laptop = join(either_hub, "北村", NORTH)
    laptop.does(new("household", "h1", NORTH, village=NORTH))
    either_hub.store.write(COUNTY, lambda link: events.note(link, COUNTY, "clock", laptop.dev, "", NOW))

    def left() -> list[int]:
        sqls = [f"SELECT 1 FROM {name} WHERE county = ?" for name in ("receipt", "event")]
        return either_hub.store.read(lambda link: [len(link.all(sql, (COUNTY,))) for sql in sqls])

    ageing.age(either_hub.store, COUNTY, NOW + RECEIPTS + DAY)
    assert left() == [0, 1]
    ageing.age(either_hub.store, COUNTY, NOW + EVENTS + DAY)
    assert left() == [0, 0]


def test_it_is_done_once_a_day(hub: Hub) -> None:
    assert [ageing.age(hub.store, COUNTY, NOW + hours * DAY // 24) for hours in (0, 1, 23, 25)] == [
        True,
        False,
        False,
        True,
    ]
