"""Questions about consents: whether something may be shown in public, and who has not agreed."""

from __future__ import annotations

from datetime import date

from nehe_desktop.core.store import Store
from nehe_desktop.features.consents.guardians import needs_guardian
from nehe_desktop.features.consents.ledger import Consent
from nehe_desktop.features.consents.rules import counts
from nehe_desktop.features.households.ledger import Person


def consents_of(store: Store, household: str) -> list[Consent]:
    """What a household and its members agreed to, newest first."""
    return store.all(Consent, "household = ?", (household,), "signed_on DESC, id DESC")


def allowed(store: Store, kind: str, household: str, on: date, person: str = "") -> bool:
    """Whether something of a household, or of one of its members, may be shown in public on a day.

    A member's own consent counts for him alone; the family's counts for all but those under 14.
    """
    found = store.all(Consent, "household = ? AND kind = ?", (household, kind))
    births = {id: birth_of(store, id) for id in {person, *(each.person or "" for each in found)} if id}
    valid = [each for each in found if counts(each, births.get(each.person or ""), on)]
    if any(each.person == person for each in valid if person):
        return True
    return any(each.person is None for each in valid) and not needs_guardian(births.get(person), on)


def birth_of(store: Store, person: str) -> date | None:
    """The day of birth of a person, where it is known."""
    found = store.find(Person, person)
    return found.birth if found else None
