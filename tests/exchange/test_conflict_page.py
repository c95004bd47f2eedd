"""冲突处理 on the screen: decided by the keyboard, in batches, put off, put back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.page_asking import AskingCard
from nehe_desktop.features.exchange import queries
from nehe_desktop.features.exchange.ledger import Conflict
from nehe_desktop.features.exchange.page_conflicts import ConflictsPage
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.security.laptop import Laptop, Profile, Session
from nehe_desktop.ui import theme
from nehe_desktop.ui.page import PageSpec
from nehe_desktop.ui.window import Window
from tests.exchange.conftest import conflict, cut_off, plant, texts

SPEC = PageSpec("conflicts", "冲突处理", "git-merge", ConflictsPage)
NONE, CTRL, ALT = (getattr(Qt.KeyboardModifier, f"{name}Modifier") for name in ("No", "Control", "Alt"))
Opened = Callable[..., ConflictsPage]


@pytest.fixture
def page_of(window_of: Callable[..., Window], qtbot: QtBot, tmp_path: Path) -> Opened:
    """冲突处理 in a window, with the first case on the desk where there is one."""

    def open_(**where: str) -> ConflictsPage:
        session = Session(Laptop(tmp_path, "village"), Profile(), b"")
        window = window_of(SPEC, tools={"session": session})
        window.resize(1366, 728)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        window.go("conflicts", **where)
        page = window.page
        assert isinstance(page, ConflictsPage)
        return page

    return open_


@pytest.fixture
def page(hamlets: Store, page_of: Opened, qtbot: QtBot) -> ConflictsPage:  # noqa: ARG001 - the conflicts are in the store
    """冲突处理 with 宋桂兰户 on the desk."""
    made = page_of(id="household:h1")
    qtbot.waitUntil(lambda: shown(made) == "宋桂兰户 · 基本情况" and made.panel.lines[0].isVisible())
    return made


def shown(page: ConflictsPage) -> str:
    return str(page.panel.sheet.case.title) if page.panel.sheet else ""


def focused(page: ConflictsPage) -> QWidget:
    focus = page.window().focusWidget()
    assert focus is not None
    return focus


def press(qtbot: QtBot, page: ConflictsPage, *keys: Qt.Key, with_: Qt.KeyboardModifier = NONE) -> None:
    for key in keys:
        qtbot.keyClick(focused(page), key, with_)


def hamlet(store: Store) -> str:
    found = store.find(Household, "h1")
    return found.hamlet if found else ""


def test_a_case_is_decided_by_the_keyboard_and_the_next_one_comes(page: ConflictsPage, qtbot: QtBot, hamlets: Store) -> None:
    press(qtbot, page, Qt.Key.Key_Return, Qt.Key.Key_2, Qt.Key.Key_Down, Qt.Key.Key_1)
    press(qtbot, page, Qt.Key.Key_Return, with_=CTRL)
    qtbot.waitUntil(lambda: shown(page) == "赵永贵户 · 赵永贵")
    assert hamlet(hamlets) == "三屯"
    assert {c.answer for c in hamlets.all(Conflict, "pk = 'h1'")} == {"came", "stood"}
    qtbot.waitUntil(lambda: page.desk.notices.toasted == "已定下：宋桂兰户 · 基本情况")


def test_arrows_walk_over_the_versions_and_enter_chooses_and_goes_on(page: ConflictsPage, qtbot: QtBot) -> None:
    press(qtbot, page, Qt.Key.Key_Return)
    first, second = (each.cards for each in page.panel.lines)
    assert focused(page) is first[0]
    press(qtbot, page, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert (first[1].chosen, focused(page) is second[0]) == (True, True)
    press(qtbot, page, Qt.Key.Key_Up)
    assert focused(page) is first[1]


def test_what_is_typed_wrongly_is_said_beside_its_field(page: ConflictsPage, qtbot: QtBot, hamlets: Store) -> None:
    press(qtbot, page, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_3)
    edit = focused(page)
    assert isinstance(edit, QLineEdit)
    edit.setText("138")
    edit.textEdited.emit("138")
    press(qtbot, page, Qt.Key.Key_Return, with_=CTRL)
    other = page.panel.lines[1].other
    assert other is not None
    assert other.boxes["phone"].message == "手机号要 11 位，现在 3 位"
    edit.setText("13800007777")
    edit.textEdited.emit("13800007777")
    press(qtbot, page, Qt.Key.Key_Return, with_=CTRL)
    qtbot.waitUntil(lambda: "13800007777" in {h.phone for h in hamlets.all(Household)})


def test_a_record_that_would_be_wrong_is_refused_beside_its_line(village: Store, page_of: Opened, qtbot: QtBot) -> None:
    plant(village, conflict("person", "p1", {}, {"birth": "1950-01-01"}, {"birth": "1949-12-31"}))
    page = page_of()
    qtbot.waitUntil(lambda: len(page.panel.lines) == 1)
    page.panel.lines[0].pick(1)
    page.panel.confirm()
    qtbot.waitUntil(lambda: "请核对哪个对" in texts(page.panel.lines[0]))
    assert queries.counts(village).conflicts == 1


def test_without_a_choice_nothing_is_decided(page: ConflictsPage, qtbot: QtBot, hamlets: Store) -> None:
    press(qtbot, page, Qt.Key.Key_Return, with_=CTRL)
    assert "还没有选" in texts(page.panel)
    assert queries.counts(hamlets).conflicts == 3


def test_one_side_is_chosen_for_every_line_at_once(page: ConflictsPage, qtbot: QtBot, hamlets: Store) -> None:
    press(qtbot, page, Qt.Key.Key_2, with_=ALT)
    press(qtbot, page, Qt.Key.Key_Return, with_=CTRL)
    qtbot.waitUntil(lambda: queries.counts(hamlets).conflicts == 1)
    assert hamlet(hamlets) == "三屯"


def test_marked_records_are_one_step_that_is_taken_back(page: ConflictsPage, qtbot: QtBot, hamlets: Store) -> None:
    press(qtbot, page, Qt.Key.Key_A, with_=CTRL)
    assert page.marked.text() == "勾选 2 条"
    page.decide_marked(mine=False)
    qtbot.waitUntil(lambda: page.desk.notices.toasted == "已定下 2 条记录")
    qtbot.waitUntil(lambda: "没有要处理的冲突" in texts(page.panel))
    next(b for b in page.window().findChildren(QPushButton) if b.text() == "撤销" and b.isVisible()).click()
    qtbot.waitUntil(lambda: queries.counts(hamlets).conflicts == 3 and page.listing.count == 2)
    assert hamlet(hamlets) == "二屯"


def test_what_is_put_off_stays(page: ConflictsPage, qtbot: QtBot, hamlets: Store) -> None:
    page.postpone()
    qtbot.waitUntil(lambda: shown(page) == "赵永贵户 · 赵永贵")
    assert queries.counts(hamlets).conflicts == 3


def test_what_was_merged_by_itself_is_put_back(village: Store, page_of: Opened, qtbot: QtBot) -> None:
    lost = conflict("household", "h1", {}, {"hamlet": "二屯"}, {"hamlet": "三屯"}, state="自动", used="came", id="c9")
    plant(village, lost)
    page = page_of()
    qtbot.waitUntil(lambda: "没有要处理的冲突" in texts(page.panel))
    qtbot.mouseClick(page.chips["past"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "程序先用了一边" in texts(page.panel))
    press(qtbot, page, Qt.Key.Key_Return, Qt.Key.Key_1)
    press(qtbot, page, Qt.Key.Key_Return, with_=CTRL)
    qtbot.waitUntil(lambda: hamlet(village) == "三屯")
    qtbot.waitUntil(lambda: "已经定下" in texts(page.panel))


def test_numbers_are_covered_until_they_are_asked_for(page: ConflictsPage, qtbot: QtBot, hamlets: Store) -> None:
    assert "138****1111" in texts(page.panel)
    page.panel.lines[0].pick(1)
    page.panel.revealed.emit()
    card = page.findChild(AskingCard)
    assert isinstance(card, AskingCard)
    card.send()
    qtbot.waitUntil(lambda: "13800001111" in texts(page.panel))
    looked = hamlets.all(AuditEntry, "kind = '查看完整号码'")
    assert ([each.row for each in looked], page.panel.lines[0].choice) == (["h1"], 1)
    qtbot.keyClick(page.panel, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "138****1111" in texts(page.panel))


@pytest.fixture
def phones(village: Store, page_of: Opened, qtbot: QtBot) -> ConflictsPage:
    """Two telephone numbers of a household, of which neither is right, with room for a third."""
    home = village.find(Household, "h1")
    assert home is not None
    village.write([Put(replace(home, phone="13800002222"))], "登记")
    plant(village, conflict("household", "h1", {}, {"phone": "13800001111"}, {"phone": "13800002222"}))
    page = page_of()
    qtbot.waitUntil(lambda: len(page.panel.lines) == 1)
    page.panel.lines[0].pick(2)
    return page


def test_something_else_is_written_without_a_look_at_the_number(
    phones: ConflictsPage, qtbot: QtBot, village: Store
) -> None:
    other = phones.panel.lines[0].other
    assert other is not None
    assert (other.boxes["phone"].front.property("text"), other.boxes["phone"].editor.property("text")) == ("138****2222", "")
    qtbot.keyClicks(other.boxes["phone"].front, "1")
    qtbot.keyClicks(other.boxes["phone"].front, "3900004567")
    press(qtbot, phones, Qt.Key.Key_Return, with_=CTRL)
    qtbot.waitUntil(lambda: [h.phone for h in village.all(Household, "id = 'h1'")] == ["13900004567"])


def test_a_number_that_was_not_written_anew_stays_as_it_is(phones: ConflictsPage, qtbot: QtBot, village: Store) -> None:
    press(qtbot, phones, Qt.Key.Key_Return, with_=CTRL)
    qtbot.waitUntil(lambda: queries.counts(village).conflicts == 0)
    assert [h.phone for h in village.all(Household, "id = 'h1'")] == ["13800002222"]


def test_a_choice_that_was_begun_stays_when_something_comes_in(page: ConflictsPage, qtbot: QtBot, hamlets: Store) -> None:
    page.panel.lines[0].pick(1)
    plant(hamlets, conflict("person", "p3", {}, {"name": "李凤芸"}, {"name": "李凤云"}))
    qtbot.waitUntil(lambda: page.listing.count == 3)
    assert page.panel.lines[0].choice == 1


def test_a_hundred_records_are_listed_with_what_differs(village: Store, page_of: Opened, qtbot: QtBot) -> None:
    plant(village, *(conflict("visit", f"v{n}", {}, {"note": "甲"}, {"note": "乙"}) for n in range(100)))
    page = page_of()
    qtbot.waitUntil(lambda: page.listing.count == 100)
    qtbot.waitUntil(lambda: "记实不同" in page.listing.model.data(page.listing.model.index(99, 0)))


@pytest.mark.parametrize("size", [(1366, 768), (1093, 550)])
@pytest.mark.parametrize("letters", ["标准", "大"])
def test_nothing_is_cut_off_on_a_small_screen(
    page: ConflictsPage, qtbot: QtBot, qapp: QApplication, size: tuple[int, int], letters: str
) -> None:
    theme.apply(qapp, letters)
    page.window().resize(*size)
    page.panel.lines[0].pick(2)
    qtbot.wait(30)
    assert (page.window().width(), page.window().height()) == size
    assert cut_off(page) == []
