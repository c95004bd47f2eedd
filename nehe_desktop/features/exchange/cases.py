"""Conflicts as people decide them: one case a record, one line a field, every version with who and when."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nehe_desktop.features.exchange.ledger import Conflict
from nehe_desktop.features.exchange.naming import Title

Values = Mapping[str, Any]
OPEN, AUTO, DONE = "待处理", "自动", "已处理"
_PARTS = re.compile(r"[,、\s]+")


@dataclass(frozen=True)
class Me:
    """Who is at the keyboard, and what this laptop is called at the hub (empty where it is not enrolled)."""

    person: str = ""
    laptop: str = ""


@dataclass(frozen=True)
class Version:
    """One side of a line: the stored values, or that the record was removed; who, when, where."""

    values: Values
    removed: bool = False
    who: str = ""
    at: int = 0
    reason: str = ""
    mine: bool = False
    stands: bool = False

    def is_same(self, other: Version) -> bool:
        """Whether both say the same, whoever said it."""
        return self.removed == other.removed and plain(self.values) == plain(other.values)


@dataclass(frozen=True)
class Line:
    """What is decided as one: fields of a record, what they were, and the versions, mine first."""

    names: tuple[str, ...]
    kind: str
    base: Values
    versions: tuple[Version, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def about_existence(self) -> bool:
        """Whether the question is if the record stays at all."""
        return any(version.removed for version in self.versions)

    @property
    def at(self) -> int:
        """When the newest version was made."""
        return max(version.at for version in self.versions)

    def version(self, *, mine: bool) -> Version | None:
        """My version, or the newest of the others; None where there is none of mine."""
        if not any(version.mine for version in self.versions):
            return None
        found = [version for version in self.versions if version.mine == mine]
        return max(found, key=lambda each: each.at, default=None)


@dataclass(frozen=True)
class Case:
    """Everything that is to be decided about one record."""

    table: str
    id: str
    title: Title
    village: str
    lines: tuple[Line, ...]

    @property
    def key(self) -> str:
        """What names the case in a list."""
        return f"{self.table}:{self.id}"

    @property
    def at(self) -> int:
        """When the newest of its versions was made."""
        return max(line.at for line in self.lines)


def plain(values: Values) -> dict[str, Any]:
    """Values for comparing: empty text is no value."""
    return {name: value for name, value in values.items() if value not in (None, "")}


def names_of(conflict: Conflict) -> tuple[str, ...]:
    """The fields that a conflict is about; where there are too many for their column, those of both sides, too."""
    named = filter(None, _PARTS.split(conflict.fields))
    more = (name for side in (conflict.came, conflict.stood) for name in values_in(side) if name != "gone")
    return tuple(dict.fromkeys([*named, *more]))


def values_in(packed: str) -> dict[str, Any]:
    """The stored values of one side of a conflict."""
    found = json.loads(packed or "{}")
    return found if isinstance(found, dict) else {}


def sides(conflict: Conflict, me: Me) -> dict[str, Version]:
    """Both sides of a conflict, by the word that answers it."""
    came, stood = values_in(conflict.came), values_in(conflict.stood)
    kind, mine = conflict.kind, _mine(conflict, me)
    gone = {
        "came": kind == "delete_vs_edit" or bool(came.pop("gone", False)),
        "stood": kind in ("edit_vs_delete", "orphan") or bool(stood.pop("gone", False)),
    }
    made = {
        "came": (came, conflict.came_by, conflict.came_at, conflict.reason),
        "stood": (stood, conflict.stood_by, conflict.stood_at, ""),
    }
    return {
        side: Version(values, gone[side], who, at, reason, mine == side, conflict.used == side)
        for side, (values, who, at, reason) in made.items()
    }


def _mine(conflict: Conflict, me: Me) -> str:
    """Which side was made here: by the laptop's name, else by the person's."""
    if me.laptop and conflict.came_dev == me.laptop:
        return "came"
    if me.person and me.person in (conflict.stood_by, conflict.came_by):
        return "stood" if conflict.stood_by == me.person else "came"
    return ""


def lines_of(conflicts: Sequence[Conflict], now: Values | None, me: Me) -> tuple[Line, ...]:
    """The lines of one record, the newest last; `now` is the stored row, None where it is gone."""
    groups: dict[tuple[str, ...], list[Conflict]] = {}
    for conflict in sorted(conflicts, key=lambda each: each.came_at):
        groups.setdefault((conflict.kind, *names_of(conflict)), []).append(conflict)
    return tuple(_line(key[0], key[1:], group, now, me) for key, group in groups.items())


def _line(
    kind: str, names: tuple[str, ...], group: Sequence[Conflict], now: Values | None, me: Me
) -> Line:
    versions: list[Version] = []
    for conflict in group:
        for version in sides(conflict, me).values():
            _add(versions, version)
    versions = _standing(versions, names, now)
    versions.sort(key=lambda each: (not each.mine, each.at))
    return Line(names, kind, values_in(group[0].base), tuple(versions), tuple(group))


def _add(versions: list[Version], version: Version) -> None:
    """Adds a version, or lets one that says the same stand for both."""
    at = next((at for at, each in enumerate(versions) if each.is_same(version)), -1)
    if at < 0:
        versions.append(version)
    elif version.mine and not versions[at].mine:
        versions[at] = replace(version, stands=version.stands or versions[at].stands)


def _standing(versions: Sequence[Version], names: Sequence[str], now: Values | None) -> list[Version]:
    """The versions, told which of them stands in the row; what stands is added where it is none of them."""
    if now is None or any(each.removed for each in versions):
        return [replace(each, stands=each.removed == (now is None)) for each in versions]
    present = Version({name: now.get(name) for name in names}, stands=True)
    found = [replace(each, stands=each.is_same(present)) for each in versions]
    return found if any(each.stands for each in found) else [*found, present]
