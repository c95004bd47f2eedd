"""Hubs for tests: on a real TLS socket, with the rules of every declared ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nehe_desktop.features import ledgers
from nehe_desktop.sync.rules import rules_of
from tests.hub.serving import ServedHub, served


@pytest.fixture
def served_hub(tmp_path: Path) -> Iterator[ServedHub]:
    """A hub of its own for this test."""
    with served(tmp_path, rules_of(ledgers.ALL)) as hub:
        yield hub
