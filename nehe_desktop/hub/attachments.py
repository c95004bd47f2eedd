"""Which rows name which attachments, and whether that opens them: a name alone, which anybody may have heard, does not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nehe_desktop.hub import blobs
from nehe_desktop.hub.judging import Sender
from nehe_desktop.hub.places import CONFLICT
from nehe_desktop.hub.working import Key, Working, parts
from nehe_desktop.sync.protocol import Change
from nehe_desktop.sync.rules import TableRule

_NAMES = re.compile(r"[0-9a-f]{64}").findall
_VALUES = ("came", "stood")  # fields of a conflict in which a file may be named
_INSERT = "INSERT INTO blob_ref (county, sha256, tbl, pk) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_FROM = "INSERT INTO blob_from (county, sha256, dev) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_CLAIM = "INSERT INTO blob_claim (county, sha256, tbl, pk, dev) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_CLEAR = "DELETE FROM blob_claim WHERE county = ? AND sha256 = ? AND tbl = ? AND pk = ?"

Naming = tuple[str, str, str]
"""A file and the table and key of a row that names it."""


def named(change: Change, rule: TableRule) -> list[str]:
    """The files that a change names."""
    return [
        name for field in rule.attachments if field in change.f for name in _NAMES(str(change.f[field][1]))
    ]


def note(work: Working, sender: Sender) -> None:
    """Notes the files that changed rows name; a name stays noted, its file may be put back later.

    Where the sender could not have the file by now, the row opens it to nobody until he has shown its bytes.
    """
    rows = {(name, *key) for key in work.changed for name in _in_row(work, key)}
    said = {(name, *key) for name, _, key in work.named}
    if not rows and not said:
        return
    names = sorted({each[0] for each in rows | said})
    known, claims = _known(work, names), _claims(work, names)
    opened = {name for name in names if _has(work, sender, name, known)}
    claimed: set[tuple[str, ...]] = set()
    cleared: set[Naming] = set()
    for each in (rows - known) | {each for each in said if each in claims or each not in known}:
        if each not in said and (others := claims.get(_about(work, each))):
            claimed |= {(*each, dev) for dev in others}
        elif each[0] not in opened:
            claimed.add((*each, sender.dev))
        elif each in claims:
            cleared.add(each)
    work.link.many(_FROM, sorted({(work.county, name, dev) for name, dev, _ in work.named}))
    work.link.many(_INSERT, [(work.county, *each) for each in sorted(rows)])
    work.link.many(_CLAIM, [(work.county, *each) for each in sorted(claimed)])
    work.link.many(_CLEAR, [(work.county, *each) for each in sorted(cleared)])


def _in_row(work: Working, key: Key) -> Iterable[str]:
    """The files that a changed row names."""
    data = work.changed[key].data
    for field in _VALUES if key[0] == CONFLICT else work.rule(key[0]).attachments:
        yield from _NAMES(str(data.get(field, "")))


def _about(work: Working, naming: Naming) -> Naming:
    """The naming itself, or for a conflict that of the row which it is about."""
    name, *key = naming
    data = work.changed[key[0], key[1]].data if key[0] == CONFLICT else {}
    return (name, str(data.get("tbl")), str(data.get("pk"))) if data else naming


def _known(work: Working, names: list[str]) -> set[Naming]:
    found: set[Naming] = set()
    for part, marks in parts(names):
        sql = f"SELECT sha256, tbl, pk FROM blob_ref WHERE county = ? AND sha256 IN ({marks})"
        found.update((sha256, tbl, pk) for sha256, tbl, pk in work.link.all(sql, (work.county, *part)))
    return found


def _claims(work: Working, names: list[str]) -> dict[Naming, set[str]]:
    found: dict[Naming, set[str]] = {}
    for part, marks in parts(names):
        sql = f"SELECT sha256, tbl, pk, dev FROM blob_claim WHERE county = ? AND sha256 IN ({marks})"
        for sha256, tbl, pk, dev in work.link.all(sql, (work.county, *part)):
            found.setdefault((sha256, tbl, pk), set()).add(dev)
    return found


def _has(work: Working, sender: Sender, name: str, known: set[Naming]) -> bool:
    """Whether the sender could fetch the file before this, or has shown it; what nobody named yet nobody could."""
    if all(each[0] != name for each in known):
        return False
    if blobs.has_shown(work.link, work.county, sender.dev, name):
        return True
    return not sender.accepted and blobs.may(work.link, work.county, sender.held, name)
