"""Two people change the same: both values are kept and shown, and a rule or a person decides which is used."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nehe_desktop.features.exchange.ledger import CONFLICT_STATES, KINDS, Conflict, Double
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.protocol import Change
from tests.hub.laptops import NORTH, NOW, Laptop, ack_of, edit, join, new, removal


@pytest.fixture
def pair(hub: Hub) -> tuple[Laptop, Laptop]:
    """Two laptops of one village that both know a household."""
    one, other = join(hub, "李工", NORTH), join(hub, "王站长", NORTH)
    one.does(
        new(
            "household",
            "h1",
            NORTH,
            village=NORTH,
            phone="1",
            kind="一般户",
            tags="a,b",
            amount=100,
            year=2019,
        )
    )
    for laptop in (one, other):
        laptop.catch_up()
    return one, other


def at(minutes: int) -> int:
    return (NOW + minutes * 60_000) << 16


def conflicts(laptop: Laptop) -> list[dict[str, Any]]:
    laptop.catch_up()
    return laptop.all("conflict")


def seen(laptop: Laptop, *names: str) -> list[Any]:
    laptop.catch_up()
    return [(laptop.sees("household", "h1") or {}).get(name) for name in names]


def change(**values: tuple[Any, Any]) -> Change:
    return edit("household", "h1", NORTH, **values)


def test_different_fields_of_one_row_do_not_disturb_each_other(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(phone=("1", "2")))
    other.does(change(name=(None, "王家")))
    assert seen(one, "phone", "name") == ["2", "王家"]
    assert not conflicts(one)


def test_the_same_new_value_twice_is_no_conflict(pair: tuple[Laptop, Laptop]) -> None:
    for laptop in pair:
        laptop.does(change(phone=("1", "2")))
    assert not conflicts(pair[0])


def test_the_later_one_is_used_and_both_are_kept(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(phone=("1", "2")), at=at(1))
    reply = other.does(change(phone=("1", "3")), at=at(2), why="走访")
    assert seen(one, "phone") == ["3"]
    (found,) = conflicts(one)
    assert found == {
        "village": NORTH,
        "tbl": "household",
        "pk": "h1",
        "kind": "field",
        "fields": "phone",
        "base": '{"phone":"1"}',
        "came": '{"phone":"3"}',
        "stood": '{"phone":"2"}',
        "used": "came",
        "came_by": "王站长",
        "came_at": at(2),
        "came_dev": "王站长",
        "stood_by": "李工",
        "stood_at": at(1),
        "reason": "走访",
        "state": "自动",
    }
    assert [result.id for result in ack_of(reply).res] == [
        id for table, id in one.rows if table == "conflict"
    ]


def test_an_earlier_edit_that_comes_late_is_kept_but_not_used(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(phone=("1", "2")), at=at(2))
    other.does(change(phone=("1", "3")), at=at(1))
    (found,) = conflicts(other)
    assert seen(other, "phone") == ["2"]
    assert (found["used"], found["came"]) == ("stood", '{"phone":"3"}')


def test_a_laptop_whose_value_was_not_used_is_told_the_row_again(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(phone=("1", "2")), at=at(2))
    other.catch_up()
    other.does(change(phone=("1", "3")), at=at(1))
    assert "h1" in {row.k for row in other.pull().pages[NORTH].rows}


def test_a_field_to_be_reviewed_waits_for_a_person_and_keeps_what_stood(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(kind=("一般户", "脱贫户")), at=at(1))
    other.does(change(kind=("一般户", "监测户")), at=at(2))
    (found,) = conflicts(one)
    assert seen(one, "kind") == ["脱贫户"]
    assert (found["state"], found["used"]) == ("待处理", "stood")


def test_several_choices_are_merged_one_by_one(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(tags=("a,b", "a,b,c")))
    other.does(change(tags=("a,b", "b,d")))
    assert seen(one, "tags") == ["b,c,d"]
    assert not conflicts(one)


def test_an_amount_and_its_year_win_or_lose_together(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(amount=(100, 200), year=(2019, 2020)), at=at(2))
    other.does(change(amount=(100, 300), year=(2019, 2019)), at=at(1))
    assert seen(one, "amount", "year") == [200, 2020]
    (found,) = conflicts(one)
    assert (found["fields"], json.loads(found["came"])) == ("amount,year", {"amount": 300, "year": 2019})


def test_a_removal_of_what_somebody_edited_meanwhile_waits_for_a_person(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(phone=("1", "2")))
    other.does(
        removal(
            "household",
            "h1",
            NORTH,
            village=NORTH,
            phone="1",
            kind="一般户",
            tags="a,b",
            amount=100,
            year=2019,
        )
    )
    (found,) = conflicts(one)
    assert seen(one, "phone") == ["2"]
    assert (found["kind"], found["state"], found["used"]) == ("delete_vs_edit", "待处理", "stood")
    assert json.loads(found["stood"]) == {"phone": "2"}


def test_an_edit_of_what_somebody_removed_brings_it_back_for_a_person_to_see(
    pair: tuple[Laptop, Laptop],
) -> None:
    one, other = pair
    one.does(
        removal(
            "household",
            "h1",
            NORTH,
            village=NORTH,
            phone="1",
            kind="一般户",
            tags="a,b",
            amount=100,
            year=2019,
        )
    )
    other.does(change(phone=("1", "2")))
    (found,) = conflicts(one)
    assert seen(one, "phone", "kind") == ["2", "一般户"]
    assert (found["kind"], found["state"]) == ("edit_vs_delete", "待处理")


def test_an_edit_of_a_row_that_the_hub_does_not_have_is_kept_and_shown(hub: Hub) -> None:
    laptop = join(hub, "李工", NORTH)
    laptop.does(change(phone=("1", "2")))
    (found,) = conflicts(laptop)
    assert (found["kind"], found["village"]) == ("orphan", NORTH)
    assert seen(laptop, "phone") == ["2"]


def test_further_edits_in_the_same_branch_are_one_conflict(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(kind=("一般户", "脱贫户")))
    for old, value in (("一般户", "监测户"), ("监测户", "边缘户"), ("边缘户", "突发户")):
        other.does(change(kind=(old, value)), why=value)
    (found,) = conflicts(one)
    assert (found["base"], found["came"], found["reason"]) == (
        '{"kind":"一般户"}',
        '{"kind":"突发户"}',
        "突发户",
    )
    assert seen(one, "kind") == ["脱贫户"]


def test_further_edits_in_one_request_are_one_conflict_too(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(kind=("一般户", "脱贫户")))
    other.send(other.save(change(kind=("一般户", "监测户"))), other.save(change(kind=("监测户", "边缘户"))))
    assert [found["came"] for found in conflicts(one)] == ['{"kind":"边缘户"}']


def test_a_branch_that_becomes_the_later_one_is_used_in_the_same_conflict(
    pair: tuple[Laptop, Laptop],
) -> None:
    one, other = pair
    one.does(change(phone=("1", "2")), at=at(2))
    other.does(change(phone=("1", "3")), at=at(1))
    other.does(change(phone=("3", "4")), at=at(3))
    (found,) = conflicts(one)
    assert (found["used"], found["came"], found["stood"]) == ("came", '{"phone":"4"}', '{"phone":"2"}')
    assert seen(one, "phone") == ["4"]


def test_an_edit_from_another_base_is_another_conflict(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(kind=("一般户", "脱贫户")))
    other.does(change(kind=("一般户", "监测户")))
    other.does(change(kind=("别的", "边缘户")))
    assert len(conflicts(one)) == 2


def test_a_decided_conflict_is_not_opened_again(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(kind=("一般户", "脱贫户")))
    other.does(change(kind=("一般户", "监测户")))
    conflicts(one)
    ((_, id),) = [key for key in one.rows if key[0] == "conflict"]
    one.does(edit("conflict", id, NORTH, state=("待处理", "已处理"), answer=(None, "stood")))
    other.does(change(kind=("监测户", "边缘户")))
    assert sorted(found["state"] for found in conflicts(one)) == ["已处理", "待处理"]


def test_two_decisions_of_one_conflict_make_no_further_conflict(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(kind=("一般户", "脱贫户")))
    other.does(change(kind=("一般户", "监测户")))
    conflicts(one)
    ((_, id),) = [key for key in one.rows if key[0] == "conflict"]
    one.does(edit("conflict", id, NORTH, state=("待处理", "已处理"), answer=(None, "stood")), at=at(5))
    other.does(edit("conflict", id, NORTH, state=("待处理", "已处理"), answer=(None, "came")), at=at(6))
    (found,) = conflicts(one)
    assert found["answer"] == "came"


def test_what_stood_is_restored_by_an_ordinary_change(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(phone=("1", "2")), at=at(1))
    other.does(change(phone=("1", "3")), at=at(2))
    one.catch_up()
    one.does(change(phone=("3", "2")), at=at(3))
    assert seen(other, "phone") == ["2"]
    assert len(conflicts(other)) == 1


def test_the_ledger_reads_what_the_hub_writes(pair: tuple[Laptop, Laptop]) -> None:
    one, other = pair
    one.does(change(phone=("1", "2"), kind=("一般户", "脱贫户")))
    other.does(change(phone=("1", "3"), kind=("一般户", "监测户")), why="走" * 500, by="王" * 90)
    one.does(*(new("person", key, NORTH, household="h1", id_number="230") for key in ("p1", "p2")))
    conflicts(one)
    for cls, count in ((Conflict, 2), (Double, 1)):
        rows = [(key, row.f) for (table, key), (_, row) in one.rows.items() if table == cls.ledger.table]
        assert len(rows) == count
        for key, values in rows:
            assert set(values) <= set(cls.ledger.fields)
            record = cls.loaded(key, values)
            assert not [problem for problem in record.problems() if problem.level == "error"]
            assert values.items() <= record.stored().items()


@pytest.mark.parametrize("kind", KINDS)
def test_the_ledger_knows_every_kind_of_conflict(kind: str) -> None:
    assert set(CONFLICT_STATES) >= {"自动", "待处理"}
    assert not [
        p
        for p in Conflict.loaded("c", {"tbl": "t", "pk": "k", "kind": kind}).problems()
        if p.level == "error"
    ]
