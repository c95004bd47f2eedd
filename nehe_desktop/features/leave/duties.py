"""What of the leaves is to be done today by who is at the keyboard."""

from __future__ import annotations

from typing import NamedTuple

from nehe_desktop.core.deciding import same_person
from nehe_desktop.core.store import Store
from nehe_desktop.features.leave import acts
from nehe_desktop.features.leave.ledger import RETURN, Leave
from nehe_desktop.features.leave.queries import Case, cases
from nehe_desktop.features.leave.rules import CHANGED, DUE, OVERDUE, REFUSED


class Duties(NamedTuple):
    """Leaves that wait for his word, returns that he confirms, whose time is over, his own to see to."""

    words: tuple[Case, ...] = ()
    returns: tuple[Case, ...] = ()
    overdue: tuple[Case, ...] = ()
    own: tuple[Case, ...] = ()


def duties(store: Store) -> Duties:
    """The leaves that somebody has to do with today; nothing where he may not see them."""
    if not store.guard.may("read", Leave.ledger.table):
        return Duties()
    found = cases(store, "submitted = 1 AND coalesce(withdrawn, 0) = 0")
    steps = {case.leave.id: acts.my_steps(store, case) for case in found if case.state != REFUSED}
    mine = [case for case in found if same_person(case.who.name, store.author)]
    return Duties(
        tuple(c for c in found if any(step != RETURN for step in steps.get(c.leave.id, ()))),
        tuple(c for c in found if c.state == DUE and RETURN in steps.get(c.leave.id, ())),
        tuple(c for c in found if c.state == OVERDUE),
        tuple(
            c for c in mine if c.state in (REFUSED, CHANGED) or (c.state == DUE and not c.leave.returned_on)
        ),
    )
