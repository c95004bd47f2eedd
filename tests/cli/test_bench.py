"""The bench runs on little data and says what it measured in the office's words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nehe_desktop.cli import main
from nehe_desktop.cli.benches.measure import Measure


def test_little_data_are_measured_and_kept_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bench.json"
    assert main(["bench", "import", "search", "save", "encryption", "--small", "--json", str(file)]) == 0
    subjects = {row["subject"] for row in json.loads(file.read_text("utf-8"))["measures"]}
    assert subjects == {"导入", "查找", "保存", "加密"}
    assert "达标" in capsys.readouterr().out


def test_a_long_list_is_shown_in_a_process_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "list", "--small"]) == 0
    assert "3,000 人：第一页" in capsys.readouterr().out


def test_the_sync_is_measured_with_little_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "sync", "week", "--small"]) == 0
    said = capsys.readouterr().out
    for words in ("一百处一批", "自带的库：上传", "行时上传", "忙的一天", "接收一个村", "边打字", "没有下落的改动"):
        assert words in said


def test_keys_and_log_are_measured_with_little_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "custody", "--small"]) == 0
    said = capsys.readouterr().out
    for words in ("输对口令", "开一户，等到看见", "保存走访，等到看见", "导入名单", "记一条日志", "核对 1,000 条日志"):
        assert words in said


def test_an_unknown_subject_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "speed"]) == 2
    assert "没有这个项目：speed" in capsys.readouterr().out


@pytest.mark.parametrize(("value", "ratio", "met"), [(0.9, 5.0, True), (1.1, 5.0, False), (0.9, 3.0, False)])
def test_a_budget_is_kept_in_time_and_in_ratio(value: float, ratio: float, *, met: bool) -> None:
    assert Measure("文书", "考勤表", value, "s", 1.0, ratio, "原版", least=4).met is met
