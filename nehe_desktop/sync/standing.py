"""How a laptop stands to its hub, for the status bar, the sync page and the rows of every list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nehe_desktop.core.clock import moment_of
from nehe_desktop.core.store import Store
from nehe_desktop.sync import diary, tables
from nehe_desktop.sync.diary import LogLine
from nehe_desktop.sync.membership import account_of

_CHUNK = 400


@dataclass(frozen=True)
class Standing:
    """Who this laptop is to its hub, what waits on either side, and when both last agreed.

    Waiting, sending and set-aside count changes of records; `online` is None while nobody has tried;
    `filling` is set while a village is being received for the first time, 0 to 1.
    """

    enrolled: bool = False
    hub: str = ""
    name: str = ""
    scopes: tuple[str, ...] = ()
    waiting: int = 0
    sending: int = 0
    set_aside: int = 0
    conflicts: int = 0
    doubles: int = 0
    last_success: datetime | None = None
    last_try: datetime | None = None
    trouble: str = ""
    online: bool | None = None
    filling: float | None = None


@dataclass(frozen=True)
class Waiting:
    """A change that the hub does not have yet, or has set aside and why."""

    jid: int
    at: datetime
    author: str
    reason: str
    table: str
    id: str
    op: str
    state: str
    why: str


def standing(store: Store) -> Standing:
    """How things stand now, by what the file says."""
    account = account_of(store)
    if account is None:
        return Standing()
    kept = {k: tables.unpacked(v) for k, v in store.rows("SELECT k, v FROM sync_state WHERE k <> 'account'")}
    waiting, sending, set_aside = _counts(store)
    trouble = kept.get("trouble", "")
    tried = kept.get("last_try")
    return Standing(
        True,
        account.url,
        account.name,
        tuple(kept.get("scopes", ())),
        waiting,
        sending,
        set_aside,
        _open(store, "conflict"),
        _open(store, "double"),
        _moment(kept.get("last_success")),
        _moment(tried),
        trouble,
        None if tried is None else not trouble,
        _filling(store, kept.get("filling", 0)),
    )


def _counts(store: Store) -> tuple[int, int, int]:
    sql = (
        "SELECT sum(state = 'pending' AND given = ''), sum(state = 'pending' AND seq IS NOT NULL AND given = ''),"
        " sum(state = 'quarantined') FROM journal WHERE state IN ('pending', 'acked', 'quarantined')"
    )
    waiting, sending, set_aside = store.one(sql) or (0, 0, 0)
    return waiting or 0, sending or 0, set_aside or 0


def _open(store: Store, table: str) -> int:
    return (store.one(f"SELECT count(*) FROM [{table}] WHERE state = '待处理'") or (0,))[0]


def _moment(at: int | None) -> datetime | None:
    return None if at is None else diary.moment(at)


def _filling(store: Store, size: int) -> float | None:
    """How much of a village that is being received has come, 0 to 1; None where none is."""
    if not size:
        return None
    have = (store.one("SELECT coalesce(sum(length(content)), 0) FROM sync_part") or (0,))[0]
    return min(1.0, have / size)


def row_states(store: Store, table: str, ids: Sequence[str]) -> dict[str, str]:
    """What a list shows beside rows: pending, sending, quarantined, conflict, else synced; empty when not enrolled."""
    if account_of(store) is None:
        return dict.fromkeys(ids, "")
    found = dict.fromkeys(ids, "synced")
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        marks = ",".join("?" * len(part))
        rows = store.rows(
            "SELECT pk, state, seq IS NOT NULL FROM journal WHERE tbl = ? AND given = ''"
            f" AND state IN ('pending', 'acked', 'quarantined') AND pk IN ({marks}) ORDER BY jid",
            (table, *part),
        )
        for pk, state, sealed in rows:
            found[pk] = _worse(found[pk], _word(state, sealed=bool(sealed)))
        conflicts = f"SELECT pk FROM [conflict] WHERE state = '待处理' AND tbl = ? AND pk IN ({marks})"
        found.update({pk: "conflict" for (pk,) in store.rows(conflicts, (table, *part))})
    return found


_ORDER = ("synced", "sending", "pending", "quarantined", "conflict")


def _word(state: str, *, sealed: bool) -> str:
    if state == "quarantined":
        return "quarantined"
    return "sending" if state == "acked" or sealed else "pending"


def _worse(one: str, other: str) -> str:
    return max(one, other, key=_ORDER.index)


def waiting(store: Store, limit: int) -> list[Waiting]:
    """What the hub does not have yet, newest first."""
    rows = store.rows(
        "SELECT jid, hlc, author, reason, tbl, pk, op, state, coalesce((SELECT why FROM sync_tx WHERE id = journal.seq), '')"
        " FROM journal WHERE state IN ('pending', 'quarantined') AND given = '' ORDER BY jid DESC LIMIT ?",
        (limit,),
    )
    return [Waiting(jid, moment_of(hlc), *told) for jid, hlc, *told in rows]


def log(store: Store, limit: int) -> list[LogLine]:
    """What happened, newest first."""
    return diary.lines(store, limit) if tables.are_there(store) else []
