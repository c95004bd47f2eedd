"""First start: brings what the program needs into .venv beside main.py, then runs inside it.

Standard library only, and readable by Python 3.9, so that an old Python is told so in a plain sentence.
The parts and their checksums stand in resources/constraints*.txt. Whatever was cut off is taken up again
at the next start; once all is there, nothing but two small files is looked at.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zlib
from pathlib import Path

from nehe_desktop.setup.telling import say

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"run": ROOT / "resources/constraints.txt", "test": ROOT / "resources/constraints-test.txt"}
_OLDEST = (3, 11)


def ensure(parts: str = "run") -> None:
    """Returns once this process runs inside an environment that holds the `parts` ("run" or "test")."""
    refuse_old_python(sys.version_info[:2])
    inside = Path(sys.prefix) == ENVIRONMENT
    if not is_ready(parts) or (inside and not installed_pyside(sys.path)):
        _prepare(parts)
    if not inside:
        _enter()
    refuse_bad_pair(installed_pyside(sys.path), sys.version_info[:2])


def is_ready(parts: str) -> bool:
    """Whether .venv holds exactly what the lock of these parts asks for."""
    try:
        return PYTHON.exists() and _stamp(parts).read_text() == _fingerprint(parts)
    except OSError:
        return False


def has_screen() -> bool:
    """Whether a window can be shown here."""
    return not sys.platform.startswith("linux") or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())


def run_tests(arguments: list[str]) -> int:
    """Exit code of pytest, the tests run from the project's folder."""
    return subprocess.call([sys.executable, "-m", "pytest", "-q", *arguments], cwd=ROOT)


def refuse_old_python(python: tuple[int, ...]) -> None:
    """Ends the program with a plain sentence on a Python older than 3.11."""
    if python < _OLDEST:
        found = ".".join(map(str, python))
        raise SystemExit(f"本程序需要 Python 3.11 或更新的版本，现在用的是 {found}。请装好新版再启动。")


def refuse_bad_pair(pyside: str, python: tuple[int, ...]) -> None:
    """Ends the program where PySide6 would abort after some 5,000 calls (upstream PYSIDE-3474)."""
    if pyside.startswith("6.12.") and python < (3, 12):
        found = ".".join(map(str, python))
        raise SystemExit(
            f"PySide6 {pyside} 不能和 Python {found} 一起用，运行中会突然退出。"
            "请删除 .venv 文件夹后重新启动，程序会装上合适的版本。"
        )


def installed_pyside(folders: list[str]) -> str:
    """The version of PySide6 in these folders of modules, "" when there is none."""
    pattern = "[Pp]y[Ss]ide6_[Ee]ssentials-*.dist-info"
    return next((part.stem.split("-")[1] for folder in folders for part in Path(folder).glob(pattern)), "")


def _prepare(parts: str) -> None:
    from nehe_desktop.setup import packages, system

    say("正在准备运行环境（只在第一次启动和更新之后需要），请稍候。")
    if sys.platform.startswith("linux"):
        system.bring(for_tests=parts == "test")
    packages.make_environment(ENVIRONMENT, PYTHON)
    packages.install(PYTHON, LOCKS[parts], offline=ROOT / "wheels")
    for done in {"run", parts}:
        _stamp(done).write_text(_fingerprint(done))
    say("运行环境已准备好。")


def _enter() -> None:
    sys.stdout.flush()
    command = [str(PYTHON), *sys.orig_argv[1:]]
    if os.name == "nt":
        raise SystemExit(subprocess.call(command))
    os.execv(command[0], command)  # noqa: S606 - the same program, inside its own environment


def _stamp(parts: str) -> Path:
    return ENVIRONMENT / f"ready-{parts}"


def _fingerprint(parts: str) -> str:
    return f"{zlib.crc32(LOCKS[parts].read_bytes()):08x}"
