"""What a made-up person is like, so that every data-quality rule holds (domain §1.3, §1.10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from nehe_desktop.features.demo.people import Sketch, born
from nehe_desktop.features.households.checks import CHRONIC, DISABLED, HEALTHY, NO_LABOUR, SERIOUS

COMMON, SKILLED, WEAK, LOST = "01", "02", "03", "04"  # labour
FAR = ("03", "04")  # work areas from which nobody comes home in the evening
CHRONICS = ("高血压", "糖尿病", "冠心病", "脑梗死后遗症", "类风湿关节炎", "慢性支气管炎", "腰椎间盘突出")
SERIOUS_ONES = ("恶性肿瘤", "尿毒症", "脑出血", "心肌梗死", "肝硬化")
LIMB, KINDS_OF_DISABILITY = "4", ("1", "2", "4", "5", "6")


@dataclass(frozen=True)
class Traits:
    """A person's health, schooling, labour and whereabouts."""

    sketch: Sketch
    birth: date
    school: str | None
    at_home: bool
    work_area: str | None
    health: tuple[str, ...]
    grade: str | None  # of a disability
    labour: str


def school_of(rng: Random, age: int) -> str | None:
    """The school year of an age at the end of the summer term, or None for who does not study (DQ15, DQ16)."""
    if age < 13:
        return "01" if age < 3 else "02" if age < 6 else "03"
    if age < 16:
        return f"{age - 9:02d}"  # 七年级 is 04
    if age < 19 and rng.random() < 0.85:
        return f"{age - 9 + rng.choice((0, 3)):02d}"  # 普通高中 07 to 09, 中职 10 to 12
    if 19 <= age < 22 and rng.random() < 0.4:
        return f"{age - 6 + rng.choice((0, 4)):02d}"  # 高职高专 13 to 15, 本科 17 to 19
    return None


def village_traits(rng: Random, people: Sequence[Sketch], at_home: int, working: int) -> list[Traits]:
    """Traits of a village's people, of whom exactly so many live at home and so many work elsewhere."""
    schools = [school_of(rng, one.age) for one in people]
    areas = _work_areas(rng, people, schools, working)
    away = _away(rng, people, schools, areas, len(people) - at_home)
    rows = zip(people, schools, areas, away, strict=True)
    return [traits(rng, one, school, area, at_home=not gone) for one, school, area, gone in rows]


def _work_areas(
    rng: Random, people: Sequence[Sketch], schools: Sequence[str | None], working: int
) -> list[str | None]:
    """Where people work outside their township: the young first, then those up to 68."""

    def rank(i: int) -> tuple[int, float]:
        age = people[i].age
        return (0 if 19 <= age < 58 else 1 if 58 <= age <= 68 else 2), rng.random()

    able = [i for i, school in enumerate(schools) if school is None]
    chosen = set(sorted(able, key=rank)[:working])
    return [rng.choices(("02", *FAR), (3, 3, 4))[0] if i in chosen else None for i in range(len(people))]


def _away(
    rng: Random,
    people: Sequence[Sketch],
    schools: Sequence[str | None],
    areas: Sequence[str | None],
    count: int,
) -> list[bool]:
    """Who does not live at home: workers far away, students who board, then others of working age."""

    def rank(i: int) -> tuple[int, float]:
        age = people[i].age
        if areas[i] in FAR:
            return 0, rng.random()
        if areas[i] is not None:
            return 5, rng.random()
        order = (schools[i] is not None and age >= 16, 18 <= age < 60, age >= 60)
        return next((n for n, holds in enumerate(order, 1) if holds), 4), rng.random()

    chosen = set(sorted(range(len(people)), key=rank)[:count])
    return [i in chosen for i in range(len(people))]


def traits(rng: Random, one: Sketch, school: str | None, area: str | None, *, at_home: bool) -> Traits:
    """The traits of one person; whoever works or lives elsewhere is in good health."""
    sound = area is not None or not at_home or (school is not None and rng.random() < 0.97)
    health = (HEALTHY,) if sound else _health(rng, one.age)
    grade = rng.choices("1234", (1, 3, 4, 2))[0] if DISABLED in health else None
    labour = _labour(rng, one.age, health, school, grade, works=area is not None)
    return Traits(one, born(rng, one.age), school, at_home, area, health, grade, labour)


def _health(rng: Random, age: int) -> tuple[str, ...]:
    chronic, serious, disabled = (0.5, 0.08, 0.12) if age >= 60 else (0.25, 0.07, 0.2)
    if rng.random() < 0.04 and age >= 50:
        return (CHRONIC, DISABLED)
    weights = (chronic, serious, disabled, 1 - chronic - serious - disabled)
    return (rng.choices((CHRONIC, SERIOUS, DISABLED, HEALTHY), weights)[0],)


def _labour(
    rng: Random, age: int, health: tuple[str, ...], school: str | None, grade: str | None, *, works: bool
) -> str:
    """Labour that agrees with age, health and schooling (DQ09, DQ10, DQ11, DQ17)."""
    if age < 16 or school is not None:
        return NO_LABOUR
    if works:
        return rng.choices((COMMON, SKILLED), (8, 2))[0]
    if grade in ("1", "2") or SERIOUS in health:
        return LOST
    if age >= 72:
        return NO_LABOUR
    if health != (HEALTHY,):
        return WEAK
    return COMMON if age < 62 else WEAK


def education(rng: Random, age: int) -> str:
    """A level of education usual for the age; nobody under 23 has less than 初中 (DQ15)."""
    weights = (
        (20, 55, 22, 3, 0, 0) if age >= 60 else (4, 36, 50, 8, 2, 0) if age >= 23 else (0, 0, 80, 15, 5, 0)
    )
    return rng.choices(("01", "02", "03", "04", "05", "06"), weights)[0]
