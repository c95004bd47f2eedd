"""The hub as an administrator runs it: a program of its own, from its folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def running(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """`hub serve` in a process, from the moment it takes connections; killed at the end if it still runs."""
    command = [
        sys.executable,
        "main.py",
        "hub",
        "serve",
        "--folder",
        str(folder),
        "--host",
        "127.0.0.1",
        *words,
    ]
    environment = {**os.environ, "NEHE_HUB_HOME": str(folder)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as process:
        try:
            wait_for(process, "停止：Ctrl+C")
            yield process
        finally:
            process.kill()


def wait_for(process: subprocess.Popen[str], words: str) -> str:
    """What the process prints until a line has these words; fails where it ends before."""
    printed = ""
    for line in process.stdout or ():
        printed += line
        if words in line:
            return printed
    raise AssertionError(printed)
