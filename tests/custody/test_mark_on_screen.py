"""The mark over the window: where the county or the laptop wants it, of who sits there now, in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGlyphRun, QTextLayout
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.custody.page_mark import MarkKeeper
from nehe_desktop.features.reference.queries import shipped_settings
from nehe_desktop.security.rights import Actor, Rights
from nehe_desktop.ui import theme
from nehe_desktop.ui.screen_mark import mark_font
from nehe_desktop.ui.widgets import button
from nehe_desktop.ui.window import Window

RARE = "𬱖㛃𪚥"  # three planes of GB 18030-2022


@pytest.fixture
def window(store: Store, qtbot: QtBot, qapp: QApplication) -> Iterator[Window]:
    """A window without pages, with the settings as shipped."""
    store.give([Put(each) for each in shipped_settings()], "参数")
    theme.load_fonts()
    theme.apply(qapp)
    bugs: list[BaseException] = []
    made = Window((), store, bugs.append)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()
    assert not bugs


def sit_down(store: Store, name: str, staff_no: str) -> None:
    store.author, store.guard = name, Rights(Actor(name, frozenset({"R2"}), frozenset(), staff_no))


def test_there_is_no_mark_until_somebody_wants_it(window: Window, store: Store, qtbot: QtBot) -> None:
    wishes: list[bool] = []
    keeper = MarkKeeper(window, store, lambda: wishes.append(True) or len(wishes) > 1)
    qtbot.waitUntil(lambda: len(wishes) == 1)
    assert not window.mark.isVisible()
    keeper.look()
    qtbot.waitUntil(window.mark.isVisible)
    assert window.mark.words == "李工 2020-10-20 09:00"


def test_the_county_wants_it_on_every_screen(window: Window, store: Store, qtbot: QtBot) -> None:
    ordered = next(each for each in shipped_settings() if each.name == "screen_mark")
    store.write([Put(replace(ordered, value="是"))], "县里要求")
    MarkKeeper(window, store, lambda: False)
    qtbot.waitUntil(window.mark.isVisible)


def test_who_sits_down_has_his_own_mark_at_once(window: Window, store: Store, qtbot: QtBot) -> None:
    sit_down(store, "张三", "ZC20190417")
    MarkKeeper(window, store, lambda: True)
    qtbot.waitUntil(lambda: window.mark.words.startswith("张三 0417 "))
    sit_down(store, RARE, "88")
    window.show_user(RARE, "明星村")
    assert window.mark.words == ""
    qtbot.waitUntil(lambda: window.mark.words.startswith(f"{RARE} 88 "))


def test_it_takes_no_press_and_keeps_to_the_window(window: Window, qtbot: QtBot) -> None:
    pressed: list[str] = []
    under = button("保存", lambda: pressed.append("保存"))
    under.setParent(window)
    under.show()
    window.mark.show_words("张三 0417")
    assert window.childAt(under.geometry().center()) is under
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=under.mapTo(window, QPoint(5, 5)))
    assert pressed == ["保存"]
    window.resize(1200, 700)
    qtbot.waitUntil(lambda: window.mark.size() == window.size())


@pytest.mark.usefixtures("qapp")
def test_a_rare_name_is_written_and_not_boxed() -> None:
    theme.load_fonts()
    layout = QTextLayout(f"{RARE} 0417", mark_font(RARE))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    runs: list[QGlyphRun] = layout.glyphRuns()
    assert 0 not in [glyph for run in runs for glyph in run.glyphIndexes()]
