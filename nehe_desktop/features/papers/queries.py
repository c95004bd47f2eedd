"""Questions of the print centre: whose papers a scope means, which numbers come next, what was printed."""

from __future__ import annotations

import json
import secrets
from array import array
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from nehe_desktop.core import local
from nehe_desktop.core.database import Writing
from nehe_desktop.core.search import search
from nehe_desktop.core.store import Store
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.papers.ledger import PrintedPaper
from nehe_desktop.features.teams.ledger import Member, Team
from nehe_desktop.features.visits.ledger import Visit

_POOR = "status = '有效' AND base_type IN ('01', '02')"


def households_in(store: Store, village: str, hamlet: str | None = None) -> list[Household]:
    """The valid registered and borderline households of a village or one hamlet of it; all where none is named."""
    where, params = _POOR, []
    if village:
        where, params = where + " AND village = ?", [village]
    if hamlet is not None:
        where, params = where + " AND hamlet = ?", [*params, hamlet]
    return store.all(Household, where, params, "village, hamlet, local_no, hh_no, id")


def teams_in(store: Store, village: str) -> list[Team]:
    """The teams at work in a village, or in the county where none is named."""
    where, params = ("state = '在岗' AND village = ?", (village,)) if village else ("state = '在岗'", ())
    return store.all(Team, where, params, "name, id")


def members_in(store: Store, village: str) -> list[Member]:
    """The members of the teams at work in a village, or in the county."""
    where = "team IN (SELECT id FROM team WHERE state = '在岗'"
    where += " AND village = ?)" if village else ")"
    return store.all(Member, where, (village,) if village else (), "team, name, id")


def visits_for(store: Store, households: list[Household], month: str) -> list[Visit]:
    """The visits to some households in a month YYYYMM, or their last visit each where no month is named."""
    found: list[Visit] = []
    first, last = (f"{month[:4]}-{month[4:]}-01", f"{month[:4]}-{month[4:]}-31") if month else ("", "")
    for household in households:
        if month:
            where = "household = ? AND day BETWEEN ? AND ?"
            found += store.all(Visit, where, (household.id, first, last), "day, id")
        else:
            found += store.all(Visit, "household = ?", (household.id,), "day DESC, id DESC", 1)
    return found


_FIRST = f"SELECT id FROM household WHERE {_POOR} AND (?1 = '' OR village = ?1) ORDER BY local_no, hh_no, id LIMIT 1"


def first_household(store: Store, village: str) -> str:
    """A household to begin with; empty where there is none."""
    row = store.one(_FIRST, (village,))
    return str(row[0]) if row else ""


_NAMED = """
SELECT h.id, coalesce(p.name, '未定户主'), coalesce(v.name, ''), coalesce(h.hamlet, ''),
  coalesce(nullif(h.local_no, ''), h.hh_no)
FROM household h LEFT JOIN person p ON p.id = h.head LEFT JOIN division v ON v.id = h.village
WHERE h.id IN ({})
"""


def household_titles(store: Store, ids: Sequence[str]) -> dict[str, str]:
    """Head, hamlet and number of households, to choose one by."""
    rows = store.rows(_NAMED.format(",".join("?" * len(ids))), tuple(ids))
    return {id: " ".join(filter(None, (f"{head}户", hamlet, number))) for id, head, _, hamlet, number in rows}


def households_like(store: Store, text: str, limit: int = 20) -> list[tuple[str, str]]:
    """(id, title) of households by the names of their people, pinyin, initials or numbers; best first."""
    hits = search(store, text, limit, ("household", "person"))
    people = [hit.id for hit in hits if hit.table == "person"]
    marks = ",".join("?" * len(people))
    homes = dict(store.rows(f"SELECT id, household FROM person WHERE id IN ({marks})", tuple(people)))
    ids = list(dict.fromkeys(homes.get(hit.id) if hit.table == "person" else hit.id for hit in hits))
    found = household_titles(store, [id for id in ids if id])
    return [(id, found[id]) for id in ids if id in found]


def household_numbered(store: Store, number: str) -> Household | None:
    """The household with a number of the national system or of the village, or with this id."""
    where = "hh_no = ?1 OR local_no = ?1 OR id = ?1"
    return next(iter(store.all(Household, where, (number,), "id", 1)), None)


