"""A month that the county locked: the hub sets aside what would change it, from whichever laptop it comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.features import ledgers
from nehe_desktop.features.attendance.sheets import LateNightStep, LateStep, MonthLock, SheetStep
from nehe_desktop.hub import quarantine
from nehe_desktop.hub.scopes import TOWN
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.protocol import Change
from nehe_desktop.sync.rules import rules_of
from tests.hub.laptops import COUNTY, NORTH, Laptop, ack_of, edit, join, new, removal

HALF = {"member": "m", "team": "t", "day": "2020-08-20", "half": "AM", "status": "V", "source": "手工"}
LOCK = MonthLock.of("t", "202008", closed=True, by="周主任")


@pytest.fixture
def hub(either_hub: Hub) -> Hub:
    """A hub of the real ledgers, on which a village's team has two half-days of August and one of September."""
    real = Hub(either_hub.store, COUNTY, rules_of(ledgers.ALL), either_hub.wall)
    join(real, "建队", NORTH).does(
        new("team", "t", NORTH, village=NORTH, name="北村驻村工作队"),
        new("member", "m", NORTH, team="t", name="李工"),
        new("member", "boss", NORTH, team="t", name="王海波"),
        new("attendance_half", "h", NORTH, **HALF),
        new("attendance_half", "l", NORTH, **{**HALF, "half": "PM", "late": 1}),
        new("attendance_half", "s", NORTH, **{**HALF, "day": "2020-09-01"}),
        new("night", "n", NORTH, member="m", team="t", day="2020-08-20", stayed="住村"),
    )
    return real


@pytest.fixture
def village(hub: Hub) -> Laptop:
    return join(hub, "北村", NORTH)


@pytest.fixture
def county(hub: Hub) -> Laptop:
    return join(hub, "县里", "*")


@pytest.fixture
def town(hub: Hub) -> Laptop:
    return join(hub, "乡镇", NORTH, TOWN)


def locking(*, closed: bool = True) -> Change:
    return new("month_lock", LOCK.id, NORTH, **{**LOCK.stored(), "closed": int(closed)})


def whys(laptop: Laptop, *changes: Change) -> list[str]:
    return [result.why for result in ack_of(laptop.does(*changes)).res if result.k == "quarantined"]


CHANGES: dict[str, Callable[[], Change]] = {
    "another status": lambda: edit("attendance_half", "h", NORTH, status=("V", "A")),
    "taking it away": lambda: removal("attendance_half", "h", NORTH, **HALF),
    "one more half-day": lambda: new("attendance_half", "x", NORTH, **{**HALF, "day": "2020-08-21"}),
    "moving it out of the month": lambda: edit(
        "attendance_half", "h", NORTH, day=("2020-08-20", "2020-09-20")
    ),
    "moving one into the month": lambda: edit(
        "attendance_half", "s", NORTH, day=("2020-09-01", "2020-08-25")
    ),
    "another team's": lambda: edit("attendance_half", "h", NORTH, team=("t", "t2")),
    "a night": lambda: edit("night", "n", NORTH, stayed=("住村", "未住")),
}


@pytest.mark.parametrize("what", CHANGES)
def test_nobody_changes_a_locked_month(village: Laptop, town: Laptop, county: Laptop, what: str) -> None:
    assert whys(county, locking()) == []
    assert [whys(each, CHANGES[what]()) for each in (village, town, county)] == [["locked"]] * 3
    assert whys(village, edit("attendance_half", "s", NORTH, status=("V", "O"))) == []


def test_what_is_said_once_more_as_it_stands_is_no_change(village: Laptop, county: Laptop) -> None:
    county.does(locking())
    assert whys(village, new("attendance_half", "h", NORTH, **HALF)) == []
    assert whys(village, edit("attendance_half", "h", NORTH, status=("O", "V"))) == []


def test_what_was_set_aside_is_kept_and_done_once_the_month_is_open(
    hub: Hub, village: Laptop, county: Laptop
) -> None:
    county.does(locking())
    village.does(edit("attendance_half", "h", NORTH, status=("V", "A")), by="王海波")
    (aside,) = quarantine.waiting(hub.store, COUNTY)
    assert (aside.why, aside.author, aside.tables) == ("locked", "王海波", ("attendance_half",))
    with pytest.raises(Refused, match="这个月还锁着"):
        quarantine.accept(hub, aside.dev, aside.seq)
    county.does(edit("month_lock", LOCK.id, NORTH, closed=(1, 0), revision=(1, 2), reason=("", "核实")))
    quarantine.accept(hub, aside.dev, aside.seq)
    county.catch_up()
    assert (county.sees("attendance_half", "h") or {})["status"] == "A"


def test_no_laptop_below_the_county_locks_or_opens(village: Laptop, town: Laptop, county: Laptop) -> None:
    assert [whys(each, locking()) for each in (village, town)] == [["county"]] * 2
    county.does(locking())
    opening = edit("month_lock", LOCK.id, NORTH, closed=(1, 0), revision=(1, 2))
    gone = removal("month_lock", LOCK.id, NORTH, **LOCK.stored())
    assert [whys(each, change) for each in (village, town) for change in (opening, gone)] == [["county"]] * 4
    county.catch_up()
    assert (county.sees("month_lock", LOCK.id) or {})["closed"] == 1


