"""Conflicts as rows: both values, who wrote them and which is used, in the scope of the row they are about.

The fields are those of the ledger `conflict` (features/exchange/ledger.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

import msgspec

from nehe_desktop.hub.places import CONFLICT
from nehe_desktop.hub.working import Key, Working, parts
from nehe_desktop.sync.merge import AUTO, OPEN, Clash, RowState
from nehe_desktop.sync.protocol import COUNTY

HUB = "县里"
"""The author of what the hub finds."""

_WIDTH, _NAME = 400, 60  # of fields and reason, and of names, in the ledger
_packed = msgspec.json.Encoder(order="sorted").encode
_unpacked = msgspec.json.decode


@dataclass(frozen=True)
class Origin:
    """Where a change came from: the laptop and its name, number, author, stamp and reason of the transaction."""

    dev: str
    name: str
    seq: int
    who: str
    stamp: int
    reason: str


def record(work: Working, key: Key, row: RowState, clash: Clash, origin: Origin) -> str:
    """Notes a conflict; the id of its row. A further edit in the same branch is noted in the same row."""
    found = _branch(work, key, clash, origin)
    if found is not None:
        return _continued(work, found, clash, origin)
    known = _of_row(work, key[1])
    words = (*key, ",".join(clash.fields), origin.dev, str(origin.seq))
    id = next(id for again in count() if (id := _id(origin.stamp, *words, *["again"] * again)) not in known)
    made = RowState(row.scope, key[1], data=_data(key, row.scope, clash, origin))
    made.stamp, made.who, made.era = work.now << 16, HUB, work.era
    work.keep((CONFLICT, id), made)
    known.append(id)
    return id


def _branch(work: Working, key: Key, clash: Clash, origin: Origin) -> str | None:
    """The conflict of the same laptop on the same fields whose value this change goes on from."""
    if clash.kind != "field":
        return None
    fields, before = _names(clash), dict(clash.base)
    mine = [
        (row.data.get("came_at", 0), id)
        for id in _of_row(work, key[1])
        if not (row := work.rows[CONFLICT, id]).gone
        and (row.data.get("tbl"), row.data.get("fields"), row.data.get("came_dev"))
        == (key[0], fields, origin.name[:_NAME])
    ]
    if not mine:
        return None
    id = max(mine)[1]
    last = work.rows[CONFLICT, id].data
    goes_on = last.get("used") == "stood" and last.get("state") in (AUTO, OPEN)
    return id if goes_on and _unpacked(last.get("came", "{}")) == before else None


def read_ahead(work: Working, pks: Iterable[str]) -> None:
    """Reads the conflicts about rows, a few statements for all of them."""
    wanted = [pk for pk in dict.fromkeys(pks) if pk not in work.conflicts]
    work.conflicts.update((pk, []) for pk in wanted)
    for part, marks in parts(wanted):
        for table, id in work.where(f"parent IN ({marks}) AND tbl = 'conflict'", part):
            work.conflicts[work.rows[table, id].parent].append(id)


def _of_row(work: Working, pk: str) -> list[str]:
    """The conflicts about rows of this key."""
    if pk not in work.conflicts:
        read_ahead(work, [pk])
    return work.conflicts[pk]


def _continued(work: Working, id: str, clash: Clash, origin: Origin) -> str:
    row = work.rows[CONFLICT, id]
    came = {
        "came": _text(clash.came),
        "came_by": origin.who[:_NAME],
        "came_at": origin.stamp,
        "reason": origin.reason,
    }
    row.data = {name: value for name, value in {**row.data, **came}.items() if value != ""}
    row.data.update(used=clash.used, state=clash.state)
    row.stamp, row.who, row.era = work.now << 16, HUB, work.era
    work.keep((CONFLICT, id), row)
    return id


def _data(key: Key, scope: str, clash: Clash, origin: Origin) -> dict[str, Any]:
    data = {
        "village": "" if scope == COUNTY else scope,
        "tbl": key[0],
        "pk": key[1],
        "kind": clash.kind,
        "fields": _names(clash),
        "base": _text(clash.base),
        "came": _text(clash.came),
        "stood": _text(clash.stood),
        "used": clash.used,
        "came_by": origin.who[:_NAME],
        "came_at": origin.stamp,
        "came_dev": origin.name[:_NAME],
        "stood_by": clash.stood_by[:_NAME],
        "stood_at": clash.stood_at,
        "reason": origin.reason[:_WIDTH],
        "state": clash.state,
    }
    return {name: value for name, value in data.items() if value != ""}


def _names(clash: Clash) -> str:
    """The names of the fields, as many as the ledger's column takes."""
    names = ",".join(clash.fields)
    return names if len(names) <= _WIDTH else names[:_WIDTH].rpartition(",")[0]


def _text(values: Any) -> str:
    return _packed(dict(values)).decode()


def _id(stamp: int, *words: str) -> str:
    """A name that is the same whenever the same is found, and sorts by time like those of other rows."""
    hashed = hashlib.blake2b("\x1f".join(words).encode(), digest_size=10)
    return f"{stamp >> 16:012x}{hashed.hexdigest()}"
