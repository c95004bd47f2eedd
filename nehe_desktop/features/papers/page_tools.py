"""What other pages call to have rows of a ledger printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nehe_desktop.core.record import Record


def print_tool(go: Callable[..., object]) -> Callable[[type[Record], Sequence[str]], None]:
    """The print centre for rows of a ledger: cards for households, a listing for the rest."""

    def print_rows(cls: type[Record], ids: Sequence[str]) -> None:
        if cls.ledger.table == "household":
            go("papers", kind="D07", household=ids[0] if ids else "", households=tuple(ids))
        else:
            go("papers", kind="LIST", ledger=cls.ledger.table, rows=tuple(ids))

    return print_rows
