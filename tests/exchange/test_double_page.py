"""疑似重复 on the screen: merged by the keyboard, taken back, remembered as two."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.exchange.ledger import Double
from nehe_desktop.features.exchange.page_doubles import DoublesPage
from nehe_desktop.features.households.ledger import Membership, Person
from nehe_desktop.ui import theme
from nehe_desktop.ui.page import PageSpec
from nehe_desktop.ui.window import Window
from tests.exchange.conftest import cut_off, plant, texts
from tests.exchange.test_doubles import double, twice  # noqa: F401 - a person who was entered twice
from tests.households.conftest import WOMAN, house, person

SPEC = PageSpec("doubles", "疑似重复", "copy", DoublesPage)
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
Opened = Callable[..., DoublesPage]


@pytest.fixture
def page_of(window_of: Callable[..., Window], qtbot: QtBot) -> Opened:
    """疑似重复 in a window."""

    def open_(**where: str) -> DoublesPage:
        window = window_of(SPEC)
        window.resize(1366, 728)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        window.go("doubles", **where)
        page = window.page
        assert isinstance(page, DoublesPage)
        return page

    return open_


@pytest.fixture
def page(twice: Store, page_of: Opened, qtbot: QtBot) -> DoublesPage:  # noqa: ARG001, F811 - the double is in the store
    """疑似重复 with 宋桂兰 on the desk."""
    made = page_of()
    qtbot.waitUntil(lambda: bool(made.panel.heads))
    return made


def focused(page: DoublesPage) -> QWidget:
    focus = page.window().focusWidget()
    assert focus is not None
    return focus


def press(qtbot: QtBot, page: DoublesPage, *keys: Qt.Key, with_: Qt.KeyboardModifier = NONE) -> None:
    for key in keys:
        qtbot.keyClick(focused(page), key, with_)


def test_the_row_with_more_hanging_on_it_is_proposed(page: DoublesPage) -> None:
    assert [head.chosen for head in page.panel.heads] == [True, False]
    assert [twin.twin.label for twin in page.panel.twins] == ["本人电话"]
    assert "另一条名下的成员增减 1 条转到它名下" in texts(page.panel)


def test_two_rows_are_made_one_by_the_keyboard_and_parted_again(page: DoublesPage, qtbot: QtBot, twice: Store) -> None:  # noqa: F811
    press(qtbot, page, Qt.Key.Key_Return, Qt.Key.Key_1, Qt.Key.Key_Down, Qt.Key.Key_2)
    press(qtbot, page, Qt.Key.Key_Return, with_=CTRL)
    qtbot.waitUntil(lambda: twice.find(Person, "p9") is None)
    kept = twice.find(Person, "p1")
    assert kept is not None
    assert kept.phone == "13800009999"
    qtbot.waitUntil(lambda: "没有疑似重复" in texts(page.panel))
    qtbot.waitUntil(lambda: page.desk.notices.toasted.startswith("已合并"))
    next(b for b in page.window().findChildren(QPushButton) if b.text() == "撤销" and b.isVisible()).click()
    qtbot.waitUntil(lambda: bool(page.panel.heads))
    assert twice.count(Membership, "household = 'h1'") == 3


def test_the_other_row_may_stay_and_its_values_with_it(page: DoublesPage, qtbot: QtBot, twice: Store) -> None:  # noqa: F811
    press(qtbot, page, Qt.Key.Key_Return, Qt.Key.Key_2)
    press(qtbot, page, Qt.Key.Key_Return, with_=CTRL)
    qtbot.waitUntil(lambda: [p.id for p in twice.all(Person, "name = '宋桂兰'")] == ["p9"])
    assert [p.phone for p in twice.all(Person, "id = 'p9'")] == ["13800009999"]


def test_two_that_are_not_the_same_are_remembered(page: DoublesPage, qtbot: QtBot, twice: Store) -> None:  # noqa: F811
    page.part()
    qtbot.waitUntil(lambda: twice.all(Double)[0].state == "不是同一个")
    page.show_half("past")
    qtbot.waitUntil(lambda: "定为“不是同一个”" in texts(page.panel))
    qtbot.waitUntil(lambda: page.listing.model.data(page.listing.model.index(0, 0)).endswith("不是同一个"))


def test_a_merge_that_cannot_be_says_why(page: DoublesPage, qtbot: QtBot, twice: Store) -> None:  # noqa: F811
    twice.write([Put(house(9)), Put(person("p9", "h9", "宋桂兰", id_no=WOMAN))], "转到另一户")
    qtbot.waitUntil(lambda: page.panel.twins[0].twin.names[0] == "household")
    page.panel.twins[0].pick(1)
    page.panel.confirm()
    qtbot.waitUntil(lambda: "没有户主" in texts(page.panel))
    assert twice.find(Person, "p9") is not None


def test_a_row_in_another_village_is_explained(village: Store, page_of: Opened, qtbot: QtBot) -> None:
    plant(village, double("person", "p1", fields="id_no"))
    page = page_of()
    qtbot.waitUntil(lambda: "另一条家庭成员在别的村" in texts(page.panel))
    assert not page.panel.heads


def test_without_doubles_the_page_says_what_it_is_for(village: Store, page_of: Opened, qtbot: QtBot) -> None:  # noqa: ARG001
    page = page_of()
    qtbot.waitUntil(lambda: "同一个证件号码登记了两次" in texts(page.panel))


@pytest.mark.parametrize("size", [(1366, 768), (1093, 550)])
@pytest.mark.parametrize("letters", ["标准", "大"])
def test_nothing_is_cut_off_on_a_small_screen(
    page: DoublesPage, qtbot: QtBot, qapp: QApplication, size: tuple[int, int], letters: str
) -> None:
    theme.apply(qapp, letters)
    page.window().resize(*size)
    qtbot.wait(30)
    assert (page.window().width(), page.window().height()) == size
    assert cut_off(page) == []
