"""The log: nothing personal reaches the disk."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from nehe_desktop.security import log

NOW = datetime.fromisoformat("2026-11-23T08:00:00+08:00")
PERSONAL = (
    "230281198503120013",
    "23028119850312001X",
    "230281850312001",
    "23028119850312001X42",
    "23028119850312001142",
    "23028119850312001X4",
    "13800001234",
    "138 0000 1234",
    "138-0000-1234",
    "0452-3328888",
    "6228480402564890018",
    "6228 4804 0256 4890 018",
    "a" * 64,
)


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    path = log.start(tmp_path / "日志", lambda: ("赵测试", "测试"))
    assert path is not None
    yield path
    log.stop(path)


@pytest.mark.parametrize("number", PERSONAL)
def test_a_number_is_masked_between_chinese_words(number: str) -> None:
    shown = log.masked(f"保存户主{number}时出错")
    assert number not in shown
    assert number[6:] not in shown
    assert shown.endswith("时出错")


@pytest.mark.parametrize(
    "plain", ["2026-11-23 08:00:00,123", "230281103204", "耗时 1234567 ms", "0x7f0eb3939a90"]
)
def test_dates_division_codes_and_measures_stay(plain: str) -> None:
    assert log.masked(plain) == plain


def test_a_known_name_keeps_its_first_character_only() -> None:
    assert log.masked("已打开赵测试的户档案", ("赵测试", "赵测")) == "已打开赵某的户档案"


def test_message_arguments_and_traceback_are_masked_on_disk(path: Path) -> None:
    try:
        int("赵测试 13800001234")
    except ValueError:
        logging.getLogger("ledger").exception("没有保存 %s", "230281198503120013")
    written = path.read_text(encoding="utf-8")
    assert "Traceback" in written
    assert not any(secret in written for secret in ("赵测试", "13800001234", "19850312"))


def test_a_log_that_cannot_be_written_does_not_stop_the_program(tmp_path: Path) -> None:
    (tmp_path / "日志").write_text("")
    assert log.start(tmp_path / "日志") is None


def test_the_diagnosis_names_versions_counts_and_the_last_lines(path: Path) -> None:
    logging.getLogger("start").warning("赵测试 换了屏幕")
    text = log.diagnosis("0.1.0", {"Qt": "6.11.3"}, {"家庭": 50}, ["磁盘空间充足"], path, NOW, ("赵测试",))
    assert all(part in text for part in ("0.1.0", "Qt 6.11.3", "家庭 50", "磁盘空间充足", "换了屏幕"))
    assert "赵测试" not in text
