"""The hard cases of the sync, one by one: real laptops against a real hub, with what users of other systems suffered."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.identity import id_check_char
from nehe_desktop.core.record import Record
from nehe_desktop.core.store import Remove
from nehe_desktop.features.attendance.ledger import HalfDay
from nehe_desktop.features.households.ledger import Household, HouseholdCategory, Person
from nehe_desktop.features.visits.ledger import Visit
from nehe_desktop.hub import packs, quarantine
from nehe_desktop.sync import courier, outbox
from nehe_desktop.sync.keys import Keys
from nehe_desktop.sync.standing import log, standing
from tests.sync.direct import KEY, NORTH, SOUTH, Desk, household, settle, sqlite_county
from tests.sync.pages import plain_pages

HOME = household(NORTH, hamlet="前屯", note="一户")
HEAD = Person(household=HOME.id, relation="01", name="王秀英")
LAPTOPS = {"县里": "*", "北村": NORTH, "北村二": NORTH, "南村": SOUTH}


class Village:
    """One laptop of the county, two of the northern village, one of the southern, all with the same household."""

    home, head = HOME, HEAD

    def __init__(self, folder: Path, keys: Keys | None = None) -> None:
        self.folder, self.county = folder, sqlite_county(folder, keys)
        self.desks = [Desk(self.county, folder / f"{name}.db", name) for name in LAPTOPS]
        self.chief, self.north, self.second, self.south = self.desks

    def begin(self) -> None:
        """Lets the laptops in and gives them the household."""
        for desk in self.desks:
            desk.join(LAPTOPS[desk.name])
        self.north.save(HOME, HEAD)
        settle(self.desks)

    def close(self) -> None:
        for desk in self.desks:
            desk.store.database.checkpoint()
            desk.close()
        self.county.close()

    def settled(self) -> None:
        """Everybody shows what the hub has."""
        settle(self.desks)
        for desk in self.desks:
            assert desk.values() == self.county.records(self.county.held(desk.dev))

    def seen(self, desk: Desk) -> Household:
        """The household as a laptop shows it."""
        found = desk.store.find(Household, self.home.id)
        assert found is not None
        return found

    def on_hub(self, record: Record) -> dict[str, object]:
        return self.county.records()[record.ledger.table, record.id]


def id_number(body: str) -> str:
    """An identity number with its check digit."""
    return body + id_check_char(body)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Keys]:
    """The files of a county that has just begun."""
    folder = tmp_path_factory.mktemp("begun")
    made = Village(folder)
    made.begin()
    made.close()
    return folder, made.county.keys


@pytest.fixture
def village(begun: tuple[Path, Keys], tmp_path: Path) -> Iterator[Village]:
    """A county of its own for each test, a copy of those files."""
    folder, keys = begun
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    made = Village(tmp_path, keys)
    yield made
    made.close()


# -- the way ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["lost request", "lost reply"])
@pytest.mark.parametrize("at", range(6))
def test_wherever_the_link_breaks_everything_arrives_once(
    village: Village, at: int, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large save in several parts, and small ones behind it."""
    monkeypatch.setattr(outbox, "PART", 3000)
    many = [household(NORTH, hamlet=f"{number}屯", note="口粮够吃" * 40) for number in range(24)]
    village.north.save(*many)
    village.north.save(replace(village.home, note="两户"))
    try:
        village.north.sync(*[""] * at, fault, fault, fault)
    except Trouble:
        village.north.sync()
    village.settled()
    assert len(village.second.store.all(Household)) == 25
    assert village.on_hub(village.home)["note"] == "两户"
    assert not village.county.conflicts()


def test_a_queue_goes_on_by_itself_after_failures(village: Village) -> None:
    """Elsewhere the queue stood still after one failure until the next save."""
    village.north.save(replace(village.home, note="两户"))
    for _ in range(3):
        with pytest.raises(Trouble):
            village.north.sync(*["lost request"] * 3)
    assert standing(village.north.store).waiting == 1
    village.north.sync()
    assert standing(village.north.store).waiting == 0
    assert village.on_hub(village.home)["note"] == "两户"


def test_a_change_that_is_set_aside_does_not_hold_up_what_comes_after(village: Village) -> None:
    """Elsewhere it was answered with "done" and forgotten, or held the whole queue for ever."""
    village.north.save(household(SOUTH, hamlet="别村"))
    village.north.save(replace(village.home, note="两户"))
    assert village.north.sync().set_aside == 1
    assert village.on_hub(village.home)["note"] == "两户"
    assert standing(village.north.store).set_aside == 1
    assert any(home.hamlet == "别村" for home in village.north.store.all(Household))


