"""The sample village opens at once, holds together, and has a few things to find."""

from __future__ import annotations

import time
from concurrent.futures import CancelledError
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.identity import read_id
from nehe_desktop.core.record import Record
from nehe_desktop.core.search import search
from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance.ledger import HalfDay, Night
from nehe_desktop.features.attendance.queries import half_days_of_year
from nehe_desktop.features.attendance.rules import credit, is_behind, target
from nehe_desktop.features.attendance.sheet_queries import sheet_of
from nehe_desktop.features.demo.make import make_demo
from nehe_desktop.features.demo.plan import DEMO_TODAY
from nehe_desktop.features.demo.queries import totals
from nehe_desktop.features.households import queries as households
from nehe_desktop.features.households.ledger import Household, HouseholdCategory, Membership, Person
from nehe_desktop.features.households.rules import household_doubts, person_doubts
from nehe_desktop.features.teams.ledger import Helper, HelpLink, Member, Posting, Team
from nehe_desktop.features.teams.queries import households_without_helper, members_on_duty, team_of
from nehe_desktop.features.teams.rules import team_problems
from nehe_desktop.features.visits.ledger import ProblemTicket, Visit
from nehe_desktop.features.visits.queries import overdue_problems, overdue_visits

KEY = bytes(range(32))
LEDGERS_OF_THE_VILLAGE = (
    Household, Person, Membership, HouseholdCategory, Helper, HelpLink, Team, Member, Posting, Visit,
    ProblemTicket, HalfDay, Night,
)  # fmt: skip


def place(store: Store) -> str:
    return store.recall("demo")["village"]


def doubts(store: Store) -> dict[str, str]:
    """What is wrong on purpose: the id of the record by rule."""
    return {doubt["rule"]: doubt["id"] for doubt in store.recall("demo")["doubts"]}


def test_the_village_has_fifty_households_a_hundred_people_and_a_team(village: Store) -> None:
    found = totals(village)
    assert (found.registered, found.persons, found.borderline, found.monitored) == (50, 100, 3, 2)
    assert (found.teams, found.members, found.leaders_of_teams, found.helpers) == (1, 3, 1, 21)


def test_the_village_is_made_and_opened_at_once(tmp_path: Path) -> None:
    start = time.perf_counter()
    make_demo("village", tmp_path / "a.nhdb", KEY)
    Store.open(tmp_path / "a.nhdb", KEY).close()
    assert time.perf_counter() - start < 1.5


def test_the_file_says_that_it_is_sample_data(village: Store) -> None:
    told = village.recall("demo")
    assert (told["label"], told["today"]) == ("示例数据", "2020-08-10")


@pytest.mark.parametrize("ledger", LEDGERS_OF_THE_VILLAGE)
def test_no_record_has_anything_wrong_by_itself(village: Store, ledger: type[Record]) -> None:
    wrong = {one.id: one.problems() for one in village.all(ledger) if one.problems()}
    assert wrong.keys() <= set(doubts(village).values())


def test_the_quality_rules_find_the_two_people_made_wrong_on_purpose_and_nobody_else(village: Store) -> None:
    found = {p.rule: one.id for one in village.all(Person) for p in person_doubts(one, DEMO_TODAY)}
    assert found == {rule: id for rule, id in doubts(village).items() if rule in ("DQ06", "DQ09")}


def test_no_household_contradicts_its_members(village: Store) -> None:
    homes = village.all(Household, "base_type != '03'")
    assert not [p for h in homes for p in household_doubts(h, households.members_of(village, h.id))]


def test_two_households_share_a_telephone_and_nobody_an_id_number(village: Store) -> None:
    (shared,) = households.shared_phones(village)
    assert doubts(village)["DQ32"] in shared.households
    assert households.shared_ids(village) == []


def test_one_household_is_overdue_for_a_visit(village: Store) -> None:
    late = overdue_visits(village, place(village), DEMO_TODAY)
    assert [due.household for due in late] == [doubts(village)["走访超期"]]
    assert late[0].last is not None
    assert late[0].last < date(2020, 6, 1)


def test_one_problem_is_past_its_day(village: Store) -> None:
    late = overdue_problems(village, place(village), DEMO_TODAY)
    assert doubts(village)["问题超期"] in [ticket.id for ticket in late]


