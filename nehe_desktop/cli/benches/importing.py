"""导入: the county's list read, compared and stored with its journal, while the window stays alive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nehe_desktop.cli.benches.measure import Measure, seconds
from nehe_desktop.cli.benches.workshop import Workshop, opened
from nehe_desktop.core.store import Store

_TABLES = ("division", "household", "person", "membership", "journal")


def measure(workshop: Workshop) -> Iterator[Measure]:
    """Beside plain `executemany` of the same rows into the same tables of an encrypted file."""
    told, name = workshop.imported, f"{workshop.sizes.households:,} 户 {workshop.sizes.members:,} 人"
    raw = _raw(workshop)
    yield Measure("导入", f"{name}：读表、核对、比较", told["compare"], "s", 5)
    yield Measure(
        "导入", f"{name}：连同修改记录存好", told["store"], "s", 10, told["store"] / raw, "executemany"
    )
    yield Measure("导入", "窗口停顿，最长", told["stall"] * 1000, "ms", 50)
    yield Measure("导入", "窗口停顿，千分之一", told["usual"] * 1000, "ms", 50)
    yield Measure("导入", "导入完占用内存", told["resident"], "MB")


def _raw(workshop: Workshop) -> float:
    with workshop.county() as store:
        rows = {table: store.rows(f"SELECT * FROM [{table}]") for table in _TABLES}
    with opened(workshop.folder / "raw.db") as target:
        return seconds(lambda: _insert(target, rows))


def _insert(target: Store, rows: dict[str, list[tuple[object, ...]]]) -> None:
    def job(database: Any) -> None:
        for table, found in rows.items():
            marks = ",".join("?" * len(found[0]))
            database.conn.executemany(f"INSERT INTO [{table}] VALUES ({marks})", found)

    target.database.write(job).result()