def set_aside(village: Village) -> int:
    """What the laptop of the north did in another village waits at the hub; its number."""
    village.north.save(household(SOUTH, hamlet="别村"), replace(village.home, note="两户"))
    assert village.north.sync().set_aside == 1
    (waiting,) = quarantine.waiting(village.county.store, village.county.code)
    return waiting.seq


@pytest.mark.parametrize("by_stick", [False, True])
def test_what_the_county_accepts_after_all_is_no_longer_shown_as_set_aside(
    village: Village, *, by_stick: bool
) -> None:
    quarantine.accept(village.county.hub, village.north.dev, set_aside(village))
    if by_stick:
        package = courier.make_up(village.north.store, village.folder).read_bytes()
        answer = packs.answered(village.county.hub, village.county.keys, package, village.county.watch)
        village.north.take_stick(answer.package)
    village.settled()
    assert standing(village.north.store).set_aside == 0
    assert village.seen(village.north).note == "两户"
    assert any(home.hamlet == "别村" for home in village.south.store.all(Household))
    village.second.save(replace(village.seen(village.second), note="三户"))
    village.settled()


def test_what_the_county_sends_back_no_longer_covers_what_the_others_see(village: Village) -> None:
    quarantine.drop(village.county.hub, village.north.dev, set_aside(village), "不是本村的")
    village.settled()
    assert standing(village.north.store).set_aside == 0
    assert village.seen(village.north).note == "一户"
    assert any("退回" in line.sentence for line in log(village.north.store, 20))
    states = village.north.store.rows("SELECT DISTINCT state FROM journal WHERE reason = '改正'")
    assert ("dropped",) in states
    events = village.north.store.history(Household, village.seen(village.north).id)
    assert [event.outcome for event in events if event.reason == "改正"][-1] == "（县里没有接收，不算数）"


def test_an_acknowledgement_that_was_lost_does_not_free_anything_to_be_cleared(village: Village) -> None:
    """A link that breaks while a village is being taken away, with more unsent than fits into a small message."""
    for number in range(40):
        village.north.save(household(NORTH, hamlet=f"{number}屯", note="口粮够吃" * 100))
    village.county.watch.pass_by(minutes=1)
    village.county.take_away(village.north.dev, NORTH)
    village.north.sync("lost request", "", "lost reply", "")
    village.settled()
    assert len(village.second.store.all(Household)) == 41
    assert not village.north.values()


# -- the same thing on two laptops -------------------------------------------------------------------


def test_two_edits_of_one_field_are_both_kept_and_the_first_seen_by_all(village: Village) -> None:
    village.north.save(replace(village.home, hamlet="东屯"))
    village.second.save(replace(village.home, hamlet="西屯"))
    village.settled()
    (conflict,) = village.county.conflicts()
    assert {json.loads(conflict[part])["hamlet"] for part in ("base", "came", "stood")} == {
        "前屯",
        "东屯",
        "西屯",
    }
    assert village.north.store.one("SELECT count(*) FROM conflict") == (1,)


def test_an_edit_of_another_field_is_never_undone(village: Village) -> None:
    """Elsewhere a whole row won, and 374 of 4,000 cards were wrong."""
    village.north.save(replace(village.home, hamlet="东屯"))
    village.second.save(replace(village.home, note="两户"))
    village.settled()
    assert village.on_hub(village.home) == {**village.on_hub(village.home), "hamlet": "东屯", "note": "两户"}
    assert not village.county.conflicts()


def test_the_same_edit_twice_is_no_conflict(village: Village) -> None:
    village.north.save(replace(village.home, hamlet="东屯"))
    village.second.save(replace(village.home, hamlet="东屯"))
    village.settled()
    assert not village.county.conflicts()


def test_a_branch_of_edits_makes_one_conflict(village: Village) -> None:
    village.north.save(replace(village.home, base_type="01"))
    village.north.sync()
    for kind in ("02", "03", "01", "02"):
        village.second.save(replace(village.seen(village.second), base_type=kind))
    village.settled()
    assert len(village.county.conflicts()) <= 2


