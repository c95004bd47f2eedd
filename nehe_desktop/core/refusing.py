"""What the rows themselves forbid, whoever writes: deciding one's own matter, and changing a locked period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from nehe_desktop.core.database import Writing
from nehe_desktop.core.deciding import HANDS, Look, Values, is_closed, is_own_matter
from nehe_desktop.core.errors import Invalid, Problem
from nehe_desktop.core.journal import Entry
from nehe_desktop.core.record import LEDGERS, Ledger, Record, apart_of


def look_in(database: Writing) -> Look:
    """Rows of this laptop by ledger and id, each read once."""
    seen: dict[tuple[str, str], Mapping[str, Any] | None] = {}

    def look(table: str, id: str) -> Values | None:
        if (table, id) not in seen:
            names = list(LEDGERS[table].fields)
            columns = ", ".join(f"[{name}]" for name in names)
            row = database.conn.execute(f"SELECT {columns} FROM [{table}] WHERE id = ?", (id,)).fetchone()
            seen[table, id] = dict(zip(names, row, strict=True)) if row else None
            if row and LEDGERS[table].own:
                seen[table, id] = {**dict(zip(names, row, strict=True)), HANDS: _hands(database, table, id)}
        return seen[table, id]

    return look


def _hands(database: Writing, table: str, id: str) -> str:
    sql = "SELECT DISTINCT author FROM journal WHERE tbl = ? AND pk = ?"
    return "、".join(row[0] for row in database.conn.execute(sql, (table, id)))


def before_and_after(entry: Entry, look: Look) -> tuple[Values, Values]:
    """A row as it was and as it will be; what is not there yet, or no more, has no values."""
    old = {} if entry.op == "I" else dict(look(entry.table, entry.id) or {})
    new = {} if entry.op == "D" else {**old, **{name: after for name, (_, after) in entry.patch.items()}}
    return old, new


def refuse(ledger: Ledger, entries: Sequence[Entry], look: Look) -> None:
    """Raises Invalid where somebody decides his own matter, or a period that is locked would change."""
    apart, closing = apart_of(ledger) if ledger.apart else None, ledger.closing
    for entry in entries if apart or closing else ():
        old, new = before_and_after(entry, look)
        if apart and entry.op == "I" and is_own_matter(apart, new, look):
            title = LEDGERS[ledger.approves or ledger.table].title
            raise Invalid([Problem(apart.by, f"{new[apart.by]}自己的{title}，要由另一个人审批")])
        if closing and is_closed(closing, look, *(each for each in (old, new) if each)):
            name = closing.of[-1].partition(":")[0]
            raise Invalid([Problem(name, f"这个月的{ledger.title}已经锁定，要改先请锁定的人重开并写明理由")])


def refuse_belated(ledger: Ledger, entries: Sequence[Entry], look: Look, at: datetime) -> None:
    """Raises Invalid where somebody writes at a time what a row may not say at that time."""
    if ledger.cls.belated.__func__ is Record.belated.__func__:
        return
    for entry in entries:
        old, new = before_and_after(entry, look)
        if new and (problem := ledger.cls.belated(old, new, at)):
            raise Invalid([problem])
