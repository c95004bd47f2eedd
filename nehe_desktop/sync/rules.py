"""What the hub must know of each ledger to merge it: policies, groups, whose it is. It learns them as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nehe_desktop.core.deciding import Apart, Closing
from nehe_desktop.core.fields import Level
from nehe_desktop.core.given import content_of
from nehe_desktop.core.kinds import Photos, Ref
from nehe_desktop.core.record import Ledger, Record, apart_of


@dataclass(frozen=True)
class TableRule:
    """How one ledger is merged.

    `via` is the field that leads to its scope and `parent` the ledger it refers to ("" where the field
    is the scope itself, a record of the ledger `home`; all "" for reference rows); `policies` name the
    fields that are not `lww`; `together` are groups that win or lose as one; `unique` identifies a row to a person;
    `by_county` says that only the county may change it; `attachments` hold SHA-256 names of files;
    `quiet` says that the later of two edits wins without a record of conflict, `append_only` that no row
    changes once it is there; `reserved` has by field the values that only a level sets or takes away, with the level;
    `unplaced` is the scope of a row that leads to no village; `shipped` are the rows that come with the program,
    by id with their content (`core.given`): what any laptop may bring where the county has none; `by_device` is
    the field that names the laptop which wrote the row: nobody writes in the name of another; `apart` leads to
    those who may not decide in a row, `closing` to the locks of its period (`core.deciding`).
    """

    via: str = ""
    parent: str = ""
    home: str = ""
    policies: Mapping[str, str] = field(default_factory=dict)
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unique: tuple[str, ...] = ()
    by_county: bool = False
    attachments: tuple[str, ...] = ()
    quiet: bool = False
    append_only: bool = False
    reserved: Mapping[str, Mapping[str, Level]] = field(default_factory=dict)
    unplaced: str = "county"
    shipped: Mapping[str, str] = field(default_factory=dict)
    by_device: str = ""
    apart: Apart | None = None
    closing: Closing | None = None


Rules = Mapping[str, TableRule]
UNKNOWN = TableRule()
"""The rule of a ledger that this hub was not told of: every field by itself, the later one wins."""


def rules_of(ledgers: Iterable[Ledger], shipped: Iterable[Record] = ()) -> dict[str, TableRule]:
    """The rules of declared ledgers by table, with the rows that are shipped with the program."""
    known: dict[str, dict[str, str]] = {}
    for row in shipped:
        known.setdefault(row.ledger.table, {})[row.id] = content_of(row.stored())
    return {ledger.table: _rule(ledger, known.get(ledger.table, {})) for ledger in ledgers}


def _rule(ledger: Ledger, shipped: Mapping[str, str]) -> TableRule:
    first, *rest = ledger.scope.split(".")
    via = "" if ledger.scope == "county" else first
    kind = ledger.fields[via].kind if via else None
    return TableRule(
        via=via,
        parent=kind.table if rest and isinstance(kind, Ref) else "",
        home=kind.table if not rest and isinstance(kind, Ref) else "",
        policies={name: field.policy for name, field in ledger.fields.items() if field.policy != "lww"},
        together={name: group for group in ledger.together for name in group},
        unique=ledger.unique,
        by_county=ledger.by_county,
        attachments=tuple(name for name, field in ledger.fields.items() if isinstance(field.kind, Photos)),
        quiet=ledger.quiet,
        append_only=ledger.append_only,
        reserved={name: each.levels for name, each in ledger.fields.items() if each.reserved},
        unplaced=ledger.unplaced,
        shipped=shipped,
        by_device=ledger.by_device,
        apart=apart_of(ledger),
        closing=ledger.closing,
    )
