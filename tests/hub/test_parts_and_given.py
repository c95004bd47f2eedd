"""Large saves come in parts and are done at once; rows shipped with the program fill what is empty and never win."""

from __future__ import annotations

from typing import Any

import pytest

from nehe_desktop.core.given import content_of
from nehe_desktop.features import ledgers
from nehe_desktop.features.entry.intake import shipped_rows
from nehe_desktop.hub import quarantine
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.protocol import COUNTY as REFERENCE
from nehe_desktop.sync.protocol import GIVEN, GONE, LIVE, Change, Row
from nehe_desktop.sync.rules import rules_of
from tests.hub.laptops import (
    COUNTY,
    EAST,
    NORTH,
    NOW,
    SOUTH,
    Laptop,
    ack_of,
    contents,
    edit,
    join,
    new,
    removal,
    set_of,
)

SHIPPED = [new("division", key, REFERENCE, name=f"村{key[0]}") for key in (NORTH, SOUTH)]
SET = set_of(*SHIPPED)


def parts(laptop: Laptop, count: int, village: str = NORTH, **more: object) -> list[bytes]:
    """One save in parts: a household, then its visits."""
    head = new("household", "h1", village, village=village)
    rest = [new("visit", f"v{number}", village, household="h1") for number in range(1, count)]
    at = (NOW << 16) + 500
    each = enumerate((head, *rest), 1)
    return [laptop.save(change, p=(number, count), at=at, **more) for number, change in each]


def test_nothing_of_a_save_is_seen_before_its_last_part_came(either_hub: Hub) -> None:
    laptop = join(either_hub, "北村", NORTH)
    first, second, third = parts(laptop, 3)
    laptop.send(first)
    laptop.send(second)
    laptop.catch_up()
    assert not laptop.rows
    laptop.send(third)
    laptop.catch_up()
    assert {key for _, key in laptop.rows} == {"h1", "v1", "v2"}


def test_parts_in_one_request_are_one_save_too(hub: Hub) -> None:
    laptop = join(hub, "北村", NORTH)
    laptop.send(laptop.save(new("household", "h0", NORTH, village=NORTH)), *parts(laptop, 3))
    laptop.catch_up()
    assert len(laptop.rows) == 4


def test_parts_that_are_sent_twice_are_done_once(hub: Hub) -> None:
    laptop = join(hub, "北村", NORTH)
    work = parts(laptop, 3)
    laptop.send(*work)
    before = contents(hub)
    laptop.ask(laptop.push_from(1, "", work[:2]))
    laptop.ask(laptop.push_from(1, "", work))
    assert contents(hub) == before


def test_a_save_whose_one_part_may_not_be_done_is_set_aside_with_all_parts(hub: Hub) -> None:
    laptop = join(hub, "北村", NORTH)
    head = laptop.save(new("household", "h1", NORTH, village=NORTH), p=(1, 2))
    laptop.send(head)
    reply = laptop.send(laptop.save(new("household", "h2", SOUTH, village=SOUTH), p=(2, 2)))
    assert [(result.q, result.k, result.why) for result in ack_of(reply).res] == [
        (1, "quarantined", "scope"),
        (2, "quarantined", "scope"),
    ]
    assert [aside.seq for aside in quarantine.waiting(hub.store, COUNTY)] == [2]
    quarantine.accept(hub, laptop.dev, 2)
    laptop.catch_up()
    assert laptop.sees("household", "h1") == {"village": NORTH}
    assert quarantine.waiting(hub.store, COUNTY) == []


def test_a_last_part_without_the_others_is_set_aside(hub: Hub) -> None:
    laptop = join(hub, "北村", NORTH)
    reply = laptop.send(parts(laptop, 3)[2])
    assert [result.why for result in ack_of(reply).res] == ["unreadable"]


def test_parts_begun_under_an_old_name_are_done_once_they_come_whole(hub: Hub) -> None:
    old, reborn = join(hub, "北村", NORTH), join(hub, "北村二", NORTH)
    work = parts(old, 3)
    old.send(*work[:2])
    reborn.send(*work)
    reborn.catch_up()
    assert len(reborn.rows) == 3
    states = hub.store.read(
        lambda link: link.all("SELECT DISTINCT state FROM tx WHERE county = ?", (COUNTY,))
    )
    assert sorted(states) == [("applied",), ("waiting",)]


@pytest.fixture
def shipped(either_hub: Hub) -> Laptop:
    """A laptop that brought the shipped villages to the hub."""
    laptop = join(either_hub, "北村", NORTH)
    laptop.given = [SET]
    laptop.does(*SHIPPED, g=SET)
    return laptop


def test_shipped_rows_are_told_only_to_who_lacks_them(shipped: Laptop) -> None:
    newcomer = join(shipped.hub, "旧程序", NORTH)
    shipped.catch_up()
    newcomer.catch_up()
    assert not shipped.rows
    assert [row.g for _, row in newcomer.rows.values()] == [GIVEN, GIVEN]
    assert shipped.pull().known == [SET]
    assert shipped.cursors[REFERENCE] == newcomer.cursors[REFERENCE] == 2


