"""Who somebody is by the ledgers: his roles from his accounts, else from his posting in this laptop's team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody.queries import (
    accounts_of,
    has_accounts,
    postings_of,
    town_of,
    with_villages,
)
from nehe_desktop.security.laptop import Laptop, profile_of
from nehe_desktop.security.rights import COUNTY_ROLES, Actor, Rights

_OF_TEAM = ("R1", "R2")
_LEADING = ("队长", "第一书记", "队长兼第一书记")
_COUNTY_BEGINS = frozenset({"R7", "R8", "R12"})
"""What the first person of a county's laptop is, until the county gives somebody a role."""


class Ended(Refused):
    """Somebody whose time on this laptop is over; `last` is his last day, empty where it has not begun yet."""

    def __init__(self, sentence: str, last: str = "") -> None:
        super().__init__(sentence)
        self.last = last


def actor_of(store: Store, name: str) -> Actor:
    """The roles of a name today; raises Refused for one whose time is over.

    The accounts tell first, then the postings in the team of this laptop's village. Who is in neither
    set the laptop up: he leads in a village, is a township's man on a township's laptop, and does everything
    on a county's laptop before the county has given a role to anybody.
    """
    today, village = store.clock.today(), profile_of(store).village
    postings = postings_of(store, name, village) if village else []
    present = [each for each in postings if _lasts(each[1], each[2], today)]
    accounts = accounts_of(store, name)
    valid = [each for each in accounts if _lasts(each[3], each[4], today)]
    if postings and not present:
        valid = [each for each in valid if each[0] not in _OF_TEAM]  # who left the team has no part in it
    if valid:
        villages = frozenset(each[1] for each in valid if each[1])
        of_county = any(not each[1] for each in valid)
        staff_no = next((each[2] for each in valid if each[2]), "")
        held = frozenset() if of_county else with_villages(store, sorted(villages))
        return Actor(name, frozenset(each[0] for each in valid), held, staff_no)
    if present and not accounts:
        role = "R2" if any(each[0] in _LEADING for each in present) else "R1"
        return Actor(name, frozenset({role}), frozenset({village}), present[0][3])
    if accounts or postings:
        raise _over(name, [each[4] for each in accounts] + [each[2] for each in postings], today)
    if village:
        return Actor(name, frozenset({"R2"}), frozenset({village}))
    if town := town_of(store):
        return Actor(name, frozenset({"R5"}), with_villages(store, [town]))
    return Actor(name, _COUNTY_BEGINS if not has_accounts(store, COUNTY_ROLES) else frozenset())


def _over(name: str, until: Sequence[str | None], today: date) -> Ended:
    last = max((day for day in until if day and day < today.isoformat()), default="")
    when = f"的任期到 {last} 为止" if last else "还没有到任"
    return Ended(f"{name}{when}，不能登录；请队长核对“使用人员和权限”", last)


def admit(store: Store, name: str, laptop: Laptop) -> Rights:
    """Puts a person at the keyboard: from now on the store asks what he may. Raises Refused."""
    actor = actor_of(store, name)
    if laptop.sample:
        actor = Actor(name, frozenset({"R2", "R4", "R7", "R8", "R12"}), frozenset(), actor.staff_no)
    store.author, rights = name, Rights(actor)
    store.guard = rights
    return rights


def _lasts(since: str | None, until: str | None, today: date) -> bool:
    return (not since or since <= today.isoformat()) and (not until or today.isoformat() <= until)
