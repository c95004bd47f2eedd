"""Which rows name which attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nehe_desktop.hub.places import CONFLICT
from nehe_desktop.hub.working import Key, Working
from nehe_desktop.sync.merge import RowState

_NAMES = re.compile(r"[0-9a-f]{64}").findall
_INSERT = "INSERT INTO blob_ref (county, sha256, tbl, pk) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


def note(work: Working) -> None:
    """Notes the files that changed rows name; a name stays noted, its file may be put back later."""
    named = [
        (work.county, name, *key) for key, row in work.changed.items() for name in _named(work, key, row)
    ]
    if named:
        work.link.many(_INSERT, named)


def _named(work: Working, key: Key, row: RowState) -> Iterator[str]:
    fields = ("came", "stood") if key[0] == CONFLICT else work.rule(key[0]).attachments
    for name in fields:
        yield from _NAMES(str(row.data.get(name, "")))
