"""What every test stands on: no screen, a fixed day, an empty encrypted store, files as offices send them."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts=false")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"  # no test writes into the key store of its user

import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import keyring
import pytest
from hypothesis import settings

from nehe_desktop.cli.benches.postgres import running_postgres
from nehe_desktop.core.clock import Clock, fixed
from nehe_desktop.core.store import Store
from nehe_desktop.features import ledgers  # noqa: F401 - declares every ledger
from tests.keystores import Memory

KEY = bytes(range(32))
NOW = "2020-10-20T09:00:00+08:00"

settings.register_profile("office", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("office")


@pytest.fixture
def swept() -> Iterator[None]:
    """No window of one test outlives it: left to the collector of rubbish, a worker's thread might take it apart."""
    yield
    widgets, core = sys.modules.get("PySide6.QtWidgets"), sys.modules.get("PySide6.QtCore")
    application = widgets.QApplication.instance() if widgets else None
    if core is None or application is None:
        return
    for widget in application.topLevelWidgets():
        widget.deleteLater()
    application.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)


@pytest.fixture
def clock() -> Clock:
    """A Tuesday morning in October 2020."""
    return fixed(NOW)


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """An empty encrypted store with every ledger, in which it is that morning."""
    opened = Store.open(tmp_path / "village.db", KEY, "李工", clock)
    yield opened
    opened.close()


@pytest.fixture
def system() -> Iterator[Memory]:
    """The key store of the system, empty and working; other tests have none."""
    before, made = keyring.get_keyring(), Memory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def office_files() -> Path:
    """The folder of workbooks as offices send them."""
    return Path(__file__).parent / "data" / "office"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server: NEHE_POSTGRES_DSN, or one that lives as long as this run."""
    with running_postgres("fsync=off") as dsn:
        if dsn is None:
            needed = os.environ.get("CI") and os.environ.get("NEHE_NEED_POSTGRES") == "1"
            (pytest.fail if needed else pytest.skip)("这台电脑没有装 PostgreSQL 服务器")
        yield dsn


@pytest.fixture
def postgres_dsn(postgres: str) -> Iterator[str]:
    """The URL of an empty database on that server, gone after the test."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    name = f"nehe_{uuid.uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        yield urlsplit(postgres)._replace(path=f"/{name}").geturl()
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
