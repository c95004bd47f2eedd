"""The log that only grows: each entry is sealed together with the one before it on the same laptop.

The rows travel to the county like every ledger; the hub takes no change of one. An entry that is
missing, changed or doubled breaks the chain of its laptop, and `breaks` says where.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from typing import TypedDict, Unpack

from nehe_desktop.core import local
from nehe_desktop.core.database import Writing
from nehe_desktop.core.ids import new_id
from nehe_desktop.core.store import Change, Put, Receipt, Store
from nehe_desktop.features.custody import anchoring
from nehe_desktop.features.custody.anchoring import Anchoring
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.queries import (
    OWN_NAME,
    chain_rows,
    device_of,
    end_of_chain,
    places_held,
    town_of,
)
from nehe_desktop.security import chain
from nehe_desktop.security.anchor import Tail
from nehe_desktop.security.chain import Break
from nehe_desktop.security.laptop import COUNTY, profile_of
from nehe_desktop.security.rights import Rights
from nehe_desktop.sync import diary
from nehe_desktop.sync.membership import account_of
from nehe_desktop.sync.protocol import OFFICE

_SEEN = "audit_sync"


class Told(TypedDict, total=False):
    """What an entry says beside its kind; `person` is who is at the keyboard where it is not said."""

    tbl: str
    row: str
    count: int
    reason: str
    detail: str
    target: str
    person: str | None


def note(store: Store, kind: str, **told: Unpack[Told]) -> Future[Receipt]:
    """Adds an entry by who is at the keyboard; no name, number or address may stand in the words.

    Waits for nothing, so that also the window and the writer thread may call it.
    """
    entry = _entry(store, kind, **told)
    return store.compose(lambda writing: linked(store, writing, [entry]), kind)


def _entry(
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
) -> AuditEntry:
    """An entry that is not linked yet."""
    guard = store.guard
    return AuditEntry(
        device="-",
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


def follow(
    store: Store, future: Future[Receipt], kind: str, *, tbl: str = "", row: str = "", count: int = 0, detail: str = ""
) -> Future[Receipt]:
    """The same work, done only when the entry for it is stored too."""
    both: Future[Receipt] = Future()
    both.set_running_or_notify_cancel()

    def noted(receipt: Receipt, entry: Future[Receipt]) -> None:
        error = entry.exception()
        both.set_exception(error) if error else both.set_result(receipt)

    def done(work: Future[Receipt]) -> None:
        if work.cancelled() or work.exception():
            both.set_exception(work.exception() if not work.cancelled() else CancelledError())
            return
        entry = note(store, kind, tbl=tbl, row=row, count=count, detail=detail)
        entry.add_done_callback(lambda ended: noted(work.result(), ended))

    future.add_done_callback(done)
    return both


def restored(store: Store, target: str) -> None:
    """Notes that the file was put back to an earlier copy: the chain goes on behind the entries that this dropped."""
    lost, entry = anchoring.dropped(store), _entry(store, "恢复", target=target)
    words = f"比原来的日志少 {lost} 条：在备份以后记的，传到县里的县里有" if lost else ""
    told = replace(entry, count=lost, detail=words)
    store.compose(lambda writing: linked(store, writing, [told], anew=True), "恢复").result()
    anchoring.keep(store, device_of(store), alone=True)


def catch_up(store: Store) -> Future[Receipt]:
    """Enters what the sync noted by itself, such as a new name of this laptop; waits for nothing."""
    return store.compose(lambda writing: linked(store, writing, []), "同步设备")


def linked(store: Store, writing: Writing, entries: Sequence[AuditEntry], *, anew: bool = False) -> list[Change]:
    """The entries as the next ones of this laptop's chain, behind what the sync noted by itself; on the writer thread.

    An anchor that is lost is told first, unless a restore begins it `anew`.
    """
    entries = [*_of_sync(store, writing), *entries]
    if not entries:
        return []
    here = anchoring.anchor_of(store)
    if not anew and anchoring.is_lost(store, here):
        entries = [_entry(store, "恢复", detail=anchoring.LOST), *entries]
    store.listen(Anchoring(store))
    anchoring.prepare(store, writing, here)
    device, village = _device(store, writing), _village(store)
    number, before = anchoring.goes_on_behind(store, here, device, Tail(*end_of_chain(writing, device)))
    found: list[Change] = []
    for entry in entries:
        number += 1
        plain = replace(entry, device=device, village=village, number=number, before=before)
        before = mark_of(plain)
        found.append(Put(replace(plain, mark=before)))
    return found


def _of_sync(store: Store, writing: Writing) -> list[AuditEntry]:
    """What the sync noted since the last entry: nobody did it at the keyboard."""
    found = diary.traced_after(writing, int(store.recall(_SEEN, 0)))
    if found:
        local.put(writing, "setting", _SEEN, found[-1][0], store.clock.now())
    entry = _entry(store, "同步设备", person="")
    return [replace(entry, id=new_id(), at=at, role="", detail=sentence) for _, at, sentence in found]


def mark_of(entry: AuditEntry) -> str:
    """The mark of an entry, see `security.chain`."""
    return chain.mark_of(entry.stored())


def breaks(store: Store, device: str = "") -> list[Break]:
    """Every place where the chain of a laptop (or of all) does not hold; empty is well."""
    found = [*chain.breaks(chain_rows(store, device)), *anchoring.cut_off(store, anchoring.anchor_of(store))]
    return [each for each in found if device in ("", each.device)]


def _village(store: Store) -> str | None:
    """The village or township whose log this is; None for the county's, or for several villages: then the office's."""
    told, held = profile_of(store), places_held(store)
    if told.office == COUNTY or OFFICE in held:  # only the county's own laptops hold it
        return None
    own = told.village or town_of(store)
    if own and (own in held or account_of(store) is None):
        return own
    return held[0] if len(held) == 1 else None


def _device(store: Store, writing: Writing) -> str:
    """`device_of`, on the writer thread, which makes it up where there is none."""
    device = device_of(store)
    if not device:
        device = new_id()
        local.put(writing, "setting", OWN_NAME, device, store.clock.now())
    return device


__all__ = ["Break", "breaks", "device_of", "follow", "linked", "mark_of", "note", "restored"]
