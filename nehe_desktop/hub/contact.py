"""A laptop at the door: whether it may come in, and what is noted of its visit."""

from __future__ import annotations

import json
from dataclasses import dataclass

from nehe_desktop.hub import devices, epochs, events, scopes
from nehe_desktop.hub.epochs import Present
from nehe_desktop.hub.scopes import Held
from nehe_desktop.hub.store import Line, Link
from nehe_desktop.sync.protocol import Receipt, Refusal, SyncRequest
from nehe_desktop.sync.transport import Denied

WRONG_CLOCK = 10 * 60 * 1000
"""How far a laptop's clock may be off (ms) before an administrator is told."""

_SEEN = 60_000  # ms after which a visit that brought nothing is noted again
_DEVICE = "SELECT dev, name, sign_key, seq, chain, seen, state FROM device WHERE county = ? AND dev = ?"
_TOUCH = "UPDATE device SET seq = ?, chain = ?, seen = ?, app = ?, schema_no = ?, skew = ? WHERE county = ? AND dev = ?"
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


@dataclass(frozen=True)
class Guest:
    """A laptop that may work, what it holds, and how the hub stands."""

    device: Standing
    held: Held
    present: Present


def welcome(link: Link, county: str, dev: str) -> Standing:
    """The laptop, if it may work; raises Denied for an unknown, revoked or replaced one."""
    found = link.one(_DEVICE, (county, dev))
    if found is not None and found[-1] == devices.REVOKED:
        raise devices.revoked(link, county, dev)
    return _standing(found)


def admitted(link: Link, county: str, dev: str, epoch: str) -> Guest:
    """The laptop with what it holds; raises Denied, also for one that comes from another life of the hub.

    A revoked laptop is told so before all else; a stranger from an earlier life is told of the restore,
    which may have forgotten it. The lineage names only villages that the laptop has or had.
    """
    held, present = scopes.held(link, county, dev), epochs.present(link, county)
    found = link.one(_DEVICE, (county, dev))
    if found is not None and found[-1] == devices.REVOKED:
        raise devices.revoked(link, county, dev)
    if epoch != present.epoch or present.is_behind:
        away = epoch != present.epoch
        lineage = epochs.lineage(link, county, epoch, {*held.scopes, *held.lost}) if away else []
        last = int(found[3]) if found else 0
        raise Denied(409, Refusal("epoch", "县里的服务恢复过备份", present.epoch, lineage, last))
    return Guest(_standing(found), held, present)


def note(
    link: Link, county: str, request: SyncRequest, now: int, at: tuple[int, str], receipt: Receipt | None
) -> None:
    """Notes a visit: the last transaction and chain, when, with which program, how wrong the clock was, the receipt."""
    skew = request.now - now
    wrong = skew if abs(skew) > WRONG_CLOCK else 0
    about = (request.app[:40].replace("\0", ""), _bounded(request.schema), _bounded(wrong))
    link.run(_TOUCH, (*at, now, *about, county, request.dev))
    if wrong:
        events.note(link, county, "clock", request.dev, "", now)
    if receipt is not None:
        counts = json.dumps([receipt.sent, receipt.taken, receipt.conflicts, receipt.set_aside, receipt.came])
        link.run(_RECEIPT, (county, request.dev, now, receipt.hash, counts))


def is_notable(now: int, seen: int, receipt: Receipt | None) -> bool:
    """Whether a visit that brought no transactions is noted: rows were told, or the last note is older than a minute."""
    return bool(receipt and receipt.came) or abs(now - seen) > _SEEN


def note_reading(link: Link, county: str, request: SyncRequest, now: int, receipt: Receipt | None) -> None:
    """Notes a visit that brought no transactions."""
    device = welcome(link, county, request.dev)
    note(
        link, county, request, now, (device.seq, device.chain), receipt if receipt and receipt.came else None
    )


def given_sets(link: Link, county: str) -> list[str]:
    """The shipped sets that the hub has."""
    return [
        row[0] for row in link.all("SELECT name FROM given_set WHERE county = ? ORDER BY name", (county,))
    ]


def _standing(found: Line | None) -> Standing:
    if found is None:
        raise devices.unknown()
    standing = Standing(*found[:-1])
    if found[-1] == devices.REPLACED:
        raise Denied(409, Refusal("fork", "另一台电脑也在用这个名字", last=standing.seq))
    return standing


def _bounded(number: int) -> int:
    return max(-(2**62), min(2**62, number))
