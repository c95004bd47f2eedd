"""The merge: one change into one row, field by field, by its old and its new value.

A change whose old value is still there is set; the same new value twice is nothing; anything else is
a conflict, which is always recorded with both values. Clocks never detect a conflict, they only
choose between two values where the policy says so. Pure: no database, no network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from nehe_desktop.sync.protocol import Change
from nehe_desktop.sync.rules import TableRule

Kind = Literal["field", "delete_vs_edit", "edit_vs_delete", "orphan", "salvage"]
AUTO, OPEN = "自动", "待处理"
"""A conflict that a rule decided, and one that waits for a person."""

FUTURE = 10 * 60 * 1000 << 16
"""How far ahead of the hub's clock a stamp may be (ten minutes); beyond it is brought back."""


@dataclass(slots=True)
class RowState:
    """A row as the hub keeps it.

    `meta` says for a field that was changed after the row was made [stamp, author, era]; the rest has
    the row's own `stamp`, `who` and `era`. The era is the hub's epoch as a number, 0 for what an
    earlier epoch already had. `salvaged` is the number a salvaged row had there.
    """

    scope: str
    parent: str = ""
    rev: int = 0
    hseq: int = 0
    gone: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    meta: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    stamp: int = 0
    who: str = ""
    era: int = 0
    salvaged: int = 0
    given: str = ""

    def origin(self, name: str) -> tuple[int, str, int]:
        """Stamp, author and era of a field's present value."""
        return self.meta.get(name) or (self.stamp, self.who, self.era)

    def is_fresh(self, era: int) -> bool:
        """Whether anything of the row was written in this era."""
        return self.era == era or any(each[2] == era for each in self.meta.values())


@dataclass(frozen=True)
class Circumstance:
    """Who changed it, when (bounded stamp), why, and in which era of the hub (0 for what is sent again)."""

    stamp: int
    who: str
    era: int


@dataclass(frozen=True)
class Clash:
    """A conflict: the fields, what they were to the sender, what came, what stood, and which of both is used."""

    kind: Kind
    fields: tuple[str, ...]
    base: Mapping[str, Any]
    came: Mapping[str, Any]
    stood: Mapping[str, Any]
    used: Literal["came", "stood"]
    state: str
    stood_by: str = ""
    stood_at: int = 0


@dataclass(frozen=True)
class Outcome:
    """The row after a change, whether anything about it is new to the laptops, and the conflicts."""

    row: RowState
    touched: bool
    clashes: tuple[Clash, ...] = ()


def plain(value: Any) -> Any:
    """A value for comparing: empty text is no value."""
    return None if value == "" else value


def bounded(stamp: int, now: int) -> int:
    """A stamp that is not further ahead of the hub's wall clock `now` (milliseconds) than allowed."""
    return max(0, min(stamp, (now << 16) + FUTURE))


def merged(row: RowState | None, change: Change, rule: TableRule, now: Circumstance) -> Outcome:
    """The row after the change; the given state is altered in place."""
    outcome = _merged(row, change, rule, now)
    if outcome.touched:
        outcome.row.given = ""
    return replace(outcome, clashes=()) if rule.quiet and outcome.clashes else outcome


def _merged(row: RowState | None, change: Change, rule: TableRule, now: Circumstance) -> Outcome:
    if row is None:
        return _first(change, now)
    if change.o == "D":
        return _removed(row, change, now)
    clashes: list[Clash] = []
    touched = False
    if row.gone:
        touched = True
        row.gone = False
        if change.o == "U":
            clashes.append(_revival(row, change))
    for names in _units(change.f, rule):
        touched |= _unit(row, change, names, rule, now, clashes)
    return Outcome(row, touched, tuple(clashes))


def _first(change: Change, now: Circumstance) -> Outcome:
    row = RowState("", stamp=now.stamp, who=now.who, era=now.era)
    if change.o == "D":
        row.gone = True
        return Outcome(row, touched=True)
    row.data = {name: new for name, (_, new) in change.f.items() if new is not None and new != ""}
    if change.o == "I":
        return Outcome(row, touched=True)
    base = {name: old for name, (old, _) in change.f.items()}
    clash = Clash("orphan", tuple(change.f), base, dict(row.data), {}, "came", AUTO)
    return Outcome(row, touched=True, clashes=(clash,))


def _removed(row: RowState, change: Change, now: Circumstance) -> Outcome:
    if row.gone:
        return Outcome(row, touched=False)
    seen = {name: plain(old) for name, (old, _) in change.f.items()}
    edited = tuple(name for name in {**row.data, **seen} if seen.get(name) != row.data.get(name))
    if edited:
        stamp, who, _ = max(row.origin(name) for name in edited)
        base = {name: seen.get(name) for name in edited}
        stood = {name: row.data.get(name) for name in edited}
        return Outcome(
            row, True, (Clash("delete_vs_edit", edited, base, {}, stood, "stood", OPEN, who, stamp),)
        )
    row.gone = True
    row.stamp, row.who, row.era = now.stamp, now.who, now.era
    return Outcome(row, touched=True)


