"""Which rows name which attachments."""

from __future__ import annotations

import re

from nehe_desktop.hub.places import CONFLICT
from nehe_desktop.hub.working import Working

_NAMES = re.compile(r"[0-9a-f]{64}").findall
_VALUES = ("came", "stood")  # fields of a conflict in which a file may be named
_INSERT = "INSERT INTO blob_ref (county, sha256, tbl, pk) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


def note(work: Working) -> None:
    """Notes the files that changed rows name; a name stays noted, its file may be put back later."""
    found: list[tuple[str, ...]] = []
    for key, row in work.changed.items():
        for field in _VALUES if key[0] == CONFLICT else work.rule(key[0]).attachments:
            found += ((work.county, name, *key) for name in _NAMES(str(row.data.get(field, ""))))
    work.link.many(_INSERT, found)
