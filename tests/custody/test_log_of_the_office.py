"""The log of a laptop of several villages reaches the county's office, which alone reads it; its own stays there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nehe_desktop.core.store import Put
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.actors import actor_of
from nehe_desktop.features.custody.ledger import Account, AuditEntry
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.hub import trail
from nehe_desktop.hub.scopes import TOWN
from nehe_desktop.security.laptop import Profile, tell
from nehe_desktop.sync import escrow
from nehe_desktop.sync.protocol import OFFICE
from nehe_desktop.sync.standing import standing
from tests.sync.direct import NORTH, SOUTH, County, Desk, household, settle, sqlite_county

EAST = "0c" * 16


@pytest.fixture(autouse=True)
def keyless(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key is left with the county, whose entry in the log would be counted too."""
    monkeypatch.setattr(escrow, "due", lambda *_: None)


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    """A county without a single row."""
    made = sqlite_county(tmp_path)
    yield made
    made.close()


@pytest.fixture
def desk(county: County, tmp_path: Path) -> Iterator[Desk]:
    """A laptop of two villages, none of them its own."""
    made = Desk(county, tmp_path / "two.db", "两村").join(NORTH, SOUTH)
    yield made
    made.close()


def prints(desk: Desk, times: int = 1) -> None:
    for _ in range(times):
        desk.county.watch.pass_by(seconds=1)
        audit.note(desk.store, "打印", count=1).result()


def whole(county: County, dev: str) -> int:
    """How many entries of a laptop the county has, where none is missing."""
    (found,) = trail.trails(county.store, county.code, dev)
    assert found.breaks == ()
    return found.count


def test_what_was_printed_on_a_laptop_of_several_villages_is_known_to_the_county(
    county: County, desk: Desk, tmp_path: Path
) -> None:
    office = Desk(county, tmp_path / "county.db", "县里").join("*")
    prints(desk, 3)
    settle([desk, office])
    assert whole(county, desk.dev) == 3
    assert office.store.count(AuditEntry, "device = ?", (desk.dev,)) == 3
    assert (standing(desk.store).set_aside, desk.open_changes(), audit.breaks(desk.store)) == (0, 0, [])
    office.close()


def test_it_keeps_its_own_entries_and_is_told_nobody_elses(
    county: County, desk: Desk, tmp_path: Path
) -> None:
    other = Desk(county, tmp_path / "other.db", "另两村").join(SOUTH, EAST)
    prints(desk, 2)
    prints(other, 5)
    settle([desk, other])
    assert desk.sync(check=True).problems == []
    assert desk.store.count(AuditEntry) == 2
    assert OFFICE not in county.held(desk.dev)


def test_in_the_name_of_another_laptop_it_writes_nothing(county: County, desk: Desk, tmp_path: Path) -> None:
    other = Desk(county, tmp_path / "other.db", "另两村").join(SOUTH, EAST)
    forged = AuditEntry(device=other.dev, number=1, at=desk.store.clock.now(), kind="打印", mark="m")
    desk.store.write([Put(forged)], "打印")
    assert desk.sync().set_aside == 1
    assert trail.trails(county.store, county.code) == []


def test_nothing_but_its_log_gets_into_the_office(county: County, desk: Desk) -> None:
    desk.save(Account(name="赵铁柱", role="R1", village=NORTH), household(NORTH))
    desk.store.database.write(
        lambda db: db.execute(
            "UPDATE journal SET patch = replace(patch, 'village', 'note'), scope = ? WHERE tbl = 'account'",
            (OFFICE,),
        )
    ).result()
    assert desk.sync().set_aside == 1
    assert county.rows("SELECT 1 FROM record WHERE county = ? AND scope = ?", OFFICE) == []


def test_a_hub_that_was_restored_gets_the_log_once_more(county: County, desk: Desk) -> None:
    settle([desk])
    backup = county.dump()
    prints(desk, 3)
    settle([desk])
    county.restore(backup)
    prints(desk)
    settle([desk])
    assert whole(county, desk.dev) == 4
    assert desk.store.count(AuditEntry) == 4


