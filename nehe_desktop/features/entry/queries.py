"""Questions of the way in: what is stored already, and what a hit of the search is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nehe_desktop.core.search import Hit
from nehe_desktop.core.store import Store
from nehe_desktop.features.divisions.queries import path_of
from nehe_desktop.security.laptop import COUNTY, profile_of

_PERSON = """
SELECT p.household, h.local_no, h.hh_no, hp.name, d.name, p.relation, h.hamlet
FROM person p LEFT JOIN household h ON h.id = p.household LEFT JOIN person hp ON hp.id = h.head
LEFT JOIN division d ON d.id = h.village WHERE p.id = ?
"""
_HOUSEHOLD = """
SELECT h.id, h.local_no, h.hh_no, hp.name, d.name, '01', h.hamlet
FROM household h LEFT JOIN person hp ON hp.id = h.head LEFT JOIN division d ON d.id = h.village WHERE h.id = ?
"""


class Place(NamedTuple):
    """Where a hit belongs: its household, its numbers, head, village, relation code and hamlet."""

    household: str | None
    local_no: str | None
    hh_no: str | None
    head: str | None
    village: str | None
    relation: str | None
    hamlet: str | None


def stored_ids(store: Store, tables: Sequence[str]) -> set[str]:
    """The ids of all rows of some ledgers."""
    return {row[0] for table in tables for row in store.rows(f"SELECT id FROM [{table}]")}


def place_of(store: Store, hit: Hit) -> Place | None:
    """The household behind a hit of a person or a household; None for other ledgers."""
    sql = {"person": _PERSON, "household": _HOUSEHOLD}.get(hit.table)
    row = store.one(sql, (hit.id,)) if sql else None
    return Place(*row) if row else None


def names_of(store: Store) -> list[str]:
    """The names of the people of this file, which the log masks wherever they stand."""
    return [row[0] for row in store.rows("SELECT name FROM person UNION SELECT name FROM member")]


def whereabouts(store: Store) -> str:
    """Township and village of this laptop in words, for the foot of the rail."""
    told = profile_of(store)
    here = told.village or (told.office if told.office != COUNTY else "")
    return " · ".join(path_of(store, here)[1:]) if here else "全县"
