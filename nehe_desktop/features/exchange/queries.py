"""Questions about conflicts and doubles: what is open, what was decided, whose it is."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple

from nehe_desktop.core.journal import Event
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.divisions.queries import path_of
from nehe_desktop.features.exchange.cases import Case, Me, lines_of, names_of
from nehe_desktop.features.exchange.ledger import Conflict, Double
from nehe_desktop.features.exchange.naming import title_of
from nehe_desktop.sync import tables

STATES = {"open": "state = '待处理'", "past": "state IN ('自动', '已处理')"}
"""The two halves of the list: what waits for a person, and what a rule or a person decided."""


class Counts(NamedTuple):
    """What waits for a person."""

    conflicts: int
    records: int
    doubles: int


_COUNTS = """
SELECT (SELECT count(*) FROM conflict WHERE state = '待处理'),
  (SELECT count(*) FROM (SELECT DISTINCT tbl, pk FROM conflict WHERE state = '待处理')),
  (SELECT count(*) FROM [double] WHERE state = '待处理')
"""


def counts(store: Store) -> Counts:
    """How many conflicts are open, in how many records, and how many doubles."""
    row = store.one(_COUNTS) or (0, 0, 0)
    return Counts(*row)


def past_count(store: Store) -> int:
    """How many conflicts a rule or a person has decided."""
    return store.count(Conflict, STATES["past"])


def case_numbers(store: Store, which: str, limit: int = 0) -> array[int]:
    """One row id a record with conflicts, by village and the newest first."""
    most = f" LIMIT {limit}" if limit else ""
    order = "coalesce(village, '')" if which == "open" else "1"
    sql = (
        f"SELECT min(rowid) FROM conflict WHERE {STATES[which]} GROUP BY tbl, pk"
        f" ORDER BY {order}, max(max(came_at, answered_at)) DESC{most}"
    )
    return store.numbers(sql)


_ROWS = """
SELECT rowid, CASE state WHEN '待处理' THEN 'open' ELSE 'past' END, tbl, pk FROM conflict
WHERE rowid IN (SELECT value FROM json_each(?))
"""


def cases(store: Store, numbers: Sequence[int], looker: Me) -> dict[int, Case]:
    """The cases of such row ids as somebody sees them."""
    rows = store.rows(_ROWS, (_ids(numbers),))
    found = {number: _case(store, which, table, pk, looker) for number, which, table, pk in rows}
    return {number: case for number, case in found.items() if case is not None}


def case_of(store: Store, which: str, key: str, looker: Me) -> Case | None:
    """The case of a record by its key, None where nothing is left of it."""
    table, _, pk = key.partition(":")
    return _case(store, which, table, pk, looker)


def open_cases(store: Store, looker: Me) -> list[Case]:
    """Every record with something to decide."""
    return list(cases(store, case_numbers(store, "open"), looker).values())


def _case(store: Store, which: str, table: str, pk: str, looker: Me) -> Case | None:
    found = store.all(Conflict, f"tbl = ? AND pk = ? AND {STATES[which]}", (table, pk), "came_at")
    if not found:
        return None
    names = [name for conflict in found for name in names_of(conflict)]
    village = next((each.village for each in found if each.village), None)
    lines = lines_of(found, stored_row(store, table, pk), looker)
    return Case(table, pk, title_of(store, table, pk, names), village_name(store, village), lines)


def stored_row(store: Store, table: str, pk: str) -> dict[str, Any] | None:
    """A record's stored values, None where it is not here."""
    ledger = LEDGERS.get(table)
    record = store.find(ledger.cls, pk) if ledger else None
    return record.stored() if record else None


def village_name(store: Store, village: str | None) -> str:
    """学田镇 明星村; empty for what belongs to the county."""
    return " ".join(path_of(store, village)[1:]) if village else ""


def open_doubles(store: Store) -> list[Double]:
    """The doubles that wait, the newest first."""
    return store.all(Double, "state = '待处理'", (), "found_at DESC, id")


def double_numbers(store: Store, which: str, limit: int = 0) -> array[int]:
    """Row ids of doubles, the newest first."""
    condition = "state = '待处理'" if which == "open" else "state <> '待处理'"
    most = f" LIMIT {limit}" if limit else ""
    return store.numbers(
        f"SELECT rowid FROM [double] WHERE {condition} ORDER BY max(found_at, answered_at) DESC, id{most}"
    )


def double_counts(store: Store) -> tuple[int, int]:
    """How many doubles wait, and how many were decided."""
    waits = store.count(Double, "state = '待处理'")
    return waits, store.count(Double) - waits


def doubles(store: Store, numbers: Sequence[int]) -> dict[int, Double]:
    """The doubles of these row ids."""
    sql = "SELECT rowid, id FROM [double] WHERE rowid IN (SELECT value FROM json_each(?))"
    ids = dict(store.rows(sql, (_ids(numbers),)))
    where = "id IN (SELECT value FROM json_each(?))"
    known = {each.id: each for each in store.all(Double, where, (json.dumps(list(ids.values())),))}
    return {number: known[id] for number, id in ids.items() if id in known}


def tale(store: Store, table: str, id: str, names: Sequence[str], most: int = 6) -> list[Event]:
    """What happened to some fields of a record on this laptop, the newest first."""
    ledger = LEDGERS.get(table)
    events = store.history(ledger.cls, id) if ledger else []
    told = [event for event in events if event.op != "U" or event.patch.keys() & set(names)]
    return told[::-1][:most]


_MADE = "SELECT hlc, author, reason FROM journal WHERE tbl = ? AND pk = ? AND op = 'I' ORDER BY jid LIMIT 1"


def made_by(store: Store, table: str, id: str) -> tuple[int, str, str] | None:
    """When (a stamp), by whom and why a record was entered, where this laptop knows."""
    row = store.one(_MADE, (table, id))
    return (row[0], row[1], row[2]) if row else None


def journal_numbers(store: Store, condition: str, limit: int = 0) -> array[int]:
    """Numbers of journal rows, the newest first."""
    most = f" LIMIT {limit}" if limit else ""
    return store.numbers(f"SELECT jid FROM journal WHERE {condition} ORDER BY jid DESC{most}")


def journal_rows(store: Store, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
    """Number, stamp, author, reason, table, key, operation, patch, state, sealed, why, of these journal rows."""
    why = "coalesce((SELECT why FROM sync_tx WHERE id = journal.seq), '')" if tables.are_there(store) else "''"
    return store.rows(
        "SELECT jid, hlc, author, reason, tbl, pk, op, patch, state, seq IS NOT NULL, " + why + " FROM journal"
        " WHERE jid IN (SELECT value FROM json_each(?))",
        (_ids(numbers),),
    )


_PHONE = """
SELECT '帮扶责任人', phone FROM helper WHERE name = ?1 AND phone IS NOT NULL
UNION ALL SELECT '队员', phone FROM member WHERE name = ?1 AND phone IS NOT NULL LIMIT 1
"""


def phone_of(store: Store, person: str) -> tuple[str, str] | None:
    """What a colleague is and his telephone number, where the rosters know it."""
    row = store.one(_PHONE, (person,)) if person else None
    return (row[0], row[1]) if row else None


def _ids(numbers: Sequence[int]) -> str:
    return json.dumps(list(numbers))
