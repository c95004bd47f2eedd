"""A made-up record of any declared ledger, filled as far as its own rules allow."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from nehe_desktop.core import kinds
from nehe_desktop.core.fields import Field
from nehe_desktop.core.record import Ledger, Record


def sample_value(field: Field) -> Any:
    """A value that the field's kind takes."""
    kind = field.kind
    match kind:
        case kinds.Choices():
            return (kind.options[0][0],)
        case kinds.Choice():
            return kind.options[0][0]
        case kinds.Whole():
            return max(kind.low, min(kind.high, 2019 if isinstance(kind, kinds.Year) else 3))
        case kinds.Measure():
            return kind.round(max(kind.low, min(kind.high, kind.low + 1)))
        case kinds.Day():
            return date(2020, 8, 10)
        case kinds.Month():
            return "202008"
        case kinds.Moment():
            return datetime(2020, 8, 10, 9, 30, tzinfo=UTC)
        case kinds.Flag():
            return True
        case kinds.Ref():
            return f"{kind.table}-1"
        case kinds.Phone():
            return "13800002203"
        case kinds.Photos():
            return ("a" * 64,)
        case kinds.IdNumber():
            return "11010519491231002X"
        case kinds.Name():
            return "敖拉·𬍛"
        case kinds.Text():
            return sample_text(kind)
    raise AssertionError(f"no sample for {kind}")


def sample_text(kind: kinds.Text) -> str:
    """A text that keeps the declared width and pattern."""
    tries = ("一" * min(kind.width, 3), "123456", "20200810", "=1+1")
    return next(
        t for t in tries if len(t) <= kind.width and (not kind.pattern or re.fullmatch(kind.pattern, t))
    )


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
