"""Libraries, fonts and programs that Linux itself must have: looked for, and installed with apt."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess

from nehe_desktop.setup.telling import say

_LIBRARIES = {  # what Qt loads, and Debian's package that has it
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libcups.so.2": "libcups2",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_TEST_PROGRAMS = {"pdftotext": "poppler-utils", "Xvfb": "xvfb"}


def bring(*, for_tests: bool = False) -> None:
    """Installs what is missing; ends the program, with the command to run, where a library cannot be had."""
    missing = missing_packages(for_tests=for_tests)
    if not missing:
        return
    say(f"正在安装系统组件：{'、'.join(missing)}")
    install(missing)
    left = [package for library, package in _LIBRARIES.items() if not _loads(library)]
    if left:
        command = f"sudo apt-get install {' '.join(left)}"
        raise SystemExit(f"缺少系统组件，窗口无法显示。请让管理员执行：\n  {command}\n然后再启动一次。")


def missing_packages(*, for_tests: bool = False) -> list[str]:
    """Debian's names of the packages that this computer still needs."""
    libraries = [package for library, package in _LIBRARIES.items() if not _loads(library)]
    fonts = [] if _has_chinese_font() else ["fontconfig", "fonts-noto-cjk"]
    programs = _TEST_PROGRAMS if for_tests else {}
    return libraries + fonts + [package for program, package in programs.items() if not shutil.which(program)]


def install(names: list[str]) -> None:
    """Installs Debian packages without a question, where apt and the right to use it are there."""
    apt = shutil.which("apt-get")
    if not apt:
        return
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    wanted = [apt, "install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", *names]
    if not _succeeds([*prefix, *wanted]):
        _succeeds([*prefix, apt, "update", "-q"])
        _succeeds([*prefix, *wanted])


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if not lister:
        return False
    return bool(subprocess.run([lister, ":lang=zh-cn"], capture_output=True, check=False).stdout)


def _succeeds(command: list[str]) -> bool:
    silent = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
    try:
        return subprocess.run(command, env=silent, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
