"""A made-up record of any declared ledger, filled as far as its own rules allow."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from nehe_desktop.core import kinds
from nehe_desktop.core.fields import Field
from nehe_desktop.core.record import Ledger, Record


def sample_text(kind: kinds.Text) -> str:
    """A text that keeps the declared width and pattern."""
    tries = ("一" * min(kind.width, 3), "123456", "20200810", "=1+1")
    return next(
        t for t in tries if len(t) <= kind.width and (not kind.pattern or re.fullmatch(kind.pattern, t))
    )


PLAIN: dict[type[kinds.Kind], Any] = {
    kinds.Day: date(2020, 8, 10),
    kinds.Month: "202008",
    kinds.Moment: datetime(2020, 8, 10, 9, 30, tzinfo=UTC),
    kinds.Flag: True,
    kinds.Phone: "13800002203",
    kinds.Photos: ("a" * 64,),
    kinds.IdNumber: "11010519491231002X",
    kinds.Name: "敖拉·𬍛",
}
MADE: dict[type[kinds.Kind], Callable[[Any], Any]] = {
    kinds.Choice: lambda kind: kind.options[0][0],
    kinds.Choices: lambda kind: (kind.options[0][0],),
    kinds.Whole: lambda kind: max(kind.low, min(kind.high, 3)),
    kinds.Year: lambda kind: max(kind.low, min(kind.high, 2019)),
    kinds.Measure: lambda kind: kind.round(max(kind.low, min(kind.high, kind.low + 1))),
    kinds.Money: lambda kind: kind.round(max(kind.low, min(kind.high, kind.low + 1))),
    kinds.Ref: lambda kind: f"{kind.table}-1",
    kinds.Text: sample_text,
    kinds.Note: sample_text,
}


def sample_value(field: Field) -> Any:
    """A value that the field's kind takes."""
    kind = type(field.kind)
    return PLAIN[kind] if kind in PLAIN else MADE[kind](field.kind)


def sample(ledger: Ledger) -> Record:
    """A record with every field filled that its own rules do not refuse."""
    values = {name: sample_value(field) for name, field in ledger.fields.items()}
    for _ in values:
        record = ledger.cls(id=f"{ledger.table}-1", **values)
        wrong = {p.field for p in record.problems() if p.level == "error"}
        if not wrong:
            return record
        for name in wrong:
            values[name] = ledger.fields[name].default
    raise AssertionError(f"{ledger.title} takes no record")
