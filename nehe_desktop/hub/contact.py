"""A laptop at the door: whether it may come in, and what is noted of its visit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from nehe_desktop.hub import devices, epochs, events, scopes
from nehe_desktop.hub.scopes import Held
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.sync.protocol import Receipt, Refusal, SyncRequest
from nehe_desktop.sync.transport import Denied

WRONG_CLOCK = 10 * 60 * 1000
"""How far a laptop's clock may be off (ms) before an administrator is told."""

_SEEN = 60_000  # ms after which a visit that brought nothing is noted again
_DEVICE = "SELECT dev, name, sign_key, seq, chain, seen, state FROM device WHERE county = ? AND dev = ?"
_TOUCH = "UPDATE device SET seen = ?, app = ?, schema_no = ?, skew = ? WHERE county = ? AND dev = ?"
_TAKEN = "UPDATE device SET seq = ?, chain = ? WHERE county = ? AND dev = ?"
_RECEIPT = "INSERT INTO receipt (county, dev, at, hash, words) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"


@dataclass(frozen=True)
class Standing:
    """Where the hub is with a laptop: its name for people, its key, the last transaction and the chain there."""

    dev: str
    name: str
    sign_key: str
    seq: int
    chain: str
    seen: int


def welcome(link: Link, county: str, dev: str) -> Standing:
    """The laptop, if it may work; raises Denied for an unknown, revoked or replaced one."""
    found = link.one(_DEVICE, (county, dev))
    if found is None:
        raise devices.unknown()
    standing = Standing(*found[:-1])
    if found[-1] == devices.REVOKED:
        raise devices.revoked(link, county, dev)
    if found[-1] == devices.REPLACED:
        raise Denied(409, Refusal("fork", "另一台电脑也在用这个名字", last=standing.seq))
    return standing


def admitted(
    link: Link, county: str, dev: str, epoch: str, cursors: Mapping[str, int]
) -> tuple[Standing, Held]:
    """The laptop and what it holds; raises Denied, also for one that comes from another life of the hub.

    A revoked laptop is told so before all else; a stranger from an earlier life is told of the restore,
    which may have forgotten it.
    """
    held = scopes.held(link, county, dev)
    found = link.one(_DEVICE, (county, dev))
    if found is not None and found[-1] == devices.REVOKED:
        raise devices.revoked(link, county, dev)
    present = epochs.current(link, county)
    if epoch != present or epochs.is_behind(link, county):
        lineage = epochs.lineage(link, county, epoch, {*held.scopes, *cursors}) if epoch != present else []
        last = int(found[3]) if found else 0
        raise Denied(409, Refusal("epoch", "县里的服务恢复过备份", present, lineage, last))
    return welcome(link, county, dev), held


def is_ahead(heads: Mapping[str, int], cursors: Mapping[str, int]) -> bool:
    """Whether a laptop was told more than the hub has: it was restored and nobody said so."""
    return any(cursors.get(scope, 0) > head for scope, head in heads.items())


def went_on(link: Link, county: str, dev: str, seq: int, chain: str) -> None:
    """Notes the last transaction that was taken."""
    link.run(_TAKEN, (seq, chain, county, dev))


def note(link: Link, county: str, request: SyncRequest, now: int, receipt: Receipt | None) -> None:
    """Notes a visit: when, with which program, how wrong the clock was, and the receipt."""
    skew = request.now - now
    wrong = skew if abs(skew) > WRONG_CLOCK else 0
    link.run(_TOUCH, (now, request.app[:40], _bounded(request.schema), _bounded(wrong), county, request.dev))
    if wrong:
        events.note(link, county, "clock", request.dev, "", now)
    if receipt is not None:
        counts = json.dumps([receipt.sent, receipt.taken, receipt.conflicts, receipt.set_aside, receipt.came])
        link.run(_RECEIPT, (county, request.dev, now, receipt.hash, counts))


def note_later(
    store: HubStore, county: str, request: SyncRequest, now: int, seen: int, receipt: Receipt | None
) -> None:
    """Notes a visit that brought no transactions, where rows were told or the last note is older than a minute."""
    told = receipt if receipt is not None and receipt.came else None
    if told is not None or abs(now - seen) > _SEEN:
        store.write(county, lambda link: note(link, county, request, now, told))


def given_sets(link: Link, county: str) -> list[str]:
    """The shipped sets that the hub has."""
    return [
        row[0] for row in link.all("SELECT name FROM given_set WHERE county = ? ORDER BY name", (county,))
    ]


def durable(link: Link, county: str, dev: str) -> int:
    """The last transaction of a laptop that lies in a backup."""
    found = link.one("SELECT v FROM meta WHERE county = ? AND k = 'durable'", (county,))
    return int(json.loads(found[0]).get(dev, 0)) if found else 0


def _bounded(number: int) -> int:
    return max(-(2**62), min(2**62, number))
