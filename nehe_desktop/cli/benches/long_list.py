"""长名单: the first page of a million made-up persons beside plain SQL and beside loading them all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nehe_desktop.cli.benches.measure import Measure, seconds
from nehe_desktop.cli.benches.workshop import Workshop, opened

_PEOPLE = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
INSERT INTO person (id, name, sex, id_no, birth, relation, present, household, phone, _scope, _stamp)
SELECT printf('%032x', i), substr('王李张刘陈杨赵黄周吴', 1 + i % 10, 1) ||
  substr('国英淑玉桂兰文德福海', 1 + i / 10 % 10, 1) || substr('国英淑玉桂兰文德福海', 1 + i / 100 % 10, 1),
  '1', printf('230299%08d%04d', 19600101 + i % 28, i / 28 % 10000), '1960-01-01', '01', 1,
  printf('%032x', i / 3), printf('138%08d', i), 'county', 0 FROM n
"""
_INDEXES = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'person' AND sql IS NOT NULL"
)
_FIRST = "SELECT rowid, * FROM person ORDER BY id DESC LIMIT 128"


def make(path: Path, persons: int) -> None:
    """A file with so many made-up persons; its indexes are made at the end, as that is faster."""
    with opened(path) as store:
        store.database.write(lambda database: _fill(database, persons)).result()
        store.database.checkpoint()


def _fill(database: Any, persons: int) -> None:
    indexes = database.conn.execute(_INDEXES).fetchall()
    for name, _ in indexes:
        database.conn.execute(f"DROP INDEX [{name}]")
    database.conn.execute(_PEOPLE, (persons,))
    for _, sql in indexes:
        database.conn.execute(sql)


def measure(workshop: Workshop) -> Iterator[Measure]:
    """The list in a window of its own process, so that its memory is its own."""
    count, path = workshop.sizes.persons, workshop.folder / "long.db"
    make(path, count)
    ours = workshop.ask("probe_list", "paged", str(path), str(count))
    plain = workshop.ask("probe_list", "plain", str(path), str(count))
    with opened(path) as store:
        store.rows(_FIRST)
        raw = seconds(lambda: store.rows(_FIRST))
    name = f"{count:,} 人"
    yield Measure(
        "长名单", f"{name}：第一页", ours["first"] * 1000, "ms", 100, ours["first"] / raw, "原生 SQL"
    )
    yield Measure("长名单", f"{name}：按姓名排序的第一页", ours["sorted"] * 1000, "ms", 100)
    yield Measure("长名单", f"{name}：全部行号", ours["all"] * 1000, "ms")
    yield Measure("长名单", f"{name}：按姓名排序的全部行号", ours["sorted_all"] * 1000, "ms")
    yield Measure(
        "长名单",
        f"{name}：内存增加",
        ours["growth"],
        "MB",
        35,
        ours["growth"] / plain["growth"],
        "一次全部读入",
    )
    yield Measure(
        "长名单",
        "一次全部读入：第一页",
        plain["first"] * 1000,
        "ms",
        None,
        plain["first"] / ours["first"],
        "本程序",
    )
