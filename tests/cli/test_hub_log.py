"""The county reads the log of its laptops, and sees where something is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nehe_desktop.hub import trail
from nehe_desktop.hub.service import Hub
from nehe_desktop.security.chain import mark_of
from tests.cli.test_hub import BRIGHT, Say, county, enrolled, hub, say  # noqa: F401 - fixtures
from tests.hub.laptops import Laptop, new


@pytest.fixture
def laptop(say: Say, hub: Hub) -> Laptop:  # noqa: F811
    return enrolled(say, hub, "明星1", "--village", "明星村")


def entries(dev: str, *kinds: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number, kind in enumerate(kinds, 1):
        before = found[-1]["mark"] if found else ""
        entry = {"device": dev, "number": number, "at": f"2026-03-0{number}T09:00:00+08:00", "kind": kind,
                 "person": "王敏", "tbl": "household", "count": number, "before": before}  # fmt: skip
        found.append({**entry, "mark": mark_of(entry)})
    return found


def send(laptop: Laptop, part: list[dict[str, Any]]) -> None:
    laptop.does(
        *(new("audit_log", f"{laptop.dev}{each['number']}", BRIGHT, village=BRIGHT, **each) for each in part)
    )


def test_who_printed_a_list_last_tuesday_is_found(say: Say, laptop: Laptop) -> None:  # noqa: F811
    send(laptop, entries(laptop.dev, "登录", "打印", "导出"))
    told = say("log", "--day", "2026-03-02")
    assert len(told.splitlines()) == 1
    assert {"明星1", "王敏", "打印", "2 条"} <= set(told.strip().split("\t"))
    assert len(say("log", "--device", "明星1", "--person", "王敏").splitlines()) == 3
    assert say("log", "--kind", "审批") == "没有这样的记录。\n"


def test_what_was_asked_for_goes_into_a_list(say: Say, laptop: Laptop, tmp_path: Path) -> None:  # noqa: F811
    send(laptop, entries(laptop.dev, "登录", "打印", "导出", "打印"))
    assert "2 条" in say("log", "--kind", "打印", "--out", str(tmp_path / "日志.csv"))
    head, *rows = (tmp_path / "日志.csv").read_text("utf-8-sig").splitlines()
    assert head.startswith("时间,电脑,谁,事项")
    assert [row.split(",")[1:4] for row in rows] == [["明星1", "王敏", "打印"]] * 2
    assert "导出了操作日志" in say("status")
    say("log", "--out", str(tmp_path / "日志.doc"), code=1)


def test_a_whole_log_is_said_to_be_whole(say: Say, laptop: Laptop) -> None:  # noqa: F811
    assert "还没有收到" in say("log", "--check")
    send(laptop, entries(laptop.dev, "登录", "打印", "导出"))
    assert "明星1\t3 条" in (told := say("log", "--check"))
    assert "完整" in told


def test_a_gap_is_shown_with_its_laptop_and_number(say: Say, laptop: Laptop) -> None:  # noqa: F811
    one, _, three = entries(laptop.dev, "登录", "打印", "导出")
    send(laptop, [one, three])
    assert "第 3 条：前面缺 1 条" in say("log", "--check", code=1)
    assert "第 3 条" in say("log", "--check", "--device", "明星1", code=1)


def test_nonsense_in_a_log_is_shown_and_breaks_nothing(say: Say, laptop: Laptop) -> None:  # noqa: F811
    nonsense = {"device": laptop.dev, "number": "一", "at": 7, "kind": None, "mark": "假"}
    laptop.does(new("audit_log", "x", BRIGHT, village=BRIGHT, **nonsense))
    assert "有 2 处问题" in say("log", "--check", code=1)
    assert say("log")


@pytest.mark.parametrize("at_once", [1, 2, 3, 4, 5])
def test_a_log_that_is_read_in_parts_is_read_whole(
    hub: Hub,  # noqa: F811
    laptop: Laptop,
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
) -> None:
    monkeypatch.setattr(trail, "_AT_ONCE", at_once)
    send(laptop, entries(laptop.dev, "登录", "打印", "导出", "退出"))
    (found,) = trail.trails(hub.store, hub.county)
    assert (found.count, found.breaks, found.last[:10]) == (4, (), "2026-03-04")


def test_only_the_newest_lines_are_shown_and_the_last_stands_last(say: Say, laptop: Laptop) -> None:  # noqa: F811
    send(laptop, entries(laptop.dev, "登录", "打印", "导出", "退出"))
    told = say("log", "--lines", "2").splitlines()
    assert [line.split("\t")[3] for line in told] == ["导出", "退出"]
