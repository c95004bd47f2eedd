"""A PostgreSQL server of one's own in a temporary folder, made from the programs that the computer has."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from nehe_desktop.core.errors import Trouble

_DEBIAN = Path("/usr/lib/postgresql")
_TRIES = 5  # a free port may be taken by another before the server has it
_LONGEST = 120  # seconds that one step may take
_AT_ONCE = getattr(signal, "SIGQUIT", signal.SIGTERM)  # its data is thrown away, so nothing is tidied up


@contextmanager
def running_postgres(*settings: str) -> Iterator[str | None]:
    """The URL of a server: NEHE_POSTGRES_DSN, or a new one with these `name=value`; None without programs."""
    given, programs = os.environ.get("NEHE_POSTGRES_DSN"), _programs()
    if given or programs is None:
        yield given or None
        return
    with tempfile.TemporaryDirectory(prefix="nehe-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        password = _make_cluster(programs, folder, settings)
        with _serving(programs, folder) as port:
            yield f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"


def _programs() -> Path | None:
    """The folder with the newest server's programs."""
    versions = (path for path in _DEBIAN.glob("*/bin") if (path / "initdb").exists())
    newest = max(versions, key=lambda path: float(path.parent.name), default=None)
    found = shutil.which("initdb")
    return newest or (Path(found).resolve().parent if found else None)


def _make_cluster(programs: Path, folder: Path, settings: tuple[str, ...]) -> str:
    """Writes an empty cluster that only this computer can reach; the password of its user postgres."""
    password = secrets.token_urlsafe(24)
    secret, data = folder / "password", folder / "data"
    secret.write_text(password, "utf-8")
    for path in (folder, secret):
        if owner := _owner():
            shutil.chown(path, owner, owner)
    words = ("-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync", "-A", "scram-sha-256")
    with (folder / "log").open("wb") as log:
        making = _begin(log, programs / "initdb", "-D", data, *words, f"--pwfile={secret}")
        if making.wait(_LONGEST):
            raise _trouble("PostgreSQL 的试验库没有建成", folder)
    sockets = "" if os.name == "nt" else folder
    own = ("listen_addresses='127.0.0.1'", f"unix_socket_directories='{sockets}'", *settings)
    with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write("\n".join(own) + "\n")
    return password


@contextmanager
def _serving(programs: Path, folder: Path) -> Iterator[int]:
    """The port at which the server answers until the block ends."""
    with (folder / "log").open("ab") as log:
        server, port = _start(log, programs / "postgres", folder)
        try:
            yield port
        finally:
            server.send_signal(_AT_ONCE)
            server.wait(_LONGEST)


def _start(log: BinaryIO, program: Path, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(_TRIES):
        port = _free_port()
        server = _begin(log, program, "-D", folder / "data", "-p", str(port))
        if _becomes_ready(server, folder / "data/postmaster.pid"):
            return server, port
        server.kill()
        server.wait()
    raise _trouble("PostgreSQL 没有启动起来", folder)


def _becomes_ready(server: subprocess.Popen[bytes], status: Path) -> bool:
    """Whether the server has written, into its own file, that it takes connections."""
    until = time.monotonic() + _LONGEST
    while server.poll() is None and time.monotonic() < until:
        if status.exists() and "ready" in status.read_text("utf-8", "replace"):
            return True
        time.sleep(0.02)
    return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _owner() -> str | None:
    """Who runs the server: its programs refuse to run as root."""
    return "postgres" if os.name != "nt" and os.geteuid() == 0 else None


def _begin(log: BinaryIO, *words: str | Path) -> subprocess.Popen[bytes]:
    """One of the server's programs, run by the server's user; on Linux it ends with us, even if we are killed."""
    owner, following = _owner(), shutil.which("setpriv")
    prefix = [following, "--pdeathsig", "QUIT", "--"] if following else []
    return subprocess.Popen(
        [*prefix, *words],
        cwd=Path(log.name).parent,
        user=owner,
        group=owner,
        extra_groups=[] if owner else None,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )


def _trouble(sentence: str, folder: Path) -> Trouble:
    told = (folder / "log").read_text("utf-8", "replace").strip()
    return Trouble(sentence, f"最后的信息：{told[-400:]}")