def test_what_matters_waits_for_a_person(village: Village) -> None:
    """The category of a household, corrected on two laptops: the first stands, the second is asked about."""
    village.north.save(replace(village.home, base_type="01"))
    village.second.save(replace(village.home, base_type="02"))
    village.north.sync()
    village.settled()
    (conflict,) = village.county.conflicts()
    assert village.on_hub(village.home)["base_type"] == "01"
    assert (conflict["state"], json.loads(conflict["came"])) == ("待处理", {"base_type": "02"})


def test_an_identity_number_is_corrected_with_what_hangs_on_it(village: Village) -> None:
    number, other, third = map(id_number, ("23028119600101001", "23028119700202002", "23028119610101001"))
    first = replace(village.head, id_no=number, sex="1", birth=date(1960, 1, 1))
    village.north.save(first)
    village.settled()
    village.north.save(replace(first, id_no=other, sex="2", birth=date(1970, 2, 2)))
    village.second.save(replace(first, birth=date(1961, 1, 1), id_no=third))
    village.settled()
    row = village.on_hub(village.head)
    assert (row["id_no"], row["sex"], row["birth"]) == (other, "2", "1970-02-02")
    (conflict,) = village.county.conflicts()
    assert set(conflict["fields"].split(",")) >= {"id_no", "birth"}


def test_several_choices_merge_by_element(village: Village) -> None:
    village.north.save(replace(village.home, cause_other=("01", "02")))
    village.settled()
    village.north.save(replace(village.home, cause_other=("01", "03")))
    village.second.save(replace(village.home, cause_other=("02", "04")))
    village.settled()
    assert set(str(village.on_hub(village.home)["cause_other"]).split(",")) == {"03", "04"}
    assert not village.county.conflicts()


def test_a_removal_against_an_edit_asks_a_person(village: Village) -> None:
    village.north.save(replace(village.head, note="外出"))
    village.second.save(Remove(Person, village.head.id))
    village.north.sync()
    village.settled()
    assert village.on_hub(village.head)["note"] == "外出"
    assert [conflict["kind"] for conflict in village.county.conflicts()] == ["delete_vs_edit"]


def test_an_edit_of_what_was_removed_brings_it_back_and_asks(village: Village) -> None:
    village.second.save(Remove(Person, village.head.id))
    village.second.sync()
    village.north.save(replace(village.head, note="外出"))
    village.settled()
    assert village.on_hub(village.head)["note"] == "外出"
    assert [conflict["kind"] for conflict in village.county.conflicts()] == ["edit_vs_delete"]


def test_one_half_day_entered_twice_is_a_double_that_both_see(village: Village) -> None:
    half = {"member": "m1", "team": "t1", "day": date(2020, 10, 19), "half": "AM", "status": "V"}
    village.chief.save(HalfDay(**half))
    village.chief.save(HalfDay(**half))
    village.settled()
    assert len([key for key in village.county.records() if key[0] == "double"]) == 1


def test_an_identity_number_in_two_villages_is_told_to_each_without_the_other(village: Village) -> None:
    number = id_number("23028119600101001")
    south = household(SOUTH)
    village.south.save(south, Person(household=south.id, relation="01", name="赵六", id_no=number))
    village.north.save(replace(village.head, id_no=number))
    village.settled()
    for desk in (village.north, village.south):
        assert desk.store.rows("SELECT second, state FROM [double]") == [("", "待处理")]
    assert "赵六".encode() not in plain_pages(village.north.path, KEY)


# -- clocks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("skew", [400 * 86_400, -400 * 86_400])
def test_a_clock_that_is_a_year_off_overwrites_nobody_in_silence(village: Village, skew: int) -> None:
    village.second.close()
    village.second = village.desks[2] = Desk(village.county, village.second.path, "北村二", skew)
    village.second.save(replace(village.home, hamlet="东屯"))
    village.north.save(replace(village.home, hamlet="西屯"))
    village.settled()
    (conflict,) = village.county.conflicts()
    assert {json.loads(conflict["came"])["hamlet"], json.loads(conflict["stood"])["hamlet"]} == {
        "东屯",
        "西屯",
    }


# -- disks --------------------------------------------------------------------------------------------


def test_a_laptop_that_was_restored_goes_on_under_a_name_of_its_own(village: Village) -> None:
    village.north.keep(village.folder / "backup")
    lost = household(NORTH, hamlet="备份以后")
    village.north.save(lost)
    village.north.sync()
    before = village.north.dev
    village.north.put_back(village.folder / "backup")
    village.north.save(replace(village.home, note="恢复以后"))
    village.settled()
    assert village.north.dev != before
    assert village.on_hub(lost)["hamlet"] == "备份以后"
    assert village.on_hub(village.home)["note"] == "恢复以后"
    assert not village.county.conflicts()


