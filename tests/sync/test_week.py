"""A working week of many laptops at once, some of them away for days: at the end everybody shows the same.

All 171 laptops of the county with 35,700 edits: `python main.py bench week`.
"""

from __future__ import annotations

from pathlib import Path

from nehe_desktop.cli.benches.week import Plan, work


def test_after_a_week_every_laptop_shows_what_the_hub_has_and_no_edit_is_lost(tmp_path: Path) -> None:
    outcome = work(tmp_path, Plan(laptops=20, days=3, edits=1200, seed=3), lambda _: None)
    assert outcome.edits == 1200
    assert outcome.conflicts > 10
    assert outcome.differing == ()
    assert outcome.lost == 0