_DIVISION = (
    "SELECT id FROM division WHERE level = 'village' AND (id = ?1 OR name IN (?1, ?1 || '村')) ORDER BY id"
)
_TEAM = (
    "SELECT id FROM team WHERE id = ?1 OR name = ?1 OR name LIKE '%' || ?1 || '%' ORDER BY name <> ?1, name"
)


def villages_called(store: Store, name: str) -> list[str]:
    """Ids of the villages of a name; several townships may have one."""
    return [id for (id,) in store.rows(_DIVISION, (name.strip(),))]


def teams_called(store: Store, name: str) -> list[str]:
    """Ids of the teams of a name or with it in their name; the one with just this name first."""
    return [id for (id,) in store.rows(_TEAM, (name.strip(),))]


# -- numbers -----------------------------------------------------------------------------------------


def reserve(store: Store, code: str, year: int, count: int) -> list[str]:
    """Numbers of papers, taken out on the writer's thread so that no two prints ever share one.

    A number whose paper was cancelled is not given out again.
    """
    return store.database.write(lambda db: _taken(db, code, year, count, store.clock.now())).result()


def _taken(database: Writing, code: str, year: int, count: int, now: datetime) -> list[str]:
    prefix = f"{code}-{year}-{_device(database, now)}"
    sql = "SELECT max(CAST(substr(number, ?) AS INTEGER)) FROM printed_paper WHERE number LIKE ? || '%'"
    printed = database.execute(sql, [len(prefix) + 1, prefix]).fetchone()[0] or 0
    last = max(printed, _setting(database, f"paper:{prefix}") or 0)
    local.put(database, "setting", f"paper:{prefix}", last + count, now)
    return [f"{prefix}{number:04d}" for number in range(last + 1, last + count + 1)]


def _setting(database: Writing, name: str) -> Any:
    row = database.execute("SELECT value FROM local WHERE kind = 'setting' AND name = ?", [name]).fetchone()
    return json.loads(row[0]) if row else None


def _device(database: Writing, now: datetime) -> str:
    """Three signs that tell this laptop's papers from another's; made at the first paper."""
    found = _setting(database, "device")
    if not found:
        found = secrets.token_hex(2)[:3].upper()
        local.put(database, "setting", "device", found, now)
    return str(found)


def device_of(store: Store) -> str:
    """The three signs of this laptop."""
    return store.database.write(lambda db: _device(db, store.clock.now())).result()


# -- the register ------------------------------------------------------------------------------------

_SORTS = {name: name for name in ("number", "kind", "title", "printed_at", "printed_by", "outcome", "pages")}


def register_rows(store: Store, text: str, sort: str, *, descending: bool, limit: int) -> array[int]:
    """Row ids of printed papers whose number, title or hash holds a text; the newest first."""
    where = "WHERE number LIKE ?1 OR title LIKE ?1 OR content_hash LIKE ?1" if text else ""
    order = f"{_SORTS[sort]} {'DESC' if descending else 'ASC'}" if sort in _SORTS else "printed_at DESC"
    most = f" LIMIT {limit}" if limit else ""
    sql = f"SELECT rowid FROM printed_paper {where} ORDER BY {order}, number DESC{most}"
    return array("q", (row[0] for row in store.rows(sql, (f"%{text}%",) if text else ())))


def register_page(store: Store, numbers: Sequence[int]) -> list[PrintedPaper | None]:
    """Printed papers by their row ids, one for each."""
    marks = ",".join("?" * len(numbers))
    ids = dict(store.rows(f"SELECT rowid, id FROM printed_paper WHERE rowid IN ({marks})", tuple(numbers)))
    where = f"id IN ({','.join('?' * len(ids))})"
    found = {paper.id: paper for paper in store.all(PrintedPaper, where, tuple(ids.values()))}
    return [found.get(ids.get(number, "")) for number in numbers]


def printed_as(store: Store, number: str) -> PrintedPaper | None:
    """The printed paper of a number."""
    return next(iter(store.all(PrintedPaper, "number = ?", (number,))), None)
