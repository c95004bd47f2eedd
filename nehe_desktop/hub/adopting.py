"""Rows that came before the row they belong to: they follow it once it is there."""

from __future__ import annotations

from nehe_desktop.hub.places import move
from nehe_desktop.hub.working import NEW, Working, parts


def adopt(work: Working) -> None:
    """Moves rows to the scope of a new row that they belong to."""
    above = {rule.parent for rule in work.rules.values() if rule.parent}
    fresh = {key[1]: key for key in work.changed if key[0] in above and work.before.get(key, NEW) is NEW}
    for part, marks in parts(list(fresh)):
        work.where(f"parent IN ({marks}) AND parent <> ''", part)
    for child, row in list(work.rows.items()):
        key = fresh.get(row.parent)
        if key and work.rule(child[0]).parent == key[0] and row.scope != work.rows[key].scope:
            move(work, child, row, work.rows[key].scope)
