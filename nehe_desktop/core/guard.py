"""Who may do what: the one question that every write, print and export asks, whoever asks it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from nehe_desktop.core.deciding import Look
    from nehe_desktop.core.journal import Entry
    from nehe_desktop.core.record import Ledger

Verb = Literal["read", "create", "update", "remove", "approve", "print", "export", "clear"]
"""`approve` moves a state on, `clear` shows or writes numbers that are usually covered."""


class Guard(Protocol):
    """What somebody at the keyboard may do; Refused says in a sentence why not and who may."""

    def require(self, verb: Verb, table: str) -> None:
        """Raises Refused unless this may be done with rows of a ledger."""
        ...

    def may(self, verb: Verb, table: str) -> bool:
        """The same as an answer, for what a page shows."""
        ...

    def inspect(self, ledger: Ledger, entries: Sequence[Entry], look: Look, *, undoing: bool = False) -> None:
        """Raises Refused unless these changes may be stored; asked inside their transaction, where `look` finds rows.

        `undoing` says that they only bring back what was.
        """
        ...


class Unguarded:
    """Everything may be done: the program itself at work, and tests of other things."""

    def require(self, verb: Verb, table: str) -> None:
        """Never raises."""

    def may(self, verb: Verb, table: str) -> bool:  # noqa: ARG002 - the answer is always the same
        """True."""
        return True

    def inspect(self, ledger: Ledger, entries: Sequence[Entry], look: Look, *, undoing: bool = False) -> None:
        """Never raises."""


UNGUARDED = Unguarded()
