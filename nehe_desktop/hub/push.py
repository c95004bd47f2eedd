"""What a laptop sends: whole transactions in their order, each taken once, by number and chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from nehe_desktop.hub import adopting, attachments, doubles, findings, reading
from nehe_desktop.hub.contact import Standing
from nehe_desktop.hub.doing import NO_HEADS, do, fill
from nehe_desktop.hub.judging import Sender, objection
from nehe_desktop.hub.reading import Came
from nehe_desktop.hub.store import Link
from nehe_desktop.hub.working import Working, parts
from nehe_desktop.sync.keys import is_signed
from nehe_desktop.sync.merge import plain
from nehe_desktop.sync.proofs import signed_words
from nehe_desktop.sync.protocol import START, Change, Push, Refusal, Result, Transaction
from nehe_desktop.sync.transport import Denied

APPLIED, WAITING, DROPPED = "applied", "waiting", "dropped"
QUARANTINED: Final = "quarantined"
AGAIN: Final = "again"
"""What became of a transaction."""

GIVEN = "given"
"""Why a shipped set is not taken again."""

_LOG = (
    "INSERT INTO tx (county, dev, seq, chain, mark, body, at, state, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_LAST = 2**62  # a number beyond this is no transaction's
_RELABEL = "UPDATE tx SET state = ?, why = ? WHERE county = ? AND dev = ? AND seq = ?"


@dataclass
class Taken:
    """What came of the transactions of one request: results, states and reasons by number, how many were new."""

    results: list[Result] = field(default_factory=list)
    states: dict[int, tuple[str, str]] = field(default_factory=dict)
    fresh: int = 0


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


def _known_chain(link: Link, county: str, device: Standing, push: Push) -> dict[int, str]:
    """The chain as the hub has it from the transaction before the first that was sent."""
    known = {0: START, device.seq: device.chain}
    before = push.first - 1
    if before < device.seq:
        sql = "SELECT seq, chain FROM tx WHERE county = ? AND dev = ? AND seq BETWEEN ? AND ?"
        known.update(link.all(sql, (county, device.dev, before, before + len(push.txs))))
    return known


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
    taken = Taken(fresh=len(came))
    waiting = _waiting(work, sender, came)
    _read_ahead(work, [each.said for each in (*waiting, *came) if each.said])
    done = _done_before(work, came)
    given = _given_sets(work, came)
    line = [*waiting, *came]
    for at, each in enumerate(came, len(waiting)):
        whole = _whole(line, at)
        if whole is None and each.said is not None:
            state = (AGAIN, GIVEN) if each.said.g in given else (WAITING, "")
            taken.states[each.seq] = state
            continue
        heads = resend.get(str(each.seq), NO_HEADS)
        state = _take(work, sender, whole or [each], done, given, heads, taken)
        for part in whole or [each]:
            taken.states[part.seq] = state
        if state[0] == QUARANTINED:
            taken.results += [Result(part.seq, "quarantined", state[1]) for part in whole or [each]]
    _log(work, sender, came, taken.states)
    finish(work)
    return taken


def take_again(work: Working, sender: Sender, whole: Sequence[Came]) -> tuple[str, str]:
    """Does a transaction that was set aside, all parts of it; its state and why."""
    _read_ahead(work, [each.said for each in whole if each.said])
    state = _take(work, sender, whole, _done_before(work, whole), _given_sets(work, whole), NO_HEADS, Taken())
    finish(work)
    return state


def _take(
    work: Working,
    sender: Sender,
    whole: Sequence[Came],
    done: set[str],
    given: set[str],
    heads: Mapping[str, int],
    taken: Taken,
) -> tuple[str, str]:
    """Does one transaction, of which all parts are there; its state and why."""
    last = whole[-1]
    if last.said and last.said.g in given:
        return AGAIN, GIVEN
    said = _joined(whole)
    if said is None:
        return QUARANTINED, "unreadable"
    if last.mark in done:
        taken.results.append(Result(last.seq, "again"))
        return AGAIN, ""
    why = objection(work, sender, said)
    if why:
        return QUARANTINED, why
    if said.g:
        fill(work, said)
        given.add(said.g)
        work.link.run("INSERT INTO given_set (county, name) VALUES (?, ?)", (work.county, said.g))
    else:
        conflicts = do(work, sender, last.seq, said, heads)
        taken.results += [Result(last.seq, "conflict", id=id) for id in conflicts]
    done.add(last.mark)
    return APPLIED, ""


def finish(work: Working) -> None:
    """Looks at what the changed rows bring with them, and writes everything."""
    adopting.adopt(work)
    attachments.note(work)
    doubles.settle(work)
    work.flush()


def _joined(whole: Sequence[Came]) -> Transaction | None:
    """The transaction of all its parts; None where a part cannot be read or is missing."""
    if len(whole) == 1 and whole[0].said and whole[0].said.p == (1, 1):
        return whole[0].said
    said = [each.said for each in whole if each.said is not None]
    count = said[-1].p[1] if said else 0
    if len(said) != len(whole) or [each.p for each in said] != [(at, count) for at in range(1, count + 1)]:
        return None
    first = said[0]
    return Transaction(first.h, first.u, first.r, [change for each in said for change in each.c], first.g)


def _whole(line: Sequence[Came], at: int) -> Sequence[Came] | None:
    """The transaction of which this is the last part, with the parts before it; None where more must come."""
    said = line[at].said
    if said is None or said.p == (1, 1):
        return [line[at]]
    number, count = said.p
    return line[max(0, at + 1 - count) : at + 1] if number == count else None


def _waiting(work: Working, sender: Sender, came: Sequence[Came]) -> list[Came]:
    """Parts that came earlier and wait for these."""
    first = came[0].said if came else None
    if first is None or first.p[0] == 1:
        return []
    sql = (
        "SELECT seq, chain, body FROM tx WHERE county = ? AND dev = ? AND state = 'waiting'"
        " AND seq >= ? AND seq < ? ORDER BY seq"
    )
    start = came[0].seq
    rows = work.link.all(sql, (work.county, sender.dev, start + 1 - first.p[0], start))
    return [reading.read(seq, chain, bytes(body)) for seq, chain, body in rows]


def _read_ahead(work: Working, said: Sequence[Transaction]) -> None:
    """Reads the rows that transactions touch, and the scopes of what new ones belong to."""
    work.load((change.t, change.k) for each in said for change in each.c)
    parents = []
    for change in (change for each in said for change in each.c):
        rule = work.rule(change.t)
        if rule.parent and rule.via in change.f and change.f[rule.via][1]:
            parents.append((rule.parent, str(change.f[rule.via][1])))
    work.look_up(parents)
    findings.read_ahead(work, (change.k for each in said for change in each.c if _may_clash(work, change)))


def _may_clash(work: Working, change: Change) -> bool:
    """Whether the hub has other values than the laptop saw, so that a conflict is likely."""
    row = work.rows.get((change.t, change.k))
    if row is None:
        return False
    data = row.data
    return any(data.get(name) not in (plain(old), plain(new)) for name, (old, new) in change.f.items())


def _done_before(work: Working, came: Sequence[Came]) -> set[str]:
    """Marks of those transactions that were done before, under whatever name."""
    found: set[str] = set()
    for part, marks in parts([each.mark for each in came]):
        sql = f"SELECT mark, state FROM tx WHERE county = ? AND mark IN ({marks})"
        lines = work.link.all(sql, (work.county, *part))
        found.update(mark for mark, state in lines if state == APPLIED)
    return found


def _given_sets(work: Working, came: Sequence[Came]) -> set[str]:
    """The shipped sets that the hub has; not asked where none was sent."""
    if not any(each.said and each.said.g for each in came):
        return set()
    return {row[0] for row in work.link.all("SELECT name FROM given_set WHERE county = ?", (work.county,))}


def _log(work: Working, sender: Sender, came: Sequence[Came], states: Mapping[int, tuple[str, str]]) -> None:
    county, dev, now = work.county, sender.dev, work.now
    work.link.many(_LOG, [(county, dev, c.seq, c.chain, c.mark, c.body, now, *states[c.seq]) for c in came])
    first = came[0].seq if came else 0
    earlier = [(*state, work.county, sender.dev, seq) for seq, state in states.items() if seq < first]
    if earlier:
        work.link.many(_RELABEL, earlier)
