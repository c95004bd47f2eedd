"""The way back from a copy: the hub begins a new life, and forgets nobody that it let in or turned away since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.hub import backups, dump, epochs, escrow, witness
from nehe_desktop.hub.backups import Proof
from nehe_desktop.hub.devices import introduce
from nehe_desktop.hub.dump import DECLARED
from nehe_desktop.hub.folder import HubFolder
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.hub.witness import Seen
from nehe_desktop.security.large import drop
from nehe_desktop.sync.protocol import START, Fork

_ADMINISTERED = ("device", "scope_grant", "factor", "invitation")
_SEQ, _CHAIN = (DECLARED["device"].columns.index(name) for name in ("seq", "chain"))


@dataclass(frozen=True)
class Restored:
    """What a restore did: the new epoch, how many rows, and where what was there before lies now."""

    epoch: str
    rows: int
    before: Path | None


@dataclass(frozen=True)
class _Since:
    """What the database that is replaced knows and a copy may not: laptops, grants, codes, epochs, its heads."""

    rows: dict[str, list[list[Any]]]
    lives: list[Fork]
    seen: Seen


def tried(folder: HubFolder, path: Path, code: str) -> tuple[Proof, str]:
    """What a copy holds, read to its end, and the key that opens it; raises Refused."""
    head = backups.head_of(path)
    if not folder.is_new and folder.settings().county != head.county:
        raise Refused(f"这是 {head.county} 的备份，不是本县的")
    key = backups.key_of(head, folder, code)
    return backups.prove(path, key), key


def restore(folder: HubFolder, path: Path, code: str, now: datetime) -> Restored:
    """Puts a copy in the place of the hub's database and begins a new epoch. Nobody else may use it meanwhile."""
    proof, key = tried(folder, path, code)
    county = proof.head.county
    if folder.is_new or folder.keys().seal != key:
        folder.put_papers(proof.papers)
    folder.certify(folder.settings().hosts, now)
    since, before = _before(folder, county, now)
    with _replaced(folder, now) as (store, aside):
        rows = store.write(county, lambda link: _loaded(link, county, path, key))
        if since is not None:
            store.write(county, lambda link: _carry_over(link, county, since))
            epochs.remember(store, county, since.lives, int(now.timestamp() * 1000))
        epoch = begin_anew(store, folder, county, now)
    return Restored(epoch, rows, before or aside)


def begin_anew(store: HubStore, folder: HubFolder, county: str, now: datetime) -> str:
    """A new epoch for a database that was restored; who was revoked stays so. The epoch's name."""
    introduce(store, county, folder.keys())
    recovery = folder.with_recovery_keys(int(now.timestamp() * 1000))
    escrow.introduce(store, county, folder.keys(), recovery)
    witness.keep_revoked(store, folder, county)
    epoch = epochs.new_epoch(store, county, int(now.timestamp() * 1000))
    witness.note(store, folder, county)
    return epoch


def _before(folder: HubFolder, county: str, now: datetime) -> tuple[_Since | None, Path | None]:
    """What the present database knows, and a copy of it where it is not a file that is put aside."""
    if folder.is_embedded and not folder.database.exists():
        return None, None
    try:
        store = folder.open()
    except Trouble:
        if folder.is_embedded:
            return None, None  # what cannot be read is put aside as it is
        raise
    try:
        copy = None if folder.is_embedded else backups.make(store, folder, folder.backups, now)
        return store.read(lambda link: _known(link, county)), copy
    finally:
        store.close()


def _known(link: Link, county: str) -> _Since:
    rows = {name: list(dump.rows_of(link, county, DECLARED[name])) for name in _ADMINISTERED}
    lives = list(epochs.forks(link, county).values())
    return _Since(rows, lives, witness.look(link, county))


@contextmanager
def _replaced(folder: HubFolder, now: datetime) -> Iterator[tuple[HubStore, Path | None]]:
    """A store to fill: the PostgreSQL, or a fresh file that takes the old one's place when all went well."""
    if not folder.is_embedded:
        store = folder.open()
        try:
            yield store, None
        finally:
            store.close()
        return
    made, present = folder.path / "hub.restoring", folder.database
    aside = folder.path / f"换下-{now:%Y%m%d-%H%M%S}.nhdb" if present.exists() else None
    drop(made)
    store = folder.open(str(made))
    try:
        yield store, aside
    except BaseException:
        store.close()
        drop(made)
        raise
    store.close()
    for tail in ("-wal", "-shm", "") if aside else ():
        if (old := present.with_name(present.name + tail)).exists():
            old.replace(aside.with_name(aside.name + tail) if aside else old)
    made.replace(present)


def _loaded(link: Link, county: str, path: Path, key: str) -> int:
    with backups.opened(path, key) as (_, rows):
        return dump.load(link, county, rows)["record"]


def _carry_over(link: Link, county: str, since: _Since) -> None:
    """Laptops that were let in since the copy are known again, revoked ones stay out, used codes stay used."""
    later = _is_later(since, witness.look(link, county))
    for name in _ADMINISTERED:
        table = DECLARED[name]
        rows = [_begun_anew(row) for row in since.rows[name]] if name == "device" else since.rows[name]
        link.many(f"{table.insert} ON CONFLICT DO NOTHING", rows)
        if later and name != "device":
            link.many(table.put, rows)
    if later:
        at = [DECLARED["device"].columns.index(name) for name in ("state", "name", "county", "dev")]
        sql = "UPDATE device SET state = ?, name = ? WHERE county = ? AND dev = ?"
        link.many(sql, [[row[each] for each in at] for row in since.rows["device"]])


def _is_later(since: _Since, copied: Seen) -> bool:
    """Whether the replaced database had gone on from the copy, and was not itself an older or another one."""
    if copied.epoch not in {fork.epoch for fork in since.lives}:
        return False
    return since.seen.epoch != copied.epoch or all(
        since.seen.heads.get(scope, 0) >= head for scope, head in copied.heads.items()
    )


def _begun_anew(row: list[Any]) -> list[Any]:
    """A laptop of which the copy has nothing."""
    fresh = list(row)
    fresh[_SEQ], fresh[_CHAIN] = 0, START
    return fresh
