"""The made-up county comes to the article's totals, and its parts to the whole."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance.sheet_queries import sheets_in
from nehe_desktop.features.demo.numbers import shares
from nehe_desktop.features.demo.plan import DEMO_TODAY
from nehe_desktop.features.demo.queries import households_by_village, totals
from nehe_desktop.features.households import queries as households
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.households.rules import household_doubts, person_doubts
from nehe_desktop.features.visits.queries import home_counts

ARTICLE = {
    "towns": 17,
    "villages": 171,
    "registered": 8461,
    "persons": 17_110,
    "borderline": 245,
    "ordinary": 20_430,
    "monitored": 188,
    "at_home": 14_145,
    "working_away": 1540,
    "rebuilt": 6458,
    "compound": 562,
    "doctors": 615,
    "units": 175,
    "teams": 23,
    "members": 69,
    "leaders_of_teams": 23,
    "helpers": 3558,
    "links_of_registered": 8461,
    "links": 8461 + 245,
    "rounds": 40_200,  # 4 万余次
    "leaders": 216,  # 200 余次
    "solved": 5024,  # 5000 余件
}
REGISTERED = "FROM household h JOIN person p ON p.household = h.id AND p.present = 1 WHERE h.base_type = '01'"


def counted(store: Store, sql: str) -> Counter[int]:
    """How often each first column comes."""
    return Counter(row[0] for row in store.rows(sql))


@pytest.mark.parametrize("figure", ARTICLE)
def test_the_county_comes_to_the_articles_figure(county: Store, figure: str) -> None:
    assert getattr(totals(county), figure) == ARTICLE[figure]


def test_villages_add_up_to_townships_and_townships_to_the_county(county: Store) -> None:
    rows = households_by_village(county)
    assert [sum(column) for column in zip(*(row[2:] for row in rows), strict=True)] == [8461, 245, 20_430]
    assert len({row[0] for row in rows}) == 17
    assert len({row[:2] for row in rows}) == 171


def test_known_townships_have_their_villages_and_real_codes(county: Store) -> None:
    count = Counter(row[0] for row in households_by_village(county))
    assert (count["学田镇"], count["同义镇"], count["兴旺鄂温克族乡"]) == (15, 11, 12)
    assert county.one("SELECT code FROM division WHERE name = '兴旺鄂温克族乡'") == ("230281210",)


def test_the_sample_village_is_the_same_within_the_county(village: Store, county: Store) -> None:
    place = village.recall("demo")["village"]
    sample = village.all(Household, order="id")
    assert county.all(Household, "village = ?", (place,), "id") == sample


def test_households_are_small_and_people_old(county: Store) -> None:
    sizes = counted(county, f"SELECT count(*) {REGISTERED} GROUP BY h.id")
    assert [round(sizes[n] / 84.61) for n in (1, 2)] == [36, 40]
    old = county.one(f"SELECT avg(p.birth <= '1960-08-10') {REGISTERED}")
    assert old is not None
    assert 0.55 <= old[0] <= 0.7


def test_each_helper_has_one_to_four_households_and_each_unit_helps(county: Store) -> None:
    loads = counted(county, "SELECT count(*) FROM help_link GROUP BY helper")
    assert (sum(loads.values()), set(loads) <= {1, 2, 3, 4}) == (3558, True)
    assert county.one("SELECT count(DISTINCT unit) FROM helper") == (175,)


def test_each_doctor_serves_twenty_three_people_at_home_and_all_with_a_chronic_illness(county: Store) -> None:
    loads = counted(county, f"SELECT count(*) {REGISTERED} AND p.doctor > '' GROUP BY p.doctor")
    assert loads == {23: 615}
    assert county.one(f"SELECT count(*) {REGISTERED} AND p.health LIKE '%02%' AND p.doctor = ''") == (0,)


def test_every_household_has_one_head(county: Store) -> None:
    heads = counted(
        county, "SELECT count(*) FROM person WHERE relation = '01' AND present = 1 GROUP BY household"
    )
    assert heads == {1: 8461 + 245 + 20_430}


def test_nobody_shares_an_id_number_and_one_telephone_is_shared_on_purpose(county: Store) -> None:
    assert households.shared_ids(county) == []
    assert len(households.shared_phones(county)) == 1


def test_the_quality_rules_find_only_what_is_wrong_on_purpose(county: Store) -> None:
    homes: dict[str | None, list[Person]] = {}
    for one in county.all(Person, "present = 1"):
        homes.setdefault(one.household, []).append(one)
    of_people = [p.rule for home in homes.values() for one in home for p in person_doubts(one, DEMO_TODAY)]
    full = county.all(Household, "base_type != '03'")
    of_homes = [p for home in full for p in household_doubts(home, homes[home.id])]
    assert (sorted(of_people), of_homes) == (["DQ06", "DQ09"], [])


def test_all_but_one_household_were_visited_in_the_past_month(county: Store) -> None:
    last = county.rows("SELECT household, max(day) FROM visit GROUP BY household")
    late = [doubt["id"] for doubt in county.recall("demo")["doubts"] if doubt["rule"] == "走访超期"]
    assert len(last) == 8461 + 245
    assert [household for household, day in last if day < "2020-07-11"] == late


def test_the_first_page_of_a_village_is_counted_at_once_in_the_whole_county(county: Store) -> None:
    place = county.recall("demo")["village"]
    start = time.perf_counter()
    assert home_counts(county, place, DEMO_TODAY)
    assert time.perf_counter() - start < 0.2


def test_the_engine_finds_the_county_whole(county: Store) -> None:
    assert county.one("PRAGMA quick_check(1)") == ("ok",)


def test_shares_add_up_to_the_total() -> None:
    assert shares(10, [1, 1, 1]) == [4, 3, 3]
    assert sum(shares(8461, [3.3, 0.1, 77, 12.5])) == 8461


def test_the_sheets_of_the_county_are_in_every_state(county: Store) -> None:
    words = {month: {sheet.progress.words for sheet in sheets_in(county, month)} for month in ("202005", "202006", "202007")}
    assert words == {"202005": {"已锁定"}, "202006": {"待驻村办备案"}, "202007": {"待村书记确认"}}
    assert [sheet.keeps_open for sheet in sheets_in(county, "202005")] == [""] * 23
