"""How much of everything each village of the made-up county has; the sums are the totals of domain §12."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import accumulate
from typing import Literal

from nehe_desktop.features.demo.numbers import chance, shares
from nehe_desktop.features.reference.codes import shipped

Size = Literal["village", "county"]

DEMO_TODAY = date(2020, 8, 10)
"""The day on which the sample data stand; the app's clock is set to it while they are open."""

VILLAGES = 171
VILLAGES_OF_TOWNS = (5, 3, 10, 11, 15, 11, 11, 10, 10, 10, 11, 10, 11, 11, 10, 10, 12)
"""Villages of each township in the order of their codes, 171 together; 学田镇 and 兴旺鄂温克族乡 have all theirs."""
STREETS = 2
"""The first two townships are 街道, where no team is stationed."""
COMPOUND_TOWNS = range(3, 13)
"""The numbers of the ten townships with 集体大院 (domain IND-112)."""
SAMPLE_TOWN, SAMPLE_VILLAGE = "学田镇", "明星村"


@dataclass(frozen=True)
class Quota:
    """Exact numbers that a village, or the whole county, comes to."""

    registered: int  # 建档立卡户
    borderline: int  # 边缘户
    ordinary: int  # 一般户, light records
    monitored: int  # 脱贫监测户 among the registered
    at_home: int  # persons of registered households who live at home
    working_away: int  # persons of registered households who work outside their township
    rebuilt: int  # registered households whose house was rebuilt (危房改造)
    compound: int  # registered households that moved into a 集体大院
    helpers: int
    rounds: int  # visits by secretaries of townships and villages (三级书记遍访)
    leaders: int  # visits by leaders of the county
    solved: int  # problems struck off


WHOLE = Quota(8461, 245, 20_430, 188, 14_145, 1540, 6458, 562, 3558, 40_200, 216, 5024)
"""The article's figures; 余 and 多 are given a number (domain §10.2)."""
SAMPLE = Quota(50, 3, 120, 2, 83, 9, 38, 4, 21, 238, 3, 30)
"""The sample village, alone or within the county."""
PERSONS = 17_110
DOCTORS, SERVED = 615, 23
"""Family doctors, each with 23 persons at home: 615 × 23 = 14,145 (domain CC-07)."""
UNITS, TEAMS, MEMBERS = 175, 23, 3
POVERTY_VILLAGES = 45
_SIZES = {1: 3046, 2: 3384, 3: 1148, 4: 623, 5: 200, 6: 60}
"""Registered households by number of persons: 36 % alone, 40 % in pairs (domain §12)."""
_SAMPLE_SIZES = {1: 18, 2: 20, 3: 7, 4: 4, 5: 1}


@dataclass(frozen=True)
class Village:
    """One village to be filled: where it is, its quota and where its share of county-wide rows begins."""

    number: int  # 0 to 170; the sample village is 0
    town: str
    town_no: int  # 1 to 17
    name: str
    place: int  # 1 to n within the township
    quota: Quota
    sizes: tuple[int, ...]  # persons of each registered household
    poor: bool  # 贫困村
    stationed: bool  # has a team
    homes_before: int  # registered and borderline households of the villages before
    at_home_before: int
    helpers_before: int

    @property
    def is_sample(self) -> bool:
        """Whether it is the village that is shown alone, too."""
        return self.number == 0


@dataclass(frozen=True)
class Town:
    """A township with its real code (domain §1.1)."""

    name: str
    code: str
    kind: str


@cache
def towns() -> tuple[Town, ...]:
    """The 17 townships in the order of their codes."""
    return tuple(Town(r["name"], r["code"], r["kind"]) for r in shipped("divisions") if r["level"] == "town")


def _known(town: str) -> list[str]:
    """Village names of a township that are found in public text."""
    return [r["name"] for r in shipped("divisions") if r["parent"] == town and r["kind"] == "行政村"]


def villages(size: Size) -> list[Village]:
    """The villages of the sample, the sample village first."""
    found = _placed()[: None if size == "county" else 1]
    quotas = [SAMPLE, *_others(found[1:])] if size == "county" else [SAMPLE]
    sizes = _dealt([quota.registered for quota in quotas])
    homes = [quota.registered + quota.borderline for quota in quotas]
    before = zip(
        _before(homes),
        _before([q.at_home for q in quotas]),
        _before([q.helpers for q in quotas]),
        strict=True,
    )
    return [
        replace(v, quota=q, sizes=s, homes_before=b[0], at_home_before=b[1], helpers_before=b[2])
        for v, q, s, b in zip(found, quotas, sizes, before, strict=True)
    ]


def _before(counts: Sequence[int]) -> list[int]:
    return [0, *accumulate(counts)][:-1]


def _placed() -> list[Village]:
    """Every village without numbers, the sample village first, then by township."""
    made: list[Village] = []
    unnamed = 0
    for town_no, (town, count) in enumerate(zip(towns(), VILLAGES_OF_TOWNS, strict=True), 1):
        known = _known(town.code)
        for place in range(1, count + 1):
            unnamed += place > len(known)
            name = known[place - 1] if place <= len(known) else f"示范村{unnamed:03d}"
            made.append(Village(0, town.name, town_no, name, place, SAMPLE, (), False, False, 0, 0, 0))
    made.sort(key=lambda v: (v.town, v.name) != (SAMPLE_TOWN, SAMPLE_VILLAGE))
    rural = sorted(
        (i for i, v in enumerate(made) if v.town_no > STREETS),
        key=lambda i: (i > 0, made[i].place, made[i].town_no),
    )
    poor, stationed = set(rural[:POVERTY_VILLAGES]), set(rural[:TEAMS])
    return [replace(v, number=i, poor=i in poor, stationed=i in stationed) for i, v in enumerate(made)]


def _others(found: Sequence[Village]) -> list[Quota]:
    """What is left of the county's totals without the sample village, shared among the other villages."""
    rng = chance("weights")
    weights = [rng.uniform(30, 68) for _ in found]
    registered = shares(WHOLE.registered - SAMPLE.registered, weights)
    sizes = _dealt([SAMPLE.registered, *registered])[1:]
    persons = [sum(each) for each in sizes]
    in_compound = [n * (v.town_no in COMPOUND_TOWNS) for n, v in zip(registered, found, strict=True)]
    by = {"at_home": persons, "working_away": persons, "compound": in_compound, "ordinary": weights}
    columns = {
        name: shares(getattr(WHOLE, name) - getattr(SAMPLE, name), by.get(name, registered))
        for name in Quota.__dataclass_fields__
        if name != "registered"
    }
    rows = zip(*columns.values(), strict=True)
    return [Quota(n, **dict(zip(columns, row, strict=True))) for n, row in zip(registered, rows, strict=True)]


def _dealt(counts: Sequence[int]) -> list[tuple[int, ...]]:
    """Household sizes for each village; the sample village has its own."""
    first = [size for size, count in _SAMPLE_SIZES.items() for _ in range(count)]
    chance("sample sizes").shuffle(first)
    rest = [s for s, count in _SIZES.items() for _ in range(count - _SAMPLE_SIZES.get(s, 0))]
    chance("sizes").shuffle(rest)
    dealt = iter(rest)
    return [tuple(first), *(tuple(next(dealt) for _ in range(count)) for count in counts[1:])]
