"""A made-up record of any declared ledger, filled as far as its own rules allow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from nehe_desktop.core import kinds
from nehe_desktop.core.fields import Field
from nehe_desktop.core.masks import COVERED
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


SECRETS: dict[str, str] = {
    "id": "11010519491231002X", "phone": "13800002203", "bank": "6228480000001234", "illness": "尿毒症每周透析",
    "values": '{"phone": "13800002203"}',
}  # fmt: skip
"""What nobody may see in clear, by the kind of privacy of a text; the ID number is printed in GB 11643-1999."""


def secret_value(field: Field) -> Any:
    """A value of a covered field that is known wherever it turns up: the last option, the secret text."""
    if isinstance(field.kind, kinds.Choice | kinds.Choices):
        code = field.kind.options[-1][0]
        return (code,) if isinstance(field.kind, kinds.Choices) else code
    is_text = isinstance(field.kind, kinds.Text | kinds.IdNumber | kinds.Phone)
    return SECRETS[field.private] if is_text else sample_value(field)


def secret_sample(ledger: Ledger) -> Record:
    """A record with every covered field filled by a secret."""
    secret = {name: secret_value(field) for name, field in ledger.fields.items() if field.private in COVERED}
    values = {name: sample_value(field) for name, field in ledger.fields.items()} | secret
    for name in tuple(secret):
        secret |= next((way for way in ({}, *_choices(ledger)) if ledger.fields[name].shown(values | way)), {})
    return sample(ledger, **secret)


def _choices(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Each option of each choice, one of which makes a conditional field apply."""
    for name, field in ledger.fields.items():
        if isinstance(field.kind, kinds.Choice) and field.private not in COVERED:
            yield from ({name: code} for code, _ in field.kind.options)


def secrets_in(ledger: Ledger) -> set[str]:
    """The texts of a ledger's secret sample that stand nowhere else by chance."""
    return {SECRETS[f.private] for f in ledger.fields.values() if f.private in SECRETS} | {SECRETS["phone"]}


def sample(ledger: Ledger, **given: Any) -> Record:
    """A record with every field filled that its own rules do not refuse; `given` are values of some."""
    values = {name: sample_value(field) for name, field in ledger.fields.items()} | given
    for _ in values:
        record = ledger.cls(id=f"{ledger.table}-1", **values)
        wrong = {p.field for p in record.problems() if p.level == "error"}
        if not wrong:
            return record
        for name in wrong:
            values[name] = ledger.fields[name].default
    raise AssertionError(f"{ledger.title} takes no record")
