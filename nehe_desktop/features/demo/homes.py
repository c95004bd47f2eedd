"""The households of one made-up village, with their people, memberships and categories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from nehe_desktop.core.identity import household_code
from nehe_desktop.core.record import Record
from nehe_desktop.features.demo import details, words
from nehe_desktop.features.demo.houses import (
    COMPOUND,
    REBUILT,
    SAFE,
    Plot,
    address,
    benefits,
    housing,
    income_of,
    living,
    poverty,
)
from nehe_desktop.features.demo.numbers import chance, id_numbers, ids, phone
from nehe_desktop.features.demo.people import called, household, nation_of
from nehe_desktop.features.demo.persons import Common, Making, doctor, person
from nehe_desktop.features.demo.plan import Village
from nehe_desktop.features.households.checks import MALE
from nehe_desktop.features.households.ledger import Household, HouseholdCategory, Membership, Person
from nehe_desktop.features.households.words import BORDERLINE, REGISTERED

DOC = "示例〔2020〕1号"
MONITORED = "脱贫监测户"
_NEWBORN, _ENTERED = "01", "08"


@dataclass(frozen=True)
class Home:
    """A household with all that hangs on it."""

    household: Household
    people: tuple[Person, ...]
    memberships: tuple[Membership, ...]
    categories: tuple[HouseholdCategory, ...] = ()
    income: int = 0  # yuan per head and year
    wage: int = 0  # yuan per year earned by working elsewhere

    @property
    def head(self) -> Person:
        """The head of the household."""
        return self.people[0]


def records(homes: Iterable[Home]) -> Iterator[Record]:
    """Everything to be stored, ledger by ledger, what others refer to first."""
    kept = tuple(homes)
    yield from (home.household for home in kept)
    for part in ("people", "memberships", "categories"):
        yield from (record for home in kept for record in getattr(home, part))


def village_homes(village: Village, division: str) -> list[Home]:
    """The registered and borderline households of a village whose division has this id."""
    rng = chance("homes", village.number)
    making = Making(rng, ids("homes", village.number), id_numbers(village.number))
    plots = _plots(rng, village)
    featured = _featured(village, plots)
    at_home = village.at_home_before
    homes: list[Home] = []
    for plot in plots:
        homes.append(_home(making, village, division, plot, at_home, featured.get(plot.order)))
        at_home += sum(one.at_home for one in plot.traits) * (plot.base_type == REGISTERED)
    return homes


def _plots(rng: Random, village: Village) -> list[Plot]:
    quota = village.quota
    registered = [household(rng, size) for size in village.sizes]
    flat = [one for home in registered for one in home]
    traits = iter(details.village_traits(rng, flat, quota.at_home, quota.working_away))
    ways = [REBUILT] * quota.rebuilt + [COMPOUND] * quota.compound
    ways += [SAFE] * (quota.registered - len(ways))
    rng.shuffle(ways)
    monitored = set(rng.sample(range(quota.registered), quota.monitored))
    plots = [
        Plot(i + 1, REGISTERED, home, [next(traits) for _ in home], ways[i], i in monitored)
        for i, home in enumerate(registered)
    ]
    return plots + [_borderline(rng, quota.registered + i + 1) for i in range(quota.borderline)]


def _borderline(rng: Random, order: int) -> Plot:
    sketches = household(rng, rng.choices((1, 2, 3, 4), (3, 4, 2, 1))[0])
    schools = (details.school_of(rng, one.age) for one in sketches)
    traits = [
        details.traits(rng, one, school, None, at_home=True)
        for one, school in zip(sketches, schools, strict=True)
    ]
    return Plot(order, BORDERLINE, sketches, traits)


def _home(
    making: Making,
    village: Village,
    division: str,
    plot: Plot,
    at_home_before: int,
    given: tuple[str, str] | None,
) -> Home:
    rng = making.rng
    head, nation = given or ("", nation_of(rng, village.town))
    names = called(rng, plot.sketches, nation, head)
    id, hh_no = making.id(), f"2302{village.town_no:02d}{village.number:03d}{plot.order:05d}"
    call = phone(village.homes_before + plot.order - 1)
    unable = all(one.labour in (details.LOST, details.NO_LABOUR) for one in plot.traits)
    dibao, tekun = benefits(rng, plot, unable=unable)
    common = Common(id, hh_no, nation, call, dibao, tekun)
    people: list[Person] = []
    for i, (one, name) in enumerate(zip(plot.traits, names, strict=True), 1):
        signed = one.at_home and plot.base_type == REGISTERED
        people.append(person(making, one, name, i, common, doctor(at_home_before) if signed else ""))
        at_home_before += signed
    home = Household(
        id=id,
        village=division,
        hh_no=hh_no,
        local_no=household_code(village.town_no, village.place, plot.order),
        base_type=plot.base_type,
        head=people[0].id,
        phone=call,
        minority=nation != "01",
        no_labour=unable,
        **address(rng, village),
        **poverty(rng, plot, common),
        **housing(rng, village, plot),
        **living(rng),
    )
    income, wage = income_of(rng, plot)
    memberships = tuple(membership(making, home, one) for one in people)
    return Home(
        home, tuple(people), memberships, tuple(_categories(making, home, plot, common)), income, wage
    )


def _featured(village: Village, plots: Sequence[Plot]) -> dict[int, tuple[str, str]]:
    """Names and ethnic codes given to heads of the sample village, by the number of the household."""
    men = (plot.order for plot in plots if plot.sketches[0].sex == MALE)
    return dict(zip(men, words.FEATURED, strict=False)) if village.is_sample else {}


def membership(making: Making, home: Household, one: Person) -> Membership:
    """A person's membership since the household was registered, or since birth."""
    entered = date(home.id_year or 2020, 3, 1)
    newborn = one.birth is not None and one.birth > entered
    return Membership(
        id=making.id(),
        household=home.id,
        person=one.id,
        relation=one.relation,
        joined_on=one.birth if newborn and one.birth else entered,
        join_reason=_NEWBORN if newborn else _ENTERED,
    )


def _categories(making: Making, home: Household, plot: Plot, common: Common) -> Iterator[HouseholdCategory]:
    entered = date(home.id_year or 2020, 3, 1)
    spring = date(2020, making.rng.randint(3, 6), 20)
    held = (
        ("建档立卡户", entered, plot.base_type == REGISTERED, ""),
        ("边缘户", spring, plot.base_type == BORDERLINE, DOC),
        (MONITORED, spring, plot.monitored, DOC),
        ("低保户", date(2018, 1, 1), common.dibao == "农村", ""),
        ("特困户", date(2018, 1, 1), common.tekun == "农村", ""),
    )
    for category, since, holds, doc in held:
        if holds:
            yield HouseholdCategory(
                id=making.id(), household=home.id, category=category, since=since, doc_no=doc
            )
