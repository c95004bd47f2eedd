"""The recovery sheet on paper, before there is a window with a print centre."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from nehe_desktop.core.errors import Trouble
from nehe_desktop.security.recovery import RecoverySheet
from nehe_desktop.ui import printing


def sheet_file(sheet: RecoverySheet, path: Path | None) -> Path:
    """The sheet as a PDF; fonts and PDF are loaded now, as no other start needs them."""
    return Path(import_module("nehe_desktop.features.entry.document").recovery_sheet(sheet, path))


def print_file(path: Path) -> str:
    """Prints with the default printer; what is said afterwards. Raises Trouble."""
    found = printing.printers()
    if not found:
        raise Trouble("这台电脑还没有装打印机", "请点“另存为 PDF”，拿到能打印的电脑上打印")
    printing.send(path, found[0].name)
    return f"已送到打印机 {found[0].name}"
