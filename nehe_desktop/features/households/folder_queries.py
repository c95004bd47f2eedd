"""Everything that the right half of 农户台账 shows of one household, asked in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nehe_desktop.core.store import Store
from nehe_desktop.features.divisions.queries import path_of
from nehe_desktop.features.households import queries
from nehe_desktop.features.households.ledger import Household, HouseholdCategory, Membership, Person
from nehe_desktop.features.households.moves import Family
from nehe_desktop.features.households.story import Happening, story
from nehe_desktop.features.teams.ledger import Helper, HelpLink
from nehe_desktop.features.teams.queries import links_of
from nehe_desktop.features.teams.rules import serves
from nehe_desktop.features.visits.ledger import ProblemTicket, Visit
from nehe_desktop.features.visits.queries import problems_of, visits_of
from nehe_desktop.features.visits.rules import days_between_visits


@dataclass(frozen=True)
class Folder:
    """A household with its people, categories, visits, problems, helpers and story."""

    household: Household
    today: date
    place: tuple[str, ...]
    members: tuple[Person, ...]
    gone: tuple[tuple[Person, Membership], ...]
    categories: tuple[HouseholdCategory, ...]
    visits: tuple[Visit, ...]
    problems: tuple[ProblemTicket, ...]
    helpers: tuple[tuple[Helper, HelpLink], ...]
    story: tuple[Happening, ...]

    @property
    def head(self) -> Person | None:
        """The head named by the household, else the member who is called so."""
        named = next((p for p in self.members if p.id == self.household.head), None)
        return named or next((p for p in self.members if p.relation == "01"), None)

    @property
    def title(self) -> str:
        """宋桂兰 户."""
        return f"{self.head.name} 户" if self.head else "未登记户主"

    @property
    def last_visit(self) -> Visit | None:
        """The newest visit."""
        return self.visits[0] if self.visits else None

    @property
    def current(self) -> tuple[HouseholdCategory, ...]:
        """The categories that hold today."""
        return tuple(c for c in self.categories if serves(c.since, c.until, self.today))

    @property
    def is_late(self) -> bool:
        """Whether a visit is overdue; ordinary households are not visited by plan."""
        if self.household.base_type == "03":
            return False
        away = bool(self.members) and all(p.at_home is False for p in self.members)
        last = self.last_visit
        return last is None or (self.today - last.day).days > days_between_visits(away=away)


def folder(store: Store, id: str) -> Folder | None:
    """The folder of a household, or None where there is no such household."""
    household = store.find(Household, id)
    if household is None:
        return None
    return Folder(
        household,
        store.clock.today(),
        path_of(store, household.village),
        tuple(queries.members_of(store, id)),
        tuple(_gone(store, id)),
        tuple(store.all(HouseholdCategory, "household = ?", (id,), "since DESC")),
        tuple(visits_of(store, id)),
        tuple(problems_of(store, id)),
        tuple(_helpers(store, id)),
        tuple(story(store, id)),
    )


def _gone(store: Store, household: str) -> list[tuple[Person, Membership]]:
    past = store.all(Membership, "household = ? AND left_on IS NOT NULL", (household,), "left_on DESC")
    found = ((store.find(Person, membership.person), membership) for membership in past)
    return [(person, membership) for person, membership in found if person]


def _helpers(store: Store, household: str) -> list[tuple[Helper, HelpLink]]:
    found = ((store.find(Helper, link.helper), link) for link in links_of(store, household))
    return [(helper, link) for helper, link in found if helper]


def household_name(store: Store, id: str) -> str:
    """What a household is called: 宋桂兰户, or its code."""
    row = store.one(
        "SELECT coalesce(p.name || '户', h.local_no, h.hh_no) FROM household h"
        " LEFT JOIN person p ON p.id = h.head WHERE h.id = ?",
        (id,),
    )
    return str(row[0]) if row and row[0] else "另一户"


def family(store: Store, id: str) -> Family | None:
    """A household with its present members and memberships, for the forms."""
    household = store.find(Household, id)
    if household is None:
        return None
    people = tuple(queries.members_of(store, id))
    open_stays = store.all(Membership, "household = ? AND left_on IS NULL", (id,), "joined_on")
    return Family(household, people, {stay.person: stay for stay in open_stays})


def elsewhere(store: Store, household: str, id_no: str) -> tuple[str, str] | None:
    """Another household in which a present member has this ID number: its id and what it is called."""
    for person in queries.persons_with_id(store, id_no):
        if person.household and person.household != household and person.present and person.died_on is None:
            return person.household, household_name(store, person.household)
    return None


_PHONES = """
SELECT DISTINCT id FROM (
  SELECT h.id AS id FROM household h WHERE h.phone = ?1
  UNION SELECT p.household FROM person p WHERE p.phone = ?1 AND p.present = 1 AND p.died_on IS NULL)
WHERE id IS NOT NULL AND id <> ?2 LIMIT 3
"""


def with_phone(store: Store, household: str, phone: str) -> list[str]:
    """What the other households with a telephone number are called."""
    return [household_name(store, row[0]) for row in store.rows(_PHONES, (phone, household))]
