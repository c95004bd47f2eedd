"""The rows of a file put together as households (domain §1.11).

A row belongs to a household by the household's number or by an ID number, never by a head's name.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nehe_desktop.core.ids import new_id
from nehe_desktop.features.households.checks import HEAD as HEAD_RELATION
from nehe_desktop.features.intake.lines import Line, Source
from nehe_desktop.features.intake.plan import Options
from nehe_desktop.features.intake.queries import Known
from nehe_desktop.features.intake.stored import Stored
from nehe_desktop.features.intake.targets import (
    HEAD_ID,
    HEAD_NAME,
    HH_NO,
    ID_NO,
    IDENTITY,
    NAME,
    RELATION,
    TOWN,
    VILLAGE,
)
from nehe_desktop.features.intake.verdicts import Verdicts

_UNKNOWN_HOME = "没有户编号，也没有户主证件号码，不知道是哪一户的人"


@dataclass(slots=True)
class Group:
    """The rows of one household in the file; `known` is the stored household."""

    village: str
    known: Known | None
    id: str
    lines: list[tuple[Source, Line]] = field(default_factory=list)
    head: str | None = None
    fresh: set[str] = field(default_factory=set)  # ids of new persons


class Grouping:
    """Households of the file, by what their rows have in common."""

    def __init__(self, stored: Stored, verdicts: Verdicts, options: Options) -> None:
        self.stored, self.verdicts, self.options = stored, verdicts, options
        self.groups: dict[str, Group] = {}

    def adopt(self, line: Line) -> None:
        """A stored household without number takes the number that the file gives one of its people."""
        number, person = line.values.get(HH_NO), self.stored.by_id_no.get(line.values.get(ID_NO, ""))
        home = self.stored.household_of(person)
        if number and home and not home.values["hh_no"]:
            self.stored.by_number.setdefault(number, home)

    def take(self, source: Source, line: Line) -> None:
        """Puts a row to its household; refuses it where that cannot be told."""
        if line.refused & IDENTITY:
            line.spoilt = True
            self.verdicts.mark(line, "refused")
        if NAME not in source.places and HEAD_NAME in source.places:
            _head_speaks(line)
        elif NAME not in source.places and {ID_NO, RELATION} & source.places.keys():
            self.verdicts.refuse(source, line, NAME, "没有认出哪一列是姓名，请在列对应里选")
            return
        if not line.refused & {HH_NO, TOWN, VILLAGE}:
            self._by_number(source, line)

    def _by_number(self, source: Source, line: Line) -> None:
        values = line.values
        number, head, own = values.get(HH_NO), values.get(HEAD_ID), values.get(ID_NO)
        person = self.stored.by_id_no.get(own or "")
        home = self.stored.household_of(person)
        if number:
            self._join(source, line, f"号{number}", self.stored.by_number.get(number))
        elif head:
            self._join(source, line, f"主{head}", self.stored.household_of(self.stored.by_id_no.get(head)))
        elif values.get(RELATION) == HEAD_RELATION or (NAME not in values and not line.spoilt):
            self._join(source, line, f"主{own}" if own else f"行{line.sheet}{line.row}", home)
        elif home:
            self._join(source, line, home.id, home)
        elif not line.spoilt:
            more = "；只凭户主姓名不能归户" if values.get(HEAD_NAME) else ""
            self.verdicts.refuse(source, line, HH_NO, _UNKNOWN_HOME + more)

    def _join(self, source: Source, line: Line, key: str, known: Known | None) -> None:
        village = self._village(source, line, known)
        if village is None:
            return
        key = known.id if known else key
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group(village, known, known.id if known else new_id())
        elif group.village != village:
            there = self.stored.places.names[group.village]
            self.verdicts.refuse(
                source, line, VILLAGE, f"同一户在第 {group.lines[0][1].row} 行写的是 {there}"
            )
            return
        group.lines.append((source, line))

    def _village(self, source: Source, line: Line, known: Known | None) -> str | None:
        """The village's id; None after a refusal."""
        places, town = self.stored.places, line.values.get(TOWN, "")
        village = line.values.get(VILLAGE, "")
        at_home = known.values["village"] if known else None
        if not village:
            found = at_home or self.options.village or None
        elif (found := places.find(town, village)) is None and self.options.create_villages:
            found = places.make(town, village)
        if found is None:
            self._refuse_village(source, line, town, village)
        elif at_home and at_home != found:
            mine, theirs = places.names.get(at_home, ""), places.names[found]
            self.verdicts.refuse(
                source, line, VILLAGE, f"这一户在库里属于 {mine}，与表中的 {theirs} 不同，请先核对"
            )
            return None
        return found

    def _refuse_village(self, source: Source, line: Line, town: str, village: str) -> None:
        if not village:
            self.verdicts.refuse(source, line, VILLAGE, "没有写是哪个村，请在导入设置里选村")
            return
        self.verdicts.plan.unknown_villages[town, village] += 1
        self.verdicts.refuse(source, line, VILLAGE, f"行政区划里没有“{town}{village}”，请选择它是哪个村")


def _head_speaks(line: Line) -> None:
    """In a list of heads the head's name and number are the person's."""
    for of_head, own in ((HEAD_NAME, NAME), (HEAD_ID, ID_NO)):
        if of_head in line.values:
            line.values.setdefault(own, line.values.pop(of_head))
    if NAME in line.values:
        line.values.setdefault(RELATION, HEAD_RELATION)
