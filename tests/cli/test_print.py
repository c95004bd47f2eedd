"""Papers are printed without a window, and entered into the register."""

from __future__ import annotations

from pathlib import Path

import pytest

from nehe_desktop.cli import main
from nehe_desktop.documents.preview import texts


def test_a_month_sheet_is_written_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path), "--demo", "village"]
    assert main(["demo", "--data", str(tmp_path)]) == 0
    out = tmp_path / "考勤表.pdf"
    assert main(["print", *data, "--kind", "D02", "--month", "202007", "--out", str(out)]) == 0
    assert "李建国 2020-08-10" not in "".join(texts(out))
    assert main(["print", *data, "--kind", "D02", "--month", "202007", "--watermark", "--out", str(out)]) == 0
    assert "李建国 2020-08-10" in "".join(texts(out))
    capsys.readouterr()
    assert main(["print", *data, "--list"]) == 0
    assert "D02" in capsys.readouterr().out


def test_a_household_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--data", str(tmp_path)]) == 0
    words = [
        "print",
        "--data",
        str(tmp_path),
        "--demo",
        "village",
        "--kind",
        "D07",
        "--household",
        "没有这户",
    ]
    assert main([*words, "--out", str(tmp_path / "x.pdf")]) in (1, 3)
    assert not (tmp_path / "x.pdf").exists()
    assert capsys.readouterr().err
