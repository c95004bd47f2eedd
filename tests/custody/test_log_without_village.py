"""The log of a laptop that has no village of its own reaches the county like every other."""

from __future__ import annotations

from pathlib import Path

import pytest

from nehe_desktop.features.custody import audit
from nehe_desktop.hub import trail
from nehe_desktop.sync import escrow
from nehe_desktop.sync.standing import standing
from tests.sync.direct import NORTH, Desk, sqlite_county


@pytest.fixture(autouse=True)
def keyless(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key is left with the county, whose entry in the log would be counted too."""
    monkeypatch.setattr(escrow, "due", lambda *_: None)


def test_a_laptop_that_was_told_no_village_sends_its_log_and_nothing_is_set_aside(tmp_path: Path) -> None:
    county = sqlite_county(tmp_path)
    desk, other = (Desk(county, tmp_path / f"{name}.db", name).join(NORTH) for name in ("甲", "乙"))
    for _ in range(3):
        audit.note(desk.store, "打印", count=1).result()
        desk.sync()
    desk.sync()
    other.sync()
    (found,) = trail.trails(county.store, county.code, desk.dev)
    assert (found.count, found.breaks) == (3, ())
    told = standing(desk.store)
    assert (told.waiting, told.sending, told.set_aside, desk.open_changes()) == (0, 0, 0, 0)
    assert audit.breaks(desk.store) == []
    for each in (desk, other):
        each.close()
    county.close()
