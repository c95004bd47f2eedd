"""Doubles merged without a screen: one row stays, everything follows it, one step takes it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.record import Record
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.attendance.ledger import HalfDay
from nehe_desktop.features.exchange.ledger import Conflict, Double
from nehe_desktop.features.exchange.merging import merge, pair_of, submit_apart
from nehe_desktop.features.households.ledger import Household, Membership, Person
from nehe_desktop.features.teams.ledger import Member, Team
from nehe_desktop.features.visits.ledger import Visit
from tests.exchange.conftest import conflict, plant
from tests.households.conftest import WOMAN, house, person

DAY = date(2020, 10, 19)
Kept = Callable[[str], list[str]]


def double(table: str, first: str, second: str = "", **more: str) -> Double:
    return Double(id=f"d-{first}", village="village", tbl=table, first=first, second=second, found_at=1, **more)  # type: ignore[arg-type]


def everything(store: Store) -> list[Record]:
    """Every row of what a merge may touch."""
    return [row for cls in (Person, Household, Membership, Visit, Double, Conflict, HalfDay)
            for row in store.all(cls, order="id")]  # fmt: skip


@pytest.fixture
def twice(village: Store) -> Store:
    """宋桂兰 was entered a second time on another laptop, in her own household and with a stay of her own."""
    again = person("p9", "h1", "宋桂兰", id_no=WOMAN, sex="2", birth=date(1949, 12, 31), phone="13800009999")
    stay = Membership(id="m9", household="h1", person="p9", relation="01", joined_on=date(2019, 1, 1))
    village.write([Put(again), Put(stay)], "登记")
    plant(village, double("person", "p1", "p9", fields="id_no"))
    return village


def test_both_rows_stand_side_by_side_with_what_differs(twice: Store) -> None:
    pair = pair_of(twice, twice.all(Double)[0])
    assert pair.first is not None
    assert str(pair.first.title) == "宋桂兰户 · 宋桂兰"
    assert pair.first.uses == {"农户": 1, "成员增减": 1}
    assert [names for names in pair.units if pair.differs(names)] == [("phone",)]


def test_the_one_that_stays_takes_the_chosen_values(twice: Store) -> None:
    merge(twice, "d-p1", "p1", {"phone": "13800009999"})
    stays = twice.find(Person, "p1")
    assert stays is not None
    assert (stays.phone, twice.find(Person, "p9")) == ("13800009999", None)
    found = twice.all(Double)[0]
    assert (found.state, found.kept, found.answered_by) == ("已合并", "p1", "李工")


def test_everything_that_pointed_at_the_other_points_at_the_one_that_stays(twice: Store) -> None:
    merge(twice, "d-p1", "p9", {})
    household = twice.find(Household, "h1")
    assert household is not None
    assert household.head == "p9"
    assert [(m.id, m.person) for m in twice.all(Membership, "household = 'h1'", (), "id")] == [("m1b", "p1b"), ("m9", "p9")]


def test_a_merge_is_taken_back_whole(twice: Store) -> None:
    before = everything(twice)
    receipt = merge(twice, "d-p1", "p9", {"phone": "13800002203"})
    assert everything(twice) != before
    twice.undo(receipt.tx)
    assert everything(twice) == before


def test_the_trail_says_that_it_was_a_merge(twice: Store) -> None:
    merge(twice, "d-p1", "p1", {})
    last = twice.history(Person, "p9")[-1]
    assert (last.op, last.reason, last.author) == ("D", "合并重复", "李工")


def test_a_person_in_two_households_stays_in_the_chosen_one(twice: Store) -> None:
    elsewhere = twice.find(Person, "p9")
    assert elsewhere is not None
    moved = Person(**{**elsewhere.values(), "id": "p9", "household": "h2", "relation": "99"})
    twice.write([Put(moved), Put(Membership(id="m9", household="h2", person="p9", relation="99",
                                            joined_on=date(2019, 1, 1)))], "登记")  # fmt: skip
    merge(twice, "d-p1", "p1", {})
    assert [m.household for m in twice.all(Membership, "person = 'p1'")] == ["h1"]


def test_no_household_loses_its_head(village: Store) -> None:
    village.write([Put(house(9)), Put(person("p9", "h9", "宋桂兰", id_no=WOMAN))], "登记")
    plant(village, double("person", "p1", "p9"))
    with pytest.raises(Refused, match=r"宋桂兰户.*没有户主"):
        merge(village, "d-p1", "p1", {"household": "h9"})
    assert village.find(Person, "p9") is not None


def test_a_half_day_entered_twice_is_one(village: Store) -> None:
    halves = [HalfDay(id=id, member="m", team="t", day=DAY, half="AM", status=status, note=note)
              for id, status, note in (("a", "V", ""), ("b", "A", "未到岗"))]  # fmt: skip
    member = Member(id="m", name="李工", team="t")
    village.write(map(Put, (Team(id="t", village="village", name="工作队"), member, *halves)), "登记")
    plant(village, double("attendance_half", "a", "b", fields="member,day,half"))
    pair = pair_of(village, village.all(Double)[0])
    assert pair.first is not None
    assert str(pair.first.title) == "李工 · 10 月 19 日上午考勤"
    assert [n for n in pair.units if pair.differs(n)] == [("status", "source", "place", "note")]
    merge(village, "d-a", "a", {"status": "A", "note": "未到岗"})
    assert [(h.id, h.status, h.note) for h in village.all(HalfDay)] == [("a", "A", "未到岗")]


def test_households_are_merged_with_all_that_happened_to_them(village: Store) -> None:
    plant(village, double("household", "h1", "h2"))
    merge(village, "d-h1", "h1", {})
    assert village.count(Visit, "household = 'h1'") == 2
    assert {p.household for p in village.all(Person, "id IN ('p1', 'p2')")} == {"h1"}


def test_what_the_one_that_stays_has_already_is_not_kept_twice(village: Store) -> None:
    again = village.all(Visit, "household = 'h1'")[0]
    village.write([Put(Visit(household="h2", day=again.day, visitors=again.visitors))], "登记")
    plant(village, double("household", "h1", "h2"))
    merge(village, "d-h1", "h1", {})
    assert village.count(Visit, "household = 'h1'") == 2


def test_other_doubles_and_conflicts_of_the_one_that_goes_follow(twice: Store) -> None:
    twice.write([Put(person("p8", "h2", "宋桂兰", id_no=WOMAN))], "登记")
    plant(
        twice,
        Double(id="d2", village="village", tbl="person", first="p8", second="p9", found_at=2),
        conflict("person", "p9", {}, {"phone": "13800001111"}, {"phone": "13800009999"}, id="c1"),
    )
    merge(twice, "d-p1", "p1", {})
    other, closed = twice.find(Double, "d2"), twice.find(Conflict, "c1")
    assert other is not None
    assert closed is not None
    assert (other.first, other.second, other.state, closed.state) == ("p1", "p8", "待处理", "已处理")


def test_not_the_same_is_remembered(twice: Store) -> None:
    receipt = submit_apart(twice, "d-p1", "同名同号，县里已核实").result()
    found = twice.all(Double)[0]
    assert (found.state, found.remark, found.answered_by) == ("不是同一个", "同名同号，县里已核实", "李工")
    twice.undo(receipt.tx)
    assert twice.all(Double)[0].state == "待处理"


def test_the_other_row_of_another_village_is_found_where_this_laptop_holds_it_too(twice: Store) -> None:
    twice.write([Put(double("person", "p1"))], "县里发来")
    pair = pair_of(twice, twice.all(Double)[0])
    assert pair.second is not None
    assert pair.second.id == "p9"
    merge(twice, "d-p1", "p1", {})
    assert twice.find(Person, "p9") is None


def test_a_row_of_another_village_cannot_be_merged_from_here(village: Store) -> None:
    plant(village, double("person", "p1"))
    assert pair_of(village, village.all(Double)[0]).second is None
    with pytest.raises(Refused, match="不在这台电脑上"):
        merge(village, "d-p1", "p1", {})
