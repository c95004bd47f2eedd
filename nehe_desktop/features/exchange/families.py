"""What merging two persons does to their households: one stay, one head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.record import Record
from nehe_desktop.core.store import Change, Put, Remove, Store
from nehe_desktop.features.households.folder_queries import household_name
from nehe_desktop.features.households.ledger import Household, Membership, Person


def household_changes(store: Store, survivor: Record, loser: Record) -> Iterator[Change]:
    """The stays of both persons as those of one; nothing for other ledgers."""
    if not (isinstance(survivor, Person) and isinstance(loser, Person)):
        return
    _refuse_headless(store, survivor, loser)
    yield from _stays(store, survivor, loser)


def _refuse_headless(store: Store, survivor: Person, loser: Person) -> None:
    """A household must not lose its head by a merge."""
    for household in store.all(Household, "head IN (?, ?)", (survivor.id, loser.id)):
        if household.id != survivor.household:
            name = household_name(store, household.id)
            raise Refused(
                f"其中一条是{name}的户主，合并后这一户就没有户主了；“现所在户”请选{name}，或先给{name}换户主"
            )


def _stays(store: Store, survivor: Person, loser: Person) -> Iterator[Change]:
    """Past stays are kept once; of the present ones only that in the household that was chosen."""
    own = store.all(Membership, "person = ?", (survivor.id,), "joined_on, id")
    theirs = [replace(each, person=survivor.id) for each in _of(store, loser.id)]
    kept: dict[tuple[object, ...], Membership] = {}
    for stay in (*own, *theirs):
        here = stay.household == survivor.household
        key = (stay.household,) if stay.left_on is None else (stay.household, stay.joined_on, stay.left_on)
        if (stay.left_on is None and not here) or key in kept:
            yield Remove(Membership, stay.id)
            continue
        kept[key] = stay
        if stay in theirs:
            yield Put(stay)


def _of(store: Store, person: str) -> list[Membership]:
    return store.all(Membership, "person = ?", (person,), "joined_on, id")