def test_shipped_rows_are_not_in_the_digest(shipped: Laptop) -> None:
    assert shipped.pull(check=True).pages[REFERENCE].digest == "0" * 16


def test_a_shipped_set_that_is_there_is_not_taken_again(shipped: Laptop) -> None:
    before = contents(shipped.hub)
    other = join(shipped.hub, "南村", SOUTH)
    assert ack_of(other.does(new("division", "d4" * 16, REFERENCE, name="新的"), g=SET)).to == 1
    after = contents(shipped.hub)
    assert [after[table] for table in ("record", "head")] == [before[table] for table in ("record", "head")]


def test_a_shipped_set_never_wins_over_what_is_there(either_hub: Hub) -> None:
    county, laptop = join(either_hub, "县里", "*"), join(either_hub, "北村", NORTH)
    county.does(new("division", NORTH, REFERENCE, name="县里起的名"))
    laptop.does(*SHIPPED, g=SET)
    laptop.catch_up()
    assert laptop.sees("division", NORTH) == {"name": "县里起的名"}
    assert laptop.sees("division", SOUTH) == {"name": "村b"}


def test_a_shipped_row_that_somebody_changed_is_a_row_like_any_other(shipped: Laptop) -> None:
    join(shipped.hub, "县里", "*").does(edit("division", SOUTH, REFERENCE, name=("村b", "更名村")))
    page = shipped.pull(check=True).pages[REFERENCE]
    assert [(row.k, row.g) for row in page.rows] == [(SOUTH, LIVE)]
    assert page.digest == shipped.digest(REFERENCE) != "0" * 16


def test_a_shipped_set_in_parts_is_there_when_all_of_it_is(shipped: Laptop) -> None:
    other = join(shipped.hub, "县里", "*")
    units = [new("unit", f"u{number}", REFERENCE, name="单位") for number in (1, 2)]
    name = set_of(*units)
    saves = [other.save(each, g=name, p=(number, 2)) for number, each in enumerate(units, 1)]
    other.send(saves[0])
    assert other.pull().known == [SET]
    other.send(saves[1])
    assert other.pull().known == sorted([SET, name])


