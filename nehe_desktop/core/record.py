"""A record: one class declares a ledger, and every face follows from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

from nehe_desktop.core import fields
from nehe_desktop.core.deciding import Apart, Closing, Path
from nehe_desktop.core.errors import Problem, Refused
from nehe_desktop.core.fields import Field
from nehe_desktop.core.ids import new_id
from nehe_desktop.core.kinds import Ref
from nehe_desktop.core.masks import is_cover

if TYPE_CHECKING:
    from nehe_desktop.core.database import Writing


@dataclass(frozen=True)
class Ledger:
    """What a declaration says of a whole ledger."""

    cls: type[Record]
    table: str
    title: str
    scope: str
    key: tuple[str, ...]
    together: tuple[tuple[str, ...], ...]
    fields: Mapping[str, Field]
    indexes: tuple[str, ...]
    was: str = ""
    unique: tuple[str, ...] = ()
    by_county: bool = False
    quiet: bool = False
    append_only: bool = False
    unplaced: str = "county"
    by_device: str = ""
    approves: str = ""
    apart: tuple[str, ...] = ()
    own: str = ""
    closing: Closing | None = None
    confirming: tuple[str, ...] = ()

    @property
    def is_trace(self) -> bool:
        """Whether its rows are what a laptop tells of itself: they stay on it, also where the hub tells of them no more."""
        return self.append_only and bool(self.by_device)

    @property
    def by_program(self) -> bool:
        """Whether rows are made only where their deed is done: neither typed into a list nor imported."""
        return self.append_only or bool(self.approves)

    @property
    def listed(self) -> tuple[Field, ...]:
        """The fields that stand in the list, in the order of the declaration."""
        return tuple(field for field in self.fields.values() if field.listed)

    @property
    def searched(self) -> tuple[Field, ...]:
        """The fields that the search finds."""
        return tuple(field for field in self.fields.values() if field.search)


LEDGERS: dict[str, Ledger] = {}
"""Every declared ledger by its table; the only registry."""


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(
        fields.text,
        fields.note,
        fields.name,
        fields.whole,
        fields.measure,
        fields.money,
        fields.day,
        fields.month,
        fields.year,
        fields.moment,
        fields.choice,
        fields.choices,
        fields.flag,
        fields.ref,
        fields.id_number,
        fields.phone,
        fields.photos,
        dataclasses.field,
    ),
)
@dataclass(frozen=True, kw_only=True)
class Record:
    """One row of a ledger, frozen; `dataclasses.replace` makes a changed one."""

    ledger: ClassVar[Ledger]
    id: str = dataclasses.field(default_factory=new_id)

    def __init_subclass__(
        cls,
        *,
        table: str,
        title: str,
        scope: str = "village",
        key: tuple[str, ...] = (),
        together: tuple[tuple[str, ...], ...] = (),
        indexes: tuple[str, ...] = (),
        was: str = "",
        unique: tuple[str, ...] = (),
        by_county: bool = False,
        quiet: bool = False,
        append_only: bool = False,
        unplaced: str = "county",
        by_device: str = "",
        approves: str = "",
        apart: tuple[str, ...] = (),
        own: str = "",
        closing: Closing | None = None,
        confirming: tuple[str, ...] = (),
        **more: Any,
    ) -> None:
        """Declares the ledger.

        `table` and `title` name it; `scope` says whose laptop holds a row ("county" for reference rows,
        else a path of refs that ends at a village); `key` identifies a row to a person; `indexes` are
        column lists such as "household, day"; `unique` are the fields that no two rows may share, as an
        identity number (two laptops may break it, the hub then tells); `by_county` says that only the
        county's own laptops change it; `quiet` that the later of two edits wins without a record of
        conflict, as for the records of conflicts themselves; `append_only` that a row never changes once it
        is there; `unplaced` is the scope of a row that leads to no village: "county" for every laptop's,
        "office" for the county's own laptops only; `by_device` is a field that names the laptop which wrote the
        row, and the hub takes it from no other; `approves` is the ledger whose rows a row of this one moves on, so
        that making it is approving; `apart` names the field that says who decides, then the paths of refs to those
        who may not, as ("by", "leave.member.name"); `own` is the path to the name of whose matter a row is;
        `closing` says what locks a period of the ledger; `confirming` is a field and its value with which a row of
        a ledger of approvals only confirms, so that also those whom it is about may write it.
        """
        super().__init_subclass__(**more)
        dataclass(frozen=True, kw_only=True)(cls)
        specs = (fields.declared(spec) for spec in dataclasses.fields(cls))
        found = {field.name: field for field in specs if field is not None}
        cls.ledger = Ledger(
            cls,
            table,
            title,
            scope,
            key,
            together,
            found,
            indexes,
            was,
            unique,
            by_county,
            quiet,
            append_only,
            unplaced,
            by_device,
            approves,
            apart,
            own,
            closing,
            confirming,
        )
        LEDGERS[table] = cls.ledger

    def values(self) -> dict[str, Any]:
        """The declared fields by name."""
        return {name: getattr(self, name) for name in self.ledger.fields}

    def rules(self) -> Iterator[Problem]:
        """What is wrong between several fields; a ledger overrides this."""
        return iter(())

    def follows(self, patch: Mapping[str, Any], database: Writing) -> Iterable[Record]:  # noqa: ARG002
        """Records to be stored in the same step as this one, whoever stores it; a ledger overrides this.

        `patch` has (old, new) of what the step changes, as stored. Raises Invalid where other ledgers forbid it.
        """
        return ()

    def problems(self) -> list[Problem]:
        """Everything wrong with the record at once, errors and warnings."""
        found = list(field_problems(self.ledger, self.values()))
        return found if any(p.level == "error" for p in found) else [*found, *self.rules()]

    def stored(self) -> dict[str, Any]:
        """The declared fields as SQLite keeps them."""
        return {name: field.kind.store(getattr(self, name)) for name, field in self.ledger.fields.items()}

    @classmethod
    def kept(cls, id: str, database: Writing) -> Problem | None:  # noqa: ARG003
        """Why a row must not be removed, such as what somebody decided about; a ledger overrides this."""
        return None

    @classmethod
    def belated(cls, old: Mapping[str, Any], new: Mapping[str, Any], at: datetime) -> Problem | None:  # noqa: ARG003
        """What is wrong with stored values that somebody writes at a time; a ledger overrides this."""
        return None

    @classmethod
    def loaded(cls, id: str, stored: Mapping[str, Any]) -> Self:
        """The record of a row that SQLite kept; fields it does not name have their defaults."""
        known = {
            name: _loaded(field, stored[name]) for name, field in cls.ledger.fields.items() if name in stored
        }
        return cls(id=id, **known)


def _loaded(field: Field, stored: Any) -> Any:
    """The value of a column; a column added later is empty and gives empty text, not None."""
    value = field.kind.load(stored)
    return field.default if value is None and isinstance(field.default, str) else value


def path_of(ledger: Ledger, words: str) -> Path:
    """The way that a path of refs such as leave.member.name declares from a row of a ledger."""
    via, *names = words.split(".")
    hops: list[tuple[str, str]] = []
    here, at = ledger, via
    for name in names:
        kind = here.fields[at].kind
        if not isinstance(kind, Ref):
            raise TypeError(f"{here.table}.{at} leads nowhere")
        here, at = LEDGERS[kind.table], name
        hops.append((here.table, name))
    return Path(via, tuple(hops))


def apart_of(ledger: Ledger) -> Apart | None:
    """Who decides in a row of a ledger, and the ways to those who may not; None where it decides nothing."""
    by, *others = ledger.apart or ("",)
    return Apart(by, tuple(path_of(ledger, each) for each in others), ledger.confirming) if by else None


def field_problems(ledger: Ledger, values: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with single fields: empty though required, or a value its kind refuses."""
    for field in ledger.fields.values():
        value = values.get(field.name)
        if value in (None, "", ()):
            if field.required and field.shown(values):
                yield Problem(field.name, f"{field.label}：还没有填")
            continue
        try:
            field.kind.check(value)
        except Refused as refused:
            yield Problem(field.name, f"{field.label}：{refused.sentence}")
        if is_cover(field, value):
            yield Problem(field.name, f"{field.label}：这是遮住以后的样子，请填完整的内容")


def ledger_of(cls: type[Record]) -> Ledger:
    """The ledger that a class declares."""
    return cls.ledger
