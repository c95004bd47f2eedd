"""Conflicts asked and decided without a screen."""

from __future__ import annotations

import json

import pytest

from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.exchange import queries
from nehe_desktop.features.exchange.cases import Me
from nehe_desktop.features.exchange.ledger import Conflict
from nehe_desktop.features.exchange.naming import all_shown, is_covered, label_of, title_of, unmasked
from nehe_desktop.features.exchange.resolving import Decision, chosen, resolve, resolve_all, written
from nehe_desktop.features.households.ledger import Household, HouseholdCategory, Person
from nehe_desktop.features.visits.ledger import Visit
from tests.exchange.conftest import HERE, conflict, only, plant, stamp


def hamlet(store: Store, id: str = "h1") -> str:
    found = store.find(Household, id)
    return found.hamlet if found else ""


def state(store: Store, id: str) -> tuple[str, str | None, str]:
    found = store.find(Conflict, id)
    assert found is not None
    return found.state, found.answer, found.answered_by


def take(store: Store, key: str, version: int, line: int = 0) -> None:
    case = only(store, key)
    resolve(store, [chosen(case, case.lines[line], case.lines[line].versions[version])])


def test_conflicts_of_one_record_are_one_case_with_a_line_a_field(hamlets: Store) -> None:
    cases = {case.key: case for case in queries.open_cases(hamlets, HERE)}
    assert [label_of("household", line.names) for line in cases["household:h1"].lines] == ["自然屯", "户联系电话"]
    assert str(cases["household:h1"].title) == "宋桂兰户 · 基本情况"
    assert str(cases["person:p2"].title) == "赵永贵户 · 赵永贵"
    assert cases["person:p2"].village == "明星村"
    assert queries.counts(hamlets) == (3, 2, 0)


def test_my_side_stands_first_and_says_what_stands_now(hamlets: Store) -> None:
    mine, theirs = only(hamlets, "household:h1").lines[0].versions
    assert (mine.who, mine.mine, mine.stands, mine.values) == ("李工", True, True, {"hamlet": "二屯"})
    assert (theirs.who, theirs.mine, theirs.stands, theirs.reason) == ("王敏", False, False, "电话核实")


@pytest.mark.parametrize(
    ("me", "mine"),
    [
        (Me("别人", "镇里的电脑"), "王敏"),
        (Me("李工", "镇里的电脑"), "王敏"),
        (Me("李工", "李工的电脑"), "李工"),
        (Me("王敏", ""), "王敏"),
        (Me("陈雪", "县里的电脑"), ""),
    ],
)
def test_mine_is_what_this_laptop_sent_else_what_i_wrote(hamlets: Store, me: Me, mine: str) -> None:
    case = queries.case_of(hamlets, "open", "household:h1", me)
    assert case is not None
    assert "".join(version.who for version in case.lines[0].versions if version.mine) == mine


def test_choosing_the_others_side_sets_the_field_and_closes_the_conflict(hamlets: Store) -> None:
    take(hamlets, "household:h1", 1)
    assert hamlet(hamlets) == "三屯"
    assert state(hamlets, "c1") == ("已处理", "came", "李工")
    assert state(hamlets, "c2")[0] == "待处理"


def test_choosing_what_stands_changes_nothing_but_the_conflict(hamlets: Store) -> None:
    case = only(hamlets, "household:h1")
    receipt = resolve(hamlets, [chosen(case, case.lines[0], case.lines[0].versions[0])])
    assert receipt.tables == {"conflict"}
    assert state(hamlets, "c1") == ("已处理", "stood", "李工")


def test_something_else_may_be_typed(hamlets: Store) -> None:
    case = only(hamlets, "household:h1")
    resolve(hamlets, [written(case, case.lines[0], {"hamlet": "四屯"})])
    assert hamlet(hamlets) == "四屯"
    assert state(hamlets, "c1") == ("已处理", "other", "李工")


def test_what_is_typed_wrongly_is_said_beside_its_field(hamlets: Store) -> None:
    case = only(hamlets, "household:h1")
    with pytest.raises(Invalid) as wrong:
        written(case, case.lines[1], {"phone": "138"})
    assert [(p.field, p.sentence) for p in wrong.value.problems] == [("phone", "手机号要 11 位，现在 3 位")]


def test_a_record_is_never_made_wrong_by_a_decision(village: Store) -> None:
    plant(village, conflict("person", "p1", {}, {"birth": "1950-01-01"}, {"birth": "1949-12-31"}))
    case = only(village)
    with pytest.raises(Invalid, match="出生"):
        resolve(village, [chosen(case, case.lines[0], case.lines[0].versions[1])])
    assert queries.counts(village).conflicts == 1


