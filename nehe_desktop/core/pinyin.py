"""Pinyin of names: readings from resources/pinyin.tsv, every reading of a surname (单 解 仇 查 …).

The table is built from the package pypinyin by resources/build_pinyin.py; the package itself takes
too long to load beside a window.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, product
from pathlib import Path

_TABLE = Path(__file__).parents[2] / "resources" / "pinyin.tsv"
_MOST_WAYS = 8


@lru_cache(maxsize=1)
def _readings() -> dict[str, tuple[str, ...]]:
    lines = _TABLE.read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {char: tuple(spoken.split()) for char, spoken in pairs}


def readings(char: str) -> tuple[str, ...]:
    """The toneless readings of one character, the usual one first; a letter reads as itself."""
    if char.isascii():
        return (char.lower(),) if char.isalnum() else ()
    return _readings().get(char, ())


def spellings(name: str) -> list[tuple[str, ...]]:
    """Ways to spell a name as syllables: every reading of the surname, the two usual ones of the rest."""
    heard = [found for found in map(readings, name) if found]
    if not heard:
        return []
    ways = product(heard[0], *(found[:2] for found in heard[1:]))
    return list(islice(ways, _MOST_WAYS))
