"""Whole steps in the life of families: leaving, moving next door, splitting (domain §1.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from nehe_desktop.core.changes import Change, Put
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.record import Record
from nehe_desktop.features.households.changes import DEATH, head_changed, joined, left
from nehe_desktop.features.households.checks import HEAD
from nehe_desktop.features.households.ledger import Household, Membership, Person

MOVED_OUT, MOVED_IN = "09", "07"
SPLIT_OUT, SPLIT_IN = "11", "09"
ENTERED = "08"


@dataclass(frozen=True)
class Family:
    """A household with its present members and their present memberships by person id."""

    household: Household
    members: tuple[Person, ...]
    stays: Mapping[str, Membership] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[Record, ...]:
        """Everything of it, as it was when it was read."""
        return (self.household, *self.members, *self.stays.values())

    def stay_of(self, person: Person, day: date) -> Membership:
        """The present membership of a member; one without any has belonged since birth, as far as is known."""
        known = self.stays.get(person.id)
        first = min(day, person.birth or day)
        return known or Membership(
            household=self.household.id, person=person.id, relation=person.relation, joined_on=first, join_reason=ENTERED
        )

    def without(self, gone: Sequence[str]) -> tuple[Person, ...]:
        """Who is left when some are gone."""
        return tuple(person for person in self.members if person.id not in gone)

    def loses_head(self, gone: Sequence[str]) -> bool:
        """Whether the head is among those who go."""
        heads = {person.id for person in self.members if person.relation == HEAD} | {self.household.head}
        return bool(heads & set(gone))


@dataclass(frozen=True)
class NewHead:
    """Who becomes head, and what the others are to him by person id."""

    person: str = ""
    relations: Mapping[str, str] = field(default_factory=dict)


def left_behind(family: Family, gone: Sequence[str], day: date, reason: str, head: NewHead) -> list[Change]:
    """What happens to a household that some have left: another head, or it ends."""
    rest = family.without(gone)
    if not rest:
        state = "整户消亡" if reason == DEATH else "整户迁出"
        return [Put(replace(family.household, status=state, status_on=day))]
    if not family.loses_head(gone):
        return []
    if not head.person:
        raise Refused("减少的是户主，请先选新户主")
    return head_changed(family.household, rest, head.person, dict(head.relations))


def leave(family: Family, person: Person, day: date, reason: str, head: NewHead, evidence: str = "") -> list[Change]:
    """A member leaves on a day for a reason; he stays in the history."""
    stay = replace(family.stay_of(person, day), evidence=evidence or family.stay_of(person, day).evidence)
    return [*left(person, stay, day, reason), *left_behind(family, [person.id], day, reason, head)]


def move(family: Family, person: Person, target: Household, relation: str, day: date, head: NewHead) -> list[Change]:
    """A member goes to another household on a day."""
    if target.id == family.household.id:
        raise Refused("要转去的就是本户，请选另一户")
    if relation == HEAD and target.head:
        raise Refused("那一户已有户主，请选与户主的关系")
    gone = left(person, family.stay_of(person, day), day, MOVED_OUT)
    behind = left_behind(family, [person.id], day, MOVED_OUT, head)
    return _once([*gone, *behind, *joined(target, person, relation, day, MOVED_IN)])


def split(family: Family, going: Sequence[str], own: NewHead, day: date, head: NewHead) -> tuple[Household, list[Change]]:
    """Some members found a household of their own; gives it with the changes."""
    people = [person for person in family.members if person.id in going]
    if not people or not family.without(going):
        raise Refused("分户要有人走、有人留，请勾选分出去的人")
    if own.person not in going:
        raise Refused("请选新户的户主")
    new = Household(
        village=family.household.village,
        hamlet=family.household.hamlet,
        base_type=family.household.base_type,
        head=own.person,
    )
    found: list[Change] = [Put(new)]
    for person in people:
        relation = HEAD if person.id == own.person else own.relations.get(person.id)
        if not relation:
            raise Refused(f"请选{person.name}与新户主的关系")
        found += left(person, family.stay_of(person, day), day, SPLIT_OUT)
        found += joined(new, person, relation, day, SPLIT_IN)
    return new, _once([*found, *left_behind(family, going, day, SPLIT_OUT, head)])


def _once(changes: Sequence[Change]) -> list[Change]:
    """Each record once, as it is in the end, so that the step is undone as one."""
    return list({change.record.id if isinstance(change, Put) else change.id: change for change in changes}.values())
