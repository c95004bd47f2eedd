"""Deciding conflicts: each decision sets the record's fields and closes its conflicts as one step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

from nehe_desktop.core.errors import Invalid, Problem, Refused
from nehe_desktop.core.record import LEDGERS, Record
from nehe_desktop.core.store import Change, Put, Receipt, Remove, Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.exchange.cases import DONE, Case, Line, Me, Version, names_of, plain, sides
from nehe_desktop.features.exchange.ledger import Conflict
from nehe_desktop.features.exchange.naming import label_of, title_of
from nehe_desktop.features.exchange.references import users_of, users_words

REASON = "处理冲突"


@dataclass(frozen=True)
class Decision:
    """What one line comes to: stored values for its fields, or that the record goes."""

    table: str
    id: str
    names: tuple[str, ...]
    conflicts: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    removed: bool = False


@dataclass(frozen=True)
class Left:
    """A record that a batch could not decide, and why."""

    key: str
    title: str
    why: str


@dataclass(frozen=True)
class Batch:
    """What a batch did: its step, how many records it decided, and what it left."""

    receipt: Receipt
    done: int
    left: tuple[Left, ...]


def chosen(case: Case, line: Line, version: Version) -> Decision:
    """The decision for one of the versions of a line."""
    values = {name: version.values.get(name) for name in line.names}
    return _decision(case, line, {} if version.removed else values, removed=version.removed)


def answered(conflict: Conflict, side: str) -> Decision:
    """The decision for one side of a single conflict: came or stood."""
    version, names = sides(conflict, Me())[side], names_of(conflict)
    values = {} if version.removed else {name: version.values.get(name) for name in names}
    return Decision(conflict.tbl, conflict.pk, names, (conflict.id,), values, version.removed)


def written(case: Case, line: Line, raw: Mapping[str, object]) -> Decision:
    """The decision for something else, as it was typed; raises Invalid with what is wrong beside each field."""
    fields, problems, values = LEDGERS[case.table].fields, [], {}
    for name in line.names:
        kind = fields[name].kind
        try:
            value = kind.read(raw.get(name))
            kind.check(value)
        except Refused as refused:
            problems.append(Problem(name, refused.sentence))
            continue
        values[name] = kind.store(value)
    if problems:
        raise Invalid(problems)
    return _decision(case, line, values, removed=False)


def _decision(case: Case, line: Line, values: Mapping[str, Any], *, removed: bool) -> Decision:
    ids = tuple(conflict.id for conflict in line.conflicts)
    return Decision(case.table, case.id, line.names, ids, values, removed)


def all_of(case: Case, *, mine: bool) -> list[Decision]:
    """都用我的 or 都用别处的: a decision for every line that has such a side."""
    found = ((line, line.version(mine=mine)) for line in case.lines)
    return [chosen(case, line, version) for line, version in found if version is not None]


def submit(store: Store, decisions: Sequence[Decision]) -> Future[Receipt]:
    """Decides on the writer's thread, with the rows as they stand then.

    The future fails with Invalid where a record would have something wrong, and with Refused where a
    record cannot go because others need it; then nothing is decided.
    """
    words, first = _words(decisions), decisions[0]
    future = store.submit(_changes(store, decisions), f"{REASON}：{words}")
    return audit.follow(
        store, future, "冲突处理", tbl=first.table, row=first.id, count=len(decisions), detail=words
    )


def resolve(store: Store, decisions: Sequence[Decision]) -> Receipt:
    """`submit`, waited for."""
    return submit(store, decisions).result()


def resolve_all(store: Store, cases: Iterable[Case], *, mine: bool) -> Batch:
    """都用我的 or 都用别处的 for several records, as one step; for a worker.

    Records without such a side, and those that would have something wrong, are left as they are.
    """
    done: list[str] = []
    left: list[Left] = []
    reason = f"{REASON}：都用{'我的' if mine else '别处的'}"
    receipt = store.write(_tried(store, cases, done, left, mine=mine), reason)
    if done:
        audit.note(store, "冲突处理", tbl="conflict", count=len(done), detail=reason).result()
    return Batch(receipt, len(done), tuple(left))


def _tried(
    store: Store, cases: Iterable[Case], done: list[str], left: list[Left], *, mine: bool
) -> Iterator[Change]:
    for case in cases:
        try:
            found = list(_record_changes(store, case.table, case.id, _sided(case, mine=mine)))
        except (Refused, Invalid) as refused:
            left.append(Left(case.key, str(case.title), str(refused)))
            continue
        done.append(case.key)
        yield from found


def _sided(case: Case, *, mine: bool) -> list[Decision]:
    if decisions := all_of(case, mine=mine):
        return decisions
    raise Refused("两边都不是这台电脑改的，请打开看清楚再定")


def _changes(store: Store, decisions: Sequence[Decision]) -> Iterator[Change]:
    groups: dict[tuple[str, str], list[Decision]] = {}
    for decision in decisions:
        groups.setdefault((decision.table, decision.id), []).append(decision)
    for (table, id), group in groups.items():
        yield from _record_changes(store, table, id, group)


def _record_changes(
    store: Store, table: str, id: str, decisions: Sequence[Decision]
) -> Iterator[Change]:
    """What deciding does to one record, and to its conflicts."""
    ledger = LEDGERS.get(table)
    record = store.find(ledger.cls, id) if ledger else None
    if any(decision.removed for decision in decisions):
        yield from _removal(store, record)
    elif record is not None:
        yield Put(_checked(_with_values(record, decisions)))
    elif any(plain(decision.values) for decision in decisions):
        raise Refused(f"{title_of(store, table, id)}，不能在这里改；先放着，由有这条记录的电脑来定")
    for decision in decisions:
        yield from (Put(_closed(store, conflict, decision)) for conflict in _conflicts(store, decision))


def _removal(store: Store, record: Record | None) -> Iterator[Change]:
    if record is None:
        return
    if used := users_of(store, record.ledger.table, record.id):
        raise Refused(f"还有别的记录用到它（{users_words(used)}），不能删除；先处理那些，或选保留")
    yield Remove(type(record), record.id)


def _with_values(record: Record, decisions: Iterable[Decision]) -> Record:
    fields = record.ledger.fields
    new: dict[str, Any] = {}
    for decision in decisions:
        for name, stored in decision.values.items():
            if name in fields:
                value = fields[name].kind.load(stored)
                new[name] = fields[name].default if value is None and not fields[name].required else value
    return replace(record, **new)


def _checked(record: Record) -> Record:
    errors = [problem for problem in record.problems() if problem.level == "error"]
    if errors:
        raise Invalid(errors)
    return record


def _conflicts(store: Store, decision: Decision) -> Iterator[Conflict]:
    found = (store.find(Conflict, id) for id in decision.conflicts)
    return (conflict for conflict in found if conflict is not None)


def _closed(store: Store, conflict: Conflict, decision: Decision) -> Conflict:
    answer = _answer(conflict, decision)
    return replace(
        conflict,
        state=DONE,
        answer=answer,
        used=answer if answer in ("came", "stood") else conflict.used,
        answered_by=store.author,
        answered_at=store.clock.stamp(),
    )


def _answer(conflict: Conflict, decision: Decision) -> str:
    wanted = Version(decision.values, removed=decision.removed)
    for side, version in sides(conflict, Me()).items():
        if version.is_same(wanted) or (version.removed and wanted.removed):
            return side
    return _kept(conflict, wanted)


def _kept(conflict: Conflict, wanted: Version) -> str:
    """The side that keeps the record, where the question was if it stays."""
    found = sides(conflict, Me())
    if wanted.removed or not any(version.removed for version in found.values()):
        return "other"
    return next((side for side, version in found.items() if not version.removed), "other")


def _words(decisions: Sequence[Decision]) -> str:
    """What was decided, for the list of steps."""
    first = decisions[0]
    more = f"等 {len(decisions)} 项" if len(decisions) > 1 else ""
    return (label_of(first.table, first.names) or "是否保留") + more
