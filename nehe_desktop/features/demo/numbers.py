"""Numbers of the made-up county: ids, telephone and ID numbers, and exact shares of a total."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from random import Random

from nehe_desktop.core.identity import id_check_char

SEED = 230281
_FIRST_MILLI = 1_577_836_800_000  # 2020-01-01 UTC: made-up ids sort before those that a person adds
_UNASSIGNED = 230290
"""230290 to 230299 were never given to a county by GB/T 2260, so no such ID number can exist."""


def chance(*what: object) -> Random:
    """The chance of one part of the county: the same for the same words, whatever was made before."""
    return Random(":".join(map(str, (SEED, *what))))


def ids(part: str, village: int = 0) -> Callable[[], str]:
    """Makes the ids of one part of a village, in the form of UUID version 7; later villages have later ones."""
    rng, count = chance("id", part, village), itertools.count()
    first = _FIRST_MILLI + village * 60_000

    def following() -> str:
        number = next(count)
        return f"{first + number // 4096:012x}7{number % 4096:03x}{(0b10 << 62) | rng.getrandbits(62):016x}"

    return following


def phone(number: int) -> str:
    """One of 20,000 mobile numbers that look made up: 1380000xxxx, then 1990000xxxx."""
    if not 0 <= number < 20_000:
        raise ValueError(number)
    tail = number % 10_000 * 7919 % 10_000  # 7919 is prime to 10,000: no tail comes twice
    return f"{'1380000' if number < 10_000 else '1990000'}{tail:04d}"


def id_numbers(village: int, *, light: bool = False) -> Callable[[date, str], str]:
    """Makes ID numbers for people of one village that nobody else of the county has.

    Ten county parts and 18 ranges of the sequence keep 171 villages apart; `light` is for the people of
    its ordinary households, who have the upper half of the range.
    """
    given: Counter[tuple[date, str]] = Counter()
    area, lowest = _UNASSIGNED + village % 10, village // 10 * 54 + 26 * light

    def number(birth: date, sex: str) -> str:
        place = given[birth, sex]
        given[birth, sex] += 1
        if place >= 13:
            raise ValueError(birth)
        sequence = lowest + 2 * place + (1 if sex == "1" else 2)
        body = f"{area}{birth:%Y%m%d}{sequence:03d}"
        return body + id_check_char(body)

    return number


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """The total in whole parts by weight, which add up to it exactly (largest remainders)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
