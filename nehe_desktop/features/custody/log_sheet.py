"""The log as a sheet: just the entries that were asked for, the oldest first, on paper and as a list for Excel."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from nehe_desktop.core.store import Store
from nehe_desktop.documents.listing import Listing
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.documents.table import Column
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.log_queries import Wanted, entries_at, entry_ids, title_of
from nehe_desktop.features.custody.rules import device_words
from nehe_desktop.spreadsheets import writing
from nehe_desktop.spreadsheets.sheets import Cancelled, Progress

_TABLE = "audit_log"
_PAGE = 400  # entries read at a time
_WIDTHS = {
    "时间": 20, "谁": 10, "角色": 18, "事项": 14, "台账": 16, "条数": 8, "理由": 24, "说明": 36, "去向": 24, "电脑": 20,
}  # fmt: skip
_LONG = ("理由", "说明", "去向")


def save(
    store: Store, wanted: Wanted, path: Path, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> int:
    """Writes the entries to .xlsx, or to .csv by the path's ending, and notes it; how many. Raises Refused, Trouble."""
    store.guard.require("export", _TABLE)
    columns = [writing.Column(name, width=width) for name, width in _WIDTHS.items()]
    columns += [writing.Column("第几条", width=8), writing.Column("印记", width=66)]
    rows = ((*_cells(store, each), str(each.number), each.mark) for each in chosen(store, wanted))
    if path.suffix.lower() == ".csv":
        count = writing.write_csv(path, columns, rows)
    else:
        title = f"操作日志（{words_of(wanted)}）"
        count = writing.write_list(
            path, columns, rows, sheet="操作日志", title=title, progress=progress, cancelled=cancelled
        )
    audit.note(store, "导出", tbl=_TABLE, count=count, detail=plain_words(wanted), target=path.name).result()
    return count


def listing(store: Store, wanted: Wanted, stamp: Stamp, *, place: str = "", most: int = 0) -> Listing:
    """The entries on paper, with from when to when they are; `most` keeps to the first so many."""
    ends = [each for each in (_end(store, wanted, descending=False), _end(store, wanted, descending=True)) if each]
    span = " 至 ".join(dict.fromkeys(f"{each.at:%Y-%m-%d}" for each in ends))
    rows = ((str(at), *_cells(store, each)) for at, each in enumerate(chosen(store, wanted), 1))
    columns = (Column(name, 0, "left", "figures" if name == "条数" else "song", name in _LONG) for name in _WIDTHS)
    return Listing(
        stamp=stamp,
        title="操作日志清单",
        columns=(Column("序号", 10, role="figures"), *columns),
        rows=islice(rows, most) if most else rows,
        subtitle="　".join(filter(None, (place, span))),
        notice="内部资料　严禁外传",
    )


def chosen(store: Store, wanted: Wanted) -> Iterator[AuditEntry]:
    """The entries as records, the oldest first, some at a time."""
    numbers = entry_ids(store, wanted)
    numbers.reverse()
    for start in range(0, len(numbers), _PAGE):
        part = numbers[start : start + _PAGE]
        found = entries_at(store, part)
        yield from (found[number] for number in part if number in found)


def words_of(wanted: Wanted) -> str:
    """What was asked for, as it stands above the list."""
    named = (wanted.person, f"“{wanted.words}”" if wanted.words else "")
    return "　".join(filter(None, (plain_words(wanted), *named))) or "全部"


def plain_words(wanted: Wanted) -> str:
    """What was asked for without names and typed words, which do not belong into the log."""
    days = dict.fromkeys(f"{day:%Y-%m-%d}" if day else "" for day in (wanted.since, wanted.until))
    ledger = title_of(wanted.tbl) if wanted.tbl else ""
    some = f"选出的 {len(wanted.ids)} 条" if wanted.ids else ""
    return "　".join(filter(None, (" 至 ".join(days).strip(), "、".join(wanted.kinds), ledger, some)))


def _end(store: Store, wanted: Wanted, *, descending: bool) -> AuditEntry | None:
    numbers = entry_ids(store, wanted, "at", descending=descending, limit=1)
    return next(iter(entries_at(store, numbers).values()), None)


def _cells(store: Store, entry: AuditEntry) -> tuple[str, ...]:
    count, own = str(entry.count or ""), audit.device_of(store)
    when, ledger = f"{entry.at:%Y-%m-%d %H:%M:%S}", title_of(entry.tbl)
    told = (entry.reason, entry.detail, entry.target, device_words(entry.device, own))
    return (when, entry.person, entry.role, entry.kind, ledger, count, *told)
