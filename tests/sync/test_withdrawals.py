"""A consent that is taken back on two laptops at once leaves one task."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.features.consents.ledger import Consent
from nehe_desktop.features.consents.wording import PHOTO
from nehe_desktop.features.visits.ledger import ProblemTicket

from .direct import NORTH, Desk, household, settle, sqlite_county

HOME = household(NORTH)
GIVEN = Consent(household=HOME.id, kind=PHOTO, signed_on=date(2020, 9, 1))


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[list[Desk]]:
    """Two laptops of the northern village which know of a consent."""
    county = sqlite_county(tmp_path)
    made = [Desk(county, tmp_path / f"{name}.db", name).join(NORTH) for name in ("甲", "乙")]
    made[0].save(HOME, GIVEN, reason="登记")
    settle(made)
    yield made
    for desk in made:
        desk.close()
    county.store.close()


def withdraw(desk: Desk, day: int) -> str:
    return desk.save(replace(GIVEN, withdrawn_on=date(2020, 10, day)), reason="撤回").tx


def tasks(desk: Desk) -> list[str]:
    return [each.id for each in desk.store.all(ProblemTicket)]


@pytest.mark.parametrize("days", [(12, 12), (12, 14)])
def test_two_laptops_that_take_it_back_leave_one_task(desks: list[Desk], days: tuple[int, int]) -> None:
    for desk, day in zip(desks, days, strict=True):
        withdraw(desk, day)
    settle(desks)
    assert len(tasks(desks[0])) == 1
    assert desks[0].values() == desks[1].values() == desks[0].county.records()


def test_who_takes_it_back_a_second_time_leaves_a_new_task(desks: list[Desk]) -> None:
    desks[0].store.undo(withdraw(desks[0], 12))
    settle(desks)
    withdraw(desks[1], 13)
    settle(desks)
    assert tasks(desks[0]) == tasks(desks[1]) != []
