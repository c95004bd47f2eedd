"""The key of a laptop reaches the county by itself, whatever the county's hub was through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nehe_desktop.sync import escrow
from nehe_desktop.sync.protocol import Refusal
from nehe_desktop.sync.transport import Denied
from tests.sync.direct import NORTH, County, Desk, sqlite_county


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    made = sqlite_county(tmp_path)
    yield made
    made.close()


@pytest.fixture
def desk(county: County, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(county, tmp_path / "one.nhdb", "明星村1号电脑").join(NORTH)
    yield made
    made.close()


def kept(county: County, desk: Desk) -> int:
    return len(county.rows("SELECT 1 FROM escrow WHERE county = ? AND dev = ?", desk.dev))


def test_the_key_is_left_at_the_first_sync_and_not_again(county: County, desk: Desk) -> None:
    assert escrow.last(desk.store) is None
    desk.sync()
    assert kept(county, desk) == 1
    when = escrow.last(desk.store)
    county.watch.pass_by(minutes=5)
    desk.sync()
    assert escrow.last(desk.store) == when


def test_a_hub_restored_from_an_older_copy_gets_it_anew(county: County, desk: Desk) -> None:
    older = county.dump()
    desk.sync()
    county.restore(older)
    assert kept(county, desk) == 0
    desk.sync()
    assert kept(county, desk) == 1


def test_an_older_hub_that_keeps_no_keys_does_not_stop_the_sync(
    county: County, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = county.answer

    def older(path: str, dev: str, body: bytes) -> bytes:
        if path == "/v1/escrow":
            raise Denied(404, Refusal("nothing"))
        return known(path, dev, body)

    monkeypatch.setattr(county, "answer", older)
    desk.sync()
    assert escrow.last(desk.store) is None
