"""Records of other ledgers by the words that a list has for them, and back."""

from __future__ import annotations

from collections import defaultdict

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.kinds import IdNumber, Name, Ref, Text, narrow
from nehe_desktop.core.record import LEDGERS, Ledger
from nehe_desktop.core.store import Store
from nehe_desktop.features.intake import queries
from nehe_desktop.features.intake.places import Places, town_word

DIVISION = "division"


def words_of(ledger: Ledger) -> tuple[str, ...]:
    """The fields by which a person knows a record: its key and what the search finds, names first."""
    found = [
        n
        for n, f in ledger.fields.items()
        if (n in ledger.key or f.search) and isinstance(f.kind, Name | Text | IdNumber)
    ]
    return tuple(sorted(found, key=lambda name: ledger.fields[name].search != "name"))


class References:
    """What each ref of one ledger may mean."""

    def __init__(self, store: Store, ledger: Ledger) -> None:
        kinds = [field.kind for field in ledger.fields.values() if isinstance(field.kind, Ref)]
        self.places = Places(queries.divisions(store))
        self.names: dict[str, str] = dict(self.places.names)
        self.known: dict[str, defaultdict[str, set[str]]] = {}
        for kind in kinds:
            if kind.table != DIVISION and kind.table not in self.known:
                self._index(store, LEDGERS[kind.table])

    def _index(self, store: Store, ledger: Ledger) -> None:
        known = self.known[ledger.table] = defaultdict(set)
        for id, *words in queries.named(store, ledger, words_of(ledger)):
            self.names[id] = next((word for word in words if word), id)
            for word in filter(None, words):
                known[narrow(word)].add(id)

    def find(self, kind: Ref, word: str, town: str = "") -> str:
        """The id that a word means; raises Refused where there is none or more than one."""
        if kind.table == DIVISION:
            return self._division(word, town)
        found = self.known[kind.table].get(narrow(word), set())
        if len(found) != 1:
            title = LEDGERS[kind.table].title
            many = f"有 {len(found)} 个“{word}”，请写编号或证件号码" if found else f"里没有“{word}”，请先登记"
            raise Refused(f"{title}{many}")
        return next(iter(found))

    def _division(self, word: str, town: str) -> str:
        places = self.places
        found = places.find(town, word) or places.towns.get(town_word(word)) or self._whole(word)
        if found is None and places.county and places.names[places.county] == word:
            found = places.county
        if found is None:
            raise Refused(f"行政区划里没有“{town}{word}”，请先登记，或写全乡镇和村名")
        return found

    def _whole(self, word: str) -> str | None:
        """A village written with its township in one cell."""
        return next(
            (id for id in self.places.villages.values() if self.places.names[id] == narrow(word)), None
        )

    def add_division(self, id: str, name: str, level: str, parent: str | None) -> None:
        """A division that the same file brings, for the rows after it."""
        self.places.add(id, name, level, parent)
        self.names[id] = name
