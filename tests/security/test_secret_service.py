"""The same on a real Secret Service, where this computer has one to start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DAEMON = "gnome-keyring-daemon"
STARTED = f"printf pin | {DAEMON} --unlock --components=secrets >/dev/null && exec $0 -m tests.security.keystore_work $1"


def home_of_its_own(folder: Path) -> dict[str, str]:
    """The environment of a user who has nothing yet, without a screen on which a dialog could show."""
    told = {
        name: value for name, value in os.environ.items() if "DISPLAY" not in name and "KEYRING" not in name
    }
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        (folder / name).mkdir(mode=0o700)
        told[name] = str(folder / name)
    return {**told, "PYTHONPATH": str(ROOT)}


@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which(DAEMON)), reason="这台电脑没有 GNOME 钥匙环"
)
def test_a_laptop_on_gnome_opens_with_the_keyring_unlocked_and_says_so_when_it_is_locked(
    tmp_path: Path,
) -> None:
    words = ["dbus-run-session", "--", "sh", "-c", STARTED, sys.executable, str(tmp_path / "laptop")]
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=home_of_its_own(tmp_path),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = done.stdout.splitlines()
    assert said[:3] == ["系统钥匙环 True 1 opened", "off 0 opened", "on 1 opened"], (
        done.stderr
    )
    assert said[3].startswith("locked 系统的钥匙库锁着。口令还没有试，不算输错。")
