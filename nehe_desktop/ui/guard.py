"""What must hold before Qt is imported: a binding that works here, and an input method it carries."""

from __future__ import annotations

import sys
from collections.abc import Mapping, MutableMapping

import PySide6


def refusal(binding: str, python: tuple[int, int]) -> str:
    """Why this pair must not start, empty where it may.

    PySide6 6.12.0 drops a reference to None at every void call on Python before 3.12 (PYSIDE-3474).
    """
    if binding.startswith("6.12.0") and python < (3, 12):
        return "这台电脑上的界面组件 PySide6 6.12.0 和 Python 3.11 一起用会中途退出，请改装 PySide6 6.11.3 后再打开"
    return ""


def binding_version() -> str:
    """The installed binding as it says itself; looking it up among the packages costs two megabytes."""
    return str(PySide6.__version__)


def check_binding() -> str:
    """Why the program must not start here, empty where it may."""
    return refusal(binding_version(), sys.version_info[:2])


def input_method(environment: Mapping[str, str], platform: str = sys.platform) -> str:
    """The QT_IM_MODULE to start with on Linux where fcitx runs: the wheels carry only ibus and compose."""
    names = ("QT_IM_MODULE", "XMODIFIERS", "GTK_IM_MODULE")
    fcitx = any("fcitx" in environment.get(name, "") for name in names)
    return "ibus" if platform.startswith("linux") and fcitx else ""


def prepare_environment(environment: MutableMapping[str, str]) -> None:
    """Sets what Qt reads at its start."""
    if module := input_method(environment):
        environment["QT_IM_MODULE"] = module
