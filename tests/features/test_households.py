"""Households: what is doubtful, who belongs where on a day, the list, the doubles, the story."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.errors import Invalid, Problem, Refused
from nehe_desktop.core.identity import household_code
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.households import changes, queries, rules
from nehe_desktop.features.households.ledger import Household, HouseholdCategory, Membership, Person
from nehe_desktop.features.households.story import story
from nehe_desktop.features.teams.ledger import Helper, HelpLink
from nehe_desktop.features.visits.ledger import ProblemTicket, Visit

WOMAN = "11010519491231002X"  # printed in GB 11643-1999
TODAY = date(2020, 8, 10)
VILLAGE = Division(name="明星村", level="village")
HOUSE = Household(village=VILLAGE.id, base_type="01", hh_no="23022676316326", hamlet="二屯")
FILLED = Person(
    household=HOUSE.id,
    relation="01",
    name="宋桂兰",
    id_no=WOMAN,
    sex="2",
    birth=date(1949, 12, 31),
    ethnic="01",
    edu="02",
    health=("01",),
    labour="05",
    ins_res_med=True,
    ins_serious=True,
)


def numbers(problems: list[Problem]) -> set[str]:
    return {problem.rule for problem in problems}


def doubts(on: date = TODAY, **changed: Any) -> set[str]:
    return numbers(rules.person_doubts(replace(FILLED, **changed), on))


def test_a_filled_person_has_no_doubts() -> None:
    assert rules.person_doubts(FILLED, TODAY) == []


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("DQ01", {"id_no": "110105194912310021"}),
        ("DQ01", {"id_no": None}),
        ("DQ01", {"sex": "1"}),
        ("DQ01", {"birth": date(1949, 12, 30)}),
        ("DQ04", {"relation": "03"}),
        ("DQ05", {"ethnic": None}),
        ("DQ05", {"labour": None}),
        ("DQ06", {"edu": None}),
        ("DQ06", {"school_status": "03"}),
        ("DQ07", {"ins_res_med": None}),
        ("DQ07", {"ins_emp_med": True}),
        ("DQ08", {"aid_serious": True, "ins_res_med": False}),
        ("DQ15", {"school_status": "08", "edu": None}),
        ("DQ17", {"health": ("04",)}),
        ("DQ17", {"dropout_reason": "01", "edu": None}),
    ],
)
def test_each_rule_finds_its_doubt(rule: str, changed: dict[str, Any]) -> None:
    assert rule in doubts(**changed)


CHILD: dict[str, Any] = {"id_no": None, "birth": date(2010, 5, 1), "edu": None, "school_status": "03"}


def test_a_child_has_no_labour() -> None:
    assert "DQ09" in doubts(**CHILD, labour="01")
    assert "DQ09" not in doubts(**CHILD)


def test_a_child_out_of_school_needs_a_reason() -> None:
    out = {**CHILD, "school_status": "00"}
    assert "DQ16" in doubts(**out)
    assert "DQ16" not in doubts(**out, dropout_reason="07")


def test_a_pupil_of_the_primary_school_is_6_to_14() -> None:
    assert "DQ15" not in doubts(date(2024, 5, 1), **CHILD)
    assert "DQ15" in doubts(date(2025, 5, 1), **CHILD)


def test_a_severe_limb_disability_and_full_labour_contradict() -> None:
    card = {"health": ("04",), "disab_cat": "4", "disab_grade": "1", "disab_no": f"{WOMAN}41"}
    assert "DQ17" in doubts(**card, labour="01")
    assert "DQ17" not in doubts(**card, labour="03")


def test_a_doubt_says_field_and_values_in_plain_words() -> None:
    found = rules.person_doubts(replace(FILLED, sex="1"), TODAY)
    assert found == [Problem("sex", "性别填的是男，证件号码第 17 位是女，请核对哪个对", "error", "DQ01")]


def test_what_blocks_reporting_does_not_block_saving() -> None:
    unfinished = Person(household=HOUSE.id, relation="01", name="宋桂兰")
    assert all(p.level == "warning" for p in unfinished.problems())
    assert {"DQ05", "DQ06", "DQ07"} <= numbers(
        [p for p in rules.person_doubts(unfinished, TODAY) if p.level == "error"]
    )


@pytest.mark.parametrize("name", ["敖拉·玉华", "汤䶮", "田玉𬍛", "𠮷"])
def test_names_keep_their_dots_and_rare_characters(name: str) -> None:
    kind = Person.ledger.fields["name"].kind
    assert kind.read(name) == name


def test_a_healthy_person_is_nothing_else() -> None:
    problems = replace(FILLED, health=("01", "02")).problems()
    assert [p.field for p in problems if p.level == "error"] == ["health"]


def test_a_household_has_one_head() -> None:
    assert "DQ03" in numbers(rules.household_doubts(HOUSE, []))
    assert "DQ03" in numbers(rules.household_doubts(HOUSE, [FILLED, replace(FILLED, id="2")]))
    assert "DQ03" in numbers(rules.household_doubts(HOUSE, [replace(FILLED, relation="02")]))
    assert "DQ03" not in numbers(rules.household_doubts(HOUSE, [FILLED]))


def test_a_spouse_is_not_of_the_heads_sex() -> None:
    spouse = replace(FILLED, id="2", relation="02", name="王秋生")
    sentence = "配偶王秋生与户主宋桂兰性别都是女，请核对"
    assert sentence in [p.sentence for p in rules.household_doubts(HOUSE, [FILLED, spouse])]


@pytest.mark.parametrize(
    ("cause", "cure"),
    [("01", {"health": ("02",)}), ("02", {"health": ("04",)}), ("03", {"school_status": "03"})],
)
def test_a_cause_of_poverty_is_seen_in_some_member(cause: str, cure: dict[str, Any]) -> None:
    poor = replace(HOUSE, cause_main=cause)
    assert "DQ18" in numbers(rules.household_doubts(poor, [FILLED]))
    assert "DQ18" not in numbers(rules.household_doubts(poor, [replace(FILLED, **cure)]))


def test_the_main_cause_is_not_another_cause() -> None:
    assert "DQ18" in numbers(replace(HOUSE, cause_main="07", cause_other=("07",)).problems())


def test_empty_living_conditions_block_the_report_of_registered_households_only() -> None:
    assert "DQ34" in numbers(rules.household_doubts(HOUSE, [FILLED]))
    assert "DQ34" not in numbers(rules.household_doubts(replace(HOUSE, base_type="03"), [FILLED]))


def test_land_over_500_mu_is_asked_about() -> None:
    kind = Household.ledger.fields["land_farm"].kind
    problems = replace(HOUSE, land_farm=kind.read("600亩")).problems()
    assert [(p.rule, p.level) for p in problems] == [("DQ33", "warning")]


def test_leaving_poverty_before_being_identified_is_refused() -> None:
    assert [p.field for p in replace(HOUSE, id_year=2016, exit_year=2015).problems()] == ["exit_year"]


@pytest.fixture
def village(store: Store) -> Store:
    house = replace(HOUSE, head=FILLED.id, phone="13800138000")
    store.write([Put(VILLAGE), Put(house), Put(FILLED)], "建档")
    return store


def test_an_impossible_id_number_is_not_stored(village: Store) -> None:
    with pytest.raises(Invalid, match="校验位不对"):
        village.write([Put(replace(FILLED, id_no="110105194912310021"))], "改")


def test_the_list_shows_head_size_categories_and_last_visit(village: Store) -> None:
    tags = [
        HouseholdCategory(household=HOUSE.id, category=c, since=s, until=u)
        for c, s, u in (
            ("脱贫户", date(2018, 1, 1), None),
            ("脱贫监测户", date(2020, 3, 1), None),
            ("低保户", date(2015, 1, 1), date(2019, 12, 31)),
        )
    ]
    visits = [Visit(household=HOUSE.id, day=date(2020, m, 13), visitors="李建国") for m in (7, 3)]
    village.write([Put(r) for r in (*tags, *visits)], "登记")
    (line,) = queries.households_of(village, VILLAGE.id, TODAY)
    assert (line.head, line.members, line.last_visit) == ("宋桂兰", 1, date(2020, 7, 13))
    assert set(line.categories) == {"脱贫户", "脱贫监测户"}
    assert queries.counts_by_category(village, VILLAGE.id, TODAY) == {"脱贫户": 1, "脱贫监测户": 1}


def test_a_baby_belongs_to_the_family_from_its_birth_on(village: Store) -> None:
    baby = Person(relation="07", name="宋小宝", sex="1", birth=date(2020, 5, 1))
    village.write(changes.joined(HOUSE, baby, "07", date(2020, 5, 1), "01"), "新生儿")
    before = queries.members_on(village, HOUSE.id, date(2020, 4, 30))
    after = queries.members_on(village, HOUSE.id, date(2020, 5, 1))
    assert [len(before), len(after)] == [1, 2]


def test_the_dead_stay_dead_and_stay_in_the_past(village: Store) -> None:
    stay = Membership(household=HOUSE.id, person=FILLED.id, relation="01", joined_on=date(2014, 1, 1))
    village.write([Put(stay), *changes.left(FILLED, stay, date(2020, 6, 1), "01")], "死亡")
    assert queries.members_of(village, HOUSE.id) == []
    assert [m.name for m in queries.members_on(village, HOUSE.id, date(2020, 5, 31))] == ["宋桂兰"]
    assert queries.members_on(village, HOUSE.id, date(2020, 6, 1)) == []


def test_a_new_head_needs_everybodys_new_relation() -> None:
    son = replace(FILLED, id="2", relation="03", name="宋强")
    with pytest.raises(Refused, match="宋桂兰"):
        changes.head_changed(HOUSE, [FILLED, son], "2", {})
    house, *people = (c.record for c in changes.head_changed(HOUSE, [FILLED, son], "2", {FILLED.id: "12"}))  # type: ignore[union-attr]
    assert isinstance(house, Household)
    assert (house.head, [p.relation for p in people if isinstance(p, Person)]) == ("2", ["12", "01"])


def test_one_id_number_in_two_households_is_found(village: Store) -> None:
    other = Household(village=VILLAGE.id, base_type="01")
    double = replace(FILLED, id="f" * 32, household=other.id)
    village.write([Put(other), Put(double)], "重复")
    (shared,) = queries.shared_ids(village)
    assert (shared.number, set(shared.households)) == (WOMAN, {HOUSE.id, other.id})
    assert "尾号 002X" in rules.duplicate_problem(shared.number, ["宋桂兰户", "赵永贵户"]).sentence


def test_one_telephone_in_two_households_is_found_but_not_within_one(village: Store) -> None:
    village.write([Put(replace(FILLED, phone="13800138000"))], "同户")
    assert queries.shared_phones(village) == []
    village.write([Put(Household(village=VILLAGE.id, base_type="03", phone="13800138000"))], "另一户")
    assert [s.number for s in queries.shared_phones(village)] == ["13800138000"]


def test_the_next_household_code_follows_the_last(village: Store) -> None:
    assert queries.next_number(village, 3, 10) == 1
    village.write([Put(replace(HOUSE, local_no=household_code(3, 10, 27)))], "编码")
    assert queries.next_number(village, 3, 10) == 28


def test_the_story_tells_everything_newest_first(village: Store) -> None:
    helper = Helper(name="李建国")
    stay = Membership(household=HOUSE.id, person=FILLED.id, relation="01", joined_on=date(2014, 1, 1))
    records = [
        stay,
        helper,
        HelpLink(household=HOUSE.id, helper=helper.id, since=date(2018, 3, 1)),
        Visit(household=HOUSE.id, day=date(2020, 7, 13), visitors="李建国"),
        HouseholdCategory(household=HOUSE.id, category="脱贫户", since=date(2018, 12, 1)),
        ProblemTicket(
            village=VILLAGE.id,
            household=HOUSE.id,
            category="就医",
            description="慢病未办卡",
            raised_on=date(2020, 7, 14),
        ),
    ]
    village.write([Put(r) for r in records], "登记")
    kinds = [h.kind for h in story(village, HOUSE.id)]
    assert kinds == ["问题", "走访", "类别", "结对", "成员增加"]


def test_the_story_tells_edits_but_not_private_numbers(village: Store) -> None:
    village.write([Put(replace(FILLED, phone="13900139000", mandarin=True))], "改电话", "王海波")
    (edit,) = story(village, HOUSE.id)
    assert (edit.title, edit.detail) == ("王海波修改宋桂兰", "本人电话已更改；会普通话：空 → 是")


def test_households_and_people_are_counted_by_type(village: Store) -> None:
    assert queries.counts_by_type(village, VILLAGE.id) == {"01": (1, 1)}


def test_a_half_filled_person_is_checked_without_stumbling() -> None:
    draft = Draft(Person)
    draft.set("id_no", "110105194912310021")
    assert {"relation", "name", "id_no"} <= {problem.field for problem in draft.problems()}


def test_who_left_is_no_member_but_his_record_stays_in_the_village(village: Store) -> None:
    stay = Membership(household=HOUSE.id, person=FILLED.id, relation="01", joined_on=date(2014, 1, 1))
    village.write([Put(stay), *changes.left(FILLED, stay, date(2020, 6, 1), "03")], "迁出")
    assert queries.counts_by_type(village, VILLAGE.id) == {"01": (1, 0)}
    assert village.one("SELECT _scope FROM person WHERE id = ?", (FILLED.id,)) == (VILLAGE.id,)


def test_who_moves_next_door_is_a_member_there(village: Store) -> None:
    stay = Membership(household=HOUSE.id, person=FILLED.id, relation="01", joined_on=date(2014, 1, 1))
    other = Household(village=VILLAGE.id, base_type="01")
    gone = changes.left(FILLED, stay, date(2020, 6, 1), "11")
    come = changes.joined(other, FILLED, "12", date(2020, 6, 1), "09")
    village.write([Put(stay), Put(other), *gone, *come], "分户")
    assert [p.name for p in queries.members_of(village, other.id)] == ["宋桂兰"]
    assert queries.members_on(village, HOUSE.id, date(2020, 6, 1)) == []
    assert len(queries.members_on(village, HOUSE.id, date(2020, 5, 31))) == 1
