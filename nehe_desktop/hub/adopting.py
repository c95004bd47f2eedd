"""Rows that came before the row they belong to: they follow it once it is there."""

from __future__ import annotations

from nehe_desktop.hub.places import move
from nehe_desktop.hub.working import NEW, Working, parts

_INSERT = "INSERT INTO orphan (county, parent, tbl, pk) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_DELETE = "DELETE FROM orphan WHERE county = ? AND parent = ? AND tbl = ? AND pk = ?"


def adopt(work: Working) -> None:
    """Moves rows to the scope of a new row that they belong to, and notes those that still wait for theirs."""
    above = {rule.parent for rule in work.rules.values() if rule.parent}
    fresh = {key[1]: key for key in work.changed if key[0] in above and work.before.get(key, NEW) is NEW}
    known = _waiting(work, list(fresh))
    work.load((table, pk) for _, table, pk in known)
    for parent, table, pk in sorted(known | {each for each in work.orphans if each[0] in fresh}):
        key, row = fresh[parent], work.rows.get((table, pk))
        belongs = row is not None and row.parent == parent and work.rule(table).parent == key[0]
        if row is not None and belongs and row.scope != work.rows[key].scope:
            move(work, (table, pk), row, work.rows[key].scope)
    work.link.many(_DELETE, [(work.county, *each) for each in sorted(known)])
    work.link.many(_INSERT, [(work.county, *each) for each in sorted(work.orphans) if each[0] not in fresh])


def _waiting(work: Working, parents: list[str]) -> set[tuple[str, str, str]]:
    """The rows that wait for these."""
    found: set[tuple[str, str, str]] = set()
    for part, marks in parts(parents):
        sql = f"SELECT parent, tbl, pk FROM orphan WHERE county = ? AND parent IN ({marks})"
        found.update(work.link.all(sql, (work.county, *part)))
    return found
