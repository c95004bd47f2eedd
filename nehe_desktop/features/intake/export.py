"""A ledger as a file: all of it, one village, or some records; numbers that identify people may be covered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.intake.lists import write_household_template, write_ledger, write_ledger_template
from nehe_desktop.spreadsheets.sheets import Cancelled, Progress

ENCODINGS = {"utf8": "utf-8-sig", "gb18030": "gb18030"}


@dataclass(frozen=True)
class Export:
    """What goes into which file; `.csv` by the path's ending."""

    table: str
    path: Path
    village: str = ""  # id; empty for all
    ids: tuple[str, ...] = ()  # empty for all
    masked: bool = False
    encoding: str = "utf8"  # of a .csv: utf8 (with BOM) or gb18030

    def at(self, path: Path) -> Export:
        """The same, into another file."""
        return replace(self, path=path)

    @property
    def where(self) -> str:
        """The condition for the rows."""
        parts = ["_scope IN (?, 'county')"] if self.village else []
        parts += [f"id IN ({','.join('?' * len(self.ids))})"] if self.ids else []
        return " AND ".join(parts)


def export(
    store: Store, wanted: Export, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> int:
    """Writes the file; the number of records in it. Raises Trouble, Stopped."""
    ledger = LEDGERS[wanted.table]
    return write_ledger(
        store,
        ledger,
        wanted.path,
        title=ledger.title,
        where=wanted.where,
        params=(*((wanted.village,) if wanted.village else ()), *wanted.ids),
        covered=wanted.masked,
        encoding=ENCODINGS[wanted.encoding],
        progress=progress,
        cancelled=cancelled,
    )


def template(table: str, path: Path) -> None:
    """An empty list to fill in; of households with their members where `table` is empty. Raises Trouble."""
    if table:
        write_ledger_template(LEDGERS[table], path)
    else:
        write_household_template(path)
