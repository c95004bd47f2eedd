"""Two laptops of a village know of the same postings; what both wrote differently somebody decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.features.board.ledger import PostingJob
from nehe_desktop.features.exchange.ledger import Conflict
from tests.sync.direct import NORTH, Desk, settle, sqlite_county

UP = PostingJob(title="方案", number="GS1", village=NORTH, since=date(2020, 10, 1), until=date(2020, 10, 7))


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[list[Desk]]:
    """Two laptops which know of something that hangs."""
    county = sqlite_county(tmp_path)
    made = [Desk(county, tmp_path / f"{name}.db", name).join(NORTH) for name in ("甲", "乙")]
    made[0].save(UP, reason="登记张贴")
    settle(made)
    yield made
    for desk in made:
        desk.close()
    county.store.close()


def seen(desk: Desk) -> PostingJob:
    (job,) = desk.store.all(PostingJob)
    return job


def test_what_one_hangs_the_other_takes_down(desks: list[Desk]) -> None:
    desks[1].save(replace(seen(desks[1]), down_on=date(2020, 10, 8), down_by="乙"), reason="登记撤下")
    desks[0].save(replace(UP, place="村口"), reason="改正")
    settle(desks)
    assert seen(desks[0]) == seen(desks[1]) == replace(UP, down_on=date(2020, 10, 8), down_by="乙", place="村口")
    assert not desks[0].store.count(Conflict, "state = '待处理'")


def test_two_days_of_taking_down_are_put_to_somebody(desks: list[Desk]) -> None:
    for desk, day in zip(desks, (8, 9), strict=True):
        desk.save(replace(UP, down_on=date(2020, 10, day), down_by=desk.name), reason="登记撤下")
    settle(desks)
    assert seen(desks[0]) == seen(desks[1])
    assert (seen(desks[0]).down_on, seen(desks[0]).down_by) in ((date(2020, 10, 8), "甲"), (date(2020, 10, 9), "乙"))
    assert desks[0].store.count(Conflict, "tbl = 'posting_job' AND state = '待处理'") == 1
