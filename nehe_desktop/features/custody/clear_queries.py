"""What somebody who wants whole numbers may not say of whom."""

from __future__ import annotations

from nehe_desktop.core.store import Store


def names_somebody(store: Store, words: str) -> bool:
    """Whether the name of a villager stands in some words."""
    sql = "SELECT 1 FROM person WHERE length(name) > 1 AND instr(?, name) LIMIT 1"
    return store.one(sql, (words,)) is not None
