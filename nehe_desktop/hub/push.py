"""What a laptop sends: it must go on where the hub is with this laptop, and is taken once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nehe_desktop.hub import taking
from nehe_desktop.hub.contact import Standing
from nehe_desktop.hub.doing import NO_HEADS
from nehe_desktop.hub.judging import Sender
from nehe_desktop.hub.reading import Came
from nehe_desktop.hub.store import Link
from nehe_desktop.hub.taking import AGAIN, DROPPED, GIVEN, QUARANTINED, State, Taking
from nehe_desktop.hub.working import Working
from nehe_desktop.sync.keys import is_signed
from nehe_desktop.sync.proofs import signed_words
from nehe_desktop.sync.protocol import START, Own, Push, Refusal, Result
from nehe_desktop.sync.transport import Denied

_LOG = (
    "INSERT INTO tx (county, dev, seq, chain, mark, body, at, state, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_LAST = 2**62  # a number beyond this is no transaction's
_RELABEL = "UPDATE tx SET state = ?, why = ? WHERE county = ? AND dev = ? AND seq = ?"


@dataclass
class Taken:
    """What came of the transactions of one request, how many were new, and rows that need not be sent back."""

    results: list[Result] = field(default_factory=list)
    fresh: int = 0
    own: Own | None = None


def check(link: Link, county: str, device: Standing, push: Push, came: Sequence[Came]) -> None:
    """Whether a push goes on where the hub is with this laptop; raises Denied for what does not."""
    if not 1 <= push.first <= _LAST:
        raise Denied(400, Refusal("unreadable", "请求读不懂"))
    chain = [push.prev, *(each.chain for each in came)]
    words = signed_words(county, device.dev, push.first, len(came), chain[-1])
    if not is_signed(device.sign_key, push.sig, words):
        raise Denied(403, Refusal("signature", "这台电脑的签名不对"))
    if push.first > device.seq + 1:
        raise Denied(409, Refusal("gap", "前面还缺没有送到的内容", last=device.seq))
    known = _known_chain(link, county, device, push)
    if any(known.get(seq, each) != each for seq, each in enumerate(chain, push.first - 1)):
        raise Denied(409, Refusal("fork", "另一台电脑也在用这个名字", last=device.seq))


def remembered(link: Link, county: str, device: Standing, push: Push) -> list[Result]:
    """What had come of transactions that are sent again because the answer was lost."""
    sql = "SELECT seq, state, why FROM tx WHERE county = ? AND dev = ? AND seq BETWEEN ? AND ?"
    lines = link.all(sql, (county, device.dev, push.first, push.first + len(push.txs) - 1))
    aside = [Result(seq, QUARANTINED, why) for seq, state, why in lines if state in (QUARANTINED, DROPPED)]
    return aside + [Result(seq, AGAIN) for seq, state, why in lines if state == AGAIN and why != GIVEN]


def take(
    work: Working, sender: Sender, came: Sequence[Came], resend: Mapping[str, Mapping[str, int]]
) -> Taken:
    """Does new transactions in their order and logs each; nothing is written before the end."""
    line = [*taking.waiting(work, sender.dev, came[0]), *came]
    course = Taking(work, sender, line)
    for at, each in enumerate(came, len(line) - len(came)):
        whole = taking.gathered(line, at)
        if whole is None:
            course.part(each)
        else:
            course.whole(whole, resend.get(str(each.seq), NO_HEADS))
    _log(work, sender, came, course.states)
    taking.finish(work, sender)
    return Taken(course.results, len(came))


def _known_chain(link: Link, county: str, device: Standing, push: Push) -> dict[int, str]:
    """The chain as the hub has it from the transaction before the first that was sent."""
    known = {0: START, device.seq: device.chain}
    before = push.first - 1
    if before < device.seq:
        sql = "SELECT seq, chain FROM tx WHERE county = ? AND dev = ? AND seq BETWEEN ? AND ?"
        known.update(link.all(sql, (county, device.dev, before, before + len(push.txs))))
    return known


def _log(work: Working, sender: Sender, came: Sequence[Came], states: Mapping[int, State]) -> None:
    county, dev, now = work.county, sender.dev, work.now
    work.link.many(_LOG, [(county, dev, c.seq, c.chain, c.mark, c.body, now, *states[c.seq]) for c in came])
    earlier = [(*state, county, dev, seq) for seq, state in states.items() if seq < came[0].seq]
    work.link.many(_RELABEL, earlier)
