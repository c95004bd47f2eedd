"""One round trip inside one transaction: what the laptop sends is taken, then it is told what is new to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nehe_desktop.hub import contact, epochs, pull, push, reading, scopes, snapshots
from nehe_desktop.hub.contact import Standing
from nehe_desktop.hub.judging import Sender
from nehe_desktop.hub.pull import Head
from nehe_desktop.hub.push import Taken
from nehe_desktop.hub.scopes import Held
from nehe_desktop.hub.store import Link
from nehe_desktop.hub.working import Working
from nehe_desktop.sync.proofs import receipt_hash
from nehe_desktop.sync.protocol import SCHEMA, Ack, Pull, Push, Receipt, Refusal, SyncReply, SyncRequest
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


def visit(link: Link, office: Office, request: SyncRequest, chain: Sequence[str]) -> Visit | Denied:
    """Answers a request; `chain` is the chain after each of its transactions. A refusal changes nothing."""
    wanted = request.pull or _NOTHING
    try:
        device, held = contact.admitted(link, office.county, request.dev, request.epoch, wanted.cur)
        if request.push is not None:
            push.check(link, office.county, device, request.push, chain)
    except Denied as denied:
        return denied
    known = pull.heads(link, office.county, held)
    if contact.is_ahead({scope: head.hseq for scope, head in known.items()}, wanted.cur):
        return Denied(
            409, Refusal("epoch", "县里的服务恢复过备份，还没有确认", request.epoch, last=device.seq)
        )
    taken = Taken()
    if request.push is not None and chain:
        taken = _take(link, office, device, held, request.push, wanted, chain)
        held = scopes.held(link, office.county, device.dev) if held.everything else held
        known = pull.heads(link, office.county, held)
    return Visit(_told(link, office, request, held, known, taken, chain), device.seen)


def _take(
    link: Link, office: Office, device: Standing, held: Held, sent: Push, wanted: Pull, chain: Sequence[str]
) -> Taken:
    fresh = reading.came(sent, chain, device.seq)
    if not fresh:
        return Taken()
    work = Working(link, office.county, office.rules, office.now, epochs.era(link, office.county))
    sender = Sender(device.dev, device.name, held, wanted.cur)
    taken = push.take(work, sender, fresh, sent.resend)
    contact.went_on(link, office.county, device.dev, fresh[-1].seq, fresh[-1].chain)
    return taken


def _told(
    link: Link,
    office: Office,
    request: SyncRequest,
    held: Held,
    known: dict[str, Head],
    taken: Taken,
    chain: Sequence[str],
) -> SyncReply:
    county, wanted = office.county, request.pull or _NOTHING
    reply = SyncReply(office.now, request.epoch, list(held.scopes), SCHEMA, office.min_schema)
    reply.known = contact.given_sets(link, county)
    if request.push is not None:
        reply.ack = _ack(link, county, request.dev, request.push, chain, known, taken)
    if wanted.limit > 0 and request.schema >= office.min_schema:
        files = snapshots.offered(link, county, snapshots.wanted(known, wanted, reply.known), known)
        reply.snapshots = {scope: note for scope, note in files.items() if note is not None}
        reply.pages = pull.pages(link, county, known, wanted, files)
    reply.receipt = _receipt(request, reply, taken)
    if request.push is not None:
        contact.note(link, county, request, office.now, reply.receipt)
    return reply


def _ack(
    link: Link, county: str, dev: str, sent: Push, chain: Sequence[str], known: dict[str, Head], taken: Taken
) -> Ack:
    heads = {scope: head.hseq for scope, head in known.items()}
    last = sent.first + len(chain) - 1
    durable = contact.durable(link, county, dev)
    return Ack(last, chain[-1] if chain else sent.prev, heads, durable, taken.results)


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
