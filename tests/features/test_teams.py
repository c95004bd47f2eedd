"""Teams: who is on duty, what the county is told in time, who helps whom."""

from dataclasses import replace
from datetime import date

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.teams import queries, rules
from nehe_desktop.features.teams.ledger import Helper, HelpLink, Member, Posting, Team, Unit

TODAY = date(2020, 8, 10)
VILLAGE = Division(name="明星村", level="village")
TEAM = Team(village=VILLAGE.id, name="县水务局驻学田镇明星村工作队")


def posting(
    member: str, role: str = "队员", since: date = date(2020, 1, 1), until: date | None = None
) -> Posting:
    return Posting(team=TEAM.id, member=member, role=role, since=since, until=until)


FULL = [posting("a", "队长"), posting("b", "第一书记"), posting("c")]


def sentences(postings: list[Posting]) -> list[str]:
    return [problem.sentence for problem in rules.team_problems(postings, TODAY)]


def test_a_full_team_has_no_problems() -> None:
    assert sentences(FULL) == []


def test_two_members_are_too_few() -> None:
    assert sentences(FULL[:2]) == ["在岗队员 2 人，不足 3 人，请报驻村办补选"]


def test_a_team_without_a_leader_is_told() -> None:
    assert "在岗队长有 0 人" in sentences([posting("a"), posting("b"), posting("c")])[0]


def test_after_two_years_comes_rotation() -> None:
    assert "已满 2 年" in sentences([posting("a", "队长", date(2018, 8, 9)), *FULL[1:]])[0]
    assert sentences([posting("a", "队长", date(2018, 8, 10)), *FULL[1:]]) == []


def test_an_insurance_is_renewed_30_days_before_its_end() -> None:
    soon = replace(FULL[0], insured_until=date(2020, 9, 9))
    assert sentences([soon, *FULL[1:]]) == ["意外险 2020-09-09 到期，请及时续保"]


def test_a_household_needs_a_helper_who_is_not_poor_himself() -> None:
    helper = Helper(name="李建国", phone="13800138000")
    link = HelpLink(household="h", helper=helper.id, since=date(2018, 1, 1))
    assert [p.rule for p in rules.helper_problems([], [], set(), TODAY)] == ["DQ35"]
    assert [p.rule for p in rules.helper_problems([link], [helper], {"13800138000"}, TODAY)] == ["DQ35"]
    assert list(rules.helper_problems([link], [helper], set(), TODAY)) == []


def test_a_posting_that_ends_before_it_begins_is_refused() -> None:
    assert [p.field for p in posting("a", until=date(2019, 1, 1)).problems()] == ["until"]


def test_a_units_credit_code_is_checked() -> None:
    assert Unit(name="县水务局", uscc="91350100M000100Y43").problems() == []
    assert [p.field for p in Unit(name="县水务局", uscc="91350100M000100Y44").problems()] == ["uscc"]


def test_who_is_on_duty_depends_on_the_day(store: Store) -> None:
    old, new = Member(name="李建国", team=TEAM.id), Member(name="王海波", team=TEAM.id)
    terms = [
        posting(old.id, "队长", until=date(2020, 6, 30)),
        posting(new.id, "队长", since=date(2020, 7, 1)),
    ]
    store.write([Put(r) for r in (VILLAGE, TEAM, old, new, *terms)], "轮换")
    assert [m.name for m, _ in queries.members_on_duty(store, TEAM.id, date(2020, 6, 30))] == ["李建国"]
    assert [m.name for m, _ in queries.members_on_duty(store, TEAM.id, date(2020, 7, 1))] == ["王海波"]
    assert queries.team_of(store, VILLAGE.id) == TEAM


def test_a_household_whose_helper_left_is_listed(store: Store) -> None:
    house, helper = Household(village=VILLAGE.id, base_type="01"), Helper(name="李建国")
    link = HelpLink(household=house.id, helper=helper.id, since=date(2018, 1, 1), until=date(2020, 7, 31))
    store.write([Put(r) for r in (VILLAGE, house, helper, link)], "结对")
    assert queries.households_without_helper(store, VILLAGE.id, TODAY) == [house.id]
    assert queries.households_without_helper(store, VILLAGE.id, date(2020, 7, 31)) == []
    assert [h.name for h in queries.helpers_of(store, house.id, date(2020, 7, 31))] == ["李建国"]
