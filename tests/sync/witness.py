"""Who saw every save: tells at the end whether each value is still there, was overwritten knowingly, or is recorded."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Receipt
from nehe_desktop.sync.merge import plain
from nehe_desktop.sync.protocol import EXIT, Change, SyncReply, Transaction
from tests.sync.direct import County, Desk

Value = tuple[str, str, str, Any]
"""Table, key, field, stored value."""

MIXED = {"cause_other", "health"}
"""Fields of several choices: they merge by element, so that no value stands for itself."""


@dataclass
class Saved:
    """One save as the laptop's journal noted it, and whether it can be gone for good."""

    tx: str
    changes: list[tuple[str, str, str, dict[str, list[Any]]]]
    lost: bool = False
    fragile: bool = False

    def removed(self) -> set[str]:
        """Keys of the rows that it removed."""
        return {key for _, key, op, _ in self.changes if op == "D"}

    def values(self) -> Iterable[Value]:
        """What it set."""
        for table, key, op, patch in self.changes:
            if op != "D" and not LEDGERS[table].quiet:
                fields = {n: new for n, (old, new) in patch.items() if plain(old) != plain(new)}
                yield from (
                    (table, key, name, plain(new)) for name, new in fields.items() if name not in MIXED
                )


class Witness:
    """Sees saves, answers and numbers of one county."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.saves: dict[str, Saved] = {}
        self.disks_are_whole = True
        self._heads: dict[str, int] = {}
        self._revisions: dict[tuple[str, str], int] = {}

    def saw(self, desk: Desk, receipt: Receipt | None) -> None:
        """Notes a save."""
        if receipt is None:
            return
        sql = "SELECT tbl, pk, op, patch, scope FROM journal WHERE tx = ? ORDER BY jid"
        found = desk.store.rows(sql, (receipt.tx,))
        if found:
            held = {scope for *_, scope in found} <= set(
                self.county.held(desk.dev)
            )  # else it is cleared at once
            changes = [(t, k, op, json.loads(patch)) for t, k, op, patch, _ in found]
            self.saves[receipt.tx] = Saved(receipt.tx, changes, fragile=not held)

    # -- disks that are no more --------------------------------------------------------------------

    def loses_its_disk(self, desk: Desk, desks: Iterable[Desk]) -> None:
        """What only this disk has cannot be brought back by anybody."""
        self.disks_are_whole = False
        rest = [other for other in desks if other is not desk]
        rows = [(place, row) for other in rest for place, row in other.values().items()]
        shown = {(*place, name, value) for place, row in rows for name, value in row.items()}
        gone = {pk for other in rest for (pk,) in other.store.rows("SELECT pk FROM sync_row WHERE kind = 1")}
        for (tx,) in desk.store.rows("SELECT DISTINCT tx FROM journal WHERE state = 'pending'"):
            if tx in self.saves:
                self.saves[tx].lost = True
        for save in self.saves.values():
            save.fragile |= not (shown.issuperset(save.values()) and gone.issuperset(save.removed()))

    def lives_on(self, desks: Iterable[Desk]) -> None:
        """What some disk still has to send is not lost."""
        for desk in desks:
            for (tx,) in desk.store.rows("SELECT DISTINCT tx FROM journal WHERE state = 'pending'"):
                if tx in self.saves:
                    self.saves[tx].lost = False

    def hub_was_restored(self) -> None:
        """Numbers begin again where the backup was made."""
        self._heads, self._revisions, self.disks_are_whole = {}, {}, False

    # -- while it happens --------------------------------------------------------------------------

    def sees_only_its_own(self, dev: str, told: Any) -> None:
        """I6: every row of an answer is of a scope that the laptop holds, and lies there."""
        if not isinstance(told, SyncReply):
            return
        held = self.county.held(dev)
        assert set(told.pages) | set(told.snapshots) <= set(held)
        scope_of = {
            (t, k): s for t, k, s in self.county.rows("SELECT tbl, pk, scope FROM record WHERE county = ?")
        }
        for scope, page in told.pages.items():
            for row in page.rows:
                assert row.f == {} if row.g == EXIT else scope_of[row.t, row.k] == scope

    def numbers_go_on(self) -> None:
        """I5: heads and revisions never go back, no number is given twice or left out of the head."""
        heads = dict(self.county.rows("SELECT scope, hseq FROM head WHERE county = ?"))
        rows = self.county.rows("SELECT tbl, pk, rev, scope, hseq FROM record WHERE county = ?")
        assert all(heads.get(scope, 0) >= before for scope, before in self._heads.items())
        revisions = {(table, key): rev for table, key, rev, _, _ in rows}
        assert all(revisions.get(key, 0) >= before for key, before in self._revisions.items())
        left = self.county.rows("SELECT scope, hseq FROM departure WHERE county = ?")
        given = [(scope, hseq) for *_, scope, hseq in rows] + left
        assert len(given) == len(set(given))
        assert all(hseq <= heads[scope] for scope, hseq in given)
        self._heads, self._revisions = heads, revisions

    # -- at the end --------------------------------------------------------------------------------

    def check(self, desks: Sequence[Desk], *, restored: bool) -> None:
        """I1, I2, I4: everybody shows what the hub has, and no value went without a trace."""
        for desk in desks:
            self._shows_what_the_hub_has(desk)
        if self.disks_are_whole:
            self._pictures_are_everywhere(desks)
        kept = [save for save in self.saves.values() if not (save.lost or (restored and save.fragile))]
        self._nothing_is_lost(kept)
        self._nobody_comes_back(kept)

    def _shows_what_the_hub_has(self, desk: Desk) -> None:
        held = self.county.held(desk.dev)
        told, seen = self.county.records(held), desk.values()
        own = desk.store.rows("SELECT tbl, pk FROM journal WHERE state = 'quarantined'")
        for key in (told.keys() | seen.keys()) - set(own):
            assert seen.get(key) == told.get(key), (desk.name, desk.dev, key)
        digests = dict(self.county.rows("SELECT scope, digest FROM head WHERE county = ?"))
        for scope, digest in desk.store.rows("SELECT scope, digest FROM sync_cursor"):
            assert digest == digests.get(scope, "0" * 16), (desk.name, scope)
            assert scope in held, (desk.name, scope)

    def _pictures_are_everywhere(self, desks: Iterable[Desk]) -> None:
        there = {
            name for (name,) in self.county.rows("SELECT sha256 FROM blob WHERE county = ? AND have = size")
        }
        for desk in desks:
            here = {name for (name,) in desk.store.rows("SELECT sha256 FROM blob")}
            own = {pk for (pk,) in desk.store.rows("SELECT pk FROM journal WHERE state = 'quarantined'")}
            for (table, key), row in desk.values().items():
                if table == "visit" and row.get("photos") and key not in own:
                    assert set(json.loads(row["photos"])) <= here & there, (desk.name, key)

    def _nothing_is_lost(self, saves: Iterable[Saved]) -> None:
        accounted = self._current() | self._recorded() | self._set_aside() | self._seen_before()
        disputed = self._disputed()
        for save in saves:
            lost = [v for v in save.values() if v not in accounted and v[:2] not in disputed]
            assert not lost, ("LOST", [value[:3] for value in lost[:3]])

    def _nobody_comes_back(self, saves: Iterable[Saved]) -> None:
        """What was removed is gone, or somebody is asked, or somebody made it again."""
        made = Counter((t, k) for save in self.saves.values() for t, k, op, _ in save.changes if op == "I")
        excused = (
            {key for key, count in made.items() if count > 1} | self._disputed() | self._removals_set_aside()
        )
        removed = {(t, k) for save in saves for t, k, op, _ in save.changes if op == "D"}
        assert not removed & self.county.records().keys() - excused

    def _seen_before(self) -> set[Value]:
        """Values that somebody overwrote who had seen them."""
        changes = (change for save in self.saves.values() for change in save.changes)
        return {(t, k, name, plain(old)) for t, k, _, patch in changes for name, (old, _) in patch.items()}

    def _current(self) -> set[Value]:
        rows = self.county.rows("SELECT tbl, pk, data FROM record WHERE county = ? AND gone = 0")
        return {
            (table, key, name, value)
            for table, key, data in rows
            for name, value in {**dict.fromkeys(LEDGERS[table].fields), **msgspec.json.decode(data)}.items()
        }

    def _recorded(self) -> set[Value]:
        return {
            (row["tbl"], row["pk"], name, plain(value))
            for row in self.county.conflicts()
            for part in ("base", "came", "stood")
            for name, value in json.loads(row.get(part, "{}")).items()
        }

    def _disputed(self) -> set[tuple[str, str]]:
        kinds = ("delete_vs_edit", "edit_vs_delete", "salvage", "orphan")
        return {(row["tbl"], row["pk"]) for row in self.county.conflicts() if row["kind"] in kinds}

    def _set_aside(self) -> set[Value]:
        changes = self._changes_set_aside()
        return {(c.t, c.k, name, plain(new)) for c in changes for name, (_, new) in c.f.items()}

    def _removals_set_aside(self) -> set[tuple[str, str]]:
        return {(c.t, c.k) for c in self._changes_set_aside() if c.o == "D"}

    def _changes_set_aside(self) -> list[Change]:
        sql = "SELECT body FROM tx WHERE county = ? AND state IN ('quarantined', 'dropped')"
        bodies = [msgspec.json.decode(bytes(body), type=Transaction) for (body,) in self.county.rows(sql)]
        return [change for body in bodies for change in body.c]
