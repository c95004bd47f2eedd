"""What the list of households asks: which rows, in what order, how many under each filter."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from nehe_desktop.core.pinyin import readings
from nehe_desktop.core.search import search
from nehe_desktop.core.store import Store
from nehe_desktop.features.visits.queries import overdue_visits
from nehe_desktop.features.visits.rules import days_between_visits

MONITORED = ("脱贫监测户", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户")
BORDERLINE_NAMES = ("边缘户", "边缘易致贫户")
_MOST_FOUND = 500


@dataclass(frozen=True)
class Wanted:
    """Which households are listed; `found` holds the ids of a search, None where nothing was typed."""

    today: date
    village: str = ""
    filter: str = "all"
    person: str = ""
    month: str = ""  # YYYYMM, for "visited"
    found: tuple[str, ...] | None = None
    among: tuple[str, ...] | None = None  # ids behind a number of another page


class ListedHousehold(NamedTuple):
    """A household as one row of the list; `every` is how many days may pass between visits."""

    id: str
    local_no: str
    hh_no: str
    head: str
    members: int
    base_type: str
    categories: tuple[str, ...]
    hamlet: str
    last_visit: date | None
    every: int


def _carrying(names: Iterable[str]) -> str:
    words = ", ".join(f"'{name}'" for name in names)
    return (
        f"h.id IN (SELECT c.household FROM household_category c WHERE c.category IN ({words})"
        " AND c.since <= ?2 AND (c.until IS NULL OR c.until >= ?2))"
    )


_FOLLOWED = "h.base_type IN ('01', '02')"
_SEEN = "EXISTS (SELECT 1 FROM visit v WHERE v.household = h.id AND v.day BETWEEN ?3 AND ?4)"
_MONITORED = _carrying(MONITORED)
_BORDERLINE = f"(h.base_type = '02' OR {_carrying(BORDERLINE_NAMES)})"
FILTERS: dict[str, str] = {
    "all": "1",
    "registered": "h.base_type = '01'",
    "borderline": _BORDERLINE,
    "ordinary": "h.base_type = '03'",
    "monitored": _MONITORED,
    "watched": f"({_MONITORED} OR {_BORDERLINE})",
    "to_visit": f"{_FOLLOWED} AND NOT {_SEEN}",
    "visited": f"{_FOLLOWED} AND {_SEEN}",
    "overdue": _FOLLOWED,
    "doubts": "1",
    "mine": (
        "h.id IN (SELECT l.household FROM help_link l JOIN helper p ON p.id = l.helper WHERE p.name = ?5"
        " AND l.since <= ?2 AND (l.until IS NULL OR l.until >= ?2))"
    ),
}
"""Each filter of the list as a condition; visits are due at registered and borderline households."""
_MEMBERS = "(SELECT count(*) FROM person p WHERE p.household = h.id AND p.present = 1 AND p.died_on IS NULL)"
_LAST = "coalesce((SELECT max(v.day) FROM visit v WHERE v.household = h.id), '')"
_HEAD = """coalesce((SELECT p.name FROM person p WHERE p.id = h.head),
  (SELECT p.name FROM person p WHERE p.household = h.id AND p.relation = '01' LIMIT 1), '')"""
_ORDERS = {
    "code": "h.local_no {way}, h.hh_no {way}, h.id {way}",
    "members": f"{_MEMBERS} {{way}}, h.local_no, h.id",
    "kind": "h.base_type {way}, h.local_no, h.id",
    "hamlet": "h.hamlet {way}, h.local_no, h.id",
    "last": f"{_LAST} {{way}}, h.local_no, h.id",
}


def ids(
    store: Store, wanted: Wanted, sort: str = "code", *, descending: bool = False, limit: int = 0
) -> array[int]:
    """Row ids of the wanted households in the order of a column."""
    where, params = _where(store, wanted)
    if sort == "head":
        found = _by_pinyin(store, where, params, descending=descending)
        return array("q", found[: limit or None])
    order = _ORDERS.get(sort, _ORDERS["code"]).format(way="DESC" if descending else "ASC")
    sql = f"SELECT h.rowid FROM household h WHERE {where} ORDER BY {order}"
    sql += f" LIMIT {limit}" if limit else ""
    return array("q", (row[0] for row in store.rows(sql, params)))


def _by_pinyin(store: Store, where: str, params: Sequence[Any], *, descending: bool) -> list[int]:
    rows = store.rows(f"SELECT h.rowid, {_HEAD} FROM household h WHERE {where}", params)
    spelt = {name: [next(iter(readings(char)), char) for char in name] for name in {row[1] for row in rows}}
    rows.sort(key=lambda row: (not row[1], spelt[row[1]], row[0]), reverse=descending)
    return [row[0] for row in rows]


def count(store: Store, wanted: Wanted) -> int:
    """How many households are wanted."""
    where, params = _where(store, wanted)
    row = store.one(f"SELECT count(*) FROM household h WHERE {where}", params)
    return int(row[0]) if row else 0


def counts(store: Store, wanted: Wanted, filters: Iterable[str]) -> dict[str, int]:
    """How many households each filter gives, the search left aside."""
    return {name: count(store, replace(wanted, filter=name, found=None)) for name in filters}


def household_ids(store: Store, wanted: Wanted) -> list[str]:
    """The ids of the wanted households by code, for printing and export."""
    where, params = _where(store, wanted)
    sql = f"SELECT h.id FROM household h WHERE {where} ORDER BY h.local_no, h.hh_no"
    return [row[0] for row in store.rows(sql, params)]


def _where(store: Store, wanted: Wanted) -> tuple[str, tuple[Any, ...]]:
    """The condition and its six parameters; each is named, so that all may be bound every time."""
    given = _given(store, wanted)
    parts = ["h.status = '有效'", FILTERS[wanted.filter], "?3 <= ?4", "?5 IS NOT ?2"]
    parts.append("h.village = ?1" if wanted.village else "?1 = ''")
    parts.append("?6 = ''" if given is None else "h.id IN (SELECT value FROM json_each(?6))")
    first, last = month_of(wanted)
    packed = "" if given is None else json.dumps(given)
    params = (wanted.village, wanted.today.isoformat(), first, last, wanted.person, packed)
    return " AND ".join(parts), params


def _given(store: Store, wanted: Wanted) -> list[str] | None:
    """The ids that the rows must be among, None where nothing limits them."""
    limits = [given for given in (wanted.found, wanted.among) if given is not None]
    if wanted.filter == "overdue":
        late = (overdue_visits(store, village, wanted.today) for village in villages(store, wanted))
        limits.append(tuple(due.household for part in late for due in part))
    if not limits:
        return None
    return sorted(set(limits[0]).intersection(*limits[1:]))


def villages(store: Store, wanted: Wanted) -> list[str]:
    """The villages that the list covers."""
    return (
        [wanted.village]
        if wanted.village
        else [r[0] for r in store.rows("SELECT DISTINCT village FROM household")]
    )


def month_of(wanted: Wanted) -> tuple[str, str]:
    """First and last day, in ISO, of the month that visits are counted in."""
    month = f"{wanted.month[:4]}-{wanted.month[4:]}" if wanted.month else f"{wanted.today:%Y-%m}"
    return f"{month}-01", f"{month}-31"


_ROWS = f"""
SELECT h.rowid, h.id, coalesce(h.local_no, ''), coalesce(h.hh_no, ''), {_HEAD}, {_MEMBERS}, h.base_type,
  (SELECT group_concat(DISTINCT c.category) FROM household_category c
    WHERE c.household = h.id AND c.since <= ?2 AND (c.until IS NULL OR c.until >= ?2)),
  coalesce(h.hamlet, ''), {_LAST},
  EXISTS (SELECT 1 FROM person m WHERE m.household = h.id AND m.present = 1 AND m.died_on IS NULL)
  AND NOT EXISTS (SELECT 1 FROM person m WHERE m.household = h.id AND m.present = 1 AND m.died_on IS NULL
    AND m.at_home IS NOT 0)
