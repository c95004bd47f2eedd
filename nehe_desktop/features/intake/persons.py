"""The people of a file compared with those that are stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.identity import read_id
from nehe_desktop.core.ids import new_id
from nehe_desktop.core.store import Store
from nehe_desktop.features.households.checks import HEAD as HEAD_RELATION
from nehe_desktop.features.households.ledger import Membership, Person
from nehe_desktop.features.intake import queries
from nehe_desktop.features.intake.grouping import Group
from nehe_desktop.features.intake.lines import Line, Source
from nehe_desktop.features.intake.plan import Fresh, Update
from nehe_desktop.features.intake.queries import Known
from nehe_desktop.features.intake.stored import Stored
from nehe_desktop.features.intake.targets import ID_NO, NAME, PERSON_NO, RELATION
from nehe_desktop.features.intake.verdicts import Verdicts

_PREFIX = "person."
_OTHER_NUMBER = "这一户已有 {}，证件号码与表中不同；若是更正号码，请在成员台账里改"


class Persons:
    """Finds each row's person, and notes what is new or changed."""

    def __init__(self, stored: Stored, verdicts: Verdicts, today: date) -> None:
        self.stored, self.verdicts, self.plan, self.today = stored, verdicts, verdicts.plan, today
        self.seen: dict[str, Line] = {}  # key and number → the first row that names it
        self.changed: dict[str, tuple[Source, Line, dict[str, Any]]] = {}

    def settle(self, group: Group, source: Source, line: Line) -> None:
        """Compares the person of one row, and counts what became of it."""
        outcome = self._outcome(group, source, line) if not line.spoilt else "refused"
        self.plan.people["refused" if line.spoilt else outcome] += 1

    def _outcome(self, group: Group, source: Source, line: Line) -> str:
        values = line.values
        if not self._first_time(source, line):
            return "refused"
        known = self.stored.person(values.get(ID_NO), values.get(PERSON_NO))
        if known is None and group.known is not None:
            known = self._by_name(group, source, line)
        if line.spoilt:
            return "refused"
        return self._known(group, source, line, known) if known else self._new(group, source, line)

    def _first_time(self, source: Source, line: Line) -> bool:
        """Whether the file names this person for the first time."""
        for key in (ID_NO, PERSON_NO):
            number = line.values.get(key)
            first = self.seen.setdefault(f"{key}{number}", line) if number else line
            if first is not line:
                line.elsewhere = True
                sheet = "" if first.sheet == line.sheet else f"“{first.sheet}”"
                self.verdicts.refuse(
                    source, line, key, f"与{sheet}第 {first.row} 行（{first.values.get(NAME, '')}）重复"
                )
                return False
        return True

    def _by_name(self, group: Group, source: Source, line: Line) -> Known | None:
        """The stored member of the same household with the same name; refuses where the numbers disagree."""
        values = line.values
        same = [m for m in self.stored.members[group.id] if m.values["name"] == values[NAME]]
        fitting = [m for m in same if may_be(m, line)]
        if len(fitting) == 1:
            return fitting[0]
        if same and values.get(ID_NO):
            self.verdicts.refuse(source, line, ID_NO, _OTHER_NUMBER.format(values[NAME]))
        elif values.get(RELATION) == HEAD_RELATION and not values.get(ID_NO) and self._has_head(group):
            there = self.stored.where(group.id)
            self.verdicts.refuse(source, line, NAME, f"库里是 {there}，与表中不同；没有证件号码不能换户主")
        return None

    def _has_head(self, group: Group) -> bool:
        return any(m.values["relation"] == HEAD_RELATION for m in self.stored.members[group.id])

    def _known(self, group: Group, source: Source, line: Line, known: Known) -> str:
        """A stored person: changed or the same, if he may be here."""
        at_home, own = known.values["household"], own_values(line)
        line.elsewhere = bool(known.values["died_on"] or (at_home and at_home != group.id))
        if known.values["died_on"]:
            self.verdicts.refuse(
                source, line, ID_NO, f"{known.values['name']} 已登记死亡（{known.values['died_on']}）"
            )
            return "refused"
        if at_home and at_home != group.id:
            there = self.stored.where(at_home)
            self.verdicts.refuse(source, line, ID_NO, f"这个人已登记在 {there}，一个人不能在两户")
            return "refused"
        changes = self.verdicts.differences(known, Person, own, line, str(known.values["name"]), _PREFIX)
        relation = own.get("relation", known.values["relation"])
        if not at_home:
            changes["household"] = group.id
            self._join(known.id, group, relation)
        if changes:
            self.changed[known.id] = (source, line, changes)
        group.head = known.id if relation == HEAD_RELATION else group.head
        self.verdicts.mark(line, "changed" if changes else "same")
        return "changed" if changes else "same"

    def _new(self, group: Group, source: Source, line: Line) -> str:
        own = own_values(line)
        if "relation" not in own:
            self.verdicts.refuse(source, line, RELATION, "新成员要填与户主关系")
            return "refused"
        _fill_from_number(own)
        fresh = Fresh(Person, new_id(), {"household": group.id, **own})
        if not self.verdicts.check(source, line, fresh.record(), prefix=_PREFIX):
            return "refused"
        self.plan.new.append(fresh)
        group.fresh.add(fresh.id)
        self._join(fresh.id, group, own["relation"])
        group.head = fresh.id if own["relation"] == HEAD_RELATION else group.head
        self.verdicts.mark(line, "new")
        return "new"

    def _join(self, person: str, group: Group, relation: str) -> None:
        values = {"household": group.id, "person": person, "relation": relation, "joined_on": self.today}
        self.plan.new.append(Fresh(Membership, new_id(), values))

    def finish(self, store: Store) -> None:
        """Checks changed people as whole records; who would not stand is refused."""
        records = queries.by_id(store, Person, list(self.changed))
        for id, (source, line, changes) in self.changed.items():
            if self.verdicts.check(
                source, line, replace(records[id], **changes), prefix=_PREFIX, warnings=False
            ):
                self.plan.updates.append(Update(Person, id, changes))
            else:
                self.plan.people.subtract(["changed"])
                self.plan.people["refused"] += 1


def may_be(member: Known, line: Line) -> bool:
    """Whether a stored member may be the row's person: the same number, or the name and no other number."""
    values = line.values
    if values.get(PERSON_NO) and values[PERSON_NO] == member.values["person_no"]:
        return True
    theirs, mine = values.get(ID_NO), member.values["id_no"]
    return member.values["name"] == values.get(NAME) and (not theirs or not mine or theirs == mine)


def own_values(line: Line) -> dict[str, Any]:
    """What a row says of its person, by field."""
    return {key.removeprefix(_PREFIX): value for key, value in line.values.items() if key.startswith(_PREFIX)}


def _fill_from_number(own: dict[str, Any]) -> None:
    """Sex and birth as the number says them, where the file does not."""
    try:
        holder = read_id(own.get("id_no") or "")
    except Refused:
        return
    own.setdefault("sex", holder.sex)
    own.setdefault("birth", holder.birth)
