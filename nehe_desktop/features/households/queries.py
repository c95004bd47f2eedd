"""Questions about households and their people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from nehe_desktop.core.store import Store
from nehe_desktop.features.households.ledger import Household, Membership, Person


class HouseholdLine(NamedTuple):
    """A household as the list shows it."""

    id: str
    local_no: str
    hh_no: str
    hamlet: str
    head: str
    members: int
    base_type: str
    categories: tuple[str, ...]
    phone: str
    last_visit: date | None


class MemberLine(NamedTuple):
    """A member of a household on a day."""

    person: str
    name: str
    relation: str
    sex: str | None
    birth: date | None


class Shared(NamedTuple):
    """One number that stands in several households: which, and the names of who has it."""

    number: str
    households: tuple[str, ...]
    names: tuple[str, ...]


_LINES = """
SELECT h.id, coalesce(h.local_no, ''), coalesce(h.hh_no, ''), coalesce(h.hamlet, ''),
  coalesce((SELECT p.name FROM person p WHERE p.id = h.head),
           (SELECT p.name FROM person p WHERE p.household = h.id AND p.present = 1 AND p.relation = '01' LIMIT 1), ''),
  (SELECT count(*) FROM person p WHERE p.household = h.id AND p.present = 1 AND p.died_on IS NULL),
  h.base_type,
  (SELECT group_concat(c.category, ',') FROM household_category c
    WHERE c.household = h.id AND c.since <= ?2 AND (c.until IS NULL OR c.until >= ?2)),
  coalesce(h.phone, ''),
  (SELECT max(v.day) FROM visit v WHERE v.household = h.id)
FROM household h WHERE h.village = ?1 AND h.status = '有效'
ORDER BY h.hamlet, h.local_no, h.hh_no, h.id
"""


def households_of(store: Store, village: str, on: date) -> list[HouseholdLine]:
    """The valid households of a village with head, size, categories on the day and last visit."""
    return [_line(row) for row in store.rows(_LINES, (village, on.isoformat()))]


def _line(row: tuple[Any, ...]) -> HouseholdLine:
    *plain, categories, phone, last = row
    return HouseholdLine._make(
        (*plain, tuple(categories.split(",")) if categories else (), phone, _day(last))
    )


def members_of(store: Store, household: str) -> list[Person]:
    """The present members of a household, head first."""
    return store.all(
        Person, "household = ? AND present = 1 AND died_on IS NULL", (household,), "relation, birth, id"
    )


_MEMBERS_ON = """
SELECT p.id, p.name, m.relation, p.sex, p.birth FROM membership m JOIN person p ON p.id = m.person
WHERE m.household = ?1 AND m.joined_on <= ?2 AND (m.left_on IS NULL OR m.left_on > ?2)
UNION
SELECT p.id, p.name, p.relation, p.sex, p.birth FROM person p
WHERE p.household = ?1 AND p.present = 1 AND (p.died_on IS NULL OR p.died_on > ?2)
  AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.person = p.id)
ORDER BY 3, 5, 1
"""


def members_on(store: Store, household: str, on: date) -> list[MemberLine]:
    """Who belonged to a household on a day; the day of leaving no longer counts.

    A person without any joining or leaving on record has always belonged to the household he is in.
    """
    rows = store.rows(_MEMBERS_ON, (household, on.isoformat()))
    return [MemberLine._make((*row, _day(birth))) for *row, birth in rows]


def membership_of(store: Store, person: str) -> Membership | None:
    """The present membership of a person."""
    return next(
        iter(store.all(Membership, "person = ? AND left_on IS NULL", (person,), "joined_on DESC")), None
    )


_COUNTS = """
SELECT h.base_type, count(*),
  sum((SELECT count(*) FROM person p WHERE p.household = h.id AND p.present = 1 AND p.died_on IS NULL))
FROM household h WHERE h.village = ? AND h.status = '有效' GROUP BY h.base_type
"""


def counts_by_type(store: Store, village: str) -> dict[str, tuple[int, int]]:
    """Households and persons of a village by base type."""
    return {kind: (households, persons or 0) for kind, households, persons in store.rows(_COUNTS, (village,))}


_CATEGORY_COUNTS = """
SELECT c.category, count(DISTINCT c.household)
FROM household_category c JOIN household h ON h.id = c.household
WHERE h.village = ?1 AND h.status = '有效' AND c.since <= ?2 AND (c.until IS NULL OR c.until >= ?2)
GROUP BY c.category
"""


def counts_by_category(store: Store, village: str, on: date) -> dict[str, int]:
    """Households of a village by category on a day; one may count in several."""
    return dict(store.rows(_CATEGORY_COUNTS, (village, on.isoformat())))


_SAME_ID = """
SELECT id_no, group_concat(household, ','), group_concat(name, ',') FROM person
WHERE id_no IS NOT NULL AND household IS NOT NULL AND present = 1 AND died_on IS NULL
GROUP BY id_no HAVING count(*) > 1 ORDER BY id_no
"""


def shared_ids(store: Store) -> list[Shared]:
    """DQ02: ID numbers that several living members carry."""
    return _shared(store.rows(_SAME_ID))


_SAME_PHONE = """
WITH number AS (
  SELECT h.phone AS phone, h.id AS household, coalesce(p.name, '') AS name
  FROM household h LEFT JOIN person p ON p.id = h.head WHERE h.phone IS NOT NULL AND h.status = '有效'
  UNION
  SELECT phone, household, name FROM person
  WHERE phone IS NOT NULL AND household IS NOT NULL AND present = 1 AND died_on IS NULL)
SELECT phone, group_concat(household, ','), group_concat(name, ',') FROM number
GROUP BY phone HAVING count(DISTINCT household) > 1 ORDER BY phone
"""


def shared_phones(store: Store) -> list[Shared]:
    """DQ32: telephone numbers that stand in several households."""
    return _shared(store.rows(_SAME_PHONE))


def persons_with_id(store: Store, id_no: str) -> list[Person]:
    """Everybody with an ID number, for the check while typing."""
    return store.all(Person, "id_no = ?", (id_no.upper(),))


def household_with_number(store: Store, number: str) -> Household | None:
    """The household with this national number or household code."""
    return next(iter(store.all(Household, "hh_no = ?1 OR local_no = ?1", (number,))), None)


def phones_of_registered(store: Store) -> set[str]:
    """Telephone numbers of registered households, for DQ35."""
    sql = "SELECT phone FROM household WHERE base_type = '01' AND phone IS NOT NULL"
    return {row[0] for row in store.rows(sql)}


_LAST_CODE = "SELECT max(substr(local_no, 11, 4)) FROM household WHERE local_no LIKE ?"


def next_number(store: Store, town: int, village: int) -> int:
    """The first free number for a household code in a village."""
    row = store.one(_LAST_CODE, (f"NH-{town:02d}-{village:03d}-%",))
    return int(row[0]) + 1 if row and row[0] else 1


def _shared(rows: Sequence[tuple[str, str, str]]) -> list[Shared]:
    return [
        Shared(number, tuple(dict.fromkeys(where.split(","))), tuple(dict.fromkeys(names.split(","))))
        for number, where, names in rows
    ]


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None
