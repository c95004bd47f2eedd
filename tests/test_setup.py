"""The first start: what it refuses, what it takes as ready, what it asks the computer for."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nehe_desktop import setup
from nehe_desktop.setup import packages, system

LOCK = """\
attrs==1.0 \\
    --hash=sha256:aa
pip==2.0 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
six==3.0 \\
    --hash=sha256:dd
"""


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with a lock and a made environment in which nothing is installed yet."""
    lock, python = tmp_path / "constraints.txt", tmp_path / ".venv/python"
    lock.write_text(LOCK)
    python.parent.mkdir()
    python.touch()
    monkeypatch.setattr(setup, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(setup, "PYTHON", python)
    monkeypatch.setattr(setup, "LOCKS", {"run": lock})
    return tmp_path


def mark_ready(environment: Path) -> None:
    (environment / ".venv/ready-run").write_text(setup._fingerprint("run"))


@pytest.mark.usefixtures("environment")
def test_an_empty_environment_is_not_ready() -> None:
    assert not setup.is_ready("run")


def test_a_finished_environment_is_ready(environment: Path) -> None:
    mark_ready(environment)
    assert setup.is_ready("run")


def test_a_changed_lock_asks_for_another_installation(environment: Path) -> None:
    mark_ready(environment)
    (environment / "constraints.txt").write_text(LOCK.replace("1.0", "1.1"))
    assert not setup.is_ready("run")


def test_an_environment_whose_python_went_away_is_not_ready(environment: Path) -> None:
    mark_ready(environment)
    setup.PYTHON.unlink()
    assert not setup.is_ready("run")


def test_an_old_python_is_told_in_a_plain_sentence() -> None:
    with pytest.raises(SystemExit, match=r"需要 Python 3\.11.*3\.9"):
        setup.refuse_old_python((3, 9))


@pytest.mark.parametrize("path", [Path("main.py"), *Path("nehe_desktop/setup").glob("*.py")], ids=str)
def test_an_old_python_can_read_the_sentence(path: Path) -> None:
    ast.parse((setup.ROOT / path).read_text("utf-8"), feature_version=(3, 9))


def test_the_pair_that_aborts_is_refused() -> None:
    with pytest.raises(SystemExit, match=r"PySide6 6\.12\.0 不能和 Python 3\.11"):
        setup.refuse_bad_pair("6.12.0", (3, 11))


@pytest.mark.parametrize(("pyside", "python"), [("6.11.3", (3, 11)), ("6.12.0", (3, 12)), ("", (3, 11))])
def test_a_pair_that_works_starts(pyside: str, python: tuple[int, int]) -> None:
    setup.refuse_bad_pair(pyside, python)


def test_the_installed_window_library_is_known(tmp_path: Path) -> None:
    (tmp_path / "pyside6_essentials-6.12.0.dist-info").mkdir()
    assert setup.installed_pyside([str(tmp_path / "absent"), str(tmp_path)]) == "6.12.0"


def test_this_window_library_loses_no_reference() -> None:
    code = (
        "import sys; from PySide6.QtCore import QPoint; p = QPoint(); before = sys.getrefcount(None)\n"
        "for _ in range(2000): p.setX(1)\n"
        "assert sys.getrefcount(None) > before - 1000"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_one_package_is_cut_out_of_a_lock_with_its_checksums() -> None:
    assert packages.block_of("pip", LOCK) == "pip==2.0 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"


def test_a_cut_download_is_told_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_PAUSES", (0, 0))
    with pytest.raises(SystemExit, match=r"再启动一次就接着装(?s:.*)no route"):
        packages._with_patience([sys.executable, "-c", "raise SystemExit('no route')"], total=1)


def test_what_pip_says_is_told_in_the_users_words(capsys: pytest.CaptureFixture[str]) -> None:
    packages._tell("Downloading some/where/pyside6-6.11.3-cp39-abi3-linux.whl (80.3 MB)", "[3/37]")
    assert capsys.readouterr().out == "[3/37] 下载 pyside6-6.11.3 (80.3 MB)\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has apt")
def test_a_missing_library_is_asked_for_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(system._LIBRARIES, "libabsent.so.9", "libabsent9")
    assert "libabsent9" in system.missing_packages()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux runs without a screen")
@pytest.mark.parametrize(
    ("variable", "shown"), [("DISPLAY", True), ("WAYLAND_DISPLAY", True), ("TERM", False)]
)
def test_a_window_needs_a_screen(monkeypatch: pytest.MonkeyPatch, variable: str, *, shown: bool) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delitem(os.environ, name, raising=False)
    monkeypatch.setitem(os.environ, variable, ":0")
    assert setup.has_screen() is shown
