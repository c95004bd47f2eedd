"""One transaction done to the rows: every change merged, what it touched numbered, its conflicts noted."""

from __future__ import annotations

from collections.abc import Mapping

from nehe_desktop.hub import attachments, findings
from nehe_desktop.hub.findings import Origin
from nehe_desktop.hub.judging import Sender
from nehe_desktop.hub.places import home_of_new, settle, settle_new
from nehe_desktop.hub.working import Working
from nehe_desktop.sync.merge import Circumstance, Outcome, RowState, bounded, merged, plain
from nehe_desktop.sync.protocol import Change, Transaction

NO_HEADS: Mapping[str, int] = {}
"""What a transaction that is not sent again was acknowledged at."""


def do(
    work: Working, sender: Sender, seq: int, said: Transaction, again: Mapping[str, int] = NO_HEADS
) -> list[str]:
    """Merges the changes of a transaction; the ids of the conflicts that came of it.

    `again` are the heads at which an earlier life of the hub had acknowledged it: what a salvaged row
    contains already is left as it is.
    """
    stamp = bounded(said.h, work.now)
    now = Circumstance(stamp, said.u, 0 if again else work.era)
    found: list[str] = []
    as_sent = work.as_sent[seq] = [0] * len(said.c)
    for at, change in enumerate(said.c):
        row, rule = work.rows.get((change.t, change.k)), work.rule(change.t)
        if rule.attachments:
            named = attachments.named(change, rule)
            work.named.update((name, sender.dev, (change.t, change.k)) for name in named)
        if again and row is not None and row.salvaged >= again.get(row.scope, 0) > 0:
            continue
        before = None if row is None else row.scope
        outcome = _merge(work, change, row, now)
        for clash in outcome.clashes:
            origin = Origin(sender.dev, sender.name, seq, said.u, stamp, said.r)
            found.append(findings.record(work, (change.t, change.k), outcome.row, clash, origin))
        if outcome.touched and _is_as_sent(outcome.row, change, before):
            as_sent[at] = outcome.row.rev
            work.as_sent_in[change.s] += 1
    return found


def _merge(work: Working, change: Change, row: RowState | None, now: Circumstance) -> Outcome:
    key, rule = (change.t, change.k), work.rule(change.t)
    outcome = merged(row, change, rule, now)
    if row is None:
        settle_new(work, key, outcome.row, home_of_new(work, change, rule))
    elif outcome.touched:
        settle(work, key, row, change.f)
    return outcome


def _is_as_sent(row: RowState, change: Change, before: str | None) -> bool:
    """Whether the row is in the place and has every value that was sent; `before` is where it was, if anywhere."""
    if row.scope != change.s or before not in (None, change.s):
        return False
    if row.gone or change.o == "D":
        return row.gone and change.o == "D"
    made = before is None and change.o == "I"  # then there is nothing else in it
    return made or all(row.data.get(name) == plain(new) for name, (_, new) in change.f.items())


def fill(work: Working, said: Transaction) -> None:
    """Inserts rows that were shipped with the program where the hub has none of that key."""
    for change in said.c:
        key = (change.t, change.k)
        if change.o == "D" or key in work.rows:
            continue
        data = {name: new for name, (_, new) in change.f.items() if plain(new) is not None}
        row = RowState("", data=data, stamp=bounded(said.h, work.now), who=said.u, era=work.era, given=said.g)
        settle_new(work, key, row, home_of_new(work, change, work.rule(change.t)))
