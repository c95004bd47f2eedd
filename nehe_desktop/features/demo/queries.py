"""What a file comes to: the totals that the article gives and these ledgers hold (domain §10.2, §12)."""

from __future__ import annotations

from dataclasses import dataclass

from nehe_desktop.core.store import Store


@dataclass(frozen=True)
class Totals:
    """Counts of one file; persons are the living members of 建档立卡户 unless said otherwise."""

    towns: int
    villages: int
    poverty_villages: int
    registered: int
    borderline: int
    ordinary: int
    persons: int
    people_of_all: int
    at_home: int
    working_away: int
    monitored: int
    rebuilt: int
    compound: int
    doctors: int
    units: int
    teams: int
    members: int
    leaders_of_teams: int
    helpers: int
    links: int
    links_of_registered: int
    visits: int
    rounds: int
    leaders: int
    problems: int
    solved: int
    half_days: int
    nights: int


_PERSONS = """
(SELECT p.* FROM person p JOIN household h ON h.id = p.household
 WHERE h.base_type = '01' AND h.status = '有效' AND p.present = 1 AND p.died_on IS NULL AND p.counted = 1)
"""
_CATEGORY = "SELECT count(DISTINCT household) FROM household_category WHERE until IS NULL AND category = "
_QUESTIONS = {
    "towns": "SELECT count(*) FROM division WHERE level = 'town'",
    "villages": "SELECT count(*) FROM division WHERE level = 'village'",
    "poverty_villages": "SELECT count(*) FROM division WHERE is_poverty_village = 1",
    "registered": "SELECT count(*) FROM household WHERE base_type = '01' AND status = '有效'",
    "borderline": "SELECT count(*) FROM household WHERE base_type = '02' AND status = '有效'",
    "ordinary": "SELECT count(*) FROM household WHERE base_type = '03' AND status = '有效'",
    "persons": f"SELECT count(*) FROM {_PERSONS}",
    "people_of_all": "SELECT count(*) FROM person WHERE present = 1 AND died_on IS NULL",
    "at_home": f"SELECT count(*) FROM {_PERSONS} WHERE at_home = 1",
    "working_away": f"SELECT count(*) FROM {_PERSONS} WHERE work_area IN ('02', '03', '04')",
    "monitored": f"{_CATEGORY} '脱贫监测户'",
    "rebuilt": "SELECT count(*) FROM household WHERE base_type = '01' AND house_way = '改造后安全'",
    "compound": "SELECT count(*) FROM household WHERE base_type = '01' AND house_way = '保障住房'",
    "doctors": f"SELECT count(DISTINCT doctor) FROM {_PERSONS} WHERE doctor > ''",
    "units": "SELECT count(*) FROM unit",
    "teams": "SELECT count(*) FROM team WHERE state = '在岗'",
    "members": "SELECT count(DISTINCT member) FROM posting WHERE until IS NULL",
    "leaders_of_teams": "SELECT count(*) FROM posting WHERE until IS NULL AND role = '队长'",
    "helpers": "SELECT count(*) FROM helper",
    "links": "SELECT count(*) FROM help_link WHERE until IS NULL",
    "links_of_registered": """SELECT count(*) FROM help_link l JOIN household h ON h.id = l.household
        WHERE l.until IS NULL AND h.base_type = '01'""",
    "visits": "SELECT count(*) FROM visit",
    "rounds": "SELECT count(*) FROM visit WHERE role IN ('村干部', '乡镇干部')",
    "leaders": "SELECT count(*) FROM visit WHERE role = '县级领导'",
    "problems": "SELECT count(*) FROM problem",
    "solved": "SELECT count(*) FROM problem WHERE state = '销号'",
    "half_days": "SELECT count(*) FROM attendance_half",
    "nights": "SELECT count(*) FROM night",
}


def totals(store: Store) -> Totals:
    """The totals of a file, counted now."""
    return Totals(**{name: int((store.one(sql) or (0,))[0]) for name, sql in _QUESTIONS.items()})


_BY_VILLAGE = """
SELECT t.name, v.name, coalesce(sum(h.base_type = '01'), 0), coalesce(sum(h.base_type = '02'), 0),
  coalesce(sum(h.base_type = '03'), 0)
FROM division v JOIN division t ON t.id = v.parent LEFT JOIN household h ON h.village = v.id AND h.status = '有效'
WHERE v.level = 'village' GROUP BY v.id ORDER BY v.sort_no
"""


def households_by_village(store: Store) -> list[tuple[str, str, int, int, int]]:
    """Township, village and its 建档立卡户, 边缘户 and 一般户."""
    return [(row[0], row[1], row[2], row[3], row[4]) for row in store.rows(_BY_VILLAGE)]


def learn_sizes(store: Store) -> None:
    """Lets the engine note how its rows are spread; without that it takes the wrong index in a large file."""
    store.database.write(lambda database: database.execute("ANALYZE")).result()
