"""What an import would do, before it does it: each row's outcome, each refused cell's reason."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from nehe_desktop.core.record import Record
from nehe_desktop.spreadsheets.sheets import Workbook

Outcome = Literal["new", "changed", "same", "refused"]
WORDS: dict[Outcome, str] = {"new": "新增", "changed": "更新", "same": "无变化", "refused": "未导入"}
CREATE = "+"
"""Chosen for a village that the divisions do not know: make it, not verified."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a cell or a row is refused or doubted; `column` counts from 0, -1 is the whole row."""

    sheet: str
    row: int
    column: int
    heading: str
    value: str
    sentence: str
    level: str = "error"

    def __str__(self) -> str:
        place = f"“{self.sheet}”第 {self.row} 行" + (f"“{self.heading}”" if self.heading else "")
        return f"{place}：{self.sentence}"


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored field that the file would change; the values as the screen shows them, covered where private."""

    sheet: str
    row: int
    who: str
    label: str
    before: str
    after: str
    kept: bool = False  # true where the stored value stays, as the local one wins


@dataclass(frozen=True, slots=True)
class Fresh:
    """A record to be made: only what the file says of it, so that a county's plan stays small."""

    cls: type[Record]
    id: str
    values: Mapping[str, Any]

    def record(self) -> Record:
        """The record itself."""
        return self.cls(id=self.id, **self.values)


@dataclass(frozen=True, slots=True)
class Update:
    """Fields of a stored record that get new values."""

    cls: type[Record]
    id: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class SheetPlan:
    """How one sheet was understood."""

    name: str
    header: int  # number of the last header row, from 1
    headings: tuple[str, ...]
    columns: Mapping[int, str]  # column → key of a target
    offered: Mapping[int, tuple[str, float]]  # likenesses that a person must confirm
    unknown: tuple[int, ...]


@dataclass(frozen=True)
class Options:
    """What a person chose for an import."""

    base_type: str = ""  # for new households that the file says nothing of
    village: str = ""  # for files without a village column
    villages: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (town, village) → id or CREATE
    create_villages: bool = False
    columns: frozenset[str] | None = None  # keys whose stored values may change; None for all
    only_new: bool = False
    local_wins: frozenset[str] = frozenset(
        {"household.phone", "person.phone", "household.lat", "household.lon", "household.gps_acc"}
    )  # a stored value of these stays (domain §1.11)
    defaults: Mapping[str, Any] = field(default_factory=dict)  # of a single ledger: field → value
    mapping: Mapping[str, str] = field(default_factory=dict)  # heading → key, "" to leave a column out


@dataclass
class Plan:
    """An import that has been read, checked and compared, and waits for a person's word."""

    title: str
    workbook: Workbook
    sha256: str
    sheets: list[SheetPlan] = field(default_factory=list)
    outcomes: dict[str, dict[int, Outcome]] = field(default_factory=dict)  # sheet → row → outcome
    reasons: list[Reason] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)  # kind of row that is no record → how many
    unknown_villages: Counter[tuple[str, str]] = field(default_factory=Counter)
    new: list[Fresh] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    people: Counter[str] = field(default_factory=Counter)  # outcome → persons
    households: Counter[str] = field(default_factory=Counter)  # outcome → households

    @property
    def rows(self) -> Counter[str]:
        """How many rows have each outcome."""
        return Counter(outcome for rows in self.outcomes.values() for outcome in rows.values())

    @property
    def refused(self) -> list[Reason]:
        """The reasons of level error."""
        return [reason for reason in self.reasons if reason.level == "error"]

    @property
    def warnings(self) -> list[Reason]:
        """The reasons of level warning."""
        return [reason for reason in self.reasons if reason.level == "warning"]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to store."""
        return not self.new and not self.updates

    def summary(self) -> str:
        """One sentence for the person who decides."""
        parts = [f"{WORDS[outcome]} {self.rows[outcome]} 行" for outcome in WORDS if self.rows[outcome]]
        return "，".join(parts) or "没有可以导入的行"


def fingerprint(workbook: Workbook) -> str:
    """SHA-256 of the file as it was sent."""
    with workbook.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
