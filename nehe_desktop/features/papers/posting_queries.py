"""Who stands on a posting: names of people with what tells whether they are of age."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nehe_desktop.core.store import Store

_PEOPLE = """
SELECT p.id, p.name, coalesce(p.birth, ''), coalesce(p.id_no, ''), coalesce(p.sex, ''), coalesce(f.name, ''),
  coalesce(f.birth, ''), coalesce(f.id_no, '')
FROM person p LEFT JOIN household h ON h.id = p.household LEFT JOIN person f ON f.id = h.head WHERE p.id IN ({})
"""
_HEADS = "SELECT h.id, p.id FROM household h JOIN person p ON p.id = h.head WHERE h.id IN ({})"


class Posted(NamedTuple):
    """A person and the head of his household, each with birth (ISO) and ID number where they are known."""

    id: str
    name: str
    birth: str
    id_no: str
    sex: str
    head: str
    head_birth: str
    head_id_no: str


def people(store: Store, ids: Sequence[str]) -> dict[str, Posted]:
    """Persons by id."""
    rows = store.rows(_PEOPLE.format(",".join("?" * len(ids))), tuple(ids))
    return {row[0]: Posted(*row) for row in rows}


def heads(store: Store, ids: Sequence[str]) -> dict[str, str]:
    """The head of each household, by id."""
    return dict(store.rows(_HEADS.format(",".join("?" * len(ids))), tuple(ids)))  # type: ignore[arg-type]
