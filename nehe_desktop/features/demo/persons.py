"""The persons of one made-up household as records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from nehe_desktop.features.demo import words
from nehe_desktop.features.demo.details import (
    CHRONICS,
    FAR,
    KINDS_OF_DISABILITY,
    LIMB,
    SERIOUS_ONES,
    Traits,
    education,
)
from nehe_desktop.features.demo.plan import SERVED
from nehe_desktop.features.households.checks import CHRONIC, DISABLED, NO_LABOUR, SERIOUS
from nehe_desktop.features.households.ledger import Person


@dataclass(frozen=True)
class Making:
    """What the persons of a village are made with: its chance, its ids and its ID numbers."""

    rng: Random
    id: Callable[[], str]
    id_no: Callable[[date, str], str]


@dataclass(frozen=True)
class Common:
    """What the people of one household have in common."""

    household: str
    hh_no: str
    nation: str
    phone: str | None
    dibao: str
    tekun: str


def doctor(at_home_number: int) -> str:
    """The family doctor of the n-th person at home of the county: each serves 23, no two are namesakes."""
    number = at_home_number // SERVED
    kept = words.WOMEN if number % 2 else words.MEN
    first = words.SURNAMES[number % len(words.SURNAMES)]
    return (
        first
        + kept[number // len(words.SURNAMES)]
        + kept[(number // len(words.SURNAMES) + 1 + number % 29) % len(kept)]
    )


def person(making: Making, traits: Traits, name: str, order: int, common: Common, served_by: str) -> Person:
    """One person of a registered or borderline household in full."""
    one, grown = traits.sketch, traits.sketch.age >= 16 and traits.school is None
    id_no = making.id_no(traits.birth, one.sex)
    return Person(
        id=making.id(),
        household=common.household,
        relation=one.relation,
        name=name,
        person_no=f"{common.hh_no}{order:02d}",
        id_no=id_no,
        sex=one.sex,
        birth=traits.birth,
        ethnic=common.nation,
        political="01" if grown and making.rng.random() < 0.04 else "13",
        phone=common.phone if order == 1 else None,
        edu=education(making.rng, one.age) if traits.school is None else None,
        school_status=traits.school,
        doctor=served_by,
        doctor_signed_on=date(2020, 1, 6) if served_by else None,
        labour=traits.labour,
        mandarin=True,
        ins_res_med=True,
        ins_emp_med=False,
        ins_serious=True,
        pension_res=True if grown else None,
        dibao=common.dibao,
        tekun=common.tekun,
        at_home=traits.at_home,
        **_illness(making.rng, traits, id_no),
        **_whereabouts(making.rng, traits),
    )


def light_person(making: Making, traits: Traits, name: str, common: Common) -> Person:
    """A person of an ordinary household: who it is, and what no record may lack."""
    one = traits.sketch
    return Person(
        id=making.id(),
        household=common.household,
        relation=one.relation,
        name=name,
        id_no=making.id_no(traits.birth, one.sex),
        sex=one.sex,
        birth=traits.birth,
        ethnic=common.nation,
        edu=education(making.rng, one.age),
        health=("01",),
        labour=NO_LABOUR if one.age >= 72 else "03",
        ins_res_med=True,
        ins_serious=True,
        at_home=True,
    )


def _illness(rng: Random, traits: Traits, id_no: str) -> dict[str, Any]:
    found: dict[str, Any] = {"health": traits.health}
    if SERIOUS in traits.health:
        found["chronic_type"] = rng.choice(SERIOUS_ONES)
    elif CHRONIC in traits.health:
        found["chronic_type"] = rng.choice(CHRONICS)
    if DISABLED in traits.health:
        kind = rng.choice((LIMB, *KINDS_OF_DISABILITY))
        card = f"{id_no}{kind}{traits.grade}"
        found |= {"disab_cat": kind, "disab_grade": traits.grade, "disab_no": card}
    return found


def _whereabouts(rng: Random, traits: Traits) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if traits.work_area is not None:
        place = rng.choice(words.WORK_PLACES[traits.work_area])
        found = {
            "work_area": traits.work_area,
            "work_place": place,
            "work_months": Decimal(rng.randint(3, 7)),
        }
    if not traits.at_home:
        found["away_place"] = found.get("work_place") or _away_place(rng, traits)
        found["away_since"] = date(2020, rng.randint(2, 5), rng.randint(1, 28))
    return found


def _away_place(rng: Random, traits: Traits) -> str:
    if traits.school is not None:
        return "在校住宿"
    return f"投亲居住：{rng.choice(words.WORK_PLACES[rng.choice(('02', *FAR))])}"
