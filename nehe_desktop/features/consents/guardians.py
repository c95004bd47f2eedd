"""Who cannot consent for himself yet (PIPL art. 31, domain §1.9)."""

from __future__ import annotations

from datetime import date

from nehe_desktop.core.database import Writing
from nehe_desktop.core.identity import age_on

OF_AGE = 14
"""From this age on somebody consents for himself; a parent or guardian does for younger ones."""


def needs_guardian(birth: date | None, signed_on: date) -> bool:
    """Whether a guardian has to sign for somebody on that day."""
    return birth is not None and age_on(birth, signed_on) < OF_AGE


def birth_in(database: Writing, person: str | None) -> date | None:
    """The day of birth of a person as it is stored now, where it is known."""
    row = database.execute("SELECT birth FROM person WHERE id = ?", [person]).fetchone() if person else None
    return date.fromisoformat(row[0]) if row and row[0] else None
