"""Transactions that were set aside: an administrator sees them, and has them done or drops them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import events, reading, taking
from nehe_desktop.hub.judging import Sender
from nehe_desktop.hub.reading import Came
from nehe_desktop.hub.scopes import Held
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.hub.taking import DROPPED, QUARANTINED, Taking
from nehe_desktop.sync.protocol import COUNTY

_ANYBODY = Held((COUNTY,), everything=True)
_WAITING = (
    "SELECT t.dev, d.name, t.seq, t.chain, t.body, t.at, t.why FROM tx t"
    " LEFT JOIN device d ON d.county = t.county AND d.dev = t.dev"
    " WHERE t.county = ? AND t.state = 'quarantined' ORDER BY t.at, t.dev, t.seq"
)
_AROUND = (
    "SELECT seq, chain, body, state FROM tx WHERE county = ? AND dev = ? AND seq BETWEEN ? AND ? ORDER BY seq"
)
_RELABEL = "UPDATE tx SET state = ? WHERE county = ? AND dev = ? AND seq = ? AND state = 'quarantined'"


@dataclass(frozen=True)
class SetAside:
    """A transaction that was set aside, by the number of its last part; why is as `judging.objection` says."""

    dev: str
    name: str
    seq: int
    at: int
    why: str
    author: str
    reason: str
    tables: tuple[str, ...]


def waiting(store: HubStore, county: str) -> list[SetAside]:
    """What waits for a decision, the oldest first."""
    lines = store.read(lambda link: link.all(_WAITING, (county,)))
    found = []
    for dev, name, seq, chain, body, at, why in lines:
        said = reading.read(seq, chain, bytes(body)).said
        if said is not None and said.p[0] < said.p[1] and why != "unreadable":
            continue
        tables = tuple(dict.fromkeys(change.t for change in said.c)) if said else ()
        author, reason = (said.u, said.r) if said else ("", "")
        found.append(SetAside(dev, name or "", seq, at, why, author, reason, tables))
    return found


def accept(hub: Hub, dev: str, seq: int) -> None:
    """Has a transaction done after all, as if its laptop held every scope; raises Refused."""

    def job(link: Link) -> None:
        whole = _whole(link, hub.county, dev, seq)
        sender = Sender(dev, _name(link, hub.county, dev), _ANYBODY, accepted=True)
        work = hub.working(link)
        state, why = Taking(work, sender, whole).whole(whole)
        if state == QUARANTINED and why == "locked":
            raise Refused("这个月还锁着，请驻村办先重开这个月，再接收；这一笔会一直留着")
        if state == QUARANTINED:
            raise Refused(f"这一笔读不懂或不完整（{why}），不能接收，只能作废")
        taking.finish(work, sender)
        link.many(_RELABEL, [(state, hub.county, dev, each.seq) for each in whole])
        events.note(link, hub.county, "accepted", dev, str(seq), hub.wall())

    hub.store.write(hub.county, job)


def drop(hub: Hub, dev: str, seq: int, note: str) -> None:
    """Leaves a transaction undone for good; it stays in the log with the note. Raises Refused."""

    def job(link: Link) -> None:
        whole = _whole(link, hub.county, dev, seq)
        link.many(_RELABEL, [(DROPPED, hub.county, dev, each.seq) for each in whole])
        events.note(link, hub.county, "dropped", dev, f"{seq} {note}", hub.wall())

    hub.store.write(hub.county, job)


def _whole(link: Link, county: str, dev: str, seq: int) -> Sequence[Came]:
    """A set-aside transaction with all its parts."""
    own = [each for each in _around(link, county, dev, seq, seq) if each[1] == QUARANTINED]
    if not own:
        raise Refused("没有这一笔待处理的内容")
    said = own[0][0].said
    if said is None or said.p == (1, 1):
        return [own[0][0]]
    number, count = said.p
    parts = _around(link, county, dev, seq - number + 1, seq - number + count)
    return [each for each, state in parts if state == QUARANTINED]


def _around(link: Link, county: str, dev: str, first: int, last: int) -> list[tuple[Came, str]]:
    lines = link.all(_AROUND, (county, dev, first, last))
    return [(reading.read(seq, chain, bytes(body)), state) for seq, chain, body, state in lines]


def _name(link: Link, county: str, dev: str) -> str:
    found = link.one("SELECT name FROM device WHERE county = ? AND dev = ?", (county, dev))
    return str(found[0]) if found else ""


__all__ = ["SetAside", "accept", "drop", "waiting"]
