"""Visits and problems: who is due, what a record must say, how a ticket moves."""

from datetime import date
from decimal import Decimal

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.visits import queries, rules
from nehe_desktop.features.visits.ledger import ProblemTicket, Visit

TODAY = date(2020, 8, 10)
VILLAGE = Division(name="明星村", level="village")
GOOD = "看了住房和水井，核对了上半年务工收入，帮助联系了慢病门诊。"


def visit(**more: object) -> Visit:
    return Visit(**{"household": "h", "day": TODAY, "visitors": "李建国", "note": GOOD, **more})  # type: ignore[arg-type]


def ticket(**more: object) -> ProblemTicket:
    given = {"village": VILLAGE.id, "category": "饮水", "description": "冬季冻管", "raised_on": TODAY, **more}
    return ProblemTicket(**given)  # type: ignore[arg-type]


def test_a_plain_visit_is_well() -> None:
    assert visit(food="正常").problems() == []


def test_a_trouble_must_be_described() -> None:
    assert [p.sentence for p in visit(water="有问题").problems()] == ["饮水有问题，请写明是什么问题"]
    assert visit(water="有问题", water_note="冬季冻管").problems() == []


@pytest.mark.parametrize("note", ["一切正常", "一切正常。", "去了一趟", ""])
def test_an_empty_record_is_asked_about_but_may_stand(note: str) -> None:
    assert [(p.field, p.level) for p in visit(note=note).problems()] == [("note", "warning")]


def test_a_visit_is_not_in_the_future() -> None:
    assert [p.field for p in visit(day=date(2099, 1, 1)).problems()] == ["day"]


def test_an_income_of_six_per_cent_looks_like_a_lost_digit() -> None:
    (problem,) = rules.income_doubts(Decimal(540), Decimal(9600))
    assert (problem.sentence, problem.level) == ("只有上次 9,600 元的 6%，是不是少输了一位？", "warning")


def test_an_income_near_the_last_one_is_not_asked_about() -> None:
    assert rules.income_doubts(Decimal(9000), Decimal(9600)) == []
    assert rules.income_doubts(Decimal(9000), None) == []


@pytest.mark.parametrize(("level", "due"), [(1, 4), (2, 2), (3, 1), (None, 1)])
def test_august_has_so_many_visits_due_by_level(level: int | None, due: int) -> None:
    assert rules.visits_due(level, 2020, 8) == due


def test_a_blue_household_is_due_in_the_third_month_of_the_quarter() -> None:
    assert [rules.visits_due(4, 2020, month) for month in (7, 8, 9)] == [0, 0, 1]
    assert rules.visits_due(4, 2020, 9, visited_before=True) == 0


def test_a_family_living_elsewhere_is_phoned_every_two_months() -> None:
    assert (rules.days_between_visits(), rules.days_between_visits(away=True)) == (30, 60)
    assert rules.days_between_visits(1, away=True) == 7


def test_two_visits_by_one_person_to_one_house_a_day_are_one() -> None:
    visits = [("h1", TODAY, "李建国"), ("h1", TODAY, "李建国"), ("h1", TODAY, "王海波")]
    assert rules.counted_visits(visits) == 2


def test_coverage_is_households_not_visits() -> None:
    assert rules.coverage(50, 58) == Decimal("86.21")
    assert rules.coverage(0, 0) is None


@pytest.mark.parametrize(("level", "due"), [("一般", 17), ("较急", 13), ("紧急", 11)])
def test_a_problem_is_due_by_its_urgency(level: str, due: int) -> None:
    assert rules.due_of(ticket(level=level)) == date(2020, 8, due)


def test_a_suspended_problem_is_not_overdue() -> None:
    assert rules.is_overdue(ticket(), date(2020, 8, 18))
    assert not rules.is_overdue(ticket(), date(2020, 8, 17))
    assert not rules.is_overdue(ticket(state="挂起", pause_reason="等开春施工"), date(2020, 9, 1))


def test_a_problem_goes_step_by_step_until_it_is_struck_off() -> None:
    state = "登记"
    for step in ("交办", "办理中", "已解决待核", "退回", "办理中", "已解决待核", "销号"):
        state = rules.moved(state, step)
    assert state == "销号"


def test_a_problem_is_not_struck_off_without_checking() -> None:
    with pytest.raises(Refused, match="可以改为：已解决待核、退回"):
        rules.moved("办理中", "销号")


def test_a_struck_off_problem_does_not_come_back() -> None:
    with pytest.raises(Refused, match="另登记一条"):
        rules.moved("销号", "办理中")


def test_striking_off_needs_a_day_and_a_verifier() -> None:
    assert [p.field for p in ticket(state="销号").problems()] == ["closed_on"]
    assert ticket(state="销号", closed_on=TODAY, verified_by="李建国").problems() == []


@pytest.fixture
def village(store: Store) -> Store:
    def house(id: str, base_type: str = "01") -> Put:
        return Put(Household(id=id, village=VILLAGE.id, base_type=base_type))

    houses = [house("late"), house("fresh"), house("never", "02"), house("away"), house("plain", "03")]
    away = Person(household="away", relation="01", name="赵永贵", at_home=False)
    days = {"late": date(2020, 7, 1), "fresh": date(2020, 8, 1), "away": date(2020, 7, 1)}
    visits = [Put(visit(household=household, day=day)) for household, day in days.items()]
    store.write([Put(VILLAGE), *houses, Put(away), *visits], "建档")
    return store


def test_the_never_visited_and_the_late_are_overdue(village: Store) -> None:
    found = queries.overdue_visits(village, VILLAGE.id, TODAY)
    assert {(due.household, due.days_overdue) for due in found} == {("late", 10), ("never", 0)}


def test_a_warning_level_makes_a_visit_due_earlier(village: Store) -> None:
    found = queries.overdue_visits(village, VILLAGE.id, TODAY, lambda house: 1 if house == "fresh" else None)
    assert ("fresh", 2) in {(due.household, due.days_overdue) for due in found}


def test_the_first_page_counts_what_the_lists_show(village: Store) -> None:
    village.write([Put(ticket(raised_on=date(2020, 8, 1))), Put(ticket(category="住房"))], "登记")
    assert queries.home_counts(village, VILLAGE.id, TODAY) == (4, 1, 2, 2, 1)


def test_the_chart_counts_households_once_a_month(village: Store) -> None:
    village.write([Put(visit(household="late", day=date(2020, 7, 20)))], "再访")
    assert queries.households_visited_by_month(village, VILLAGE.id, 2020)[6:8] == [2, 1]


def test_what_falls_due_soon_is_told_before_it_is_late(village: Store) -> None:
    assert queries.due_within(village, VILLAGE.id, date(2020, 8, 28))[0].household == "away"


def test_the_last_visit_is_the_newest_by_day(village: Store) -> None:
    village.write([Put(visit(household="fresh", day=date(2020, 2, 1)))], "补录")
    found = queries.last_visit(village, "fresh")
    assert found is not None
    assert found.day == date(2020, 8, 1)


def test_solved_problems_are_counted_in_their_period(village: Store) -> None:
    done = ticket(state="销号", closed_on=TODAY, verified_by="李建国")
    village.write([Put(done)], "销号")
    assert queries.solved_between(village, VILLAGE.id, date(2020, 8, 1), date(2020, 8, 31)) == 1
    assert queries.open_problems(village, VILLAGE.id) == []