def test_a_decision_is_undone_as_one_step(hamlets: Store) -> None:
    case = only(hamlets, "household:h1")
    receipt = resolve(hamlets, [chosen(case, line, line.versions[1]) for line in case.lines])
    hamlets.undo(receipt.tx)
    assert hamlet(hamlets) == "二屯"
    assert len(only(hamlets, "household:h1").lines) == 2


def test_a_value_that_somebody_changed_since_is_a_third_version(hamlets: Store) -> None:
    found = hamlets.find(Household, "h1")
    assert found is not None
    hamlets.write([Put(Household(**{**found.values(), "id": "h1", "hamlet": "五屯"}))], "走访核实", "陈雪")
    versions = only(hamlets, "household:h1").lines[0].versions
    assert [(v.values["hamlet"], v.stands) for v in versions] == [("二屯", False), ("五屯", True), ("三屯", False)]


def test_deciding_does_not_touch_what_somebody_changed_in_another_field(hamlets: Store) -> None:
    case, found = only(hamlets, "household:h1"), hamlets.find(Household, "h1")
    assert found is not None
    hamlets.write([Put(Household(**{**found.values(), "id": "h1", "group_no": "3"}))], "走访核实", "陈雪")
    resolve(hamlets, [chosen(case, case.lines[0], case.lines[0].versions[1])])
    after = hamlets.find(Household, "h1")
    assert after is not None
    assert (after.hamlet, after.group_no) == ("三屯", "3")


def test_two_conflicts_over_one_field_are_decided_at_once(hamlets: Store) -> None:
    plant(hamlets, conflict("household", "h1", {"hamlet": "一屯"}, {"hamlet": "四屯"}, {"hamlet": "二屯"}, id="c4",
                            came_by="陈雪", came_dev="县里的电脑", came_at=stamp("19 10:00")))  # fmt: skip
    assert [v.who for v in only(hamlets, "household:h1").lines[0].versions] == ["李工", "王敏", "陈雪"]
    take(hamlets, "household:h1", 2)
    assert hamlet(hamlets) == "四屯"
    assert (state(hamlets, "c4")[1], state(hamlets, "c1")[1]) == ("came", "other")


def test_all_of_mine_or_all_of_theirs_for_several_records(hamlets: Store) -> None:
    batch = resolve_all(hamlets, queries.open_cases(hamlets, HERE), mine=False)
    assert (batch.done, batch.left, hamlet(hamlets)) == (2, (), "三屯")
    assert queries.counts(hamlets).conflicts == 0
    hamlets.undo(batch.receipt.tx)
    assert (queries.counts(hamlets).conflicts, hamlet(hamlets)) == (3, "二屯")


def test_a_batch_leaves_what_would_be_wrong_and_what_is_nobodys_here(hamlets: Store) -> None:
    plant(
        hamlets,
        conflict("person", "p1", {}, {"birth": "1950-01-01"}, {"birth": "1949-12-31"}),
        conflict("person", "p3", {}, {"name": "李凤芸"}, {"name": "李凤云"}, stood_by="陈雪"),
    )
    batch = resolve_all(hamlets, queries.open_cases(hamlets, HERE), mine=False)
    assert batch.done == 2
    assert {left.key for left in batch.left} == {"person:p1", "person:p3"}


def test_a_value_that_lost_by_itself_is_put_back_later(village: Store) -> None:
    lost = conflict("household", "h1", {"hamlet": "一屯"}, {"hamlet": "二屯"}, {"hamlet": "三屯"}, id="c9",
                    state="自动", used="came")  # fmt: skip
    plant(village, lost)
    case = queries.case_of(village, "past", "household:h1", HERE)
    assert case is not None
    mine = next(version for version in case.lines[0].versions if version.mine)
    resolve(village, [chosen(case, case.lines[0], mine)])
    assert hamlet(village) == "三屯"
    assert state(village, "c9") == ("已处理", "stood", "李工")
    assert queries.past_count(village) == 1


def test_fields_that_belong_together_are_one_line(village: Store) -> None:
    both = {"bank_name": "农业银行", "bank_no": "6228480000001234"}
    plant(village, conflict("household", "h1", {}, both, {"bank_name": "邮储银行", "bank_no": None}))
    line = only(village).lines[0]
    assert (label_of("household", line.names), is_covered("household", line.names)) == ("开户银行、一卡通账号", True)
    shown = all_shown(village, "household", line.versions[-1].values, line.names, unmasked)
    assert shown == "开户银行：农业银行\n一卡通账号：6228480000001234"


