"""What custody asks of the store: the accounts of a name, his posting, the end of the log's chain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from nehe_desktop.core.database import Writing
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.security.anchor import Tail
from nehe_desktop.security.chain import SEALED
from nehe_desktop.security.laptop import COUNTY as OF_COUNTY
from nehe_desktop.security.laptop import profile_of
from nehe_desktop.sync import tables
from nehe_desktop.sync.membership import account_of
from nehe_desktop.sync.protocol import COUNTY

_PART = 5000

OWN_NAME = "audit_device"
"""The setting with the name that a laptop has in its log before the county gives it one."""


def accounts_of(store: Store, name: str) -> list[tuple[str, str | None, str, str | None, str | None]]:
    """Role, village, staff number, since and until (ISO days) of each account of a name."""
    sql = "SELECT role, village, staff_no, since, until FROM account WHERE name = ?"
    return store.rows(sql, (name,))  # type: ignore[return-value]


def with_villages(store: Store, divisions: Iterable[str]) -> frozenset[str]:
    """Divisions with the villages of those that are townships."""
    known = list(divisions)
    marks = ",".join("?" * len(known))
    sql = f"SELECT id FROM division WHERE level = 'village' AND parent IN ({marks})"
    return frozenset([*known, *(row[0] for row in store.rows(sql, tuple(known)))])


def places_held(store: Store) -> list[str]:
    """The villages and townships that the county gave this laptop; empty before it joined."""
    held = tables.kept(store, "scopes", []) if tables.are_there(store) else []
    return [scope for scope in held if scope != COUNTY]


def town_of(store: Store) -> str:
    """The township whose laptop this is, as it was told or as the county gave it; empty for any other."""
    told = profile_of(store)
    if told.village or told.office == OF_COUNTY:
        return ""
    held = [told.office] if told.office else places_held(store)
    marks = ",".join("?" * len(held))
    found = store.one(f"SELECT id FROM division WHERE level = 'town' AND id IN ({marks})", tuple(held))
    return str(found[0]) if found else ""


def has_accounts(store: Store, roles: Sequence[str]) -> bool:
    """Whether anybody has been given one of these roles for the whole county yet."""
    marks = ",".join("?" * len(roles))
    sql = f"SELECT 1 FROM account WHERE village IS NULL AND role IN ({marks}) LIMIT 1"
    return store.one(sql, tuple(roles)) is not None


def postings_of(store: Store, name: str, village: str) -> list[tuple[str, str, str | None, str]]:
    """Role, since, until (ISO days) and staff number of each posting of a name in a village's teams."""
    sql = (
        "SELECT p.role, p.since, p.until, m.staff_no FROM posting p JOIN member m ON m.id = p.member"
        " JOIN team t ON t.id = p.team WHERE m.name = ? AND t.village = ?"
    )
    return store.rows(sql, (name, village))  # type: ignore[return-value]


def end_of_chain(writing: Writing, device: str) -> tuple[int, str]:
    """Number and mark of the last entry of a laptop, asked inside a transaction; 0 and no mark where it has none."""
    sql = "SELECT number, mark FROM audit_log WHERE device = ? ORDER BY number DESC LIMIT 1"
    found = writing.execute(sql, (device,)).fetchone()
    return found or (0, "")


def tail_of(store: Store, device: str) -> Tail:
    """The last entry of a laptop as it is on the disk; number 0 where it has none."""
    sql = "SELECT number, mark FROM audit_log WHERE device = ? ORDER BY number DESC LIMIT 1"
    return Tail(*(store.one(sql, (device,)) or (0, "")))


def mark_at(store: Store, device: str, number: int) -> str | None:
    """The mark of an entry of a laptop; None where there is no such entry."""
    found = store.one("SELECT mark FROM audit_log WHERE device = ? AND number = ?", (device, number))
    return str(found[0]) if found else None


def is_empty(store: Store) -> bool:
    """Whether the log has no entry at all."""
    return store.one("SELECT 1 FROM audit_log LIMIT 1") is None


def device_of(store: Store) -> str:
    """The name of this laptop in the log: the county's for it, or one of its own before it joined; empty before both."""
    account = account_of(store)
    return account.dev if account is not None else str(store.recall(OWN_NAME, ""))


def chain_rows(store: Store, device: str = "") -> Iterator[dict[str, Any]]:
    """Every sealed field of the log with its mark, by laptop and number; read in parts, so that none is too long."""
    names = (*SEALED, "mark")
    listed = ", ".join(f"[{name}]" for name in names)
    where = "(device, number, id) > (?, ?, ?)" + (" AND device = ?" if device else "")
    sql = f"SELECT id, {listed} FROM audit_log WHERE {where} ORDER BY device, number, id LIMIT {_PART}"
    after: tuple[Any, ...] = ("", 0, "")
    while part := store.rows(sql, (*after, device) if device else after):
        yield from (dict(zip(names, row[1:], strict=True)) for row in part)
        id, of, number, *_ = part[-1]
        after = (of, number, id)


class RowChange(NamedTuple):
    """A change of a row in the journal: its number there, the step, the ledger, the row, what was done and by whom."""

    number: int
    tx: str
    table: str
    row: str
    op: str
    author: str
    undone: bool
    patch: Mapping[str, tuple[Any, Any]]


def row_changes(writing: Writing, after: int, tables: Sequence[str]) -> list[RowChange]:
    """What was done on this laptop to rows of some ledgers since a number of the journal."""
    sql = (
        "SELECT jid, tx, tbl, pk, op, author, undoes IS NOT NULL, patch FROM journal"
        f" WHERE tbl IN ({','.join('?' * len(tables))}) AND +jid > ? AND state <> 'came' AND given = '' ORDER BY jid"
    )
    found = writing.execute(sql, (*tables, after)).fetchall()
    return [RowChange(*row[:6], bool(row[6]), json.loads(row[7])) for row in found]


def rows_now(writing: Writing, table: str, row: str) -> dict[str, Any]:
    """The declared fields of a row as they are stored now; nothing where it is gone."""
    names = tuple(LEDGERS[table].fields)
    sql = f"SELECT {', '.join(f'[{name}]' for name in names)} FROM [{table}] WHERE id = ?"
    found = writing.execute(sql, (row,)).fetchone()
    return dict(zip(names, found, strict=True)) if found else {}


def ends_of(store: Store, name: str) -> str:
    """The last day (ISO) of the accounts of a name; empty where he has none, or one without an end."""
    ends = [until for *_, until in accounts_of(store, name)]
    return max((end for end in ends if end), default="") if all(ends) else ""
