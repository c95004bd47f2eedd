"""Faults: nothing private reaches the disk, every way in leads to one report, the next start says so."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from nehe_desktop.ui.crash import CrashDialog, Faults, LastRun, recovery_words
from nehe_desktop.ui.guard import input_method, prepare_environment, refusal
from nehe_desktop.ui.masking import Masker

SECRETS = ("11010519491231002X", "13812345678", "0452-3322111", "6228480402564890018", "宋桂兰")


@pytest.fixture
def faults(tmp_path: Path) -> Iterator[Faults]:
    made = Faults(tmp_path, "讷河帮扶工作台 0.1")
    made.install()
    yield made
    made.ended_well()


@pytest.mark.parametrize("secret", SECRETS)
def test_what_is_private_is_masked(secret: str) -> None:
    assert secret not in Masker()(f"写入 '{secret}' 时出错")


@pytest.mark.parametrize("plain", ["2020-08-10", "第 128 页，共 17110 行", "line 209, in rules", "户类别：还没有填"])
def test_what_is_not_private_stays(plain: str) -> None:
    assert Masker()(plain) == plain


def test_a_known_name_is_masked_inside_a_sentence_too() -> None:
    masker = Masker()
    masker.know(["莫日根"])
    assert masker("打开莫日根户失败") == "打开‹姓名›户失败"


def test_the_log_on_the_disk_never_holds_a_name(faults: Faults, tmp_path: Path) -> None:
    faults.report(ValueError("没有 '宋桂兰' 的 11010519491231002X"))
    written = (tmp_path / "nehe.log").read_text(encoding="utf-8")
    assert "ValueError" in written
    assert "宋桂兰" not in written
    assert "1949" not in written


def test_an_uncaught_error_of_either_thread_is_reported(faults: Faults, qtbot: QtBot) -> None:
    reports: list[str] = []
    faults.reported.connect(reports.append)
    sys.excepthook(ZeroDivisionError, ZeroDivisionError("甲"), None)
    threading.excepthook(threading.ExceptHookArgs((KeyError, KeyError("乙"), None, None)))
    qtbot.waitUntil(lambda: len(reports) == 2)
    assert "ZeroDivisionError" in reports[0]
    assert "KeyError" in reports[1]


@pytest.mark.usefixtures("faults")
def test_qts_own_messages_go_to_the_log(tmp_path: Path) -> None:
    qWarning("QPainter not active")
    assert "QPainter not active" in (tmp_path / "nehe.log").read_text(encoding="utf-8")


def test_copying_puts_the_report_on_the_clipboard(qtbot: QtBot) -> None:
    dialog = CrashDialog("诊断信息一份")
    qtbot.addWidget(dialog)
    dialog.copy()
    assert QGuiApplication.clipboard().text() == "诊断信息一份"


def test_a_program_that_was_killed_is_known_at_the_next_start(tmp_path: Path) -> None:
    killed = Faults(tmp_path)
    killed.install()
    after = Faults(tmp_path)
    killed.ended_well()
    assert after.last_run.crashed
    assert not Faults(tmp_path).last_run.crashed


def test_the_next_start_says_what_was_recovered() -> None:
    assert "2 份草稿" in recovery_words(LastRun(crashed=True), 2)
    assert recovery_words(LastRun(crashed=False), 2) == ""


@pytest.mark.parametrize(
    ("binding", "python", "starts"),
    [("6.12.0", (3, 11), False), ("6.12.0", (3, 12), True), ("6.11.3", (3, 11), True), ("6.12.1", (3, 11), True)],
)
def test_the_one_bad_pair_is_refused(binding: str, python: tuple[int, int], starts: bool) -> None:  # noqa: FBT001
    assert (refusal(binding, python) == "") is starts


def test_fcitx_is_reached_through_ibus() -> None:
    environment = {"XMODIFIERS": "@im=fcitx"}
    prepare_environment(environment)
    assert environment["QT_IM_MODULE"] == "ibus"
    assert input_method({"XMODIFIERS": "@im=fcitx"}, "win32") == ""
