"""A village without any network: everything goes by stick."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.visits.ledger import ProblemTicket
from nehe_desktop.hub import packs
from nehe_desktop.sync import courier
from nehe_desktop.sync.client import Wiped
from nehe_desktop.sync.intake import Report
from nehe_desktop.sync.standing import log, standing

from .direct import NORTH, County, Desk, household, settle, sqlite_county


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    made = sqlite_county(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def desk(county: County, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(county, tmp_path / "a.db", "甲").join(NORTH)
    yield made
    made.close()


def at_the_county(county: County, package: Path) -> Path:
    """The stick is put in at the county, and an answer written onto it."""
    answer = packs.answered(county.hub, county.keys, package.read_bytes(), county.watch)
    down = package.with_name(f"{package.stem} 带回.nhpkg")
    down.write_bytes(answer.package)
    return down


def there_and_back(desk: Desk, stick: Path) -> Report:
    return courier.take_down(desk.store, at_the_county(desk.county, courier.make_up(desk.store, stick)))


def test_a_village_joins_and_works_without_a_network(county: County, stick: Path, tmp_path: Path) -> None:
    desk = Desk(county, tmp_path / "far.db", "远")
    asked = courier.make_enrolment(desk.store, county.invitation("远", NORTH), "远村电脑", stick)
    courier.take_down(desk.store, at_the_county(county, asked))
    home = household(NORTH)
    desk.save(home)
    there_and_back(desk, stick)
    assert ("household", home.id) in county.records()
    assert (standing(desk.store).waiting, standing(desk.store).name) == (0, "远")
    assert {line.kind for line in log(desk.store, 20)} >= {"usb", "receipt"}
    desk.close()


def test_a_code_that_is_worth_nothing_is_refused_by_stick_with_a_sentence(
    county: County, stick: Path, tmp_path: Path
) -> None:
    desk = Desk(county, tmp_path / "far.db", "远")
    invitation = replace(county.invitation("远", NORTH), code="XXXX-XXXX-XXXX-XXXX")
    asked = courier.make_enrolment(desk.store, invitation, "远村电脑", stick)
    with pytest.raises(Refused, match="邀请码"):
        courier.take_down(desk.store, at_the_county(county, asked))
    assert not standing(desk.store).enrolled
    desk.close()


def test_what_others_did_comes_back_on_the_stick(desk: Desk, stick: Path, tmp_path: Path) -> None:
    other = Desk(desk.county, tmp_path / "b.db", "乙").join(NORTH)
    home = household(NORTH)
    other.save(home)
    settle([other])
    there_and_back(desk, stick)
    assert desk.values() == other.values() == desk.county.records()
    other.close()


def test_nothing_leaves_the_list_before_the_answer_is_back(desk: Desk, stick: Path) -> None:
    desk.save(household(NORTH))
    courier.make_up(desk.store, stick)
    assert standing(desk.store).waiting == 1


def test_a_package_may_be_delivered_twice_and_after_the_network_did_the_same(desk: Desk, stick: Path) -> None:
    home = household(NORTH)
    desk.save(home)
    package = courier.make_up(desk.store, stick)
    down = at_the_county(desk.county, package)
    settle([desk])
    before = desk.county.dump("record", "head", "tx")
    again = at_the_county(desk.county, package)
    for each in (down, again, down):
        courier.take_down(desk.store, each)
    assert desk.county.dump("record", "head", "tx") == before
    assert desk.values() == desk.county.records()


def test_packages_may_arrive_in_the_wrong_order(desk: Desk, stick: Path) -> None:
    home = household(NORTH, hamlet="前屯")
    desk.save(home)
    first = courier.make_up(desk.store, stick).rename(stick / "一.nhpkg")
    desk.save(replace(home, hamlet="东屯"))
    second = courier.make_up(desk.store, stick).rename(stick / "二.nhpkg")
    answers = [at_the_county(desk.county, each) for each in (second, first)]
    for answer in answers:
        courier.take_down(desk.store, answer)
    assert desk.county.records()["household", home.id]["hamlet"] == "东屯"
    assert desk.values() == desk.county.records()
    assert not standing(desk.store).waiting


def test_pictures_go_along_both_ways(desk: Desk, stick: Path, tmp_path: Path) -> None:
    content = b"\x89PNG" + hashlib.sha256(b"made up").digest() * 9000
    name = desk.store.keep_blob(content, "image/png")
    desk.save(ProblemTicket(village=NORTH, category="其他", description="路灯不亮", raised_on=date(2020, 8, 1),
                            photos_before=(name,)))  # fmt: skip
    there_and_back(desk, stick)
    other = Desk(desk.county, tmp_path / "b.db", "乙").join(NORTH)
    there_and_back(other, stick)
    assert other.store.blob(name) == content
    assert desk.store.one("SELECT way FROM sync_blob") == ("sent",)
    other.close()


def test_a_hub_that_was_restored_is_put_right_by_stick(desk: Desk, stick: Path) -> None:
    backup = desk.county.dump()
    home = household(NORTH)
    desk.save(home)
    there_and_back(desk, stick)
    desk.county.restore(backup)
    report = there_and_back(desk, stick)
    assert "再送出" in report.problems[0]
    there_and_back(desk, stick)
    assert ("household", home.id) in desk.county.records()
    assert desk.values() == desk.county.records()


def test_what_is_laid_aside_for_the_stick_goes_by_network_if_that_is_back_first(desk: Desk, stick: Path) -> None:
    backup = desk.county.dump()
    home = household(NORTH)
    desk.save(home)
    settle([desk])
    desk.county.restore(backup)
    there_and_back(desk, stick)
    settle([desk])
    assert ("household", home.id) in desk.county.records()
    assert desk.store.find(Household, home.id) == home


def test_a_copied_laptop_gets_a_name_of_its_own_by_stick(desk: Desk, stick: Path, tmp_path: Path) -> None:
    desk.save(household(NORTH))
    settle([desk])
    twin = desk.copy(tmp_path / "twin.db", "丁")
    desk.save(household(NORTH))
    settle([desk])
    home = household(NORTH, hamlet="丁屯")
    twin.save(home)
    for _ in range(3):
        there_and_back(twin, stick)
    assert twin.dev != desk.dev
    assert ("household", home.id) in desk.county.records()
    twin.close()


def test_a_stolen_laptop_is_told_by_stick_too(desk: Desk, stick: Path) -> None:
    package = courier.make_up(desk.store, stick)
    desk.county.revoke(desk.dev)
    with pytest.raises(Wiped):
        courier.take_down(desk.store, at_the_county(desk.county, package))


def test_a_package_of_another_laptop_is_refused_with_a_sentence(desk: Desk, stick: Path, tmp_path: Path) -> None:
    other = Desk(desk.county, tmp_path / "b.db", "乙").join(NORTH)
    down = at_the_county(desk.county, courier.make_up(other.store, stick))
    with pytest.raises(Refused, match="别的电脑"):
        courier.take_down(desk.store, down)
    with pytest.raises(Refused):
        courier.take_down(desk.store, courier.make_up(desk.store, stick))
    other.close()


def test_without_a_county_there_is_nothing_to_carry(county: County, stick: Path, tmp_path: Path) -> None:
    alone = Desk(county, tmp_path / "alone.db", "独")
    with pytest.raises(Trouble, match="还没有加入"):
        courier.make_up(alone.store, stick)
    with pytest.raises(Trouble, match="读不出"):
        courier.take_down(alone.store, stick / "没有.nhpkg")
    alone.close()


def test_a_stick_that_cannot_be_written_is_told_plainly(desk: Desk, stick: Path) -> None:
    with pytest.raises(Trouble, match="没有写成"):
        courier.make_up(desk.store, stick / "拔掉了")
