"""The tour shows the sync with a real hub process and two laptops."""

from __future__ import annotations

from pathlib import Path

import pytest

from nehe_desktop.cli.tour_sync import show_sync
from nehe_desktop.features.demo.make import make_demo
from nehe_desktop.security import laptop
from nehe_desktop.security.laptop import Laptop


def test_two_laptops_and_a_hub_end_with_the_same_and_both_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = Laptop(tmp_path, "village")
    make_demo("village", here.file, laptop.sample_key(here))
    show_sync(here, tmp_path / "同步")
    said = capsys.readouterr().out
    assert "两个值都留在冲突记录里（1 条），两边看到的一样" in said