def test_a_laptop_that_was_restored_takes_a_new_name_and_loses_nothing(
    county: County, desk: Desk, tmp_path: Path
) -> None:
    prints(desk, 2)
    settle([desk])
    desk.keep(tmp_path / "copy.db")
    prints(desk, 2)
    settle([desk])
    before = desk.dev
    desk.put_back(tmp_path / "copy.db")
    desk.save(household(NORTH))
    settle([desk])
    prints(desk, 2)
    settle([desk])
    assert before != desk.dev
    assert (whole(county, before), whole(county, desk.dev)) == (4, 3)


def test_a_village_that_is_taken_away_leaves_its_log_behind(county: County, tmp_path: Path) -> None:
    desk = Desk(county, tmp_path / "one.db", "北村").join(NORTH)
    other = Desk(county, tmp_path / "other.db", "北村二").join(NORTH)
    prints(desk, 2)
    prints(other, 2)
    settle([desk, other])
    assert desk.store.count(AuditEntry) == 4
    county.take_away(desk.dev, NORTH)
    county.grant(desk.dev, SOUTH)
    settle([desk])
    prints(desk)
    settle([desk])
    kinds = [(each.device, each.kind) for each in desk.store.all(AuditEntry, order="number")]
    assert kinds == [(desk.dev, kind) for kind in ("打印", "打印", "同步设备", "打印")]
    assert whole(county, desk.dev) == 4
    for each in (desk, other):
        each.close()


def test_a_laptop_whose_village_was_taken_away_goes_on_in_the_one_that_it_was_given(
    county: County, tmp_path: Path
) -> None:
    desk = Desk(county, tmp_path / "one.db", "北村")
    tell(desk.store, Profile("李建国", NORTH))
    desk.join(NORTH)
    prints(desk)
    settle([desk])
    county.take_away(desk.dev, NORTH)
    settle([desk])
    prints(desk)
    county.grant(desk.dev, SOUTH)
    settle([desk])
    prints(desk)
    settle([desk])
    assert standing(desk.store).set_aside == 0
    assert whole(county, desk.dev) == 4
    sql = "SELECT scope FROM record WHERE county = ? AND tbl = 'audit_log' ORDER BY json_extract(data, '$.number')"
    assert [scope for (scope,) in county.rows(sql)] == [NORTH, OFFICE, OFFICE, SOUTH]
    desk.close()


def test_the_countys_laptop_logs_into_its_office_also_where_there_is_one_village_only(
    county: County, tmp_path: Path
) -> None:
    village, office = (
        Desk(county, tmp_path / f"{name}.db", name).join(scope)
        for name, scope in (("北村", NORTH), ("县里", "*"))
    )
    prints(village)
    prints(office)
    settle([village, office])
    assert village.store.count(AuditEntry) == 1
    assert county.rows("SELECT scope FROM record WHERE county = ? AND tbl = 'audit_log' ORDER BY scope") == [
        (NORTH,),
        (OFFICE,),
    ]
    for each in (village, office):
        each.close()


def test_a_townships_own_people_reach_its_laptop_and_its_log_stays_in_the_township(
    county: County, tmp_path: Path
) -> None:
    town, office = (
        Division(name="学田镇", level="town"),
        Desk(county, tmp_path / "county.db", "县里").join("*"),
    )
    village = Division(id=NORTH, name="明星村", level="village", parent=town.id)
    office.save(town, village, Account(name="王秀兰", role="R5", village=town.id))
    settle([office])
    desk = Desk(county, tmp_path / "town.db", "学田镇").join(town.id, NORTH, TOWN)
    settle([desk])
    actor = actor_of(desk.store, "王秀兰")
    assert (actor.roles, actor.villages) == ({"R5"}, {town.id, NORTH})
    prints(desk, 2)
    settle([desk, office])
    assert whole(county, desk.dev) == 2
    assert {each.village for each in office.store.all(AuditEntry)} == {town.id}
    for each in (desk, office):
        each.close()
