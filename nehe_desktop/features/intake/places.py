"""Villages by what other offices call them: township and village, with or without 镇, 乡 and 村委会."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from nehe_desktop.core.ids import new_id
from nehe_desktop.core.kinds import narrow
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.intake.plan import CREATE, Fresh

_VILLAGE = re.compile(r"(村民委员会|居民委员会|村委会|居委会|行政村|社区|村)$")
_LEVELS = ("county", "town", "village", "hamlet")
_TOWN = re.compile(r"(人民政府|办事处)?$")
_PEOPLES = re.compile(r"(鄂温克|达斡尔|蒙古|满|回|朝鲜|锡伯|鄂伦春|赫哲|柯尔克孜)族(?=乡$)")


def town_word(name: str) -> str:
    """A township's name as it is compared: 兴旺鄂温克族乡 and 兴旺乡 are one, 学田镇 and 学田 too."""
    word = _TOWN.sub("", narrow(name))
    return re.sub(r"(街道|镇|乡)$", "", _PEOPLES.sub("", word)) or word


def village_word(name: str) -> str:
    """A village's name as it is compared: 国兴, 国兴村 and 国兴村委会 are one."""
    return _VILLAGE.sub("", narrow(name)) or narrow(name)


class Places:
    """The divisions of a laptop, and the villages that a file adds to them."""

    def __init__(self, rows: Iterable[tuple[str, str, str, str | None]]) -> None:
        self.names: dict[str, str] = {}
        self.towns: dict[str, str] = {}
        self.villages: dict[tuple[str, str], str] = {}
        self.alone: defaultdict[str, list[str]] = defaultdict(list)
        self.county: str | None = None
        self.made: list[Fresh] = []
        self._chosen: dict[tuple[str, str], str] = {}
        for row in sorted(rows, key=lambda row: _LEVELS.index(row[2]) if row[2] in _LEVELS else len(_LEVELS)):
            self.add(*row)

    def add(self, id: str, name: str, level: str, parent: str | None) -> None:
        """A division; its township comes before a village."""
        self.names[id] = name
        if level == "county":
            self.county = id
        elif level == "town":
            self.towns[town_word(name)] = id
        elif level == "village":
            town = self.names.get(parent or "", "") if parent != self.county else ""
            self.names[id] = f"{town}{name}"
            self.villages[town_word(town), village_word(name)] = id
            self.alone[village_word(name)].append(id)

    def find(self, town: str, village: str) -> str | None:
        """The village's id; by its name alone where no township is given and only one has that name."""
        key = (town_word(town), village_word(village))
        if key in self._chosen:
            return self._chosen[key]
        if town:
            return self.villages.get(key)
        same = self.alone.get(key[1], [])
        return same[0] if len(same) == 1 else None

    def choose(self, choices: Mapping[tuple[str, str], str]) -> None:
        """Takes what a person once said of unknown villages: an id, or CREATE."""
        for (town, village), choice in choices.items():
            if choice == CREATE:
                self.make(town, village)
            elif choice in self.names:
                self._chosen[town_word(town), village_word(village)] = choice

    def make(self, town: str, village: str) -> str:
        """A village, and its township where that is missing too, not verified."""
        if known := self.find(town, village):
            return known
        parent = self.towns.get(town_word(town)) if town else self.county
        if town and parent is None:
            parent = self._made(town, "town", self.county, _kind_of_town(town))
        return self._made(village, "village", parent, "社区" if village.endswith("社区") else "行政村")

    def _made(self, name: str, level: str, parent: str | None, kind: str) -> str:
        id = new_id()
        values = {"name": name, "level": level, "parent": parent, "kind": kind, "verified": False}
        self.made.append(Fresh(Division, id, values))
        self.add(id, name, level, parent)
        return id


def _kind_of_town(name: str) -> str:
    endings = {"街道": "街道", "镇": "镇", "族乡": "民族乡", "乡": "乡"}
    return next((kind for ending, kind in endings.items() if name.endswith(ending)), "农林场")
