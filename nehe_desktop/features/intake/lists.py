"""Ledgers as Excel lists: an empty one to fill in, and all that is stored, to be imported again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from nehe_desktop.core.fields import Field
from nehe_desktop.core.kinds import (
    Choices,
    Day,
    IdNumber,
    Measure,
    Month,
    Name,
    Phone,
    Photos,
    Ref,
    Whole,
    Year,
)
from nehe_desktop.core.masks import NUMBERS, UNTOLD, masked
from nehe_desktop.core.record import Ledger, Record
from nehe_desktop.core.store import Store
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.intake.references import References
from nehe_desktop.spreadsheets.sheets import Cancelled, Progress
from nehe_desktop.spreadsheets.templates import write_template
from nehe_desktop.spreadsheets.writing import Column, column_of, write_csv, write_list

VERSION = "1"
_PAGE = 300  # records read at a time
_EXAMPLES: tuple[tuple[type, Any], ...] = (
    (IdNumber, "11010519491231002X"),  # printed in GB 11643-1999 itself
    (Phone, "13800000000"),
    (Name, "张三"),
    (Year, 2020),
    (Whole, 1),
    (Month, "202008"),
)
_OF_HOUSEHOLD = (
    "hh_no",
    "base_type",
    "hamlet",
    "group_no",
    "phone",
    "poor_attr",
    "exit_status",
    "exit_year",
    "cause_main",
)
_OF_PERSON = (
    "name",
    "relation",
    "id_type",
    "id_no",
    "sex",
    "ethnic",
    "edu",
    "school_status",
    "health",
    "labour",
    "phone",
)


def fields_of(ledger: Ledger) -> tuple[Field, ...]:
    """The fields that a list has a column for."""
    return tuple(field for field in ledger.fields.values() if not isinstance(field.kind, Photos))


def write_ledger(
    store: Store,
    ledger: Ledger,
    path: str | Path | BytesIO,
    *,
    title: str = "",
    where: str = "",
    params: Sequence[Any] = (),
    fields: Sequence[Field] = (),
    covered: bool = False,
    encoding: str = "utf-8-sig",
    csv: bool | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> int:
    """Writes a ledger's records to .xlsx, or to .csv by `csv` or the path's ending; gives their number. Raises Trouble.

    `covered` hides the middle of numbers that identify people, and leaves out what tells of an illness.
    """
    chosen = tuple(field for field in fields or fields_of(ledger) if not (covered and is_untold(field)))
    columns = [_covered(field) if covered else column_of(field) for field in chosen]
    rows = _rows(store, ledger, chosen, where, params)
    if csv if csv is not None else str(path).lower().endswith(".csv"):
        return write_csv(path, columns, rows, encoding)
    return write_list(
        path, columns, rows, sheet=ledger.title, title=title, progress=progress, cancelled=cancelled
    )


def is_untold(field: Field) -> bool:
    """Whether a covered list has no column for it: an illness, or a number that only who is ill has."""
    return field.private in UNTOLD or (field.private in NUMBERS and field.when is not None)


def _covered(field: Field) -> Column:
    """The column with ID, telephone and account numbers covered in the middle."""
    column = column_of(field)
    if field.private not in NUMBERS:
        return column
    return replace(column, show=lambda value: masked(field.private, field.kind.show(value), "screen"))


def _rows(
    store: Store, ledger: Ledger, fields: Sequence[Field], where: str, params: Sequence[Any]
) -> Iterator[list[Any]]:
    names = References(store, ledger).names
    for record in _records(store, ledger, where, params):
        values = (getattr(record, field.name) for field in fields)
        yield [
            names.get(v, "") if isinstance(f.kind, Ref) and v else v
            for f, v in zip(fields, values, strict=True)
        ]


def _records(store: Store, ledger: Ledger, where: str, params: Sequence[Any]) -> Iterator[Record]:
    """All records in the order of their making, some at a time, so that a large ledger holds nobody up."""
    condition = f"({where}) AND id > ?" if where else "id > ?"
    last = ""
    while part := store.all(ledger.cls, condition, (*params, last), "id", _PAGE):
        yield from part
        last = part[-1].id


def write_ledger_template(ledger: Ledger, path: str | Path) -> None:
    """An empty list of one ledger to fill in. Raises Trouble."""
    fields = fields_of(ledger)
    columns = [column_of(field) for field in fields]
    version = f"{ledger.table}-{VERSION}"
    write_template(
        path, columns, title=ledger.title, version=version, example=[_example(field) for field in fields]
    )


def write_household_template(path: str | Path) -> None:
    """An empty list of households and members to fill in, one row a person. Raises Trouble."""
    homes, people = Household.ledger.fields, Person.ledger.fields
    fields = [*(homes[name] for name in _OF_HOUSEHOLD), *(people[name] for name in _OF_PERSON)]
    place = [Column("乡镇", required=True, width=16), Column("行政村", required=True, width=14)]
    columns = [*place, *(_needed(column_of(field)) for field in fields)]
    example = ["学田镇", "国兴村", *(_example(field) for field in fields)]
    write_template(path, columns, title="农户和家庭成员", version=f"household-{VERSION}", example=example)


def _needed(column: Column) -> Column:
    return replace(column, required=True) if column.label in ("户编号", "证件号码") else column


def _example(field: Field) -> Any:
    """A value that shows how a cell is filled; nothing where any text would do."""
    kind = field.kind
    if isinstance(kind, Choices) or hasattr(kind, "options"):
        return None if isinstance(kind, Choices) else kind.options[0][0]  # type: ignore[attr-defined]
    if isinstance(kind, Day | Measure | Ref):
        return None
    return next((value for of, value in _EXAMPLES if isinstance(kind, of)), None)
