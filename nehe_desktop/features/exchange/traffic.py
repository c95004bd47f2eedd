"""What waits to be sent and what came from others, as rows that people read. Without Qt."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nehe_desktop.core.clock import moment_of
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.exchange import queries
from nehe_desktop.features.exchange.naming import Mask, label_of, shown, title_of
from nehe_desktop.features.exchange.state_queries import is_stuck
from nehe_desktop.features.exchange.words import WHY

_OPS = {"I": "新增", "U": "修改", "D": "删除"}
_MOST = 4  # fields that are named


@dataclass(frozen=True)
class Move:
    """One record's change on its way: when, which record, what, by whom, why, and where it stands."""

    jid: int
    at: datetime
    table: str
    id: str
    title: str
    what: str
    author: str
    reason: str
    state: str
    why: str


def moves(store: Store, numbers: Sequence[int], mask: Mask) -> dict[int, Move]:
    """The changes of these journal rows."""
    stuck = is_stuck(store)
    return {row[0]: _move(store, row, mask, stuck=stuck) for row in queries.journal_rows(store, numbers)}


def _move(store: Store, row: tuple[Any, ...], mask: Mask, *, stuck: bool) -> Move:
    jid, hlc, author, reason, table, pk, op, patch, state, sealed, why = row
    changes = {name: new for name, (old, new) in json.loads(patch).items() if old != new}
    word = "sending" if state == "pending" and sealed and not stuck else state
    title = str(title_of(store, table, pk)) if table in LEDGERS else "别的台账"
    what = _OPS[op] + (f"：{_changed(store, table, changes, mask)}" if op == "U" and changes else "")
    return Move(jid, moment_of(hlc), table, pk, title, what, author, reason, word, WHY.get(why or "", why or ""))


def _changed(store: Store, table: str, changes: Mapping[str, Any], mask: Mask) -> str:
    """自然屯 三屯；户联系电话 138****1111, and how many more."""
    names = list(changes)
    told = (f"{label_of(table, [name])} {shown(store, table, name, changes[name], mask)}" for name in names[:_MOST])
    more = f" 等 {len(names)} 项" if len(names) > _MOST else ""
    return "；".join(told) + more


def waiting_numbers(store: Store, limit: int = 0) -> array[int]:
    """Journal rows that the hub does not have or has set aside, the newest first."""
    return queries.journal_numbers(store, "state IN ('pending', 'quarantined') AND given = ''", limit)


def came_numbers(store: Store, limit: int = 0) -> array[int]:
    """Journal rows of changes that others made, the newest first."""
    return queries.journal_numbers(store, "state = 'came'", limit)