def test_work_in_the_backup_that_was_sent_before_is_harmless_a_second_time(village: Village) -> None:
    village.north.save(replace(village.home, note="两户"))
    village.north.keep(village.folder / "backup")
    village.north.sync()
    village.second.sync()
    village.second.save(replace(village.home, note="三户"))
    village.second.sync()
    village.north.put_back(village.folder / "backup")
    village.settled()
    assert village.on_hub(village.home)["note"] == "三户"
    assert not village.county.conflicts()


def test_a_disk_that_was_copied_three_times_loses_nobodys_work(village: Village) -> None:
    twins = [village.north.copy(village.folder / f"twin{number}.db") for number in range(3)]
    village.desks += twins
    made = [household(NORTH, hamlet=f"{number}屯") for number in range(4)]
    for desk, home in zip((village.north, *twins), made, strict=True):
        desk.save(home)
    village.settled()
    assert len({desk.dev for desk in village.desks}) == len(village.desks)
    assert {home.id for home in made} <= {id for _, id in village.second.values()}
    assert len(village.county.rows("SELECT 1 FROM event WHERE county = ? AND kind = 'fork'")) >= 3


def test_a_double_whose_twin_sent_more_before_the_hub_was_restored_goes_on(village: Village) -> None:
    """The restored hub knows more of the name than this disk ever sent."""
    twin = village.north.copy(village.folder / "twin.db")
    village.desks.append(twin)
    mine, its = household(NORTH, hamlet="甲屯"), household(NORTH, hamlet="丁屯")
    village.north.save(mine)
    twin.save(its)
    village.north.sync()
    village.county.restore(village.county.dump())
    village.settled()
    assert {mine.id, its.id} <= {id for _, id in village.second.values()}


# -- the hub -------------------------------------------------------------------------------------------


def test_what_was_acknowledged_after_the_backup_is_sent_again(village: Village) -> None:
    """Elsewhere it was lost for ever: the laptops believed that the hub had it."""
    backup = village.county.dump()
    made = household(NORTH, hamlet="备份以后")
    village.north.save(made)
    village.north.save(replace(village.home, note="两户"))
    village.north.sync()
    village.county.restore(backup)
    village.settled()
    assert village.on_hub(made)["hamlet"] == "备份以后"
    assert village.on_hub(village.home)["note"] == "两户"
    assert any(line.kind == "epoch" for line in log(village.north.store, 20))


def test_what_only_readers_still_have_comes_back_from_them(village: Village) -> None:
    """The laptop that wrote it is gone, the hub was restored: who had read it brings it back."""
    backup = village.county.dump()
    made = household(NORTH, hamlet="备份以后")
    village.north.save(made)
    village.north.save(Remove(Person, village.head.id))
    village.north.sync()
    village.second.sync()
    village.desks.remove(village.north)
    village.north.close()
    village.county.restore(backup)
    village.settled()
    assert village.on_hub(made)["hamlet"] == "备份以后"
    assert ("person", village.head.id) not in village.county.records()


def test_a_save_that_came_and_went_stays_gone_over_a_restore(village: Village) -> None:
    backup = village.county.dump()
    made = household(NORTH, hamlet="登错")
    village.chief.save(made)
    village.chief.save(replace(made, hamlet="还是登错"))
    village.chief.save(Remove(Household, made.id))
    village.chief.sync()
    village.county.restore(backup)
    village.settled()
    assert ("household", made.id) not in village.county.records()


def test_two_restores_in_a_row_lose_nothing(village: Village) -> None:
    backup = village.county.dump()
    village.north.save(replace(village.home, note="两户"))
    village.settled()
    village.county.restore(backup)
    village.second.save(replace(village.seen(village.second), hamlet="东屯"))
    village.second.sync()
    village.county.restore(backup)
    village.settled()
    row = village.on_hub(village.home)
    assert (row["note"], row["hamlet"]) == ("两户", "东屯")


def test_after_a_restore_two_old_values_do_not_fight(village: Village) -> None:
    """What two laptops had settled between them before is not a conflict afterwards."""
    backup = village.county.dump()
    village.north.save(replace(village.home, note="两户"))
    village.north.sync()
    village.second.sync()
    village.second.save(replace(village.home, note="三户"))
    village.settled()
    village.county.restore(backup)
    village.settled()
    assert village.on_hub(village.home)["note"] == "三户"
    assert not village.county.conflicts()


