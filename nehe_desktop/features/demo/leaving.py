"""People of the sample village who have left their households: they stay with the last one (domain §1.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from nehe_desktop.core.record import Record
from nehe_desktop.features.demo.homes import Home
from nehe_desktop.features.demo.numbers import chance, id_numbers, ids
from nehe_desktop.features.demo.people import DAUGHTER, given
from nehe_desktop.features.demo.words import SURNAMES
from nehe_desktop.features.households.checks import FEMALE, MALE, SPOUSE
from nehe_desktop.features.households.ledger import Membership, Person

_DIED, _MARRIED = "01", "02"


def leavers(homes: Sequence[Home]) -> list[Record]:
    """A wife who died in February and a daughter who was married in May."""
    widower = next(home for home in homes if len(home.people) == 1 and home.head.sex == MALE)
    family = next(home for home in homes if len(home.people) > 2 and home is not widower)
    died = _former(widower, SPOUSE, date(1948, 11, 3), date(2020, 2, 18), _DIED)
    married = _former(family, DAUGHTER, date(1995, 4, 12), date(2020, 5, 16), _MARRIED)
    return [*died, *married]


def _former(home: Home, relation: str, birth: date, left: date, reason: str) -> tuple[Person, Membership]:
    rng, new = chance("left", relation), ids(f"left {relation}")
    surname = rng.choice(SURNAMES) if relation == SPOUSE else home.head.name[0]
    gone = Person(
        id=new(),
        household=home.household.id,
        relation=relation,
        name=surname + given(rng, FEMALE),
        id_no=id_numbers(0, light=True)(birth, FEMALE),
        sex=FEMALE,
        birth=birth,
        ethnic="01",
        edu="03",
        health=("01",),
        labour="01" if reason == _MARRIED else "05",
        ins_res_med=True,
        ins_serious=True,
        at_home=None,
        present=False,
        counted=False,
        died_on=left if reason == _DIED else None,
    )
    membership = replace(home.memberships[0], id=new(), person=gone.id, relation=relation)
    return gone, replace(membership, left_on=left, leave_reason=reason)
