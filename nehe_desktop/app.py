"""The composition root: the one place that knows concrete things, from the files to the window."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from nehe_desktop import VERSION, program
from nehe_desktop.features import ledgers
from nehe_desktop.security.laptop import Laptop, home
from nehe_desktop.ui import guard, theme
from nehe_desktop.ui.crash import Faults
from nehe_desktop.ui.preference import Look


def _arguments(words: Sequence[str]) -> tuple[Laptop, list[str]]:
    parser = ArgumentParser(prog="main.py", description="讷河帮扶工作台", allow_abbrev=False)
    parser.add_argument(
        "--data", type=Path, default=None, help="数据文件夹（默认是本用户的，也可用 NEHE_HOME）"
    )
    parser.add_argument(
        "--demo", nargs="?", const="village", choices=("village", "county"), help="打开示例数据"
    )
    told, rest = parser.parse_known_args(words)
    return Laptop(told.data or home(), told.demo or "work"), rest


def main(words: Sequence[str] | None = None) -> int:
    """Opens the window; gives the exit code."""
    laptop, rest = _arguments(sys.argv[1:] if words is None else words)
    if refused := guard.check_binding():
        sys.stderr.write(refused + "\n")
        return 3
    guard.prepare_environment(os.environ)
    application = QApplication([sys.argv[0], *rest])
    application.setApplicationName("讷河帮扶工作台")
    application.setApplicationVersion(VERSION)
    theme.load_fonts()
    look = Look.kept(laptop.folder)
    theme.apply(application, look.size, high_contrast=look.high_contrast or theme.wants_contrast())
    faults = Faults(laptop.logs, f"讷河帮扶工作台 {VERSION}")
    faults.install()
    running = program.Program(laptop, faults, known=len(ledgers.ALL))
    running.begin()
    code = application.exec()
    running.close()
    faults.ended_well()
    return code
