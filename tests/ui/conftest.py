"""A window's world without a screen: our own Chinese font, the light look, workers that are closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.ui import theme
from nehe_desktop.ui.page import PageSpec
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.window import Window


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    """The light look at the standard size, before and after."""
    theme.load_fonts()
    theme.apply(qapp)
    yield
    theme.apply(qapp)


@pytest.fixture
def bugs() -> list[BaseException]:
    """What was reported as a bug."""
    return []


@pytest.fixture
def troubles() -> list[Trouble]:
    """What was shown as trouble."""
    return []


@pytest.fixture
def tasks(bugs: list[BaseException], troubles: list[Trouble]) -> Iterator[Tasks]:
    """Workers of their own."""
    made = Tasks(troubles.append, bugs.append)
    yield made
    made.close()


@pytest.fixture
def window_of(qtbot: QtBot, store: Store, bugs: list[BaseException]) -> Iterator[Callable[..., Window]]:
    """Opens a window with some pages; it is closed again, and no bug may have come up in it."""
    opened: list[Window] = []

    def make(*specs: PageSpec, **more: object) -> Window:
        window = Window(specs, store, bugs.append, **more)  # type: ignore[arg-type]
        qtbot.addWidget(window)
        opened.append(window)
        window.show()
        return window

    yield make
    for window in opened:
        window.close()
    assert bugs == []
