"""The few things that are wrong in the sample village on purpose, so that there is something to find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from nehe_desktop.features.demo.homes import Home
from nehe_desktop.features.households.words import REGISTERED
from nehe_desktop.features.visits.ledger import Visit

LAGGING = "一名队员请假较多，驻村天数落后于全年 240 天的进度"
OVERDUE_PROBLEM = "一件问题超过办结期限仍未办结"
_LATE, _PHONE, _EDUCATION, _DROP = 12, 20, 34, 16


@dataclass(frozen=True)
class Doubt:
    """One thing that is wrong on purpose: the rule that finds it, the record and what a person reads."""

    rule: str
    table: str
    id: str
    sentence: str


def late_home(homes: Sequence[Home]) -> str:
    """The id of the household that nobody came to since May."""
    return homes[_LATE].household.id


def doubtful_homes(homes: Sequence[Home]) -> tuple[list[Home], list[Doubt]]:
    """The households, some with a doubt, and the doubts."""
    kept = list(homes)
    found = [_same_phone(kept), _worker_too_young(kept), _no_schooling(kept)]
    late = kept[_LATE].household
    found.append(Doubt("走访超期", "household", late.id, f"{kept[_LATE].head.name}家五月以后没有人走访"))
    return kept, found


def _same_phone(homes: list[Home]) -> Doubt:
    one, other = homes[_PHONE], homes[_PHONE + 1]
    number = one.household.phone
    people = (replace(other.head, phone=number), *other.people[1:])
    homes[_PHONE + 1] = replace(other, household=replace(other.household, phone=number), people=people)
    sentence = f"{one.head.name}和{other.head.name}两户登记了同一个电话"
    return Doubt("DQ32", "household", other.household.id, sentence)


def _worker_too_young(homes: list[Home]) -> Doubt:
    place, child = next(
        (i, j)
        for i, home in enumerate(homes)
        for j, one in enumerate(home.people)
        if one.school_status in ("03", "04", "05") and home.household.base_type == REGISTERED
    )
    home = homes[place]
    wrong = replace(home.people[child], labour="01")
    homes[place] = replace(home, people=(*home.people[:child], wrong, *home.people[child + 1 :]))
    return Doubt("DQ09", "person", wrong.id, f"{wrong.name}不满 16 岁，劳动技能填了普通劳动力")


def _no_schooling(homes: list[Home]) -> Doubt:
    home = homes[_EDUCATION]
    wrong = replace(home.head, edu=None)
    homes[_EDUCATION] = replace(home, people=(wrong, *home.people[1:]))
    return Doubt("DQ06", "person", wrong.id, f"{wrong.name}的文化程度没有填")


def income_drop(homes: Sequence[Home], visits: Sequence[Visit]) -> tuple[list[Visit], Doubt]:
    """The visits, the last one to a household noting that its income fell by half."""
    home = homes[_DROP]
    own = (
        i for i, visit in enumerate(visits) if visit.household == home.household.id and visit.income_per_head
    )
    last = max(own, key=lambda i: visits[i].day)
    fallen = Decimal(int(home.income * 0.48))
    wrong = replace(
        visits[last],
        income_per_head=fallen,
        income_change=True,
        note=f"{home.head.name}家今年养的猪因病损失，收入少了一半，核对了票据，需要研究帮扶办法。",
    )
    kept = [*visits[:last], wrong, *visits[last + 1 :]]
    return kept, Doubt("收入骤降", "visit", wrong.id, f"{home.head.name}家人均纯收入比上次少了一半")
