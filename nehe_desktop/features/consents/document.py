"""CONSENT: the form that a household signs, filled as far as the ledgers know it."""

from __future__ import annotations

from datetime import date

from nehe_desktop.core.store import Store
from nehe_desktop.documents.consent_form import ConsentForm
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.features.consents.guardians import needs_guardian
from nehe_desktop.features.consents.taking_down import DAYS, DAYS_SETTING
from nehe_desktop.features.consents.wording import KINDS, TERMS, VERSION
from nehe_desktop.features.divisions.queries import path_of
from nehe_desktop.features.households.document import head_name
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.households.queries import members_of
from nehe_desktop.features.reference.queries import setting


def consent_form(store: Store, household: Household, stamp: Stamp, day: date) -> ConsentForm:
    """The form of a household; who is under 14 on this day is named for the guardian."""
    days = setting(store, DAYS_SETTING)
    children = (each.name for each in members_of(store, household.id) if needs_guardian(each.birth, day))
    return ConsentForm(
        stamp=stamp,
        place="".join(path_of(store, household.village)[1:]) + household.hamlet,
        head=head_name(store, household),
        number=household.hh_no or household.local_no,
        children=tuple(children),
        things=tuple(KINDS.items()),
        terms=tuple(text.format(days=days.value if days else DAYS) for text in TERMS),
        version=VERSION,
    )
