"""Household codes for new households: NH-<township>-<village>-<number>-<check> (domain §1.2, §1.7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from zlib import crc32

from nehe_desktop.core.identity import household_code
from nehe_desktop.core.store import Change, Put, Store
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.divisions.queries import towns
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.households.queries import next_number

_UNOFFICIAL = 400  # village committees have 200 to 399 in the statistical code, so others begin here


class Numbering:
    """Gives codes one after the other; reads the store once a village."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._towns = {town.id: at for at, town in enumerate(towns(store), 1)}
        self._places: dict[str, tuple[int, int]] = {}
        self._next: dict[tuple[int, int], int] = {}

    def code(self, village: str) -> str:
        """The next code of a village; empty where the village is not known or its numbers are used up."""
        place = self._place(village)
        if place is None:
            return ""
        number = self._next.get(place) or next_number(self._store, *place)
        self._next[place] = number + 1
        return household_code(*place, number) if number <= 9999 else ""

    def _place(self, village: str) -> tuple[int, int] | None:
        """(township, village) numbers: the official ones where the division has its code."""
        if village not in self._places:
            found = self._store.find(Division, village)
            if found is None or found.parent not in self._towns:
                return None
            official = int(found.code[-3:]) if found.code and len(found.code) == 12 else 0
            number = official or _UNOFFICIAL + crc32(village.encode()) % (1000 - _UNOFFICIAL)
            self._places[village] = (self._towns[found.parent], number)
        return self._places[village]


def with_codes(store: Store, changes: Iterable[Change]) -> Iterator[Change]:
    """The changes, every household without a code given the next one of its village; for the writer's thread."""
    numbering = Numbering(store)
    for change in changes:
        record = change.record if isinstance(change, Put) else None
        if isinstance(change, Put) and isinstance(record, Household) and not record.local_no:
            yield replace(change, record=replace(record, local_no=numbering.code(record.village)))
        else:
            yield change
