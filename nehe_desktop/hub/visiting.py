"""One round trip inside one transaction: what the laptop sends is taken, then it is told what is new to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from nehe_desktop.hub import contact, decisions, escrow, pull, push, snapshots
from nehe_desktop.hub.contact import Guest
from nehe_desktop.hub.judging import Sender
from nehe_desktop.hub.push import Taken
from nehe_desktop.hub.reading import Came
from nehe_desktop.hub.store import Link
from nehe_desktop.hub.working import Head, Working
from nehe_desktop.sync.proofs import receipt_hash
from nehe_desktop.sync.protocol import (
    COUNTY,
    SCHEMA,
    Ack,
    Own,
    Pull,
    Push,
    Receipt,
    Refusal,
    SyncReply,
    SyncRequest,
)
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
    """The answer to a laptop, when it had been seen before, and scopes whose file is to be made."""

    reply: SyncReply
    seen: int
    unmade: tuple[str, ...]


class Ahead(Denied):
    """A laptop was told more than the hub has: it was restored and nobody said so."""

    def __init__(self, epoch: str, last: int) -> None:
        super().__init__(409, Refusal("epoch", "县里的服务恢复过备份，还没有确认", epoch, last=last))


def visit(link: Link, office: Office, request: SyncRequest, came: Sequence[Came]) -> Visit | Denied:
    """Answers a request that brings these transactions. A refusal changes nothing."""
    county, wanted = office.county, request.pull or _NOTHING
    try:
        guest = contact.admitted(link, county, request.dev, request.epoch)
        if request.push is not None:
            push.check(link, county, guest.device, request.push, came)
    except Denied as denied:
        return denied
    device = guest.device
    known = pull.heads(link, county, guest.held)
    if any(wanted.cur.get(scope, 0) > head.hseq for scope, head in known.items()):
        return Ahead(request.epoch, device.seq)
    taken = Taken()
    if request.push is not None:
        taken, known = _take(link, office, guest, request, request.push, came, known)
    reply, unmade = _told(link, office, _without_own(request, taken.own, known), known)
    if request.push is not None:
        reply.ack = _ack(guest, request.push, came, known, taken)
    reply.receipt = _receipt(request, reply, taken)
    if request.push is not None:
        last = came[-1] if taken.fresh else device
        contact.note(link, county, request, office.now, (last.seq, last.chain), reply.receipt)
    return Visit(reply, device.seen, unmade)


def _take(
    link: Link,
    office: Office,
    guest: Guest,
    request: SyncRequest,
    sent: Push,
    came: Sequence[Came],
    known: dict[str, Head],
) -> tuple[Taken, dict[str, Head]]:
    """Does what is new; what came of it all, and the heads after it of the scopes that the laptop holds."""
    device = guest.device
    fresh = [each for each in came if each.seq > device.seq]
    told = push.remembered(link, office.county, device, sent) if len(fresh) < len(came) else []
    if not fresh:
        return Taken(told), known
    work = Working(link, office.county, office.rules, office.now, guest.present.era, known)
    sender = Sender(request.dev, device.name, guest.held, request.pull.cur if request.pull else {})
    taken = push.take(work, sender, fresh, sent.resend)
    taken.results[:0] = told
    after = work.heads()
    if request.pull is not None and request.pull.brief and not sent.resend:
        taken.own = _own(work, request.pull.cur, fresh, known)
    scopes = sorted(after) if guest.held.everything else known
    return taken, {scope: after[scope] for scope in scopes}


def _own(
    work: Working, cursors: Mapping[str, int], fresh: Sequence[Came], before: Mapping[str, Head]
) -> Own | None:
    """Rows that the laptop can make by itself, in scopes where it had read all and nothing else is new."""
    if any(each.said is not None and each.said.p != (1, 1) for each in fresh):
        return None
    scopes = [
        scope
        for scope, count in work.as_sent_in.items()
        if scope in before and cursors.get(scope, 0) == before[scope].hseq == work.head(scope) - count
    ]
    revs = [work.as_sent.get(each.seq, []) for each in fresh]
    return Own(fresh[0].seq, sorted(scopes), revs) if scopes else None


def _without_own(request: SyncRequest, own: Own | None, known: Mapping[str, Head]) -> SyncRequest:
    """The request of a laptop that has read, in some scopes, what it makes of its own changes."""
    if own is None or request.pull is None:
        return request
    cursors = {**request.pull.cur, **{scope: known[scope].hseq for scope in own.scopes}}
    return msgspec.structs.replace(request, pull=msgspec.structs.replace(request.pull, cur=cursors))


def _ack(guest: Guest, sent: Push, came: Sequence[Came], known: Mapping[str, Head], taken: Taken) -> Ack:
    chain = came[-1].chain if came else sent.prev
    heads = {scope: head.hseq for scope, head in known.items()}
    durable = guest.present.durable.get(guest.device.dev, 0)
    return Ack(sent.first + len(came) - 1, chain, heads, durable, taken.results, taken.own)


def _told(
    link: Link, office: Office, request: SyncRequest, known: Mapping[str, Head]
) -> tuple[SyncReply, tuple[str, ...]]:
    """What is new to the laptop, and scopes whose file is to be made."""
    county, wanted = office.county, request.pull or _NOTHING
    scopes = [scope for scope in known if scope != COUNTY]
    reply = SyncReply(office.now, request.epoch, [COUNTY, *scopes], SCHEMA, office.min_schema)
    reply.known = contact.given_sets(link, county)
    reply.decided = decisions.decided(link, county, request.dev, wanted.aside)
    reply.recovery = escrow.unknown_to(link, county, request.recovery)
    if wanted.limit <= 0 or request.schema < office.min_schema:
        return reply, ()
    files = snapshots.offered(link, county, snapshots.wanted(known, wanted), known)
    reply.snapshots = {scope: note for scope, note in files.items() if note is not None}
    reply.pages = pull.pages(link, county, known, _known_to(reply, wanted), files)
    return reply, tuple(scope for scope, note in files.items() if note is None)


def _known_to(reply: SyncReply, wanted: Pull) -> Pull:
    """What a laptop wants, without shipped sets that the hub does not have."""
    return msgspec.structs.replace(wanted, given=[name for name in wanted.given if name in reply.known])


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
