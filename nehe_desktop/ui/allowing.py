"""What somebody may not do stands grey, and says who may."""

from __future__ import annotations

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.guard import Guard, Verb
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.ui.widgets import Button

_WRITING: tuple[Verb, ...] = ("update", "remove")


def refusal(guard: Guard, verb: Verb, table: str) -> str:
    """Why this may not be done, in a sentence; empty where it may."""
    ledger = LEDGERS.get(table)
    if ledger is not None and ledger.append_only and verb in _WRITING:
        return f"{ledger.title}只能添加，不能改，也不能删"
    if ledger is not None and ledger.approves and verb in ("create", *_WRITING):
        return f"{ledger.title}在自己的页面上办，这里只能看"
    try:
        guard.require(verb, table)
    except Refused as refused:
        return refused.sentence
    return ""


def limit(made: Button, guard: Guard, verb: Verb, table: str, tip: str = "") -> Button:
    """The button, off and with the reason as its tip where the guard would refuse."""
    why = refusal(guard, verb, table)
    made.setEnabled(not why)
    made.setToolTip(why or tip)
    return made
