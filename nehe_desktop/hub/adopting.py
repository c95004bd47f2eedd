"""Rows that came before the row they belong to: they follow it once it is there."""

from __future__ import annotations

from nehe_desktop.hub.places import children, move
from nehe_desktop.hub.working import NEW, Working, parts

_INSERT = "INSERT INTO missing (county, pk, scope) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_DELETE = "DELETE FROM missing WHERE county = ? AND pk = ? AND scope = ?"


def adopt(work: Working) -> None:
    """Moves rows to the scope of a new row that they belong to, and notes for which ones others wait."""
    above = {rule.parent for rule in work.rules.values() if rule.parent}
    fresh = {key[1]: key for key in work.changed if key[0] in above and work.before.get(key, NEW) is NEW}
    noted = _noted(work, [*fresh, *(pk for pk, _ in work.missing)])
    for pk, scope in sorted(each for each in noted | work.missing if each[0] in fresh):
        home = work.rows[fresh[pk]].scope
        for child in children(work, fresh[pk], scope) if scope != home else ():
            move(work, child, work.rows[child], home)
    came = [(work.county, *each) for each in sorted(noted) if each[0] in fresh]
    work.link.many(_DELETE, came)
    still = sorted(each for each in work.missing - noted if each[0] not in fresh)
    work.link.many(_INSERT, [(work.county, *each) for each in still])


def _noted(work: Working, keys: list[str]) -> set[tuple[str, str]]:
    """Those of these keys that rows wait for, and where."""
    found: set[tuple[str, str]] = set()
    for part, marks in parts(list(dict.fromkeys(keys))):
        sql = f"SELECT pk, scope FROM missing WHERE county = ? AND pk IN ({marks})"
        found.update(work.link.all(sql, (work.county, *part)))
    return found
