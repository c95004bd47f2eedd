"""Made-up people: who lives together, how old they are and what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from nehe_desktop.features.demo import words
from nehe_desktop.features.demo.plan import DEMO_TODAY
from nehe_desktop.features.households.checks import FEMALE, HEAD, MALE, SPOUSE

SON, DAUGHTER, SON_WIFE, GRANDSON, GRANDDAUGHTER, FATHER, MOTHER = "03", "04", "05", "07", "08", "11", "12"
_EITHER = (MALE, FEMALE)


@dataclass(frozen=True)
class Sketch:
    """A person before the details: place in the household, sex and age in full years on the day."""

    relation: str
    sex: str
    age: int


def household(rng: Random, size: int) -> list[Sketch]:
    """Who lives together: the old alone, old couples, families of two or three generations (domain §12)."""
    if size == 1:
        return [_alone(rng)]
    if size == 2:
        return _pair(rng)
    return _with_grandchildren(rng, size) if rng.random() < 0.65 else _with_parents(rng, size)


def old_household(rng: Random) -> list[Sketch]:
    """An ordinary household as far as the registry holds it: its old people."""
    head = Sketch(HEAD, rng.choices(_EITHER, (7, 3))[0], rng.randint(60, 86))
    return [head, _spouse(rng, head)] if rng.random() < 0.35 else [head]


def _other(sex: str) -> str:
    return FEMALE if sex == MALE else MALE


def _spouse(rng: Random, head: Sketch) -> Sketch:
    youngest = 60 if head.age >= 62 else 20
    return Sketch(SPOUSE, _other(head.sex), max(youngest, head.age + rng.randint(-4, 3)))


def _alone(rng: Random) -> Sketch:
    age = rng.randint(61, 88) if rng.random() < 0.82 else rng.randint(44, 59)
    return Sketch(HEAD, rng.choices(_EITHER, (6, 4))[0], age)


def _pair(rng: Random) -> list[Sketch]:
    kind = rng.random()
    if kind < 0.74:
        head = Sketch(HEAD, rng.choices(_EITHER, (8, 2))[0], rng.randint(62, 84))
        return [head, _spouse(rng, head)]
    if kind < 0.84:
        head = Sketch(HEAD, rng.choice(_EITHER), rng.randint(63, 82))
        return [head, _child(rng, head.age)]
    if kind < 0.91:
        head = Sketch(HEAD, rng.choice(_EITHER), rng.randint(60, 72))
        return [head, _grandchild(rng, head.age - 48)]
    head = Sketch(HEAD, MALE, rng.randint(43, 59))
    return [head, _spouse(rng, head)]


def _child(rng: Random, parent_age: int) -> Sketch:
    sex = rng.choices(_EITHER, (6, 4))[0]
    return Sketch(SON if sex == MALE else DAUGHTER, sex, max(0, parent_age - rng.randint(22, 33)))


def _grandchild(rng: Random, oldest: int) -> Sketch:
    sex = rng.choice(_EITHER)
    return Sketch(GRANDSON if sex == MALE else GRANDDAUGHTER, sex, rng.randint(1, max(2, min(oldest, 20))))


def _with_grandchildren(rng: Random, size: int) -> list[Sketch]:
    head = Sketch(HEAD, MALE, rng.randint(60, 74))
    son = Sketch(SON, MALE, head.age - rng.randint(23, 29))
    wife = Sketch(SON_WIFE, FEMALE, max(22, son.age - rng.randint(0, 4)))
    young = [_grandchild(rng, wife.age - 21) for _ in range(2)]
    return [head, _spouse(rng, head), son, young[0], wife, young[1]][:size]


def _with_parents(rng: Random, size: int) -> list[Sketch]:
    head = Sketch(HEAD, MALE, rng.randint(36, 57))
    spouse = _spouse(rng, head)
    children = [_child(rng, min(head.age, spouse.age)) for _ in range(2)]
    father = Sketch(FATHER, MALE, head.age + rng.randint(23, 29))
    mother = Sketch(MOTHER, FEMALE, max(60, father.age - rng.randint(0, 4)))
    return [head, spouse, children[0], mother, children[1], father][:size]


def born(rng: Random, age: int) -> date:
    """A birth date that gives this age on the day of the sample."""
    return DEMO_TODAY.replace(year=DEMO_TODAY.year - age) - timedelta(days=rng.randrange(365))


def nation_of(rng: Random, town: str) -> str:
    """The ethnic code of a household; 鄂温克 people live in their own township above all."""
    weights = (60, 6, 12, 18, 4) if "鄂温克" in town else (880, 70, 25, 15, 10)
    return rng.choices(("01", "11", "31", "45", "02"), weights)[0]


def given(rng: Random, sex: str) -> str:
    """A given name of one or two characters; one in sixty has a rare one."""
    kept = words.MEN if sex == MALE else words.WOMEN
    if rng.random() < 1 / 60:
        return rng.choice(("", rng.choice(kept))) + rng.choice(words.RARE)
    return "".join(rng.sample(kept, 2)) if rng.random() < 0.85 else rng.choice(kept)


def surname(rng: Random, nation: str) -> str:
    """A surname, or a clan name with its middle dot."""
    if nation in ("31", "45") and rng.random() < 0.3:
        return f"{rng.choice(words.CLANS)}·"
    return rng.choice(words.SURNAMES)


def called(rng: Random, home: list[Sketch], nation: str, head: str = "") -> list[str]:
    """Names for a household: who married in brings a name of their own, all others share the head's.

    `head` is the head's name where it is given.
    """
    clan, dot, _ = head.partition("·")
    family = f"{clan}·" if dot else head[:1] or surname(rng, nation)
    own = {SPOUSE, MOTHER, SON_WIFE}
    firsts = (surname(rng, nation) if one.relation in own else family for one in home)
    names = [first + given(rng, one.sex) for first, one in zip(firsts, home, strict=True)]
    return [head or names[0], *names[1:]]
