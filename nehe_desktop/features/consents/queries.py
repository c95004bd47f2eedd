"""Questions about consents: whether something may be shown in public, and who has not agreed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Store
from nehe_desktop.features.consents.guardians import needs_guardian
from nehe_desktop.features.consents.ledger import Consent
from nehe_desktop.features.consents.rules import counts

Rows = Callable[[str, Sequence[Any]], Sequence[tuple[Any, ...]]]
"""What answers a question: the store, or the writer's own connection."""


def consents_of(store: Store, household: str) -> list[Consent]:
    """What a household and its members agreed to, newest first."""
    return store.all(Consent, "household = ?", (household,), "signed_on DESC, id DESC")


def allowed(store: Store, kind: str, household: str, on: date, person: str = "") -> bool:
    """Whether something of a household, or of one of its members, may be shown in public on a day.

    A member's own consent counts for him alone; the family's counts for all but those under 14.
    """
    return _allowed(store.rows, kind, household, on, person)


def allowed_in(writing: Writing, kind: str, household: str, on: date, person: str = "") -> bool:
    """The same with what is stored at this moment, on the writer thread."""
    return _allowed(lambda sql, params: writing.execute(sql, params).fetchall(), kind, household, on, person)


def _allowed(rows: Rows, kind: str, household: str, on: date, person: str) -> bool:
    names = tuple(Consent.ledger.fields)
    sql = f"SELECT id, {', '.join(names)} FROM consent WHERE household = ? AND kind = ?"
    found = [Consent.loaded(id, dict(zip(names, row, strict=True))) for id, *row in rows(sql, (household, kind))]
    births = {id: _birth_of(rows, id) for id in {person, *(each.person or "" for each in found)} if id}
    valid = [each for each in found if counts(each, births.get(each.person or ""), on)]
    if any(each.person == person for each in valid if person):
        return True
    return any(each.person is None for each in valid) and not needs_guardian(births.get(person), on)


def _birth_of(rows: Rows, person: str) -> date | None:
    """The day of birth of a person, where it is known."""
    found = rows("SELECT birth FROM person WHERE id = ?", (person,))
    return date.fromisoformat(found[0][0]) if found and found[0][0] else None