FORGED = {
    "a village of one's own": new("division", "d4" * 16, REFERENCE, name="假村"),
    "a village under another name": new("division", EAST, REFERENCE, name="假名"),
    "a role of the county": new("account", "a1", "office", name="某某", role="R7"),
    "an entry of the log": new("audit_log", "l1", NORTH, village=NORTH, mark="假"),
    "a household elsewhere": new("household", "h9", SOUTH, village=SOUTH),
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_a_changed_program_smuggles_nothing_in_as_a_shipped_set(either_hub: Hub, change: Change) -> None:
    laptop = join(either_hub, "北村", NORTH)
    before = contents(either_hub)["record"]
    reply = laptop.does(change, g=set_of(change))
    assert [(result.k, result.why) for result in ack_of(reply).res] == [("quarantined", "county")]
    assert contents(either_hub)["record"] == before
    assert not either_hub.store.read(
        lambda link: link.all("SELECT name FROM given_set WHERE county = ?", (COUNTY,))
    )


def test_one_forged_row_among_shipped_ones_sets_all_aside(hub: Hub) -> None:
    laptop = join(hub, "北村", NORTH)
    mixed = [*SHIPPED, FORGED["a village of one's own"]]
    assert [result.why for result in ack_of(laptop.does(*mixed, g=set_of(*mixed))).res] == ["county"]


@pytest.mark.parametrize("scope", [NORTH, "*"])
def test_a_set_under_a_name_that_is_not_its_own_is_not_taken(hub: Hub, scope: str) -> None:
    laptop = join(hub, "电脑", scope)
    reply = laptop.does(SHIPPED[0], g=SET)
    assert [result.why for result in ack_of(reply).res] == ["unreadable"]
    assert laptop.pull().known == []
    laptop.does(*SHIPPED, g=SET)
    assert laptop.pull().known == [SET]


def test_a_correction_or_removal_cannot_call_itself_shipped(hub: Hub) -> None:
    laptop = join(hub, "北村", NORTH)
    for change in (
        edit("division", NORTH, REFERENCE, name=("", "村a")),
        removal("division", NORTH, REFERENCE),
    ):
        assert [result.why for result in ack_of(laptop.does(change, g=set_of(change))).res] == ["county"]


def test_what_the_program_ships_the_hub_knows_by_heart() -> None:
    """The rules of the real hub and what a real laptop gives are of one mind."""
    rows = shipped_rows()
    rules = rules_of(ledgers.ALL, rows)
    assert all(rules[row.ledger.table].shipped[row.id] == content_of(row.stored()) for row in rows)
    assert {row.ledger.table for row in rows} == {name for name, rule in rules.items() if rule.shipped}
    assert all(rules[row.ledger.table].by_county for row in rows)


def test_bringing_back_after_a_restore_is_no_way_to_a_role_or_another_log(hub: Hub) -> None:
    laptop = join(hub, "北村", NORTH)
    laptop.does(new("audit_log", "l1", NORTH, village=NORTH, mark="真"))
    before = contents(hub)["record"]
    role = Row("account", "a1", 9, 9, LIVE, {"name": "某某", "role": "R7", "village": NORTH})
    other = Row("audit_log", "l1", 9, 9, LIVE, {"village": NORTH, "mark": "假"})
    gone = Row("audit_log", "l1", 9, 9, GONE)
    laptop.salvages({NORTH: [role, other, gone]})
    assert contents(hub)["record"] == before
    laptop.salvages({NORTH: [Row("audit_log", "l2", 9, 9, LIVE, {"village": NORTH, "mark": "真二"})]})
    assert len(contents(hub)["record"]) == len(before) + 1


def entry(key: str, device: str) -> Change:
    return new("audit_log", key, NORTH, village=NORTH, device=device)


def test_nobody_writes_into_the_log_of_another(either_hub: Hub) -> None:
    one, two = join(either_hub, "甲", NORTH), join(either_hub, "乙", NORTH)
    assert [result.why for result in ack_of(two.does(entry("l1", one.dev))).res] == ["rights"]
    assert ack_of(join(either_hub, "县里", "*").does(entry("l2", one.dev))).res[0].why == "rights"
    two.salvages({NORTH: [Row("audit_log", "l3", 9, 9, LIVE, {"village": NORTH, "device": one.dev})]})
    assert contents(either_hub)["record"] == []
    for number, device in enumerate((two.dev, "加入以前")):
        assert not ack_of(two.does(entry(f"own {number}", device))).res
    quarantine.accept(either_hub, two.dev, 1)
    assert len(contents(either_hub)["record"]) == 3


def test_a_laptop_with_a_new_name_goes_on_with_the_log_of_its_old_one(hub: Hub) -> None:
    one, again, liar = (join(hub, name, NORTH) for name in ("甲", "又甲", "骗子"))
    was = "UPDATE device SET was = ? WHERE county = ? AND dev = ?"
    hub.store.write(
        COUNTY, lambda link: link.many(was, [(one.dev, COUNTY, each.dev) for each in (again, liar)])
    )
    assert [result.why for result in ack_of(liar.does(entry("l1", one.dev))).res] == ["rights"]
    replaced = "UPDATE device SET state = 'replaced' WHERE county = ? AND dev = ?"
    hub.store.write(COUNTY, lambda link: link.run(replaced, (COUNTY, one.dev)))
    assert not ack_of(again.does(entry("l2", one.dev))).res


def role(name: str, **more: Any) -> Change:
    return new("account", "a1", NORTH, village=NORTH, name=name, **more)


TAKEN_OVER = {
    "another name on it": edit("account", "a1", NORTH, name=("王县", "某某")),
    "a longer time": edit("account", "a1", NORTH, until=("2020-12-31", None)),
    "taken away": removal("account", "a1", NORTH, name="王县", role="R7"),
    "made anew": role("某某", role="R7"),
    "moved": edit("account", "a1", NORTH, village=(NORTH, None)),
}


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("change", TAKEN_OVER.values(), ids=TAKEN_OVER)
def test_a_role_of_the_county_is_not_taken_over_in_a_village(hub: Hub, change: Change, *, gone: bool) -> None:
    county, laptop = join(hub, "县里", "*"), join(hub, "北村", NORTH)
    county.does(role("王县", role="R7", until="2020-12-31"))
    if gone:
        county.does(removal("account", "a1", NORTH, name="王县", role="R7", until="2020-12-31"))
    before = contents(hub)["record"]
    assert [result.why for result in ack_of(laptop.does(change)).res] == ["rights"]
    assert contents(hub)["record"] == before


def test_a_team_gives_its_own_roles_itself(hub: Hub) -> None:
    laptop = join(hub, "北村", NORTH)
    assert not ack_of(laptop.does(role("李工", role="R2"))).res
    assert not ack_of(laptop.does(edit("account", "a1", NORTH, role=("R2", "R1")))).res
    assert ack_of(laptop.does(edit("account", "a1", NORTH, role=("R1", "R7")))).res[0].why == "rights"


def test_after_a_restore_a_role_that_is_there_is_no_offence(hub: Hub) -> None:
    county, laptop = join(hub, "县里", "*"), join(hub, "北村", NORTH)
    county.does(role("王县", role="R7"))
    same = Row("account", "a1", 9, 9, LIVE, {"village": NORTH, "name": "王县", "role": "R7"})
    laptop.salvages({NORTH: [same]})
    events = "SELECT kind FROM event WHERE county = ? AND kind = 'salvage'"
    assert hub.store.read(lambda link: link.all(events, (COUNTY,))) == []
    laptop.salvages(
        {NORTH: [Row("account", "a1", 9, 9, LIVE, {"village": NORTH, "name": "某某", "role": "R7"})]}
    )
    assert hub.store.read(lambda link: link.all(events, (COUNTY,))) == [("salvage",)]