def test_cleared_work_is_not_asked_for_by_a_restored_hub(village: Village) -> None:
    """A laptop that lost its village has nothing left to send again, and goes on all the same."""
    backup = village.county.dump()
    village.north.save(replace(village.home, note="两户"))
    village.north.sync()
    village.second.sync()
    village.county.take_away(village.north.dev, NORTH)
    village.north.sync()
    village.county.restore({**backup, "scope_grant": village.county.dump("scope_grant")["scope_grant"]})
    village.county.grant(village.north.dev, SOUTH)
    made = household(SOUTH, hamlet="新村")
    village.north.sync()
    village.north.save(made)
    village.settled()
    assert village.on_hub(made)["hamlet"] == "新村"
    assert village.on_hub(village.home)["note"] == "两户"


# -- villages ------------------------------------------------------------------------------------------


def test_a_household_that_moves_takes_everything_along(village: Village) -> None:
    visit = Visit(household=village.home.id, day=date(2020, 10, 1), visitors="李建国", note="问了吃药情况")
    kind = HouseholdCategory(household=village.home.id, category="脱贫户", since=date(2018, 1, 1))
    village.north.save(visit, *([kind] if not [p for p in kind.problems() if p.level == "error"] else []))
    village.settled()
    village.chief.save(replace(village.home, village=SOUTH))
    village.settled()
    assert not village.north.values()
    assert {("household", village.home.id), ("person", village.head.id), ("visit", visit.id)} <= set(
        village.south.values()
    )


def test_edits_of_a_household_that_moved_away_meanwhile_arrive_there(village: Village) -> None:
    """Elsewhere they were "forbidden", pay was disputed and disks had to be wiped every month."""
    village.north.save(replace(village.home, note="两户"))
    village.north.save(Visit(household=village.home.id, day=date(2020, 10, 1), visitors="李建国"))
    village.chief.save(replace(village.home, village=SOUTH))
    village.chief.sync()
    report = village.north.sync()
    village.settled()
    assert report.set_aside == 0
    assert village.south.store.count(Visit) == 1
    assert village.on_hub(village.home)["note"] == "两户"


def pictured(village: Village) -> str:
    """A picture of a visit that waits on the laptop of the north."""
    name = village.north.store.keep_blob(b"a picture" * 300, "image/jpeg")
    village.north.save(
        Visit(household=village.home.id, day=date(2020, 10, 1), visitors="李建国", photos=(name,))
    )
    return name


def test_a_picture_follows_its_household_that_moved_before_it_was_sent(village: Village) -> None:
    name = pictured(village)
    village.chief.save(replace(village.home, village=SOUTH))
    village.chief.sync()
    village.settled()
    assert village.south.store.blob(name) == b"a picture" * 300


def test_a_picture_of_a_village_that_was_taken_away_is_sent_before_it_goes(village: Village) -> None:
    name = pictured(village)
    village.county.watch.pass_by(minutes=1)
    village.county.take_away(village.north.dev, NORTH)
    village.settled()
    assert village.second.store.blob(name) == b"a picture" * 300
    assert village.north.store.blob(name) is None


def test_a_household_moved_on_from_a_village_that_is_lost_leaves_the_disk_too(village: Village) -> None:
    village.north.save(replace(village.home, village=SOUTH, hamlet="搬去南村"))
    village.county.take_away(village.north.dev, NORTH)
    village.settled()
    assert not village.north.values()
    left = plain_pages(village.north.path, KEY)
    for word in ("前屯", "搬去南村", "王秀英", village.head.id, village.home.id):
        assert word.encode() not in left


def test_a_village_that_is_given_back_comes_back(village: Village) -> None:
    village.county.take_away(village.north.dev, NORTH)
    village.north.sync()
    assert not village.north.values()
    village.county.grant(village.north.dev, NORTH)
    village.settled()
    assert ("person", village.head.id) in village.north.values()


def test_a_very_old_program_may_still_send_and_only_receives_nothing(village: Village) -> None:
    village.north.save(replace(village.home, note="两户"))
    village.second.save(replace(village.home, hamlet="东屯"))
    village.second.sync()
    village.county.hub.min_schema = 9
    village.north.sync()
    assert village.on_hub(village.home)["note"] == "两户"
    assert village.seen(village.north).hamlet == "前屯"
    village.county.hub.min_schema = 0
    village.settled()
