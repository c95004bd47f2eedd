"""One transaction done to the rows: every change merged, what it touched numbered, its conflicts noted."""

from __future__ import annotations

from collections.abc import Mapping

from nehe_desktop.hub import attachments, findings
from nehe_desktop.hub.findings import Origin
from nehe_desktop.hub.judging import Sender
from nehe_desktop.hub.places import home_of_new, settle, settle_new
from nehe_desktop.hub.working import Working
from nehe_desktop.sync.merge import Circumstance, RowState, bounded, merged, plain
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
        key, rule = (change.t, change.k), work.rule(change.t)
        row = work.rows.get(key)
        if again and row is not None and row.salvaged >= again.get(row.scope, 0) > 0:
            continue
        before = change.s if row is None else row.scope
        if rule.attachments:
            work.named.update((name, sender.dev) for name in attachments.named(change, rule))
        outcome = merged(row, change, rule, now)
        if row is None:
            settle_new(work, key, outcome.row, home_of_new(work, change, rule))
        elif outcome.touched:
            settle(work, key, row, change.f)
        for clash in outcome.clashes:
            origin = Origin(sender.dev, sender.name, seq, said.u, stamp, said.r)
            found.append(findings.record(work, key, outcome.row, clash, origin))
        stayed = before == outcome.row.scope == change.s
        if outcome.touched and stayed and _is_as_sent(outcome.row, change):
            as_sent[at] = outcome.row.rev
            work.as_sent_in[change.s] += 1
    return found


def _is_as_sent(row: RowState, change: Change) -> bool:
    """Whether the row has every value that was sent."""
    if row.gone or change.o == "D":
        return row.gone and change.o == "D"
    return all(row.data.get(name) == plain(new) for name, (_, new) in change.f.items())


def fill(work: Working, said: Transaction) -> None:
    """Inserts rows that were shipped with the program where the hub has none of that key."""
    for change in said.c:
        key = (change.t, change.k)
        if change.o == "D" or key in work.rows:
            continue
        data = {name: new for name, (_, new) in change.f.items() if plain(new) is not None}
        row = RowState("", data=data, stamp=bounded(said.h, work.now), who=said.u, era=work.era, given=said.g)
        settle_new(work, key, row, home_of_new(work, change, work.rule(change.t)))
