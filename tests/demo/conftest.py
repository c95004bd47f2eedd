"""The sample village and the whole county, each made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nehe_desktop.core.store import Store
from nehe_desktop.features.demo.make import make_demo
from nehe_desktop.features.demo.plan import Size

KEY = bytes(range(32))


def _made(size: Size, folder: Path) -> Iterator[Store]:
    make_demo(size, folder / "demo.nhdb", KEY)
    store = Store.open(folder / "demo.nhdb", KEY)
    yield store
    store.close()


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """明星村 alone."""
    yield from _made("village", tmp_path_factory.mktemp("village"))


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The whole county."""
    yield from _made("county", tmp_path_factory.mktemp("county"))
