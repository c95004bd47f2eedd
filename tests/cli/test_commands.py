"""Every job works without a window, with exit codes that a script can trust."""

from __future__ import annotations

from pathlib import Path

import pytest

from nehe_desktop.cli import COMMANDS, main

LOOK = ("--demo", "village")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the made-up village."""
    folder = tmp_path_factory.mktemp("data")
    assert main(["demo", "--data", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_how_it_is_used(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    assert COMMANDS[command] in capsys.readouterr().out.replace("\n", "")


def test_an_unknown_command_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["fly"])
    assert end.value.code == 2
    assert "fly" in capsys.readouterr().err


def test_a_second_village_is_not_written_over_the_first(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--data", str(data)]) == 3
    assert "已经有" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["汤䶮", "alys", "敖拉"])
def test_a_person_is_found_by_name_and_initials(
    data: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", *LOOK, "--data", str(data), words]) == 0
    assert capsys.readouterr().out.split("\t")[0]


def test_nobody_found_ends_with_one_and_advice(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", *LOOK, "--data", str(data), "查无此人"]) == 1
    assert "拼音" in capsys.readouterr().out


def test_a_backup_is_proved_carried_and_restored(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", *LOOK, "--data", str(data), "--to", str(tmp_path / "U盘")]) == 0
    assert "试恢复通过" in capsys.readouterr().out
    assert list((tmp_path / "U盘").glob("备份-*.db"))
    assert main(["restore", *LOOK, "--data", str(data), "--yes", "--lose"]) == 0
    assert main(["search", *LOOK, "--data", str(data), "汤䶮"]) == 0
    capsys.readouterr()
    assert main(["log", *LOOK, "--data", str(data), "--kind", "恢复"]) == 0
    told = capsys.readouterr().out
    assert "比原来的日志少" in told
    assert "日志完整" in told


def test_the_self_check_finds_a_sound_village(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *LOOK, "--data", str(data), "--diagnosis"]) == 0
    said = capsys.readouterr().out
    assert "[正常] 数据文件" in said
    assert "汤䶮" not in said


def test_the_last_steps_are_listed_and_one_is_taken_back(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["undo", *LOOK, "--data", str(data)]) == 0
    assert "生成示例数据" in capsys.readouterr().out
    assert main(["undo", *LOOK, "--data", str(data), "0" * 32]) == 3


def test_a_laptop_that_was_never_set_up_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "--data", str(tmp_path), "王"]) == 3
    assert "还没有数据" in capsys.readouterr().err


def test_the_entries_that_were_asked_for_go_into_a_list_and_onto_paper(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("log", *LOOK, "--data", str(data), "--kind", "登录")
    assert main([*asked, "--export", str(tmp_path / "日志.csv")]) == 0
    rows = (tmp_path / "日志.csv").read_text("utf-8-sig").splitlines()[1:]
    assert rows
    assert all(",登录," in row for row in rows)
    assert main([*asked, "--pdf", str(tmp_path / "日志.pdf")]) == 0
    assert (tmp_path / "日志.pdf").read_bytes().startswith(b"%PDF")
    assert main([*asked, "--export", str(tmp_path / "日志.doc")]) == 1
    assert main(["log", *LOOK, "--data", str(data), "--who", "查无此人", "--pdf", str(tmp_path / "x.pdf")]) == 1
    assert "没有可以打印的" in capsys.readouterr().err
    assert main(["log", *LOOK, "--data", str(data), "--ledger", "audit_log"]) == 0
    told = capsys.readouterr().out
    assert "导出  操作日志" in told
    assert "打印  操作日志" in told
