"""A list of one ledger compared with what is stored: rows are matched by the ledger's declared key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.ids import new_id
from nehe_desktop.core.kinds import Kind, Ref, Text
from nehe_desktop.core.record import Ledger
from nehe_desktop.core.store import Store
from nehe_desktop.features.intake import queries
from nehe_desktop.features.intake.lines import Line, Source, lines_of, memory_of, sources
from nehe_desktop.features.intake.plan import Fresh, Options, Plan, Update, fingerprint
from nehe_desktop.features.intake.queries import Known
from nehe_desktop.features.intake.references import DIVISION, References
from nehe_desktop.features.intake.targets import TOWN, ledger_targets
from nehe_desktop.features.intake.verdicts import Verdicts
from nehe_desktop.spreadsheets.sheets import Cancelled, Progress, Workbook

_LEAST = 2  # known headings that make a header; a list of villages has township and name only
_LEVELS = {
    "村": "village",
    "社区": "village",
    "镇": "town",
    "乡": "town",
    "街道": "town",
    "屯": "hamlet",
    "市": "county",
}
Values = dict[str, Any]


def memory_name(ledger: Ledger) -> str:
    """Under what name the meaning of foreign columns is remembered on this laptop."""
    return f"intake.{ledger.table}"


def plan_ledger(
    store: Store,
    ledger: Ledger,
    workbook: Workbook,
    options: Options = Options(),  # noqa: B008 - frozen
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """What importing a list of one ledger would do; nothing is stored. Raises Refused, Trouble, Stopped."""
    if ledger.by_program:
        raise Refused(f"{ledger.title}由程序自己记，不能导入")
    plan = Plan(workbook.path.stem, workbook, fingerprint(workbook))
    memory = memory_of(store.recall(memory_name(ledger), {}), options.mapping, ("序号",))
    found = sources(plan, ledger_targets(ledger), memory, _LEAST)
    references = References(store, ledger)
    work = _Work(store, ledger, Verdicts(plan, options, references.names), references)
    for source in found:
        for line in lines_of(plan, source, _kind_of(ledger), lambda _: None, (), progress, cancelled):
            work.settle(source, line)
    work.finish()
    return plan


def _kind_of(ledger: Ledger) -> Any:
    def kind_of(key: str) -> Kind:
        kind = Text(width=60) if key == TOWN else ledger.fields[key].kind
        return Text(width=60) if isinstance(kind, Ref) else kind

    return kind_of


class _Work:
    """The rows of one ledger, stored and in the file, by key."""

    def __init__(self, store: Store, ledger: Ledger, verdicts: Verdicts, references: References) -> None:
        self.store, self.ledger, self.verdicts, self.references = store, ledger, verdicts, references
        self.stored = list(queries.rows_of(store, ledger.cls, list(ledger.fields)))
        self.indexes: dict[tuple[str, ...], dict[tuple[Any, ...], list[Known]]] = {}
        self.seen: dict[tuple[Any, ...], Line] = {}
        self.changed: dict[str, tuple[Source, Line, Values]] = {}

    def settle(self, source: Source, line: Line) -> None:
        """Notes what would become of one row."""
        values = self._values(source, line)
        if line.refused & {*self.ledger.key, *self._required()}:
            line.spoilt = True
            self.verdicts.mark(line, "refused")
        if line.spoilt:
            return
        fields, key = self._key(source, values)
        if (first := self.seen.setdefault((fields, key), line)) is not line:
            self.verdicts.refuse(source, line, fields[0], f"与第 {first.row} 行重复")
            return
        same = self._index(fields).get(key, [])
        if len(same) > 1:
            self.verdicts.refuse(source, line, fields[0], f"库里有 {len(same)} 条同样的记录，不知道是哪一条")
        elif same:
            self._known(source, line, values, same[0])
        else:
            self._new(source, line, values)

    def _required(self) -> Iterator[str]:
        return (name for name, field in self.ledger.fields.items() if field.required)

    def _values(self, source: Source, line: Line) -> Values:
        """The row's values with words for other records made ids; what cannot be found refuses the row."""
        values = {**self.verdicts.options.defaults, **line.values}
        town = str(values.pop(TOWN, ""))
        for name, value in list(values.items()):
            kind = self.ledger.fields[name].kind
            if isinstance(kind, Ref) and name in line.values:
                try:
                    values[name] = self.references.find(kind, str(value), town)
                except Refused as refused:
                    self.verdicts.refuse(source, line, name, refused.sentence)
        if self.ledger.table == DIVISION:
            _complete_division(values)
        return values

    def _key(self, source: Source, values: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[Any, ...]]:
        """The fields that tell rows apart in this file, and their stored values."""
        named = tuple(n for n in self.ledger.key if n in source.places or n in values)
        fields = named or tuple(key for key in source.places if key in self.ledger.fields)
        return fields, tuple(self.ledger.fields[n].kind.store(values.get(n)) or None for n in fields)

    def _index(self, fields: tuple[str, ...]) -> dict[tuple[Any, ...], list[Known]]:
        if fields not in self.indexes:
            index: defaultdict[tuple[Any, ...], list[Known]] = defaultdict(list)
            for known in self.stored:
                index[tuple(known.values[n] or None for n in fields)].append(known)
            self.indexes[fields] = dict(index)
        return self.indexes[fields]

    def _known(self, source: Source, line: Line, values: Values, known: Known) -> None:
        said = {name: value for name, value in values.items() if name in source.places}
        who = " ".join(str(self._word(name, values.get(name))) for name in self.ledger.key)
        changes = self.verdicts.differences(known, self.ledger.cls, said, line, who)
        if changes:
            self.changed[known.id] = (source, line, changes)
        self.verdicts.mark(line, "changed" if changes else "same")

    def _word(self, name: str, value: Any) -> str:
        kind = self.ledger.fields[name].kind
        return self.references.names.get(value, "") if isinstance(kind, Ref) else kind.show(value)

    def _new(self, source: Source, line: Line, values: Values) -> None:
        missing = [n for n in self._required() if values.get(n) in (None, "", ())]
        for name in missing:
            self.verdicts.refuse(source, line, name, f"{self.ledger.fields[name].label}还没有填")
        if missing:
            return
        fresh = Fresh(self.ledger.cls, new_id(), values)
        if not self.verdicts.check(source, line, fresh.record()):
            return
        self.verdicts.plan.new.append(fresh)
        self.verdicts.mark(line, "new")
        if self.ledger.table == DIVISION:
            self.references.add_division(fresh.id, values["name"], values["level"], values.get("parent"))

    def finish(self) -> None:
        """Checks changed records whole."""
        records = queries.by_id(self.store, self.ledger.cls, list(self.changed))
        for id, (source, line, changes) in self.changed.items():
            if self.verdicts.check(source, line, replace(records[id], **changes), warnings=False):
                self.verdicts.plan.updates.append(Update(self.ledger.cls, id, changes))


def _complete_division(values: Values) -> None:
    """The level of a division by the end of its name, where the list does not say it."""
    name = str(values.get("name", ""))
    level = next((level for ending, level in _LEVELS.items() if name.endswith(ending)), None)
    if "level" not in values and level:
        values["level"] = level