def step(key: str, by: str, name: str, device: str, members: str = "李工、王海波") -> Change:
    said: dict[str, Any] = {"team": "t", "month": "202008", "step": name, "decision": "同意", "by": by}
    return new(
        "sheet_step", key, NORTH, **said, device=device, members=members, revision=1, at="2020-09-01T08:00:00"
    )


def test_each_level_takes_its_own_step_on_its_own_laptop(
    village: Laptop, town: Laptop, county: Laptop
) -> None:
    assert whys(village, step("1", "王海波", "队长确认", village.dev)) == []
    assert whys(village, step("2", "赵书记", "村党组织书记确认", village.dev)) == []
    assert whys(village, step("3", "孙委员", "乡镇党委审核", village.dev)) == ["rights"]
    assert whys(town, step("4", "孙委员", "乡镇党委审核", town.dev)) == []
    assert [whys(each, step("5", "周主任", "驻村办备案", each.dev)) for each in (village, town)] == [
        ["rights"]
    ] * 2
    assert whys(county, step("6", "周主任", "驻村办备案", county.dev)) == []


def test_nobody_on_the_sheet_decides_it_and_no_laptop_signs_for_another(
    village: Laptop, town: Laptop, county: Laptop
) -> None:
    assert whys(village, step("1", "李工", "村党组织书记确认", village.dev)) == ["rights"]
    assert whys(county, step("2", "李 工", "驻村办备案", county.dev)) == ["rights"]
    assert whys(village, step("3", "赵书记", "村党组织书记确认", village.dev, members="")) == ["rights"]
    assert whys(village, step("4", "赵书记", "村党组织书记确认", town.dev)) == ["rights"]
    assert whys(village, step("5", "赵书记", "村党组织书记确认", village.dev)) == []
    assert whys(village, edit("sheet_step", "5", NORTH, decision=("同意", "退回"))) == ["rights"]
    assert whys(county, removal("sheet_step", "5", NORTH, by="赵书记")) == ["rights"]


def late(key: str, by: str, name: str, device: str) -> Change:
    return new("late_step", key, NORTH, half="l", step=name, decision="同意", by=by, device=device,
               at="2020-09-01T08:00:00")  # fmt: skip


def test_nobody_confirms_his_own_late_entry_and_a_village_not_for_the_township(
    village: Laptop, town: Laptop
) -> None:
    assert whys(village, late("1", "李工", "队长确认", village.dev)) == ["rights"]
    assert whys(village, late("2", "孙委员", "乡镇确认", village.dev)) == ["rights"]
    assert whys(village, late("3", "王海波", "队长确认", village.dev)) == []
    assert whys(town, late("4", "孙委员", "乡镇确认", town.dev)) == []


def test_the_same_of_a_night(village: Laptop) -> None:
    said = {"night": "n", "step": "队长确认", "decision": "同意", "device": village.dev, "at": "2020-09-01T08:00:00"}
    assert whys(village, new("late_night_step", "1", NORTH, **said, by="李工")) == ["rights"]
    assert whys(village, new("late_night_step", "2", NORTH, **{**said, "step": "乡镇确认"}, by="孙委员")) == ["rights"]
    assert whys(village, new("late_night_step", "3", NORTH, **said, by="王海波")) == []


def test_a_row_and_what_is_said_of_it_may_come_in_one_step(village: Laptop) -> None:
    fresh = new("attendance_half", "f", NORTH, **{**HALF, "day": "2020-08-05", "late": 1})
    said = {
        "half": "f",
        "step": "队长确认",
        "decision": "同意",
        "device": village.dev,
        "at": "2020-09-01T08:00:00",
    }
    assert whys(village, fresh, new("late_step", "x", NORTH, **said, by="王海波")) == []
    own = new("attendance_half", "g", NORTH, **{**HALF, "day": "2020-08-06", "late": 1})
    assert whys(village, own, new("late_step", "y", NORTH, **{**said, "half": "g"}, by="李工")) == ["rights"]


def test_a_lock_that_a_restored_hub_lost_comes_back_from_the_county_alone(
    village: Laptop, county: Laptop
) -> None:
    county.does(locking())
    county.catch_up()
    row = county.rows["month_lock", LOCK.id][1]
    lost = {NORTH: [row]}
    fresh = Hub(village.hub.store, COUNTY, village.hub.rules, village.hub.wall)
    fresh.store.write(
        COUNTY, lambda link: link.run("DELETE FROM record WHERE county = ? AND tbl = 'month_lock'", (COUNTY,))
    )
    village.salvages(lost)
    assert whys(village, edit("attendance_half", "h", NORTH, note=("", "改"))) == []
    county.salvages(lost)
    assert whys(village, edit("attendance_half", "h", NORTH, note=("改", "再改"))) == ["locked"]


def test_the_hub_knows_these_rules_from_the_declarations() -> None:
    rules = rules_of(ledgers.ALL)
    assert rules["month_lock"].by_county
    assert {rules[cls.ledger.table].by_device for cls in (SheetStep, LateStep, LateNightStep)} == {"device"}
    assert all(rules[cls.ledger.table].append_only for cls in (SheetStep, LateStep))
