"""A list of households and their members compared with what is stored (domain §1.11).

A stored value is never cleared by an empty cell, and nothing is removed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nehe_desktop.core.store import Store
from nehe_desktop.features.households.checks import HEAD as HEAD_RELATION
from nehe_desktop.features.households.ledger import Household, Membership, Person
from nehe_desktop.features.intake.apply import known_villages
from nehe_desktop.features.intake.grouping import Group, Grouping
from nehe_desktop.features.intake.lines import Line, lines_of, memory_of, pause, sources
from nehe_desktop.features.intake.persons import Persons, may_be
from nehe_desktop.features.intake.plan import Fresh, Options, Plan, Update, fingerprint
from nehe_desktop.features.intake.stored import Stored
from nehe_desktop.features.intake.targets import (
    BASE_TYPE,
    HEAD_ID,
    HEAD_NAME,
    HH_NO,
    ID_NO,
    LEFT_OUT,
    NAME,
    RELATION,
    TOWN,
    VILLAGE,
    field_of,
    household_targets,
    kind_of,
)
from nehe_desktop.features.intake.verdicts import Verdicts
from nehe_desktop.features.intake.vocabulary import base_type_of, translator
from nehe_desktop.spreadsheets.sheets import Cancelled, Progress, Workbook

MEMORY = "intake.household"
"""Under what name the meaning of foreign columns is remembered on this laptop."""
_PREFIX = "household."
_MERGED = (
    TOWN,
    VILLAGE,
    HH_NO,
    HEAD_NAME,
    HEAD_ID,
    BASE_TYPE,
    "household.hamlet",
    "household.group_no",
    "household.phone",
)
_VALID = "有效"
_STEP = 100  # households between two pauses
_NO_TYPE = "不知道是建档立卡户、边缘户还是一般户，请在导入设置里选"


def plan_households(
    store: Store,
    workbook: Workbook,
    options: Options = Options(),  # noqa: B008 - frozen
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """What importing a list of households and members would do; nothing is stored. Raises Trouble, Stopped."""
    plan = Plan(workbook.path.stem, workbook, fingerprint(workbook))
    memory = memory_of(store.recall(MEMORY, {}), options.mapping, LEFT_OUT)
    found = sources(plan, household_targets(), memory)
    stored = Stored(store, {key for source in found for key in source.columns.values()})
    stored.places.choose({**known_villages(store), **options.villages})
    names = {id: str(known.values["name"]) for id, known in stored.people.items()}
    verdicts = Verdicts(plan, options, names)
    grouping = Grouping(stored, verdicts, options)
    lines = [
        (source, line)
        for source in found
        for line in lines_of(plan, source, kind_of, translator, _MERGED, progress, cancelled)
    ]
    for _, line in lines:
        grouping.adopt(line)
    for source, line in lines:
        grouping.take(source, line)
    homes = Homes(store, stored, verdicts, Persons(stored, verdicts, store.clock.now().date()))
    for number, group in enumerate(grouping.groups.values()):
        if number % _STEP == 0:
            pause(number, len(grouping.groups), progress, cancelled)
        homes.settle(group)
    homes.persons.finish(store)
    order = [Household, Person, Membership]
    plan.new.sort(key=lambda fresh: order.index(fresh.cls))
    plan.new[:0] = stored.places.made
    return plan


class Homes:
    """Compares each household of the file with the stored one."""

    def __init__(self, store: Store, stored: Stored, verdicts: Verdicts, persons: Persons) -> None:
        self.store, self.stored, self.verdicts, self.persons = store, stored, verdicts, persons
        self.plan = verdicts.plan

    def settle(self, group: Group) -> None:
        """Notes what would become of a household and its people."""
        self._check_status(group)
        self._check_heads(group)
        values = self._said(group)
        if group.known is None and not self._has_type(group, values):
            for source, line in group.lines:
                if not line.spoilt:
                    self.verdicts.refuse(source, line, BASE_TYPE, _NO_TYPE)
        for source, line in group.lines:
            if NAME in line.values:
                self.persons.settle(group, source, line)
        own = {key.removeprefix(_PREFIX): value for key, value in values.items()}
        own |= {"head": group.head} if group.head else {}
        if group.known is not None:
            self._known(group, own)
        elif "base_type" in own and not all(line.elsewhere for _, line in group.lines):
            self._new(group, own)
        else:
            self.plan.households["refused"] += 1
        self._warn_headless(group)

    def _check_status(self, group: Group) -> None:
        """A household that left or died out does not come back by a list."""
        status = group.known.values["status"] if group.known else _VALID
        for source, line in group.lines if status != _VALID else ():
            self.verdicts.refuse(
                source, line, HH_NO, f"库里这一户的状态是“{status}”，不能用名单恢复；请先在户里改状态"
            )

    def _check_heads(self, group: Group) -> None:
        """A household has one head (DQ03): a second one in the file, or beside the stored one, is refused."""
        named = {line.values.get(ID_NO) for _, line in group.lines} - {None}
        members = self.stored.members[group.id] if group.known else []
        stored = [
            m for m in members if m.values["relation"] == HEAD_RELATION and m.values["id_no"] not in named
        ]
        first: Line | None = None
        for source, line in group.lines:
            if line.values.get(RELATION) != HEAD_RELATION or line.spoilt:
                continue
            other = next((m for m in stored if not may_be(m, line)), None)
            if first is not None:
                self.verdicts.refuse(
                    source, line, RELATION, f"这一户第 {first.row} 行已有户主，一户只能有一个户主"
                )
            elif other is not None and line.values.get(ID_NO):
                name = other.values["name"]
                self.verdicts.refuse(
                    source, line, RELATION, f"库里这一户的户主是 {name}，表里没有他，不能有两个户主"
                )
            else:
                first = line

    def _said(self, group: Group) -> dict[str, Any]:
        """What the rows say of the household; the first row that says it wins and others are doubted."""
        values: dict[str, Any] = {}
        said: dict[str, int] = {}
        for source, line in group.lines:
            for key, value in line.values.items():
                if not key.startswith(_PREFIX):
                    continue
                if values.setdefault(key, value) != value and key != "household.phone":
                    other = f"与同一户第 {said[key]} 行的“{field_of(key).kind.show(values[key])}”不同"
                    self.verdicts.warn(source, line, key, f"{other}，取第 {said[key]} 行")
                said.setdefault(key, line.row)
        return values

    def _has_type(self, group: Group, values: dict[str, Any]) -> bool:
        """Whether the kind of a new household is known: from its cells, the person's choice, the list's name."""
        title = f"{self.plan.title}{group.lines[0][0].table.sheet.name}"
        found = values.get(BASE_TYPE) or base_type_of(values, "") or self.verdicts.options.base_type
        if found := found or base_type_of(values, title):
            values[BASE_TYPE] = found
        return bool(found)

    def _known(self, group: Group, own: dict[str, Any]) -> None:
        if group.known is None:
            return
        if all(line.spoilt for _, line in group.lines):
            self.plan.households["refused"] += 1
            return
        source, line = next(((s, li) for s, li in group.lines if not li.spoilt), group.lines[0])
        where = self.stored.where(group.id)
        changes = self.verdicts.differences(group.known, Household, own, line, where, _PREFIX)
        record = self.store.find(Household, group.id) if changes else None
        problems = replace(record, **changes).problems() if record else []
        for problem in (p for p in problems if p.level == "error"):
            self.verdicts.warn(source, line, _PREFIX + problem.field, f"户的信息没有更新：{problem.sentence}")
            changes = {}
        if changes:
            self.plan.updates.append(Update(Household, group.id, changes))
            self.verdicts.mark(line, "changed")
        self.plan.households["changed" if changes else "same"] += 1

    def _new(self, group: Group, own: dict[str, Any]) -> None:
        """A new household; where it cannot stand, its new people cannot either."""
        fresh = Fresh(Household, group.id, {"village": group.village, **own})
        errors = [p for p in fresh.record().problems() if p.level == "error"]
        if not errors:
            self.plan.new.append(fresh)
            self.plan.households["new"] += 1
            for _, line in group.lines:
                self.verdicts.mark(line, "new")
            return
        for source, line in group.lines:
            for problem in errors:
                self.verdicts.refuse(source, line, _PREFIX + problem.field, problem.sentence)
        self.plan.new = [f for f in self.plan.new if not {f.id, f.values.get("person")} & group.fresh]
        self.plan.households["refused"] += 1
        self.plan.people.subtract({"new": len(group.fresh), "refused": -len(group.fresh)})

    def _warn_headless(self, group: Group) -> None:
        members = self.stored.members[group.id] if group.known else []
        if not group.head and not any(m.values["relation"] == HEAD_RELATION for m in members):
            source, line = group.lines[0]
            self.verdicts.warn(source, line, RELATION, "这一户还没有户主（DQ03），上报前要补上")