def test_a_deletion_is_confirmed_only_when_nobody_needs_the_record(village: Store) -> None:
    visit = village.all(Visit, "household = 'h2'")[0]
    plant(
        village,
        conflict("visit", visit.id, {}, {}, {"note": "改过"}, kind="delete_vs_edit"),
        conflict("person", "p2", {}, {}, {"phone": "13800001111"}, kind="delete_vs_edit"),
    )
    person = only(village, "person:p2")
    assert [(v.removed, v.stands) for v in person.lines[0].versions] == [(False, True), (True, False)]
    take(village, f"visit:{visit.id}", 1)
    assert village.find(Visit, visit.id) is None
    with pytest.raises(Refused, match="农户 1 条"):
        take(village, "person:p2", 1)


def test_who_keeps_a_record_that_was_deleted_elsewhere_answers_for_that_side(village: Store) -> None:
    plant(village, conflict("person", "p1b", {}, {}, {"phone": "13800001111"}, kind="delete_vs_edit", id="c5"))
    take(village, "person:p1b", 0)
    assert village.find(Person, "p1b") is not None
    assert state(village, "c5") == ("已处理", "stood", "李工")


def test_a_record_that_an_edit_brought_back_is_kept_or_removed_again(village: Store) -> None:
    visit = village.all(Visit, "household = 'h2'")[0]
    plant(village, conflict("visit", visit.id, {}, {"note": "又改"}, {}, kind="edit_vs_delete", used="came", id="c6"))
    case = only(village)
    assert [(v.who, v.removed, v.stands) for v in case.lines[0].versions] == [("李工", True, False), ("王敏", False, True)]
    resolve(village, [chosen(case, case.lines[0], case.lines[0].versions[0])])
    assert village.find(Visit, visit.id) is None
    assert state(village, "c6") == ("已处理", "stood", "李工")


def test_before_and_after_a_restored_hub_a_record_may_be_gone(village: Store) -> None:
    visit = village.all(Visit, "household = 'h2'")[0]
    plant(village, conflict("visit", visit.id, {}, {"gone": True}, {"gone": False}, kind="salvage", fields=""))
    take(village, f"visit:{visit.id}", 1)
    assert village.find(Visit, visit.id) is None


def test_a_record_that_is_not_here_is_left_to_who_has_it(village: Store) -> None:
    plant(village, conflict("household", "moved", {}, {"hamlet": "三屯"}, {"hamlet": "二屯"}))
    case = only(village)
    assert "没有这条记录" in str(case.title)
    with pytest.raises(Refused, match="由有这条记录的电脑来定"):
        resolve(village, [chosen(case, case.lines[0], case.lines[0].versions[0])])


def test_what_is_shown_has_its_unit_and_its_label(village: Store) -> None:
    assert all_shown(village, "visit", {"income_per_head": 960000}, ["income_per_head"], unmasked) == "9,600.00 元"
    assert all_shown(village, "person", {"household": "h1"}, ["household"], unmasked) == "宋桂兰户"
    assert all_shown(village, "person", {"relation": None}, ["relation"], unmasked) == "（空）"
    assert all_shown(village, "person", {"birth": "二〇二〇"}, ["birth"], unmasked) == "二〇二〇"
    assert all_shown(village, "from_a_newer_program", {"x": 1}, ["x"], unmasked) == "1"


def test_every_record_has_a_title_that_a_person_knows(hamlets: Store) -> None:
    category = hamlets.all(HouseholdCategory)[0]
    assert str(title_of(hamlets, "household_category", category.id)) == "宋桂兰户 · 户类别变化"
    assert str(title_of(hamlets, "conflict", "c1")) == "宋桂兰户 · 冲突记录"
    assert str(title_of(hamlets, "membership", "m1b")) == "宋桂兰户 · 成员增减 王秋生"
    assert str(title_of(hamlets, "division", "village")) == "明星村 · 行政区划"
    assert str(title_of(hamlets, "from_a_newer_program", "x")).startswith("别的台账")


def test_the_tale_of_a_field_says_who_wrote_it_and_when(hamlets: Store) -> None:
    take(hamlets, "household:h1", 1)
    newest = queries.tale(hamlets, "household", "h1", ["hamlet"])[0]
    assert (newest.author, newest.patch["hamlet"]) == ("李工", ("二屯", "三屯"))


def test_a_conflict_of_another_shape_does_not_stop_the_list(village: Store) -> None:
    odd = Conflict(tbl="household", pk="h1", fields="新字段", came=json.dumps({"新字段": 1}), stood="[]")
    plant(village, odd)
    case = only(village)
    resolve(village, [Decision("household", "h1", ("新字段",), (odd.id,), {"新字段": 1})])
    assert queries.counts(village).conflicts == 0
    assert case.lines[0].versions
