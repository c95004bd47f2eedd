"""Hubs for tests: on a real TLS socket, with the rules of every declared ledger."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from nehe_desktop.features import ledgers
from nehe_desktop.hub.schema import names
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import HubStore, Link, open_store
from nehe_desktop.sync.rules import rules_of
from tests.hub.laptops import COUNTY, RULES, Wall
from tests.hub.serving import ServedHub, served


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub on an encrypted SQLite file, in whose office it is always the same moment."""
    store = open_store(str(tmp_path / "hub.db"), bytes(32))
    yield Hub(store, COUNTY, RULES, Wall())
    store.close()


@pytest.fixture(scope="session")
def postgres_store(postgres: str) -> Iterator[HubStore]:
    """A store on PostgreSQL for all tests; each of them finds it empty."""
    name = f"nehe_{uuid.uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        store = open_store(urlsplit(postgres)._replace(path=f"/{name}").geturl(), b"")
        yield store
        store.close()
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture(scope="session")
def citus_store() -> Iterator[HubStore]:
    """A store on the Citus coordinator of NEHE_CITUS_DSN, whose database is given to the tests."""
    store = open_store(os.environ["NEHE_CITUS_DSN"], b"")
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgresql", *(["citus"] if os.environ.get("NEHE_CITUS_DSN") else [])])
def hub_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HubStore]:
    """An empty store of each engine."""
    if request.param == "sqlite":
        store = open_store(str(tmp_path / "hub.db"), bytes(32))
        yield store
        store.close()
        return
    store = request.getfixturevalue(f"{request.param.replace('postgresql', 'postgres')}_store")
    yield store
    store.write(COUNTY, _empty)


def _empty(link: Link) -> None:
    for name in names():
        link.run(f"DELETE FROM {name} WHERE county = ?", (COUNTY,))


@pytest.fixture
def either_hub(hub_store: HubStore) -> Hub:
    """The same hub on either engine."""
    return Hub(hub_store, COUNTY, RULES, Wall())


@pytest.fixture
def served_hub(tmp_path: Path) -> Iterator[ServedHub]:
    """A hub of its own for this test."""
    with served(tmp_path, rules_of(ledgers.ALL)) as hub:
        yield hub
