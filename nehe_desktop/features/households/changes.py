"""What happens to families: joining, leaving, another head (domain §1.6). Each gives the changes to store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from nehe_desktop.core.changes import Change, Put
from nehe_desktop.core.errors import Refused
from nehe_desktop.features.households.checks import HEAD
from nehe_desktop.features.households.ledger import Household, Membership, Person

DEATH = "01"


def joined(household: Household, person: Person, relation: str, day: date, reason: str) -> list[Change]:
    """A person comes into a household on a day."""
    member = replace(person, household=household.id, relation=relation, present=True)
    membership = Membership(
        household=household.id, person=person.id, relation=relation, joined_on=day, join_reason=reason
    )
    head = [Put(replace(household, head=person.id))] if relation == HEAD else []
    return [Put(member), Put(membership), *head]


def left(person: Person, membership: Membership, day: date, reason: str) -> list[Change]:
    """A person leaves a household on a day; the dead keep their day of death.

    He stays with his last household, so that his record goes to no other village's laptop.
    """
    if day < membership.joined_on:
        raise Refused(f"减少日期 {day} 早于增加日期 {membership.joined_on}，请核对")
    died = day if reason == DEATH else person.died_on
    return [
        Put(replace(person, present=False, counted=False, died_on=died)),
        Put(replace(membership, left_on=day, leave_reason=reason)),
    ]


def head_changed(
    household: Household, members: Sequence[Person], head: str, relations: dict[str, str]
) -> list[Change]:
    """Another member becomes head; `relations` gives the others' relation to him by person id."""
    if head not in {person.id for person in members}:
        raise Refused("新户主要是本户在册成员，请先办增加")
    without = [p.name for p in members if p.id != head and p.id not in relations]
    if without:
        raise Refused(f"换户主后，请重新选这些人与新户主的关系：{'、'.join(without)}")
    new = [replace(p, relation=HEAD if p.id == head else relations[p.id]) for p in members]
    return [Put(replace(household, head=head)), *map(Put, new)]
