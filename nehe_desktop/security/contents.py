"""What a data file holds, in numbers: to compare a copy with its original."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nehe_desktop.core.clock import moment_of
from nehe_desktop.core.database import Database

_OWN = ("sqlite_%", "search_%")  # tables that can be made anew


@dataclass(frozen=True)
class Contents:
    """What a data file holds: rows of each table, last journal number and the stamp of the last change."""

    counts: Mapping[str, int]
    last: int
    stamp: int

    @property
    def newest(self) -> str:
        """The time of the last change, for a person."""
        return f"{moment_of(self.stamp):%Y-%m-%d %H:%M}" if self.stamp else "没有记录"


def contents_of(database: Database) -> Contents:
    """What an open database holds now."""
    connection = database.connection()
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE ? AND name NOT LIKE ?"
    tables = [name for (name,) in connection.execute(sql, _OWN)]
    counts = {t: connection.execute(f"SELECT count(*) FROM [{t}]").fetchone()[0] for t in tables}
    if "journal" not in counts:
        return Contents(counts, 0, 0)
    last, stamp = connection.execute("SELECT max(jid), max(hlc) FROM journal").fetchone()
    return Contents(counts, last or 0, stamp or 0)