def _revival(row: RowState, change: Change) -> Clash:
    """An edit of a row that somebody removed meanwhile: the row is back, and somebody should look."""
    base = {name: old for name, (old, _) in change.f.items()}
    came = {name: new for name, (_, new) in change.f.items()}
    return Clash("edit_vs_delete", tuple(change.f), base, came, {}, "came", OPEN, row.who, row.stamp)


def _units(names: Iterable[str], rule: TableRule) -> Iterable[tuple[str, ...]]:
    """Fields that win or lose as one, each unit once; most stand alone."""
    if not rule.together:
        return ((name,) for name in names)
    units: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        units.setdefault(rule.together.get(name, (name,)), []).append(name)
    return (tuple(each) for each in units.values())


def _unit(
    row: RowState,
    change: Change,
    names: tuple[str, ...],
    rule: TableRule,
    now: Circumstance,
    clashes: list[Clash],
) -> bool:
    """Merges one unit; whether the row is to be sent out anew."""
    data, patch = row.data, change.f
    same = clean = True
    for name in names:
        old, new = patch[name]
        stands = data.get(name)
        if stands != plain(new):
            same = False
            clean = clean and stands == plain(old)
    if same:
        return False
    if clean:
        _set(row, names, patch, now)
        return True
    policy = next((rule.policies[name] for name in names if name in rule.policies), "lww")
    if policy == "set" and len(names) == 1:
        return _elements(row, names[0], patch[names[0]], now)
    stamp, who, _ = max(row.origin(name) for name in names)
    wins = policy != "review" and now.stamp > stamp
    clashes.append(
        Clash(
            "field",
            names,
            {name: plain(patch[name][0]) for name in names},
            {name: plain(patch[name][1]) for name in names},
            {name: data.get(name) for name in names},
            "came" if wins else "stood",
            OPEN if policy == "review" else AUTO,
            who,
            stamp,
        )
    )
    if wins:
        _set(row, names, patch, now)
    return True


def _set(
    row: RowState, names: Iterable[str], patch: Mapping[str, tuple[Any, Any]], now: Circumstance
) -> None:
    for name in names:
        new = plain(patch[name][1])
        if row.data.get(name) == new:
            continue
        if new is None:
            row.data.pop(name, None)
        else:
            row.data[name] = new
        row.meta[name] = (now.stamp, now.who, now.era)


def _elements(row: RowState, name: str, patch: tuple[Any, Any], now: Circumstance) -> bool:
    """Several choices merge by element: what was added is added, what was taken away is taken away."""
    old, new = (_parts(each) for each in patch)
    stands = _parts(row.data.get(name))
    kept = [each for each in stands if each in new or each not in old]
    after = ",".join([*kept, *(each for each in new if each not in old and each not in stands)])
    if after == ",".join(stands):
        return True  # the sender does not know yet what else is in it
    _set(row, (name,), {name: (None, after)}, now)
    return True


def _parts(stored: Any) -> list[str]:
    return [each for each in str(stored or "").split(",") if each]


def salvaged(
    row: RowState | None, values: Mapping[str, Any], number: int, *, gone: bool, era: int, who: str = ""
) -> Outcome:
    """A row that a laptop pulled before the hub was restored; what this era wrote itself is not overwritten."""
    if row is None:
        kept = {name: value for name, value in values.items() if plain(value) is not None}
        return Outcome(RowState("", data=kept, gone=gone, who=who, salvaged=number), touched=True)
    if row.salvaged >= number:
        return Outcome(row, touched=False)
    row.salvaged = number
    clashes: list[Clash] = []
    touched = False
    for name in () if gone else {**row.data, **values}:
        stands, lost = row.data.get(name), plain(values.get(name))
        if stands == lost:
            continue
        stamp, by, written = row.origin(name)
        if written == era:
            came, stood = {name: lost}, {name: stands}
            clashes.append(Clash("salvage", (name,), {}, came, stood, "stood", OPEN, by, stamp))
            continue
        _set(row, (name,), {name: (None, lost)}, Circumstance(0, who, 0))
        touched = True
    if gone != row.gone and not row.is_fresh(era):
        row.gone, touched = gone, True
    elif gone != row.gone:
        clashes.append(
            Clash("salvage", (), {}, {"gone": gone}, {"gone": row.gone}, "stood", OPEN, row.who, row.stamp)
        )
    if touched:
        row.given = ""
    return Outcome(row, touched, tuple(clashes))
