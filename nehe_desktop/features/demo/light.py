"""The ordinary households of a made-up village, as light as the registry holds them (domain T2)."""

from __future__ import annotations

from nehe_desktop.core.identity import household_code
from nehe_desktop.features.demo import details, words
from nehe_desktop.features.demo.homes import Home, membership
from nehe_desktop.features.demo.numbers import chance, id_numbers, ids
from nehe_desktop.features.demo.people import called, nation_of, old_household
from nehe_desktop.features.demo.persons import Common, Making, light_person
from nehe_desktop.features.demo.plan import Village
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.households.words import ORDINARY


def ordinary_homes(village: Village, division: str) -> list[Home]:
    """The ordinary households of a village, as light as the registry holds them."""
    number = village.number
    making = Making(chance("ordinary", number), ids("ordinary", number), id_numbers(number, light=True))
    first = village.quota.registered + village.quota.borderline + 1
    return [_light_home(making, village, division, first + i) for i in range(village.quota.ordinary)]


def _light_home(making: Making, village: Village, division: str, order: int) -> Home:
    rng = making.rng
    nation, id = nation_of(rng, village.town), making.id()
    sketches = old_household(rng)
    common = Common(id, "", nation, None, "", "")
    traits = [details.traits(rng, one, None, None, at_home=True) for one in sketches]
    names = called(rng, sketches, nation)
    people = tuple(light_person(making, one, name, common) for one, name in zip(traits, names, strict=True))
    home = Household(
        id=id,
        village=division,
        hamlet=rng.choice(words.HAMLETS),
        local_no=household_code(village.town_no, village.place, order),
        base_type=ORDINARY,
        head=people[0].id,
    )
    return Home(home, people, tuple(membership(making, home, one) for one in people))
