"""Which rows name which attachments."""

from __future__ import annotations

import re

from nehe_desktop.hub.places import CONFLICT
from nehe_desktop.hub.working import Working
from nehe_desktop.sync.protocol import Change
from nehe_desktop.sync.rules import TableRule

_NAMES = re.compile(r"[0-9a-f]{64}").findall
_VALUES = ("came", "stood")  # fields of a conflict in which a file may be named
_INSERT = "INSERT INTO blob_ref (county, sha256, tbl, pk) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


_FROM = "INSERT INTO blob_from (county, sha256, dev) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


def named(change: Change, rule: TableRule) -> list[str]:
    """The files that a change names."""
    return [
        name for field in rule.attachments if field in change.f for name in _NAMES(str(change.f[field][1]))
    ]


def note(work: Working) -> None:
    """Notes the files that changed rows name; a name stays noted, its file may be put back later."""
    work.link.many(_FROM, [(work.county, *each) for each in sorted(work.named)])
    found: list[tuple[str, ...]] = []
    for key, row in work.changed.items():
        for field in _VALUES if key[0] == CONFLICT else work.rule(key[0]).attachments:
            found += ((work.county, name, *key) for name in _NAMES(str(row.data.get(field, ""))))
    work.link.many(_INSERT, found)
