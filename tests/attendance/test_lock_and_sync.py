"""A village enters attendance with the cable out while the county locks the month: nothing is lost, nothing slips in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.core.store import Put, Store
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.features.attendance import sheet_acts
from nehe_desktop.features.attendance.document import sheet_content
from nehe_desktop.features.attendance.ledger import HalfDay
from nehe_desktop.features.attendance.sheet_queries import sheet_of
from nehe_desktop.features.attendance.sheets import MonthLock, SheetStep
from nehe_desktop.features.exchange.traffic import Move, moves, waiting_numbers
from nehe_desktop.features.teams.ledger import Member, Team
from nehe_desktop.hub import quarantine
from nehe_desktop.hub.scopes import TOWN
from tests.attendance.conftest import FOUR, confirmed, sit
from tests.sync.direct import CODE, NORTH, Desk, settle, sqlite_county

HALF = HalfDay(id="h", member="m", team="t", day=date(2020, 8, 20), half="AM", status="V")


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[list[Desk]]:
    """The village's laptop and the county's; both know the half-day."""
    county = sqlite_county(tmp_path)
    made = [
        Desk(county, tmp_path / "村里.db", "村里").join(NORTH),
        Desk(county, tmp_path / "县里.db", "县里").join("*"),
    ]
    made[0].save(
        Team(id="t", village=NORTH, name="北村驻村工作队"), Member(id="m", team="t", name="李工"), HALF
    )
    settle(made)
    yield made
    for desk in made:
        desk.close()
    county.store.close()


def waiting(desk: Desk) -> list[Move]:
    """What the sync page of a laptop shows as not sent."""
    return list(moves(desk.store, waiting_numbers(desk.store), lambda _field, text: text).values())


def status(desk: Desk) -> str:
    found = desk.store.find(HalfDay, "h")
    return found.status if found else ""


def lock(desk: Desk, **how: object) -> None:
    desk.save(replace(MonthLock.of("t", "202008", closed=True, by="周主任"), **how))  # type: ignore[arg-type]
    desk.sync()


def test_what_was_entered_before_the_lock_was_known_waits_with_its_reason(desks: list[Desk]) -> None:
    village, county = desks
    village.save(replace(HALF, status="A", note="脱岗"))
    lock(county)
    assert village.sync().set_aside == 1
    (move,) = waiting(village)
    assert (move.table, move.state, move.why) == ("attendance_half", "quarantined", "这个月已经锁定")
    assert (status(village), status(county)) == ("A", "V")


def test_a_laptop_that_shows_something_else_than_what_was_locked_says_so(full: Store) -> None:
    sheet_acts.lock(sit(full, "周主任", "R7"), confirmed(full, *FOUR)).result()
    assert sheet_of(full, "team", "202008").progress.words == "已锁定"
    full.database.write(lambda db: db.execute("UPDATE attendance_half SET status = 'A' WHERE member = 'm1'")).result()
    assert sheet_of(full, "team", "202008").progress.words == "已锁定，本机另有县里没有接收的改动"
    assert "本机另有县里没有接收的改动" in sheet_content(full, "team", "202008", Stamp("D02", "1")).confirmed


def test_after_the_month_is_open_again_the_county_takes_it_and_all_agree(desks: list[Desk]) -> None:
    village, county = desks
    village.save(replace(HALF, status="A", note="脱岗"))
    lock(county)
    village.sync()
    lock(county, closed=False, revision=2, reason="核查后重开")
    (aside,) = quarantine.waiting(village.county.store, CODE)
    quarantine.accept(village.county.hub, aside.dev, aside.seq)
    settle(desks)
    assert (status(village), status(county)) == ("A", "A")
    assert waiting(village) == []


def test_once_the_lock_has_come_the_laptop_itself_refuses(desks: list[Desk]) -> None:
    village, county = desks
    lock(county)
    village.sync()
    with pytest.raises(Exception, match="这个月的日考勤已经锁定"):
        village.store.write([Put(replace(HALF, status="A"))], "改")
    assert waiting(village) == []


def test_a_modified_laptop_of_a_village_that_writes_the_lock_itself_gains_nothing(desks: list[Desk]) -> None:
    village, county = desks
    lock(county)
    village.sync()
    village.save(MonthLock.of("t", "202008", closed=False, revision=2, reason="自己开"))
    village.save(replace(HALF, status="A"))
    assert village.sync().set_aside == 2
    county.sync()
    assert {move.why for move in waiting(village)} == {"这个月已经锁定", "只有县里能改"}
    assert (status(county), county.store.all(MonthLock)[0].closed) == ("V", True)


def test_a_lock_is_still_there_after_the_hub_was_restored_from_before_it(desks: list[Desk]) -> None:
    village, county = desks
    older = county.county.dump()
    lock(county)
    settle(desks)
    county.county.restore(older)
    village.sync()
    settle(desks)
    found = [row for (table, _), row in county.county.records().items() if table == "month_lock"]
    assert [row["closed"] for row in found] == [1]
    assert [desk.store.all(MonthLock)[0].closed for desk in desks] == [True, True]


def test_a_township_s_laptop_takes_its_step_and_the_village_sees_it(desks: list[Desk], tmp_path: Path) -> None:
    village, county = desks
    town = Desk(village.county, tmp_path / "镇里.db", "镇里").join(NORTH, TOWN)
    town.sync()
    said = {"team": "t", "month": "202008", "decision": "同意", "members": "李工", "at": town.store.clock.now()}
    town.save(SheetStep(id="s1", step="乡镇党委审核", by="孙委员", device=town.dev, **said))
    village.save(SheetStep(id="s2", step="乡镇党委审核", by="孙委员", device=village.dev, **said))
    assert (town.sync().set_aside, village.sync().set_aside) == (0, 1)
    county.sync()
    assert [step.id for step in county.store.all(SheetStep)] == ["s1"]
    town.close()


def test_half_a_step_of_an_altered_program_counts_for_nothing_and_stops_nobody(full: Store) -> None:
    sheet = sheet_of(full, "team", "202008")
    names = "id, team, month, revision, step, decision, [by], at, digest, _scope, _stamp"
    good = ("team", "202008", 1, "队长确认", "同意", "王海波", "2020-08-31T20:00:00", sheet.digest, "v", 1)
    rows = [("a", *good[:5], None, *good[6:]), ("b", *good[:6], None, *good[7:]), ("c", *good[:4], "随便", *good[5:])]
    marks = ", ".join("?" * 11)
    job = lambda db: db.conn.executemany(f"INSERT INTO sheet_step ({names}) VALUES ({marks})", rows)  # noqa: E731
    full.database.write(job).result()
    assert sheet_of(full, "team", "202008").progress.words == "待队长确认"
    assert confirmed(full, FOUR[0]).progress.words == "待村书记确认"
