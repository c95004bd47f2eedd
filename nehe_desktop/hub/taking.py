"""Transactions done in their order, each whole: its parts together, shipped rows apart, what may not be done aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from nehe_desktop.core.given import name_of
from nehe_desktop.hub import adopting, attachments, doubles, findings, reading
from nehe_desktop.hub.doing import NO_HEADS, do, fill
from nehe_desktop.hub.judging import Sender, objection
from nehe_desktop.hub.reading import Came
from nehe_desktop.hub.working import Working, parts
from nehe_desktop.sync.merge import plain
from nehe_desktop.sync.protocol import Change, Result, Transaction

APPLIED, WAITING, DROPPED = "applied", "waiting", "dropped"
QUARANTINED: Final = "quarantined"
AGAIN: Final = "again"
"""What became of a transaction."""

GIVEN = "given"
"""Why a shipped set is not taken again."""

State = tuple[str, str]
"""What became of a transaction, and why."""


class Taking:
    """The transactions of one laptop while they are done: results, states by number, what was done before."""

    def __init__(self, work: Working, sender: Sender, came: Sequence[Came]) -> None:
        self.work, self.sender = work, sender
        self.results: list[Result] = []
        self.states: dict[int, State] = {}
        _read_ahead(work, [each.said for each in came if each.said])
        self._done = _done_before(work, came)
        self._given = _given_sets(work, came)

    def part(self, each: Came) -> None:
        """Notes a part whose rest has not come; of a shipped set that is there nothing is awaited."""
        known = each.said is not None and each.said.g in self._given
        self.states[each.seq] = (AGAIN, GIVEN) if known else (WAITING, "")

    def whole(self, came: Sequence[Came], heads: Mapping[str, int] = NO_HEADS) -> State:
        """Does one transaction of which all parts are there; `heads` if it is sent again after a restore."""
        state = self._whole(came, heads)
        for each in came:
            self.states[each.seq] = state
            if state[0] == QUARANTINED:
                self.results.append(Result(each.seq, QUARANTINED, state[1]))
        return state

    def _whole(self, came: Sequence[Came], heads: Mapping[str, int]) -> State:
        last = came[-1]
        if last.said and last.said.g in self._given:
            return AGAIN, GIVEN
        said = _joined(came)
        if said is None:
            return QUARANTINED, "unreadable"
        if last.mark in self._done:
            self.results.append(Result(last.seq, AGAIN))
            return AGAIN, ""
        if said.g and said.g != _name_of(said):
            return QUARANTINED, "unreadable"
        why = objection(self.work, self.sender, said)
        if why:
            return QUARANTINED, why
        self._do(last, said, heads)
        self._done.add(last.mark)
        return APPLIED, ""

    def _do(self, last: Came, said: Transaction, heads: Mapping[str, int]) -> None:
        work = self.work
        if not said.g:
            conflicts = do(work, self.sender, last.seq, said, heads)
            self.results += [Result(last.seq, "conflict", id=id) for id in conflicts]
            return
        fill(work, said)
        self._given.add(said.g)
        work.link.run("INSERT INTO given_set (county, name) VALUES (?, ?)", (work.county, said.g))


def finish(work: Working, sender: Sender) -> None:
    """Looks at what the changed rows bring with them, and writes everything."""
    adopting.adopt(work)
    attachments.note(work, sender)
    doubles.settle(work)
    work.flush()


def waiting(work: Working, dev: str, first: Came) -> list[Came]:
    """Parts that came earlier and wait for this one."""
    if first.said is None or first.said.p[0] == 1:
        return []
    sql = (
        "SELECT seq, chain, body FROM tx WHERE county = ? AND dev = ? AND state = 'waiting'"
        " AND seq >= ? AND seq < ? ORDER BY seq"
    )
    rows = work.link.all(sql, (work.county, dev, first.seq + 1 - first.said.p[0], first.seq))
    return [reading.read(seq, chain, bytes(body)) for seq, chain, body in rows]


def gathered(line: Sequence[Came], at: int) -> Sequence[Came] | None:
    """The transaction of which this is the last part, with the parts before it; None where more must come."""
    said = line[at].said
    if said is None or said.p == (1, 1):
        return [line[at]]
    number, count = said.p
    return line[max(0, at + 1 - count) : at + 1] if number == count else None


def _joined(came: Sequence[Came]) -> Transaction | None:
    """The transaction of all its parts; None where a part cannot be read or is missing."""
    first = came[0].said
    if len(came) == 1 and first and first.p == (1, 1):
        return first
    said = [each.said for each in came if each.said is not None]
    count = said[-1].p[1] if said else 0
    if len(said) != len(came) or [each.p for each in said] != [(at, count) for at in range(1, count + 1)]:
        return None
    changes = [change for each in said for change in each.c]
    return Transaction(said[0].h, said[0].u, said[0].r, changes, said[0].g)


def _name_of(said: Transaction) -> str:
    """The name that a shipped set has by what is in it."""
    return name_of((each.t, each.k, {name: new for name, (_, new) in each.f.items()}) for each in said.c)


def _read_ahead(work: Working, said: Sequence[Transaction]) -> None:
    """Reads the rows that transactions touch, the scopes of what new ones belong to, and conflicts to go on with."""
    changes = [change for each in said for change in each.c]
    work.load((change.t, change.k) for change in changes)
    work.look_up(_parents(work, changes))
    findings.read_ahead(work, (change.k for change in changes if _may_clash(work, change)))


def _parents(work: Working, changes: Iterable[Change]) -> Iterable[tuple[str, str]]:
    for change in changes:
        rule = work.rule(change.t)
        if rule.parent and rule.via in change.f and change.f[rule.via][1]:
            yield rule.parent, str(change.f[rule.via][1])


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
