"""Consents without a window: the signed sheet is taken in, and what is taken back leaves a task."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from nehe_desktop.cli import main

HOME = "NH-05-010-0001-2"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the made-up village and a photo of a signed sheet."""
    folder = tmp_path_factory.mktemp("consent")
    assert main(["demo", "--data", str(folder)]) == 0
    Image.new("RGB", (60, 90), "white").save(folder / "签字页.jpg")
    return folder


def say(data: Path, capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    code = main([str(words[0]), "--data", str(data), "--demo", "village", *map(str, words[1:])])
    out, err = capsys.readouterr()
    return code, out + err


def test_a_sheet_is_taken_in_counts_and_is_taken_back(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kind = ("--kind", "照片使用")
    assert "先不算数" in say(data, capsys, "consent", "add", HOME, *kind, "--signed", "2020-08-01")[1]
    assert "现在可以公开：都没有" in say(data, capsys, "consent", "list", HOME)[1]
    assert say(data, capsys, "consent", "scan", HOME, *kind, "--scan", data / "签字页.jpg")[0] == 0
    assert "现在可以公开：照片使用" in say(data, capsys, "consent", "list", HOME)[1]
    shown = ("board", "add", "典型户展板", "--matter", "长期张贴", "--household", HOME, "--shows", "照片使用")
    assert say(data, capsys, *shown)[0] == 0
    assert "撤下任务" in say(data, capsys, "consent", "withdraw", HOME, *kind)[1]
    assert ((answer := say(data, capsys, *shown))[0], "有效同意书" in answer[1]) == (1, True)
    assert say(data, capsys, "consent", "withdraw", HOME, *kind)[0] == 1
    assert say(data, capsys, "log", "--kind", "同意书")[1].count("照片使用") == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((HOME, "--kind", "电话公开", "--signed", "去年"), "日期请写成"),
        ((HOME, "--kind", "电话公开", "--signed", "2020-08-01", "--member", "没有这人"), "没有叫“没有这人”的人"),
        (("没有这户", "--kind", "电话公开", "--signed", "2020-08-01"), "没有户编号是"),
    ],
)
def test_what_is_wrong_is_said(
    data: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    code, said = say(data, capsys, "consent", "add", *words)
    assert (code, told in said) == (1, True)
