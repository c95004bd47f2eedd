"""When a consent counts (domain §1.9, §11.3 (6), (7); PIPL arts. 14, 15, 31)."""

from __future__ import annotations

from datetime import date

from nehe_desktop.features.consents.guardians import needs_guardian
from nehe_desktop.features.consents.ledger import GUARDIAN, Consent


def counts(consent: Consent, birth: date | None, on: date) -> bool:
    """Whether a consent holds on a day: signed by who may, with the signed sheet kept, not taken back."""
    if not consent.scan or consent.signed_on > on:
        return False
    if consent.withdrawn_on is not None and consent.withdrawn_on <= on:
        return False
    return consent.signer == GUARDIAN or not needs_guardian(birth, consent.signed_on)
