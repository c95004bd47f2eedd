"""The log that only grows: each entry is sealed together with the one before it on the same laptop.

The rows travel to the county like every ledger; the hub takes no change of one. An entry that is
missing, changed or doubled breaks the chain of its laptop, and `breaks` says where.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace

from nehe_desktop.core.clock import Clock
from nehe_desktop.core.database import Writing
from nehe_desktop.core.ids import new_id
from nehe_desktop.core.store import Change, Put, Receipt, Store
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.queries import chain_rows, end_of_chain
from nehe_desktop.security import chain
from nehe_desktop.security.chain import Break
from nehe_desktop.security.laptop import profile_of
from nehe_desktop.security.rights import Rights
from nehe_desktop.sync.membership import account_of


def note(
    store: Store,
    kind: str,
    *,
    tbl: str = "",
    row: str = "",
    count: int = 0,
    reason: str = "",
    detail: str = "",
    target: str = "",
    person: str | None = None,
) -> Future[Receipt]:
    """Adds an entry by who is at the keyboard; no name, number or address may stand in the words."""
    device, guard = _device(store), store.guard
    entry = AuditEntry(
        village=profile_of(store).village or None,
        device=device,
        number=1,
        at=store.clock.now(),
        person=store.author if person is None else person,
        role=guard.actor.titles[:60] if isinstance(guard, Rights) else "",
        kind=kind,
        tbl=tbl,
        row=row,
        count=count,
        reason=reason[:200],
        detail=detail[:400],
        target=target[:200],
        mark="-",
    )

    def job(writing: Writing) -> list[Change]:
        number, before = end_of_chain(writing, device)
        linked = replace(entry, number=number + 1, before=before)
        return [Put(replace(linked, mark=mark_of(linked)))]

    return store.compose(job, kind)


def mark_of(entry: AuditEntry) -> str:
    """The mark of an entry, see `security.chain`."""
    return chain.mark_of(entry.stored())


def breaks(store: Store, device: str = "") -> list[Break]:
    """Every place where the chain of a laptop (or of all) does not hold; empty is well."""
    return list(chain.breaks(chain_rows(store, device)))


def _device(store: Store) -> str:
    """The name of this laptop in the log: the county's for it, or one of its own before it joined."""
    account = account_of(store)
    if account is not None:
        return account.dev
    own = store.recall("audit_device", "")
    if not own:
        own = new_id()
        store.remember("audit_device", own).result()
    return str(own)


def is_clock_back(store: Store, clock: Clock) -> bool:
    """Whether the laptop's clock stands before the last entry of the log."""
    last = store.one("SELECT max(at) FROM audit_log")
    return bool(last and last[0] and clock.now().isoformat() < str(last[0]))


__all__ = ["Break", "breaks", "is_clock_back", "mark_of", "note"]
