"""One round trip inside one transaction: what the laptop sends is taken, then it is told what is new to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nehe_desktop.hub import contact, pull, push, snapshots
from nehe_desktop.hub.contact import Guest
from nehe_desktop.hub.judging import Sender
from nehe_desktop.hub.push import Taken
from nehe_desktop.hub.reading import Came
from nehe_desktop.hub.store import Link
from nehe_desktop.hub.working import Head, Working
from nehe_desktop.sync.proofs import receipt_hash
from nehe_desktop.sync.protocol import COUNTY, SCHEMA, Ack, Pull, Receipt, Refusal, SyncReply, SyncRequest
from nehe_desktop.sync.rules import Rules
from nehe_desktop.sync.transport import Denied

_NOTHING = Pull(limit=0)


@dataclass(frozen=True)
class Office:
    """A county, the rules of its ledgers, the time (ms) and the oldest declarations that may still pull."""

    county: str
    rules: Rules
    now: int
    min_schema: int


@dataclass(frozen=True)
class Visit:
    """The answer to a laptop, and when it had been seen before."""

    reply: SyncReply
    seen: int


class Ahead(Denied):
    """A laptop was told more than the hub has: it was restored and nobody said so."""

    def __init__(self, epoch: str, last: int) -> None:
        super().__init__(409, Refusal("epoch", "县里的服务恢复过备份，还没有确认", epoch, last=last))


def visit(link: Link, office: Office, request: SyncRequest, came: Sequence[Came]) -> Visit | Denied:
    """Answers a request that brings these transactions. A refusal changes nothing."""
    county, wanted = office.county, request.pull or _NOTHING
    try:
        guest = contact.admitted(link, county, request.dev, request.epoch, wanted.cur)
        if request.push is not None:
            push.check(link, county, guest.device, request.push, came)
    except Denied as denied:
        return denied
    known = pull.heads(link, county, guest.held)
    if any(wanted.cur.get(scope, 0) > head.hseq for scope, head in known.items()):
        return Ahead(request.epoch, guest.device.seq)
    fresh = [each for each in came if each.seq > guest.device.seq]
    taken = Taken()
    if fresh:
        taken, known = _take(link, office, guest, request, fresh, known)
    reply = _told(link, office, request, known)
    if request.push is not None:
        chain = came[-1].chain if came else request.push.prev
        heads = {scope: head.hseq for scope, head in known.items()}
        durable = guest.present.durable.get(request.dev, 0)
        reply.ack = Ack(request.push.first + len(came) - 1, chain, heads, durable, taken.results)
    reply.receipt = _receipt(request, reply, taken)
    if request.push is not None:
        at = (fresh[-1].seq, fresh[-1].chain) if fresh else (guest.device.seq, guest.device.chain)
        contact.note(link, county, request, office.now, at, reply.receipt)
    return Visit(reply, guest.device.seen)


def _take(
    link: Link,
    office: Office,
    guest: Guest,
    request: SyncRequest,
    fresh: Sequence[Came],
    known: Mapping[str, Head],
) -> tuple[Taken, dict[str, Head]]:
    """Does new transactions; what came of them, and the heads after them of the scopes that the laptop holds."""
    work = Working(link, office.county, office.rules, office.now, guest.present.era, known)
    cursors = request.pull.cur if request.pull else {}
    sender = Sender(request.dev, guest.device.name, guest.held, cursors)
    taken = push.take(work, sender, fresh, request.push.resend if request.push else {})
    after = work.heads()
    scopes = sorted(after) if guest.held.everything else known
    return taken, {scope: after[scope] for scope in scopes}


def _told(link: Link, office: Office, request: SyncRequest, known: Mapping[str, Head]) -> SyncReply:
    """What is new to the laptop."""
    county, wanted = office.county, request.pull or _NOTHING
    scopes = [scope for scope in known if scope != COUNTY]
    reply = SyncReply(office.now, request.epoch, [COUNTY, *scopes], SCHEMA, office.min_schema)
    reply.known = contact.given_sets(link, county)
    if wanted.limit > 0 and request.schema >= office.min_schema:
        files = snapshots.offered(link, county, snapshots.wanted(known, wanted), known)
        reply.snapshots = {scope: note for scope, note in files.items() if note is not None}
        reply.pages = pull.pages(link, county, known, wanted, files)
    return reply


def _receipt(request: SyncRequest, reply: SyncReply, taken: Taken) -> Receipt:
    cursors = dict(request.pull.cur) if request.pull else {}
    cursors.update((scope, page.cur) for scope, page in reply.pages.items())
    kinds = [result.k for result in taken.results]
    return Receipt(
        sent=len(request.push.txs) if request.push else 0,
        taken=taken.fresh,
        conflicts=kinds.count("conflict"),
        set_aside=kinds.count("quarantined"),
        came=sum(len(page.rows) for page in reply.pages.values()),
        hash=receipt_hash(request.dev, reply.ack, {s: at for s, at in cursors.items() if s in reply.scopes}),
    )
