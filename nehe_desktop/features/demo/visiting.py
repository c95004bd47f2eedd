"""Visits to made-up households: rounds of the secretaries, leaders, teams and helpers (domain §7.1, §7.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from nehe_desktop.features.demo import words
from nehe_desktop.features.demo.helping import Crew
from nehe_desktop.features.demo.homes import Home
from nehe_desktop.features.demo.numbers import chance, ids
from nehe_desktop.features.demo.people import given
from nehe_desktop.features.demo.plan import DEMO_TODAY, Village
from nehe_desktop.features.households.checks import CHRONIC, SERIOUS
from nehe_desktop.features.households.words import REGISTERED
from nehe_desktop.features.visits.ledger import ITEMS, Visit

_ROUNDS_FROM = date(2018, 9, 1)
_LONG = 95
MONTHS = 7
"""Months back from the day of the sample in which a team and the helpers come to every household."""


@dataclass(frozen=True)
class Officials:
    """Who goes the rounds: the secretaries of the village and its township, and two leaders of the county."""

    village: str
    town: str
    county: tuple[str, str]


def officials(village: Village) -> Officials:
    """Made-up names; a township has one secretary for all its villages."""
    return Officials(
        _name("village", village.number), _name("town", village.town_no), (_name("a"), _name("b"))
    )


def _name(*what: object) -> str:
    rng = chance("official", *what)
    return rng.choice(words.SURNAMES) + given(rng, "1")


def rounds(village: Village, homes: Sequence[Home], late: str = "") -> list[Visit]:
    """The rounds of the secretaries and the visits of leaders: exactly so many, every household was seen.

    Everybody was seen in the past four weeks, but for the household with the id `late`: not since May.
    """
    rng, new, who = chance("rounds", village.number), ids("rounds", village.number), officials(village)
    registered = [home for home in homes if home.household.base_type == REGISTERED]
    each, more = divmod(village.quota.rounds, len(registered))
    made = [
        _round(rng, new(), home, day, who)
        for i, home in enumerate(registered)
        for day in _round_days(rng, each + (i < more), since=_LONG if home.household.id == late else 1)
    ]
    seen = rng.sample(registered, village.quota.leaders)
    return made + [_leader(rng, new(), home, who) for home in seen]


def _round_days(rng: Random, count: int, since: int) -> list[date]:
    """Days spread since autumn 2018, the last of them in the four weeks that ended `since` days ago."""
    step = ((DEMO_TODAY - _ROUNDS_FROM).days - 30 - since) // max(1, count - 1)
    early = [_ROUNDS_FROM + timedelta(days=i * step + rng.randrange(step)) for i in range(count - 1)]
    return [*early, DEMO_TODAY - timedelta(days=since + rng.randrange(28))]


def _round(rng: Random, id: str, home: Home, day: date, who: Officials) -> Visit:
    by_village = rng.random() < 0.7
    return Visit(
        id=id,
        household=home.household.id,
        day=day,
        kind="遍访（三级书记）",
        visitors=who.village if by_village else who.town,
        role="村干部" if by_village else "乡镇干部",
        met_person=home.head.name,
        met_relation="户主",
        items=("政策宣传", "收入核算"),
        note=rng.choice(words.ROUND_NOTES),
        signature="本人签字",
    )


def _leader(rng: Random, id: str, home: Home, who: Officials) -> Visit:
    return Visit(
        id=id,
        household=home.household.id,
        day=date(2019, 1, 10) + timedelta(days=rng.randrange(560)),
        kind="遍访（三级书记）",
        visitors=rng.choice(who.county),
        role="县级领导",
        met_person=home.head.name,
        met_relation="户主",
        items=("政策宣传", "住房", "饮水"),
        note=rng.choice(words.ROUND_NOTES),
        signature="本人签字",
    )


def monthly(
    village: Village, homes: Sequence[Home], crew: Crew | None, helper_of: Mapping[str, str], late: str = ""
) -> list[Visit]:
    """Visits of team and helpers: every household once a month, the one with the id `late` until May.

    `helper_of` gives the name of a household's helper by its id.
    """
    rng, new = chance("visits", village.number), ids("visits", village.number)
    made: list[Visit] = []
    for home in homes:
        id = home.household.id
        for back in range(MONTHS - 1, 2 if id == late else -1, -1):
            day = DEMO_TODAY - timedelta(days=back * 30 + rng.randint(1, 27))
            name, role = _visitor(rng, crew, helper_of[id])
            made.append(_visit(rng, new, home, day, name, role, back))
    return made


def _visitor(rng: Random, crew: Crew | None, helper: str) -> tuple[str, str]:
    if crew is None or rng.random() < 0.5:
        return helper, "帮扶责任人"
    member = rng.choice(crew.members)
    return member.name, "队长" if member is crew.members[0] else "队员"


def _visit(
    rng: Random, new: Callable[[], str], home: Home, day: date, visitor: str, role: str, back: int
) -> Visit:
    met = next((one for one in home.people if one.at_home), home.head)
    income = home.income * (100 - back) // 100
    return Visit(
        id=new(),
        household=home.household.id,
        day=day,
        kind="日常走访" if met.at_home else "电话或视频",
        visitors=visitor,
        role=role,
        minutes=rng.randrange(20, 70, 5),
        met_person=met.name,
        met_relation="户主" if met is home.head else "家庭成员",
        items=tuple(item for item in ITEMS[:9] if rng.random() < 0.4) or ("政策宣传",),
        income_per_head=Decimal(income),
        wage_income=Decimal(home.wage * (MONTHS - back) // MONTHS),
        income_change=False,
        health_change=False,
        member_change=False,
        note=_note(rng, home, met.name),
        signature="本人签字" if met.at_home else "未签",
        **_guarantees(home),
    )


def _guarantees(home: Home) -> dict[str, Any]:
    studies = any(one.school_status is not None for one in home.people)
    found = dict.fromkeys(("food", "housing", "water", "medical"), "正常")
    return {**found, "schooling": "正常" if studies else "不适用"}


def _note(rng: Random, home: Home, name: str) -> str:
    own = []
    if any(one.school_status not in (None, "01", "02") for one in home.people):
        own.append(rng.choice(words.ON_STUDENT))
    if any({CHRONIC, SERIOUS} & set(one.health) for one in home.people):
        own.append(rng.choice(words.ON_SICK))
    if any(one.work_area for one in home.people):
        own.append(rng.choice(words.ON_WORKER))
    parts = [
        rng.choice(words.TALKED).format(who=name),
        rng.choice(own or words.LOOKED),
        rng.choice(words.AGREED),
    ]
    return "".join([parts[0], rng.choice(words.LOOKED), *parts[1:]] if own else parts)
