"""Draws every page of the window into a folder: python -m nehe_desktop.screens DATA FOLDER [WIDTHxHEIGHT …]."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from nehe_desktop.features import ledgers
from nehe_desktop.features.papers.queries import households_in
from nehe_desktop.program import Program
from nehe_desktop.security.laptop import Laptop, profile_of
from nehe_desktop.ui import theme
from nehe_desktop.ui.crash import Faults
from nehe_desktop.ui.window import Window

_SIZES = ("1366x768", "1093x550")
_SETTLE_MS = 700


def settle(milliseconds: int) -> None:
    """Lets the window work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def stations(window: Window) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(name of the picture, page, where) in the order of the rail."""
    profile = profile_of(window.desk.store)
    found = households_in(window.desk.store, profile.village)
    household = found[0].id if found else ""
    yield "首页", "home", {}
    yield "农户", "households", {"household": household}
    yield "走访", "visit", {"household": household}
    yield "考勤", "attendance", {}
    yield "请销假", "leave", {}
    yield "文件", "papers", {"kind": "D02", "team": profile.team}
    yield "公示", "board", {}
    yield "导入", "import", {}
    yield "台账", "shelf", {}
    yield "队员台账", "ledger:member", {}
    yield "同步", "sync", {}
    yield "冲突处理", "conflicts", {}
    yield "疑似重复", "doubles", {}
    yield "设置", "settings", {"section": "people"}
    yield "钥匙", "settings", {"section": "keys"}
    yield "备份", "settings", {"section": "backup"}
    yield "操作日志", "log", {}


def draw(window: Window, folder: Path, size: str) -> None:
    """Every station at one size."""
    width, height = map(int, size.split("x"))
    window.resize(width, height)
    for number, (name, page, where) in enumerate(stations(window), 1):
        window.go(page, **where)
        settle(_SETTLE_MS)
        window.grab().save(str(folder / f"{number:02d}-{name}-{size}.png"))
    window.go("home")
    window.palette_sheet.open_with("wg")
    settle(_SETTLE_MS)
    window.grab().save(str(folder / f"14-找一切-{size}.png"))
    window.palette_sheet.hide()


def main(words: list[str]) -> int:
    """Opens the made-up village, draws, closes; the exit code."""
    data, folder, *sizes = words
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    theme.load_fonts()
    theme.apply(application)
    here = Laptop(Path(data), "village")
    faults = Faults(here.logs)
    problems: list[str] = []
    faults.reported.connect(problems.append)
    program = Program(here, faults, known=len(ledgers.ALL))
    program.begin()
    settle(_SETTLE_MS)
    if program.window is not None:
        for size in sizes or _SIZES:
            draw(program.window, target, size)
        program.window.close()
    program.close()
    for problem in problems:
        sys.stderr.write(problem)
    return 1 if problems or program.window is None else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
