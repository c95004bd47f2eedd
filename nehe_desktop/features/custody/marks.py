"""The mark of who is at the keyboard, on papers and on the screen (domain §11.3 (5))."""

from __future__ import annotations

from datetime import datetime

from nehe_desktop.core.store import Store
from nehe_desktop.features.reference.queries import setting
from nehe_desktop.security.rights import Rights

_DIGITS = 4
"""How much of a staff number stands in a mark: enough to tell two of a name apart."""


def mark(store: Store, now: datetime) -> str:
    """Name, last four of the staff number and minute: 张三 0417 2020-08-31 09:05; without a number, two parts."""
    guard = store.guard
    staff_no = guard.actor.staff_no if isinstance(guard, Rights) else ""
    return mark_of(store.author or "命令行", staff_no, now)


def mark_of(name: str, staff_no: str, now: datetime) -> str:
    """The mark of a person at a minute."""
    return " ".join(part for part in (name, staff_no.strip()[-_DIGITS:], f"{now:%Y-%m-%d %H:%M}") if part)


def is_ordered(store: Store) -> bool:
    """Whether the county wants the mark on every screen; a laptop by itself may only have more."""
    row = setting(store, "screen_mark")
    return row is not None and row.value.strip() == "是"
