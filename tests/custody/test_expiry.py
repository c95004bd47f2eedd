"""A laptop that the county has not heard for fifteen days is locked until it is heard again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.core.store import Put
from nehe_desktop.features.custody.expiry import lift_by_network, lift_by_stick, refusal, warning
from nehe_desktop.features.reference.queries import shipped_settings
from nehe_desktop.hub import packs
from nehe_desktop.sync import courier
from nehe_desktop.sync.transport import Unreachable
from tests.sync.direct import NORTH, County, Desk, household, sqlite_county


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    made = sqlite_county(tmp_path)
    yield made
    made.close()


@pytest.fixture
def desk(county: County, tmp_path: Path) -> Iterator[Desk]:
    """A laptop that synchronised this morning."""
    made = Desk(county, tmp_path / "a.db", "甲").join(NORTH)
    made.sync()
    yield made
    made.close()


def now(desk: Desk) -> datetime:
    return desk.store.clock.now()


def said(desk: Desk) -> str:
    return refusal(desk.store, now(desk))


def from_county(desk: Desk, folder: Path) -> Path:
    """The stick has been to the county and is back."""
    up = courier.make_up(desk.store, folder)
    down = folder / "带回.nhpkg"
    down.write_bytes(
        packs.answered(desk.county.hub, desk.county.keys, up.read_bytes(), desk.county.watch).package
    )
    return down


def test_fifteen_days_without_the_county_are_allowed_and_the_sixteenth_is_not(desk: Desk) -> None:
    desk.county.watch.pass_by(days=15)
    assert said(desk) == ""
    desk.county.watch.pass_by(days=1)
    assert said(desk).startswith("这台电脑 16 天没有和县里联系了（最长 15 天")
    assert "立即同步" in said(desk)


def test_three_days_before_it_is_said(desk: Desk) -> None:
    desk.county.watch.pass_by(days=11)
    assert warning(desk.store, now(desk)) == ""
    desk.county.watch.pass_by(days=1)
    assert "再过 3 天" in warning(desk.store, now(desk))
    desk.county.watch.pass_by(days=2, hours=20)
    assert "今天以后不同步就要锁上" in warning(desk.store, now(desk))


def test_a_laptop_of_nobody_is_never_locked(county: County, tmp_path: Path) -> None:
    alone = Desk(county, tmp_path / "alone.db", "独")
    county.watch.pass_by(days=400)
    assert (said(alone), warning(alone.store, now(alone))) == ("", "")
    alone.close()


def test_a_laptop_that_joined_and_never_synchronised_is_locked_too(county: County, tmp_path: Path) -> None:
    fresh = Desk(county, tmp_path / "fresh.db", "新").join(NORTH)
    assert said(fresh) == ""
    county.watch.pass_by(days=16)
    assert said(fresh)
    fresh.close()


def test_one_synchronisation_from_the_log_in_page_opens_it_and_brings_what_was_typed(desk: Desk) -> None:
    desk.save(made := household(NORTH))
    desk.county.watch.pass_by(days=30)
    assert lift_by_network(desk.store, desk._connect) == "" == said(desk)
    assert ("household", made.id) in desk.county.records()


def test_without_a_network_it_stays_locked(desk: Desk) -> None:
    desk.county.watch.pass_by(days=30)
    desk.faults.always = "lost request"
    with pytest.raises(Unreachable):
        lift_by_network(desk.store, desk._connect)
    assert said(desk)


def test_a_package_of_the_county_opens_it_and_an_old_one_does_not(desk: Desk, tmp_path: Path) -> None:
    old = from_county(desk, tmp_path)
    lift_by_stick(desk.store, old)
    desk.county.watch.pass_by(days=20)
    with pytest.raises(Refused, match="以前做的"):
        lift_by_stick(desk.store, old)
    assert said(desk)
    assert lift_by_stick(desk.store, from_county(desk, tmp_path)) == "" == said(desk)


def test_a_package_made_weeks_ago_counts_from_the_day_it_was_made(desk: Desk, tmp_path: Path) -> None:
    desk.county.watch.pass_by(days=10)
    waiting = from_county(desk, tmp_path)
    desk.county.watch.pass_by(days=10)
    assert lift_by_stick(desk.store, waiting) == ""
    desk.county.watch.pass_by(days=6)
    assert said(desk).startswith("这台电脑 16 天")


def test_a_package_of_another_county_opens_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = County(sqlite_county(tmp_path / "other").store, "230129")
    theirs = Desk(other, tmp_path / "b.db", "乙").join(NORTH)
    foreign = from_county(theirs, tmp_path)
    desk.county.watch.pass_by(days=20)
    with pytest.raises((Refused, Trouble)):
        lift_by_stick(desk.store, foreign)
    assert said(desk)
    theirs.close()
    other.close()


def test_a_clock_that_is_set_back_does_not_help(desk: Desk) -> None:
    desk.county.watch.pass_by(days=16)
    desk.save(household(NORTH))
    desk.county.watch.pass_by(days=-14)
    assert "比上次使用时还早" in said(desk)
    desk.county.watch.pass_by(days=13, hours=12)
    assert said(desk).startswith("这台电脑 16 天")


def test_a_clock_before_the_last_contact_does_not_help(desk: Desk) -> None:
    desk.county.watch.pass_by(days=-300)
    assert "请先把电脑的日期时间调对" in said(desk)


@pytest.mark.parametrize("days", [-3000, 3000])
def test_a_clock_that_stands_years_off_is_put_right_by_the_county(
    county: County, tmp_path: Path, days: int
) -> None:
    odd = Desk(county, tmp_path / "odd.db", "歪", skew=days * 86_400).join(NORTH)
    odd.sync()
    county.watch.pass_by(days=14)
    assert said(odd) == ""
    county.watch.pass_by(days=2)
    assert said(odd).startswith("这台电脑 16 天")
    odd.close()


def test_setting_a_wrong_clock_right_neither_locks_nor_frees(county: County, tmp_path: Path) -> None:
    odd = Desk(county, tmp_path / "odd.db", "歪", skew=3000 * 86_400).join(NORTH)
    odd.sync()
    odd.store.clock = county.watch.laptop()
    county.watch.pass_by(days=14)
    assert said(odd) == ""
    county.watch.pass_by(days=2)
    assert said(odd)
    odd.close()


@pytest.mark.parametrize(
    ("value", "locked"), [("30", False), ("5", True), ("", True), ("很久", True), ("0", True)]
)
def test_the_county_decides_how_many_days(desk: Desk, value: str, *, locked: bool) -> None:
    days = next(each for each in shipped_settings() if each.name == "offline_days")
    desk.store.give([Put(type(days)(id=days.id, name=days.name, label=days.label, value=value))], "下发")
    desk.county.watch.pass_by(days=16)
    assert bool(said(desk)) is locked
