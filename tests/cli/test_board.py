"""Postings without a window: what is printed for the board is hung, photographed and taken down."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from nehe_desktop.cli import main


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the made-up village, one list for the board and a photo of a board."""
    folder = tmp_path_factory.mktemp("board")
    assert main(["demo", "--data", str(folder)]) == 0
    Image.new("RGB", (60, 40), "white").save(folder / "公示栏.jpg")
    words = ("--kind", "LIST", "--ledger", "unit", "--audience", "board", "--out", str(folder / "公示.pdf"))
    assert main(["print", "--data", str(folder), "--demo", "village", *words]) == 0
    return folder


def say(data: Path, capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    code = main(["board", "--data", str(data), "--demo", "village", *map(str, words)])
    out, err = capsys.readouterr()
    return code, out + err


def test_a_list_goes_from_the_printer_to_the_board_and_down_again(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = say(data, capsys, "list", "--text", "单位")
    line = said.splitlines()[0].split("\t")
    assert (code, line[0]) == (0, "未张贴")
    assert "公示到" not in say(data, capsys, "hang", line[1], "--matter", "监测对象", "--photo", data / "公示栏.jpg")[1]
    code, said = say(data, capsys, "hang", line[1])
    assert (code, "已在 2020-08-10 张贴" in said) == (1, True)
    assert say(data, capsys, "down", line[1], "--note", "印错了") == (0, f"{line[1]}\t已撤下\n")
    assert "2020-08-10 至 2020-08-14\t缺撤下时照片" in say(data, capsys, "list", "--filter", "down", "--text", line[1])[1]


def test_what_came_from_elsewhere_is_entered_and_too_short_a_term_refused(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = say(data, capsys, "add", "光伏收益分配方案", "--matter", "资金项目", "--until", "2020-08-12")
    assert (code, "资金项目不少于 10 天" in said) == (1, True)
    code, said = say(data, capsys, "add", "光伏收益分配方案", "--matter", "资金项目")
    assert (code, said.endswith("\t公示中\n")) == (0, True)
    assert "光伏收益分配方案" in say(data, capsys, "list", "--filter", "up")[1]
    assert say(data, capsys, "add", "展板", "--shows", "照片使用")[0] == 1
