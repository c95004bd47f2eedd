"""The program's own environment (.venv) and the locked packages in it."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

from nehe_desktop.setup import system
from nehe_desktop.setup.telling import say, say_over

_PAUSES = (3, 10, 0)  # seconds before each further try
_INSTALL = ("install", "--no-input", "--require-hashes", "--no-deps", "--only-binary", ":all:")
_RESUMING = ("--progress-bar", "raw", "--resume-retries", "20")


def make_environment(folder: Path, python: Path) -> None:
    """Makes .venv, unless a working one is there; without pip where the computer's Python lacks it."""
    if _has_pip(python):
        return
    say("正在建立独立的运行环境 .venv")
    make = [_base(), "-m", "venv", "--clear", str(folder)]
    if _succeeds(make):
        return
    system.install(["python{}.{}-venv".format(*sys.version_info)])
    if not _succeeds(make) and not _succeeds([*make, "--without-pip"]):
        raise SystemExit("建立运行环境没有成功。请检查磁盘空间，或让管理员安装 python3-venv，再启动一次。")


def install(python: Path, lock: Path, offline: Path) -> None:
    """Installs all of a lock, checksums compared; a folder `offline` of wheels replaces the network."""
    source = ["--no-index", "--find-links", str(offline)] if offline.is_dir() else []
    pip_only = python.parent / "pip.txt"
    pip_only.write_text(block_of("pip", lock.read_text()))
    pip = [str(python), "-m", "pip"] if _has_pip(python) else [_base(), "-m", "pip", "--python", str(python)]
    _with_patience([*pip, *_INSTALL, *source, "-r", str(pip_only)], total=1)
    total = len(re.findall(r"^[\w-]+==", lock.read_text(), re.MULTILINE))
    _with_patience([str(python), "-m", "pip", *_INSTALL, *_RESUMING, *source, "-r", str(lock)], total)


def block_of(package: str, lock: str) -> str:
    """The lines of one package in the text of a lock."""
    found = re.search(rf"^{package}==.*\n(?:[ ].*\n)*", lock, re.MULTILINE)
    return found.group() if found else ""


def _base() -> str:
    """The Python that the environment is made from, also when it runs already."""
    return getattr(sys, "_base_executable", sys.executable)


def _has_pip(python: Path) -> bool:
    return _succeeds([str(python), "-c", "import pip"])


def _with_patience(command: list[str], total: int) -> None:
    said: list[str] = []
    for pause in _PAUSES:
        code, said = _run(command, total)
        if code == 0:
            return
        if pause:
            say("下载中断，稍后接着下载。")
            time.sleep(pause)
    raise SystemExit(
        "组件没有装全，已经下载的部分会保留，再启动一次就接着装。请检查网络；没有网络时，"
        "把装有组件的 wheels 文件夹放到 main.py 旁边。\n最后的信息：\n" + "\n".join(said[-4:])
    )


def _run(command: list[str], total: int) -> tuple[int, list[str]]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said, count = [], 0
    for raw in process.stdout or ():
        line = raw.decode(errors="replace").strip()
        count += line.startswith(("Collecting ", "Processing "))
        _tell(line, f"[{min(count, total)}/{total}]")
        if not line.startswith("Progress "):
            said.append(line)
    return process.wait(), said


def _tell(line: str, place: str) -> None:
    """One of pip's lines, in the user's words."""
    words = line.split()
    if line.startswith("Downloading ") and not words[1].endswith(".metadata"):
        say(f"{place} 下载 {_title(words[1])} {' '.join(words[2:])}")
    elif line.startswith("Progress "):
        say_over(f"    {int(words[1]) * 100 // max(int(words[3]), 1)}%")
    elif line.startswith("Installing collected packages"):
        say("正在安装，约需半分钟")


def _title(wheel: str) -> str:
    return "-".join(wheel.rsplit("/", 1)[-1].split("-")[:2])


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
