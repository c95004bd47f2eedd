"""Units, stationed teams and helpers of the made-up county (domain §8.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from nehe_desktop.core.record import Record
from nehe_desktop.features.demo import words
from nehe_desktop.features.demo.homes import Home
from nehe_desktop.features.demo.numbers import chance, ids, phone
from nehe_desktop.features.demo.people import given
from nehe_desktop.features.demo.plan import MEMBERS, TEAMS, UNITS, VILLAGES, Village, towns
from nehe_desktop.features.households.words import REGISTERED
from nehe_desktop.features.teams.ledger import Helper, HelpLink, Member, Posting, Team, Unit
from nehe_desktop.security.laptop import SAMPLE_PERSON

_MOST = 4
_HELPER_PHONES, _MEMBER_PHONES = 10_000, 19_000  # helpers and members have 1990000xxxx
_POSTED = date(2019, 3, 1)


@dataclass(frozen=True)
class Crew:
    """A stationed team with its members and their postings, leader first."""

    team: Team
    members: tuple[Member, ...]
    postings: tuple[Posting, ...]


def units() -> list[Unit]:
    """175 units: 39 of the county, 8 of each township; the first 23 of the county send a team."""
    new = ids("units")
    county = [
        Unit(id=new(), name=f"讷河市{name}", level="04", kind=_kind(i))
        for i, name in enumerate(words.OFFICES)
    ]
    local = [
        Unit(id=new(), name=f"{town.name}{_office(town.kind, name)}", level="05", kind="帮扶单位")
        for town in towns()
        for name in words.TOWN_OFFICES
    ]
    return county + local


def _kind(number: int) -> str:
    return "派出和帮扶单位" if number < TEAMS else "帮扶单位"


def _office(kind: str, name: str) -> str:
    return "办事处" if kind == "街道" and name == "人民政府" else name


def crew(village: Village, division: str, unit: Unit, order: int) -> Crew:
    """The team of a village, sent by one unit; `order` counts the teams from 0."""
    rng, new = chance("crew", village.number), ids("crew", village.number)
    name = f"{unit.name}驻{village.town}{village.name}工作队"
    team = Team(id=new(), village=division, name=name, unit=unit.id, since=_POSTED)
    members = []
    for i in range(MEMBERS):
        sex = "1" if i != 2 else "2"
        called = rng.choice(words.SURNAMES) + given(rng, sex)
        members.append(
            Member(
                id=new(),
                name=SAMPLE_PERSON if village.number == 0 and i == 0 else called,
                sex=sex,
                team=team.id,
                unit=unit.id,
                post=("副局长", "科员", "科员")[i],
                party="01" if i < 2 else "13",
                phone=phone(_MEMBER_PHONES + order * MEMBERS + i),
            )
        )
    postings = (_posting(new(), team, one, leads=i == 0) for i, one in enumerate(members))
    return Crew(team, tuple(members), tuple(postings))


def _posting(id: str, team: Team, member: Member, *, leads: bool) -> Posting:
    return Posting(
        id=id,
        team=team.id,
        member=member.id,
        role="队长" if leads else "队员",
        since=_POSTED,
        party_moved_on=date(2019, 3, 8) if member.party == "01" else None,
        decoupled_on=_POSTED,
        insurance_policy=f"示例保单{member.phone}",
        insured_since=date(2020, 3, 1),
        insured_until=date(2021, 2, 28),
        exam_date=date(2020, 5, 18),
    )


def units_of(village: Village) -> tuple[int, ...]:
    """Places in the list of units that help a village; the first four villages have two."""
    first = village.number
    return (first, VILLAGES + first) if first < UNITS - VILLAGES else (first,)


def helpers(village: Village, division: str, found: Sequence[Unit]) -> list[Helper]:
    """The helpers of a village, all of one or two units."""
    rng, new = chance("helpers", village.number), ids("helpers", village.number)
    here = [found[i] for i in units_of(village)]
    made = []
    for i in range(village.quota.helpers):
        sex = rng.choices(("1", "2"), (6, 4))[0]
        made.append(
            Helper(
                id=new(),
                name=rng.choice(words.SURNAMES) + given(rng, sex),
                village=division,
                unit=here[i % len(here)].id,
                post=rng.choice(words.POSTS),
                phone=phone(_HELPER_PHONES + village.helpers_before + i),
                sex=sex,
            )
        )
    return made


def links(village: Village, homes: Sequence[Home], found: Sequence[Helper]) -> list[HelpLink]:
    """Pairs each registered and borderline household with one helper of the village, one to four a helper."""
    rng, new = chance("links", village.number), ids("links", village.number)
    free = [one for one in found for _ in range(_MOST - 1)]
    rng.shuffle(free)
    order = iter([*found, *free])
    return [
        HelpLink(id=new(), household=home.household.id, helper=next(order).id, since=_since(home))
        for home in homes
    ]


def _since(home: Home) -> date:
    return date(2018, 4, 1) if home.household.base_type == REGISTERED else date(2020, 4, 1)


def records(team: Crew) -> Iterator[Record]:
    """Everything of a team to be stored, what others refer to first."""
    yield team.team
    yield from team.members
    yield from team.postings
