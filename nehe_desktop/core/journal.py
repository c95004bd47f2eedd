"""The journal: who changed which field from what to what, when and why.

One row per record and transaction. Sync, conflicts, history, undo and audit are views of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from nehe_desktop.core.clock import moment_of
from nehe_desktop.core.database import Writing

Op = Literal["I", "U", "D"]
Patch = Mapping[str, tuple[Any, Any]]

_TABLE = """
CREATE TABLE IF NOT EXISTS journal (
  jid INTEGER PRIMARY KEY, tx TEXT NOT NULL, hlc INTEGER NOT NULL, author TEXT NOT NULL,
  reason TEXT NOT NULL, tbl TEXT NOT NULL, pk TEXT NOT NULL, scope TEXT NOT NULL,
  op TEXT NOT NULL CHECK (op IN ('I', 'U', 'D')), patch TEXT NOT NULL,
  seq INTEGER, state TEXT NOT NULL DEFAULT 'pending', undoes TEXT, given TEXT NOT NULL DEFAULT ''
) STRICT
"""
# state: pending (not sent), acked (the hub has it, the laptop has not yet seen what came of it), synced,
# quarantined (the hub set it aside), dropped (and the county decided against it), came (another laptop's
# change, noted when it was pulled)
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS ix_journal_row ON journal (tbl, pk)",
    "CREATE INDEX IF NOT EXISTS ix_journal_tx ON journal (tx)",
    "CREATE INDEX IF NOT EXISTS ix_journal_pending ON journal (jid) WHERE state = 'pending'",
)
_INSERT = """
INSERT INTO journal (tx, hlc, author, reason, tbl, pk, scope, op, patch, undoes, given, state)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True)
class Entry:
    """One record's change within a transaction; the patch holds stored values, [old, new]."""

    table: str
    id: str
    scope: str
    op: Op
    patch: Patch


OUTCOMES = {"quarantined": "（县里搁置了，还没有接收）", "dropped": "（县里没有接收，不算数）"}
"""What stands behind a change that the county did not take, by the state of its line."""


@dataclass(frozen=True)
class Event:
    """An entry with its circumstances, for histories."""

    tx: str
    at: datetime
    author: str
    reason: str
    table: str
    id: str
    op: Op
    patch: Patch
    state: str = ""

    @property
    def outcome(self) -> str:
        """What the county made of it where that is not as it was meant, to stand behind the words."""
        return OUTCOMES.get(self.state, "")


@dataclass(frozen=True)
class Step:
    """One transaction as a person sees it: what was done, when, by whom, to how many rows."""

    tx: str
    at: datetime
    author: str
    reason: str
    rows: int


STEPS = """
SELECT tx, min(hlc), min(author), min(reason), count(*) FROM journal WHERE state <> 'came'
GROUP BY tx ORDER BY max(jid) DESC LIMIT ?
"""
"""The last steps made on this laptop; takes how many. Its rows are for `step_of`."""


def step_of(row: tuple[Any, ...]) -> Step:
    """The step of a row of STEPS."""
    tx, hlc, author, reason, rows = row
    return Step(tx, moment_of(hlc), author, reason, rows)


def prepare(database: Writing) -> None:
    """Makes the journal's table and indexes."""
    for statement in (_TABLE, *_INDEXES):
        database.conn.execute(statement)
    columns = {row[1] for row in database.conn.execute("PRAGMA table_info(journal)")}
    if "given" not in columns:
        database.conn.execute("ALTER TABLE journal ADD COLUMN given TEXT NOT NULL DEFAULT ''")


def record(
    database: Writing,
    entries: Iterable[Entry],
    *,
    tx: str,
    stamp: int,
    author: str,
    reason: str,
    undoes: str | None = None,
    given: str = "",
    state: str = "pending",
) -> None:
    """Appends the entries of one transaction; `given` names a set of rows shipped with the program."""
    rows = (
        (tx, stamp, author, reason, e.table, e.id, e.scope, e.op, _packed(e.patch), undoes, given, state)
        for e in entries
    )
    database.conn.executemany(_INSERT, rows)


def _packed(patch: Patch) -> str:
    return json.dumps(patch, ensure_ascii=False, separators=(",", ":"))


def event_of(row: tuple[Any, ...]) -> Event:
    """The event of a row (tx, hlc, author, reason, tbl, pk, op, patch, state)."""
    tx, hlc, author, reason, table, id, op, patch, state = row
    changes = {name: (old, new) for name, (old, new) in json.loads(patch).items() if old != new}
    return Event(tx, moment_of(hlc), author, reason, table, id, op, changes, state)


EVENT_COLUMNS = "tx, hlc, author, reason, tbl, pk, op, patch, state"
"""The columns that `event_of` takes, in its order."""
