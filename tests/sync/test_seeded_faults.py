"""Whether the tests of the sync would notice: each fault that was once made, or nearly, is put back in and caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from nehe_desktop.features.visits.ledger import Visit
from nehe_desktop.hub import findings, pull, visiting
from nehe_desktop.sync import lives, outbox, settling
from nehe_desktop.sync.pace import Pace
from nehe_desktop.sync.protocol import Page
from tests.sync import test_hard_cases as hard
from tests.sync.direct import NORTH, household
from tests.sync.test_hard_cases import Village, begun, village
from tests.sync.test_machine import Office, chance

__all__ = ["begun", "village"]  # fixtures


def chance_notices(examples: int) -> None:
    """Laptops and a hub at work by chance end in an error."""
    always_the_same = settings(chance(examples, 40), phases=[Phase.generate], derandomize=True)
    with pytest.raises((AssertionError, ExceptionGroup)):
        run_state_machine_as_test(Office, settings=always_the_same)


def test_a_conflict_that_is_not_recorded_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "record", lambda *_: "")
    chance_notices(40)


def test_a_row_that_is_left_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the digests, which would put it right."""
    rng, honest = Random(1), pull.pages

    def skipping(*asked: Any) -> dict[str, Page]:
        found = honest(*asked)
        for page in found.values():
            page.digest = ""
            if page.rows and rng.random() < 0.2:
                page.rows.pop()
        return found

    monkeypatch.setattr(pull, "pages", skipping)
    chance_notices(40)


def test_a_digest_puts_right_what_a_left_out_row_made_wrong(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, once = pull.pages, [True]

    def skipping(*asked: Any) -> dict[str, Page]:
        found = honest(*asked)
        for page in found.values():
            if page.rows and once:
                once.pop()
                page.rows.pop()
        return found

    monkeypatch.setattr(pull, "pages", skipping)
    village.north.save(household(NORTH))
    village.settled()


def test_rows_that_nobody_brings_back_are_noticed(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lives, "salvages", lambda *_: iter(()))
    with pytest.raises((AssertionError, KeyError)):
        hard.test_what_only_readers_still_have_comes_back_from_them(village)


def work_of_a_twin_arrives(village: Village) -> None:
    """Two disks with the same unsent save, each with one more; one change a request."""
    village.north.save(replace(village.home, note="两户"))
    twin = village.north.copy(village.folder / "twin.db")
    village.desks.append(twin)
    mine, its = household(NORTH, hamlet="甲屯"), household(NORTH, hamlet="丁屯")
    village.north.save(mine)
    twin.save(its)
    village.north.sync()
    village.settled()
    assert {("household", mine.id), ("household", its.id)} <= village.county.records().keys()


def test_an_acknowledgement_by_the_hubs_own_last_is_noticed(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The laptop must not look at the chain either: it is what protects it."""
    monkeypatch.setattr(Pace, "up", 1)
    honest_hub, honest_laptop = visiting._ack, outbox.acknowledge

    def by_last(guest: Any, *more: Any) -> Any:
        ack = honest_hub(guest, *more)
        ack.to = max(ack.to, guest.device.seq)
        return ack

    def trusting(writing: Any, dev: str, to: int, chain: str, *more: Any) -> Any:
        sql = "SELECT chain FROM sync_tx WHERE dev = ? AND seq = ?"
        own = writing.execute(sql, (dev, to)).fetchone()
        return honest_laptop(writing, dev, to, own[0] if own else chain, *more)

    monkeypatch.setattr(visiting, "_ack", by_last)
    monkeypatch.setattr(outbox, "acknowledge", trusting)
    with pytest.raises(AssertionError):
        work_of_a_twin_arrives(village)


def test_work_of_a_twin_arrives(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "up", 1)
    work_of_a_twin_arrives(village)


def test_an_acknowledged_change_that_is_taken_for_what_the_hub_has_is_noticed(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ghost: the visit of a household that has moved stays on a laptop that may not see it."""
    nothing: Callable[..., None] = lambda *_: None  # noqa: E731
    monkeypatch.setattr(settling, "uncover", nothing)
    with pytest.raises(AssertionError):
        hard.test_edits_of_a_household_that_moved_away_meanwhile_arrive_there(village)
    assert village.north.store.count(Visit) == 1