def test_one_income_fell_by_half(village: Store) -> None:
    last = village.find(Visit, doubts(village)["收入骤降"])
    assert last is not None
    before = village.all(
        Visit, "household = ? AND day < ? AND income_per_head > 0", (last.household, last.day.isoformat())
    )
    assert last.income_per_head is not None
    assert last.income_per_head < min(v.income_per_head or Decimal(0) for v in before) * Decimal("0.55")


def test_one_member_is_behind_the_240_days_and_the_others_keep_pace(village: Store) -> None:
    team = team_of(village, place(village))
    assert team is not None
    aim = target((DEMO_TODAY - date(2020, 1, 1)).days + 1, 2020)
    behind = [
        member.id
        for member, _ in members_on_duty(village, team.id, DEMO_TODAY)
        if is_behind(credit(half.status for half in half_days_of_year(village, member.id, 2020)), aim)
    ]
    assert behind == [doubts(village)["驻村进度"]]


def test_the_team_has_three_members_one_leader_and_their_insurance(village: Store) -> None:
    assert list(team_problems(village.all(Posting), DEMO_TODAY)) == []


def test_every_household_has_a_helper(village: Store) -> None:
    assert households_without_helper(village, place(village), DEMO_TODAY) == []


def test_nothing_happens_after_the_day_of_the_sample(village: Store) -> None:
    last = [village.one(f"SELECT max(day) FROM {table}") for table in ("visit", "attendance_half", "night")]
    assert all(row and row[0] <= DEMO_TODAY.isoformat() for row in last)


def test_the_visits_say_different_things(village: Store) -> None:
    notes = [visit.note for visit in village.all(Visit, "role IN ('队长', '队员', '帮扶责任人')")]
    assert len(set(notes)) > len(notes) // 2


@pytest.mark.parametrize("name", ["汤䶮", "张𠮷祥", "田玉𬍛", "敖拉·玉山"])
def test_people_with_rare_characters_and_a_middle_dot_are_found(village: Store, name: str) -> None:
    assert name in [hit.title for hit in search(village, name)]


def test_no_id_number_and_no_telephone_can_be_a_real_persons(village: Store) -> None:
    people = village.all(Person)
    assert all(read_id(one.id_no or "").number[:5] == "23029" for one in people)
    phones = {one.phone for ledger in (Person, Household, Helper, Member) for one in village.all(ledger)} - {
        None
    }
    assert all(str(phone).startswith(("1380000", "1990000")) for phone in phones)


def test_who_died_or_left_stays_with_the_household_but_counts_no_more(village: Store) -> None:
    gone = village.all(Membership, "left_on IS NOT NULL")
    assert {one.leave_reason for one in gone} == {"01", "02"}
    assert all(
        village.one("SELECT present, counted FROM person WHERE id = ?", (one.person,)) == (0, 0)
        for one in gone
    )


def test_the_same_village_comes_again(village: Store, tmp_path: Path) -> None:
    make_demo("village", tmp_path / "b.nhdb", KEY)
    again = Store.open(tmp_path / "b.nhdb", KEY)
    for ledger in LEDGERS_OF_THE_VILLAGE:
        assert village.all(ledger, order="id") == again.all(ledger, order="id")
    again.close()


def test_an_office_file_is_never_written_over(tmp_path: Path) -> None:
    office = tmp_path / "nehe.nhdb"
    office.write_bytes(b"work")
    with pytest.raises(Trouble, match="已经有"):
        make_demo("village", office, KEY)
    assert office.read_bytes() == b"work"


def test_a_cancelled_county_leaves_nothing(tmp_path: Path) -> None:
    done: list[int] = []
    with pytest.raises(CancelledError):
        make_demo("county", tmp_path / "c.nhdb", KEY, lambda n, _: done.append(n), lambda: len(done) == 3)
    assert (done, list(tmp_path.iterdir())) == ([1, 2, 3], [])


def test_a_broken_run_leaves_nothing(tmp_path: Path) -> None:
    def fail(done: int, total: int) -> None:
        raise OSError(done, total)

    with pytest.raises(OSError, match="171"):
        make_demo("county", tmp_path / "d.nhdb", KEY, fail)
    assert list(tmp_path.iterdir()) == []


def test_the_old_sheets_of_the_village_lie_with_the_township(village: Store) -> None:
    told = [sheet_of(village, team_of(village, place(village)).id, f"20200{n}").progress for n in (1, 6, 7)]  # type: ignore[union-attr]
    assert [each.words for each in told] == ["待乡镇党委审核", "待乡镇党委审核", "待村书记确认"]
    assert not any(each.stale for each in told)
