"""A ledger as a file: all of it, one village, or some records; whole numbers only behind a password."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.masks import PUBLIC, Audience
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.custody.audit import note
from nehe_desktop.features.custody.clear import Release
from nehe_desktop.features.intake.lists import write_household_template, write_ledger, write_ledger_template
from nehe_desktop.features.papers.hanging import job_of_file
from nehe_desktop.features.papers.posting import Posting, posting_of
from nehe_desktop.spreadsheets.sealing import seal
from nehe_desktop.spreadsheets.sheets import Cancelled, Progress, Stopped
from nehe_desktop.spreadsheets.writing import Column, write_csv, write_list

_PROFILES = {"board": "村内公示", "web": "网上公开"}
ENCODINGS = {"utf8": "utf-8-sig", "gb18030": "gb18030"}


@dataclass(frozen=True)
class Export:
    """What goes into which file; `.csv` by the path's ending, and with whole numbers always a `.zip`."""

    table: str
    path: Path
    village: str = ""  # id; empty for all
    ids: tuple[str, ...] = ()  # empty for all
    masked: bool = True
    audience: Audience = "internal"  # board and web: only what may be posted
    encoding: str = "utf8"  # of a .csv: utf8 (with BOM) or gb18030
    csv: bool | None = None  # of what lies in a .zip

    def at(self, path: Path) -> Export:
        """The same, into another file."""
        return replace(self, path=path)

    @property
    def where(self) -> str:
        """The condition for the rows."""
        parts = ["_scope IN (?, 'county')"] if self.village else []
        parts += ["id IN (SELECT value FROM json_each(?))"] if self.ids else []
        return " AND ".join(parts)

    @property
    def params(self) -> tuple[str, ...]:
        """What stands for its question marks."""
        return (*((self.village,) if self.village else ()), *((json.dumps(self.ids),) if self.ids else ()))

    def count(self, store: Store) -> int:
        """How many records it is of."""
        return store.count(LEDGERS[self.table].cls, self.where, self.params)


def export(
    store: Store, wanted: Export, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> int:
    """Writes the file with covered numbers; how many records are in it. Raises Refused, Trouble, Stopped."""
    if not wanted.masked:
        raise Refused("完整号码只能导出成加密的压缩包")
    store.guard.require("export", wanted.table)
    count = _written(store, wanted, wanted.path, progress, cancelled)
    profile = _PROFILES.get(wanted.audience, "打码")
    note(store, "导出", tbl=wanted.table, count=count, detail=profile, target=wanted.path.name).result()
    if wanted.audience in PUBLIC:
        _register(store, wanted)
    return count


def _register(store: Store, wanted: Export) -> None:
    """What leaves for everybody to see is entered into the register of what is posted."""
    digest = hashlib.sha256(wanted.path.read_bytes()).hexdigest()
    ledger, who, today = LEDGERS[wanted.table], store.author or "命令行", store.clock.today()
    store.write([Put(job_of_file(ledger, wanted.audience, wanted.village, digest, who, today))], "导出公示清单")


def export_whole(
    store: Store,
    wanted: Export,
    release: Release,
    password: str,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> int:
    """Writes whole numbers into an encrypted archive; how many records are in it. Raises Refused, Trouble, Stopped.

    The list is made in memory, so that nothing of it lies in the clear anywhere; the log is told first.
    """
    memory, table = BytesIO(), wanted.table
    count = _written(store, replace(wanted, masked=False), memory, progress, cancelled)
    if cancelled and cancelled():
        raise Stopped
    release.covers(table, count)
    second = f"，{release.second}确认" if release.second else ""
    note(
        store, "导出", tbl=table, count=count, reason=release.reason,
        detail=f"完整号码，加密压缩包{second}", target=wanted.path.name,
    ).result()  # fmt: skip
    name = f"{LEDGERS[table].title}{'.csv' if wanted.csv else '.xlsx'}"
    seal(wanted.path, name, memory.getvalue(), password)
    return count


def _written(
    store: Store, wanted: Export, target: Path | BytesIO, progress: Progress | None, cancelled: Cancelled | None
) -> int:
    ledger = LEDGERS[wanted.table]
    if wanted.audience in PUBLIC:
        village, rows = wanted.village, wanted.ids
        posting = posting_of(store, ledger, wanted.audience, village=village, rows=rows)  # type: ignore[arg-type]
        return _posted(posting, target, ENCODINGS[wanted.encoding])
    return write_ledger(
        store,
        ledger,
        target,
        title=ledger.title,
        where=wanted.where,
        params=wanted.params,
        covered=wanted.masked,
        encoding=ENCODINGS[wanted.encoding],
        csv=wanted.csv,
        progress=progress,
        cancelled=cancelled,
    )


def _posted(posting: Posting, target: Path | BytesIO, encoding: str) -> int:
    columns = [Column(heading, width=max(12, 2 * len(heading) + 2)) for heading in posting.headings]
    if str(target).lower().endswith(".csv"):
        return write_csv(target, columns, posting.rows(), encoding)
    title = posting.ledger.title
    return write_list(target, columns, posting.rows(), sheet=title, title=f"{title}公示清单")


def template(table: str, path: Path) -> None:
    """An empty list to fill in; of households with their members where `table` is empty. Raises Trouble."""
    if table:
        write_ledger_template(LEDGERS[table], path)
    else:
        write_household_template(path)