FROM household h WHERE h.rowid IN (SELECT value FROM json_each(?1))
"""


def rows(store: Store, numbers: Sequence[int], today: date) -> dict[int, ListedHousehold]:
    """The households of these row ids; those that are gone are left out."""
    found = store.rows(_ROWS, (json.dumps(list(numbers)), today.isoformat()))
    return {row[0]: _listed(row[1:]) for row in found}


def _listed(row: tuple[Any, ...]) -> ListedHousehold:
    id, local_no, hh_no, head, members, base_type, categories, hamlet, last, away = row
    names = tuple(categories.split(",")) if categories else ()
    seen = date.fromisoformat(last) if last else None
    every = days_between_visits(away=bool(away))
    return ListedHousehold(id, local_no, hh_no, head, members, base_type, names, hamlet, seen, every)


_HOUSEHOLDS_OF = "SELECT id, household FROM person WHERE id IN (SELECT value FROM json_each(?))"


def found(store: Store, text: str) -> tuple[str, ...]:
    """Households that what was typed finds, by their own numbers or by their people, best first."""
    hits = search(store, text, _MOST_FOUND, ("person", "household"))
    people = json.dumps([hit.id for hit in hits if hit.table == "person"])
    home = dict(store.rows(_HOUSEHOLDS_OF, (people,)))
    homes = (hit.id if hit.table == "household" else home.get(hit.id) for hit in hits)
    return tuple(dict.fromkeys(id for id in homes if id))


_NAMES = """
SELECT DISTINCT p.name FROM person p JOIN household h ON h.id = p.household
WHERE h.status = '有效' AND (?1 = '' OR h.village = ?1)
"""


def names(store: Store, village: str = "") -> list[str]:
    """The names of everybody in a village, to compare with what was typed."""
    return [row[0] for row in store.rows(_NAMES, (village,))]


_VILLAGES = "SELECT village, count(*) FROM household GROUP BY village ORDER BY 2 DESC LIMIT 2"


def number_of(store: Store, household: str) -> int:
    """The row id of a household, -1 where there is none."""
    row = store.one("SELECT rowid FROM household WHERE id = ?", (household,))
    return int(row[0]) if row else -1


def only_village(store: Store) -> str:
    """The village where all households of this laptop are, empty where there are several or none."""
    found = store.rows(_VILLAGES)
    return found[0][0] if len(found) == 1 else ""


_TOTALS = f"SELECT count(*), coalesce(sum({_MEMBERS}), 0) FROM household h WHERE "


def totals(store: Store, wanted: Wanted) -> tuple[int, int]:
    """Households and persons that are wanted."""
    where, params = _where(store, wanted)
    row = store.one(_TOTALS + where, params)
    return (row[0], row[1]) if row else (0, 0)
