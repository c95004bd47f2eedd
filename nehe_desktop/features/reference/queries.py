"""Questions about settings, and the ones that are shipped."""

from __future__ import annotations

import uuid
from decimal import Decimal, InvalidOperation

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.features.reference.codes import shipped
from nehe_desktop.features.reference.ledger import Setting

_NAMES = uuid.UUID("6f6b7d5c-6a54-5c6e-9d0f-230281000003")  # the same setting has the same id on every laptop


def shipped_settings() -> list[Setting]:
    """Lines, premiums, thresholds and names of offices, each with its source; empty values are to be given."""
    return [
        Setting(
            id=uuid.uuid5(_NAMES, f"{row['name']}/{row['year']}").hex,
            name=row["name"],
            label=row["label"],
            year=int(row["year"]) if row["year"] else None,
            value=row["value"],
            unit=row["unit"],
            source=row["source"],
        )
        for row in shipped("settings")
    ]


def setting(store: Store, name: str, year: int | None = None) -> Setting | None:
    """The row of a setting for exactly this year, else the one for every year."""
    where = "name = ? AND (year = ? OR year IS NULL)"
    return next(iter(store.all(Setting, where, (name, year), "year IS NULL", 1)), None)


def setting_since(store: Store, name: str, year: int) -> Setting | None:
    """The newest row of a setting up to a year, for names and wording that hold until changed."""
    where = "name = ? AND (year <= ? OR year IS NULL)"
    return next(iter(store.all(Setting, where, (name, year), "year DESC", 1)), None)


def amount(store: Store, name: str, year: int | None = None) -> Decimal:
    """The number of a setting for a year; raises Trouble where the county has not given it yet."""
    row = setting(store, name, year)
    when = f"{year} 年的" if year else ""
    try:
        return Decimal(row.value if row else "")
    except InvalidOperation:
        label = row.label if row else name
        raise Trouble(f"{when}“{label}”还没有设定", "请在“设置 → 参数”里填写，并写明依据") from None
