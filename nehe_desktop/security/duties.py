"""Separation of duties (domain §11.2): who made a row does not confirm or approve it."""

from __future__ import annotations

from nehe_desktop.core.deciding import same_person
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store

_MAKER = "SELECT author FROM journal WHERE tbl = ? AND pk = ? AND op = 'I' ORDER BY jid LIMIT 1"


def maker_of(store: Store, table: str, row: str) -> str:
    """Who made a row, by the journal of this laptop; empty where it came before anybody noted it."""
    found = store.one(_MAKER, (table, row))
    return str(found[0]) if found else ""


def require_other(store: Store, table: str, row: str, *also: str) -> None:
    """Raises Refused where who is at the keyboard made the row, or is one of those whom it is about (`also`).

    The store's guard is asked first whether he may approve rows of the ledger at all.
    """
    store.guard.require("approve", table)
    title = LEDGERS[table].title if table in LEDGERS else table
    if same_person(store.author, maker_of(store, table, row)):
        raise Refused(f"这条{title}是{store.author}自己登记的，要由另一个人审批")
    if any(same_person(store.author, name) for name in also):
        raise Refused(f"这条{title}是{store.author}自己的，要由另一个人审批")
