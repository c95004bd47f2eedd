"""What a laptop sent need not be sent back to it, where it became just that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from nehe_desktop.core.store import Remove
from nehe_desktop.features.households.ledger import Person
from nehe_desktop.sync import wire
from nehe_desktop.sync.protocol import SyncReply, SyncRequest
from tests.sync.direct import NORTH, SOUTH, household
from tests.sync.test_hard_cases import Village, begun, village

__all__ = ["begun", "village"]  # fixtures


@pytest.fixture
def told(village: Village) -> list[SyncReply]:
    """Every answer of the hub."""
    answers: list[SyncReply] = []
    village.county.inspect = lambda _, told: answers.append(told) if isinstance(told, SyncReply) else None
    return answers


def rows_in(answers: list[SyncReply]) -> int:
    return sum(len(page.rows) for each in answers for page in each.pages.values())


def states(village: Village) -> list[Any]:
    return village.north.store.rows("SELECT DISTINCT state FROM journal WHERE given = ''")


def test_own_work_is_not_sent_back(village: Village, told: list[SyncReply]) -> None:
    made = household(NORTH, hamlet="东屯")
    village.north.save(made)
    village.north.save(replace(made, hamlet="西屯"), replace(village.home, note="两户"))
    village.north.save(Remove(Person, village.head.id))
    village.north.sync(check=True)
    assert rows_in(told) == 0
    assert states(village) == [("synced",)]
    village.settled()


def test_every_laptop_goes_on_from_it_as_from_a_row_that_came(village: Village) -> None:
    """Saves on top of saves, one here and one there."""
    for number in range(3):
        village.north.save(replace(village.seen(village.north), note=f"第{number}次"))
        village.north.sync()
        village.second.sync()
        village.second.save(replace(village.seen(village.second), hamlet=f"{number}屯"))
        village.settled()
    assert not village.county.conflicts()
    assert village.on_hub(village.home) == {**village.on_hub(village.home), "note": "第2次", "hamlet": "2屯"}


def test_what_others_did_meanwhile_still_comes(village: Village, told: list[SyncReply]) -> None:
    village.second.save(replace(village.home, hamlet="东屯"))
    village.second.sync()
    told.clear()
    village.north.save(replace(village.home, note="两户"))
    village.north.sync()
    assert rows_in(told) == 1
    assert village.seen(village.north).hamlet == "东屯"
    village.settled()


def test_a_conflict_is_sent_with_its_row(village: Village, told: list[SyncReply]) -> None:
    village.second.save(replace(village.home, note="三户"))
    village.north.save(replace(village.home, note="两户"))
    village.second.sync()
    told.clear()
    village.north.sync()
    assert rows_in(told) == 2
    assert village.north.store.one("SELECT count(*) FROM conflict") == (1,)
    village.settled()


def test_a_row_that_was_made_and_moved_at_once_is_sent_back(village: Village) -> None:
    """The laptop knows nothing yet of where it came from."""
    made = household(NORTH, hamlet="东屯")
    village.chief.save(made)
    village.chief.save(replace(made, village=SOUTH))
    village.settled()
    assert village.on_hub(made)["hamlet"] == "东屯"


def test_what_waits_on_top_stays_on_top(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    """A save that comes between the sending and the answer."""
    village.north.save(replace(village.home, note="两户"))
    honest = village.county.answer

    def answering(path: str, dev: str, body: bytes) -> bytes:
        answer = honest(path, dev, body)
        if path == "/v1/sync" and dev == village.north.dev:
            monkeypatch.setattr(village.county, "answer", honest)
            village.north.save(replace(village.seen(village.north), note="三户"))
        return answer

    monkeypatch.setattr(village.county, "answer", answering)
    village.north.sync()
    village.settled()
    assert village.on_hub(village.home)["note"] == "三户"
    assert not village.county.conflicts()


def test_a_program_that_does_not_know_this_gets_every_row(village: Village, told: list[SyncReply]) -> None:
    honest = village.county._told

    def older(path: str, dev: str, body: bytes) -> Any:
        request = wire.unpack(body, SyncRequest)
        assert request.pull is not None
        plain = msgspec.structs.replace(request, pull=msgspec.structs.replace(request.pull, brief=False))
        return honest(path, dev, wire.pack(plain))

    village.county._told = older
    village.north.save(replace(village.home, note="两户"))
    village.north.sync()
    assert rows_in(told) == 1
    village.settled()
