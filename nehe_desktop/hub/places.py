"""Where a row belongs by the rules of its ledger, and how it moves with all that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nehe_desktop.hub.working import Key, Working
from nehe_desktop.sync.merge import RowState
from nehe_desktop.sync.protocol import COUNTY, Change
from nehe_desktop.sync.rules import TableRule

CONFLICT, DOUBLE = "conflict", "double"
"""The ledgers of what the hub found; a conflict goes along with the row that it is about."""


def home_of_new(work: Working, change: Change, rule: TableRule) -> str:
    """The scope of a row that the hub does not have yet; where it cannot tell, the one that the change names."""
    named = change.s or COUNTY
    if not rule.via:
        return COUNTY if change.t in work.rules else named
    value = change.f[rule.via][1] if rule.via in change.f else None
    if rule.parent:
        return (work.scope_of(rule.parent, str(value)) if value else None) or named
    return str(value) if value else rule.unplaced if change.o == "I" else named


def home_of(work: Working, data: Mapping[str, Any], rule: TableRule, present: str) -> str:
    """The scope of a row by its values; where they do not tell, it stays where it is."""
    value = data.get(rule.via)
    if not value:
        return present
    return (work.scope_of(rule.parent, str(value)) or present) if rule.parent else str(value)


def settle_new(work: Working, key: Key, row: RowState, scope: str) -> None:
    """Puts a new row into its scope."""
    row.scope = scope
    _belong(work, key, row)
    work.keep(key, row)


def settle(work: Working, key: Key, row: RowState, names: Mapping[str, Any]) -> None:
    """Puts a row whose fields changed into its scope, which may be another one now."""
    table, rule = key[0], work.rule(key[0])
    if rule.via in names and table != CONFLICT:
        _belong(work, key, row)
        scope = home_of(work, row.data, rule, row.scope)
        if scope != row.scope:
            move(work, key, row, scope)
            return
    work.keep(key, row)


def move(work: Working, key: Key, row: RowState, scope: str) -> None:
    """Takes a row and all that belongs to it to another scope; where it was, it leaves a departure."""
    before = row.scope
    work.depart(key, before)
    row.scope, row.given = scope, ""
    if key[0] in (CONFLICT, DOUBLE):
        row.data["village"] = scope
    work.keep(key, row)
    for child in children(work, key, before):
        move(work, child, work.rows[child], scope)


def children(work: Working, key: Key, scope: str) -> list[Key]:
    """The rows of a scope that belong to a row."""
    table, pk = key
    work.where("scope = ? AND parent = ?", (scope, pk))
    return [
        other
        for other, row in work.rows.items()
        if row.parent == pk
        and row.scope == scope
        and (work.rule(other[0]).parent == table or (other[0] == CONFLICT and row.data.get("tbl") == table))
    ]


def _belong(work: Working, key: Key, row: RowState) -> None:
    """Notes the row that this one goes along with, and where that one has not come yet."""
    rule = work.rule(key[0])
    if key[0] == CONFLICT:
        row.parent = str(row.data.get("pk") or "")
    elif rule.parent:
        row.parent = str(row.data.get(rule.via) or "")
        if row.parent and work.scope_of(rule.parent, row.parent) is None:
            work.missing.add((row.parent, row.scope))
