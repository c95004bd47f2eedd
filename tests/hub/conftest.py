"""Hubs for tests: on a real TLS socket, with the rules of every declared ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nehe_desktop.features import ledgers
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import HubStore, open_store
from nehe_desktop.sync.rules import rules_of
from tests.hub.laptops import COUNTY, RULES, Wall
from tests.hub.serving import ServedHub, served


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub on an encrypted SQLite file, in whose office it is always the same moment."""
    store = open_store(str(tmp_path / "hub.db"), bytes(32))
    yield Hub(store, COUNTY, RULES, Wall())
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def hub_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HubStore]:
    """An empty store of either engine."""
    embedded = request.param == "sqlite"
    url = str(tmp_path / "hub.db") if embedded else request.getfixturevalue("postgres_dsn")
    store = open_store(url, bytes(32))
    yield store
    store.close()


@pytest.fixture
def either_hub(hub_store: HubStore) -> Hub:
    """The same hub on either engine."""
    return Hub(hub_store, COUNTY, RULES, Wall())


@pytest.fixture
def served_hub(tmp_path: Path) -> Iterator[ServedHub]:
    """A hub of its own for this test."""
    with served(tmp_path, rules_of(ledgers.ALL)) as hub:
        yield hub
