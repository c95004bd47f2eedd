"""Rows that were shipped with the program: every laptop has them, so only what the hub lacks is ever sent."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Store
from nehe_desktop.sync import tables


def given(store: Store) -> list[str]:
    """The sets of shipped rows that this laptop holds."""
    return [name for (name,) in store.rows("SELECT DISTINCT given FROM journal WHERE given <> ''")]


def note_known(writing: Writing, known: Sequence[str]) -> None:
    """Notes which shipped sets the hub has: only what it lacks is ever sent."""
    own = {name for (name,) in writing.execute("SELECT DISTINCT given FROM journal WHERE given <> ''")}
    for name in own & set(known):
        writing.execute("UPDATE journal SET state = 'synced' WHERE given = ? AND state = 'pending' AND seq IS NULL", (name,))
    wanted = sorted(own - set(known))
    if wanted != tables.value(writing, "given_wanted", []):
        tables.keep(writing, "given_wanted", wanted)


def is_asked_for(store: Store) -> bool:
    """Whether the hub lacks a shipped set that this laptop has and has not sent."""
    wanted = json.dumps(tables.kept(store, "given_wanted", []))
    sql = (
        "SELECT 1 FROM journal WHERE given <> '' AND state = 'pending' AND seq IS NULL"
        " AND given IN (SELECT value FROM json_each(?)) LIMIT 1"
    )
    return store.one(sql, (wanted,)) is not None
