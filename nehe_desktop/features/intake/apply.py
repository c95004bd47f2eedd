"""A plan carried out: one transaction, one step back, one line in the list of imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from itertools import groupby, islice
from typing import Any

from nehe_desktop.core.store import Change, Put, Receipt, Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.households.numbering import with_codes
from nehe_desktop.features.intake import queries
from nehe_desktop.features.intake.plan import CREATE, Plan
from nehe_desktop.spreadsheets.headers import plain
from nehe_desktop.spreadsheets.sheets import Cancelled, Progress, Stopped, breathe

LOG = "intake.log"
_VILLAGES = "intake.villages"
_KEPT = 200  # imports that the list shows
_STEP = 400


def submit_plan(
    store: Store, plan: Plan, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Future[Receipt]:
    """Stores the plan on the writer thread; stopping or a failure leaves no trace. May raise Invalid, Trouble."""
    return store.submit(
        with_codes(store, _changes(store, plan, progress, cancelled)), f"导入 {plan.workbook.path.name}"
    )


def apply_plan(
    store: Store, plan: Plan, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Receipt:
    """`submit_plan`, waited for and noted; not for the window's thread."""
    receipt = submit_plan(store, plan, progress, cancelled).result()
    note_import(store, plan, receipt)
    return receipt


def _changes(
    store: Store, plan: Plan, progress: Progress | None, cancelled: Cancelled | None
) -> Iterator[Change]:
    """New records, then the changed fields put into what is stored at this moment."""
    total = len(plan.new) + len(plan.updates)
    for done, fresh in enumerate(plan.new):
        _look(done, total, progress, cancelled)
        yield Put(fresh.record())
    done = len(plan.new)
    for cls, group in groupby(plan.updates, key=lambda update: update.cls):
        updates = iter(group)
        while part := list(islice(updates, _STEP)):
            _look(done, total, progress, cancelled, at_once=True)
            present = queries.by_id(store, cls, [update.id for update in part])
            yield from (Put(replace(present[u.id], **u.values)) for u in part if u.id in present)
            done += len(part)
    if progress:
        progress(total, total)


def _look(
    done: int, total: int, progress: Progress | None, cancelled: Cancelled | None, *, at_once: bool = False
) -> None:
    if done % _STEP and not at_once:
        return
    if cancelled and cancelled():
        raise Stopped
    breathe()
    if progress:
        progress(done, total)


def note_import(store: Store, plan: Plan, receipt: Receipt) -> None:
    """Notes what file was imported when, what came of it and which step takes it back."""
    entry = {
        "file": plan.workbook.path.name,
        "sha256": plan.sha256,
        "at": store.clock.now().isoformat(timespec="seconds"),
        "author": store.author,
        "rows": dict(plan.rows),
        "households": dict(plan.households),
        "people": dict(plan.people),
        "tx": receipt.tx,
    }
    store.remember(LOG, [entry, *imports(store)][:_KEPT]).result()
    table = next(iter(sorted(receipt.tables)), "") if len(receipt.tables) == 1 else "household"
    count = receipt.inserted + receipt.updated
    words = f"新增 {receipt.inserted} 条，更改 {receipt.updated} 条，步骤 {receipt.tx}"
    audit.note(store, "导入", tbl=table, count=count, detail=words, target=plan.sha256[:16]).result()


def imports(store: Store) -> list[dict[str, Any]]:
    """The imports of this laptop, newest first."""
    return list(store.recall(LOG, []))


def imported_before(store: Store, plan: Plan) -> dict[str, Any] | None:
    """The earlier import of the very same file, if it was not taken back."""
    return next((e for e in imports(store) if e["sha256"] == plan.sha256 and not e.get("undone")), None)


def undo_import(store: Store, tx: str) -> Receipt:
    """Takes an import back as one step; what was changed since stays. Raises Trouble."""
    receipt = store.undo(tx)
    entries = [{**entry, "undone": True} if entry["tx"] == tx else entry for entry in imports(store)]
    store.remember(LOG, entries).result()
    gone = receipt.inserted + receipt.updated + receipt.removed
    audit.note(store, "导入", count=gone, detail=f"撤销导入，步骤 {tx}").result()
    return receipt


def learn(store: Store, name: str, chosen: dict[str, str]) -> None:
    """Remembers what foreign columns mean; `name` is MEMORY of the kind of import."""
    known = store.recall(name, {})
    store.remember(name, {**known, **{plain(heading): key for heading, key in chosen.items()}}).result()


def learn_villages(store: Store, chosen: Mapping[tuple[str, str], str]) -> None:
    """Remembers which village (id) a list means by a township and a name."""
    known = {f"{town}/{village}": id for (town, village), id in chosen.items() if id != CREATE}
    store.remember(_VILLAGES, {**store.recall(_VILLAGES, {}), **known}).result()


def known_villages(store: Store) -> dict[tuple[str, str], str]:
    """What `learn_villages` remembered."""
    pairs = ((name.partition("/"), id) for name, id in store.recall(_VILLAGES, {}).items())
    return {(town, village): id for (town, _, village), id in pairs}
