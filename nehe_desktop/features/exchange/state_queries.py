"""How rows stand on their way to the county, up to the household and the village; empty where there is no county."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from nehe_desktop.core.store import Store
from nehe_desktop.features.exchange.words import WORST
from nehe_desktop.sync import tables
from nehe_desktop.sync.membership import account_of
from nehe_desktop.sync.standing import row_states

_OF_HOUSEHOLD = ("person", "membership", "household_category", "visit", "problem", "help_link")
"""Ledgers whose rows belong to a household by a field of that name."""


def is_enrolled(store: Store) -> bool:
    """Whether rows have a state at all."""
    return account_of(store) is not None


def states(store: Store, table: str, ids: Sequence[str]) -> dict[str, str]:
    """The states of rows; for a worker, and for the page that is shown only."""
    return _truly(store, row_states(store, table, ids)) if ids else {}


def is_stuck(store: Store) -> bool:
    """Whether the last try failed: then nothing is on its way, whatever was sealed for it."""
    return tables.are_there(store) and bool(tables.kept(store, "trouble", ""))


def _truly(store: Store, found: dict[str, str]) -> dict[str, str]:
    """What was being sent when the link broke waits again."""
    if "sending" not in found.values() or not is_stuck(store):
        return found
    return {id: "pending" if state == "sending" else state for id, state in found.items()}


def household_states(store: Store, ids: Sequence[str]) -> dict[str, str]:
    """The states of households with their people, stays, categories, visits, problems and helpers: the worst of them."""
    if not ids or not is_enrolled(store):
        return dict.fromkeys(ids, "")
    found = row_states(store, "household", ids)
    packed = json.dumps(list(ids))
    for table in _OF_HOUSEHOLD:
        sql = f"SELECT id, household FROM [{table}] WHERE household IN (SELECT value FROM json_each(?))"
        home = dict(store.rows(sql, (packed,)))
        for id, state in row_states(store, table, list(home)).items():
            found[home[id]] = worst((found[home[id]], state))
    return _truly(store, found)


def worst(states: Iterable[str]) -> str:
    """The state that a person should see first."""
    return min(states, key=WORST.index, default="")


_VILLAGE = """
SELECT CASE state WHEN 'quarantined' THEN 'quarantined' ELSE 'pending' END, count(DISTINCT tbl || pk) FROM journal
WHERE state IN ('pending', 'quarantined') AND given = '' AND (?1 = '' OR scope = ?1) GROUP BY 1
UNION ALL SELECT 'conflict', count(*) FROM conflict WHERE state = '待处理' AND (?1 = '' OR village = ?1)
"""


def village_counts(store: Store, village: str = "") -> dict[str, int]:
    """How many rows of a village wait, were set aside, or are in conflict; no village means all."""
    if not is_enrolled(store):
        return {}
    return {state: count for state, count in store.rows(_VILLAGE, (village,)) if count}
