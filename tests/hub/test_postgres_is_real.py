"""The PostgreSQL of the tests is a real server: it keeps what it is told, each test in a database of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from nehe_desktop.cli.benches import postgres as trial

NO_SERVER = "这台电脑没有装 PostgreSQL 服务器"
HOLDER = """
import sys, time
from nehe_desktop.cli.benches.postgres import running_postgres
with running_postgres("fsync=off") as dsn:
    print(dsn, flush=True)
    time.sleep(60)
"""


def setting(dsn: str, name: str) -> str:
    with psycopg.connect(dsn) as connection:
        return connection.execute("SELECT current_setting(%s)", (name,)).fetchall()[0][0]


def is_stopped(folder: Path) -> bool:
    """Whether the server of this folder ends within some seconds; it takes its status file with it."""
    until = time.monotonic() + 20
    while (folder / "data/postmaster.pid").exists() and time.monotonic() < until:
        time.sleep(0.05)
    return not (folder / "data/postmaster.pid").exists()


def test_what_is_written_is_read_back_by_another_connection(postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn) as writing:
        writing.execute("CREATE TABLE village (county text, name text, PRIMARY KEY (county, name))")
        writing.execute("INSERT INTO village VALUES (%s, %s)", ("230281", "兴旺村"))
    with psycopg.connect(postgres_dsn) as reading:
        assert reading.execute("SELECT * FROM village").fetchall() == [("230281", "兴旺村")]


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_has_an_empty_database_of_its_own(postgres_dsn: str, turn: int) -> None:
    with psycopg.connect(postgres_dsn) as connection:
        connection.execute("CREATE TABLE left_over AS SELECT %s::int AS turn", (turn,))
        assert connection.execute("SELECT turn FROM left_over").fetchall() == [(turn,)]


def test_a_save_is_told_done_only_when_it_is_written(postgres_dsn: str) -> None:
    assert setting(postgres_dsn, "synchronous_commit") == "on"


def test_nobody_enters_without_the_password(postgres: str) -> None:
    address = urlsplit(postgres)
    if not address.password:
        pytest.skip("这个服务器不用口令")
    stranger = address._replace(netloc=f"postgres:guess@{address.hostname}:{address.port}").geturl()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(stranger)


def test_a_given_server_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEHE_POSTGRES_DSN", "postgresql://hub.example/county")
    with trial.running_postgres() as dsn:
        assert dsn == "postgresql://hub.example/county"


def test_a_server_is_gone_even_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEHE_POSTGRES_DSN", raising=False)
    seen = []
    with contextlib.suppress(ZeroDivisionError), trial.running_postgres("fsync=off") as dsn:
        if dsn is None:
            pytest.skip(NO_SERVER)
        assert setting(dsn, "fsync") == "off"
        seen.append(dsn)
        raise ZeroDivisionError
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(seen[0])


@pytest.mark.skipif(not shutil.which("setpriv"), reason="只有 Linux 能让服务器随程序结束")
def test_a_server_does_not_outlive_a_killed_program(postgres: str) -> None:
    assert postgres
    environment = {name: value for name, value in os.environ.items() if name != "NEHE_POSTGRES_DSN"}
    words = [sys.executable, "-c", HOLDER]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as holder:
        dsn = (holder.stdout or sys.stdin).readline().strip()
        if dsn == "None":
            holder.kill()
            pytest.skip(NO_SERVER)
        folder = Path(setting(dsn, "data_directory")).parent
        holder.kill()
    assert is_stopped(folder)
    shutil.rmtree(folder)


def test_without_programs_there_is_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEHE_POSTGRES_DSN", raising=False)
    monkeypatch.setattr(trial, "_programs", lambda: None)
    with trial.running_postgres() as dsn:
        assert dsn is None
