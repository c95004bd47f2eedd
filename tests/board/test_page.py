"""The page 公示: what is to be done, the next step with Enter, what is refused beside its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.board.ledger import PostingJob
from nehe_desktop.features.board.matters import FUNDS
from nehe_desktop.features.board.page import BoardPage
from nehe_desktop.features.board.page_step import DOWN, HANG, NEW
from nehe_desktop.security.rights import Actor, Rights
from nehe_desktop.ui import theme
from nehe_desktop.ui.page import PageSpec
from nehe_desktop.ui.window import Window

TODAY = date(2020, 10, 20)
FIRST = date(2020, 10, 1)
PRINTED = PostingJob(id="p", number="LIST-2020-A1B0001", title="光伏收益分配方案", matter=FUNDS, printed_on=FIRST)


@pytest.fixture
def page(store: Store, qtbot: QtBot, qapp: QApplication) -> Iterator[BoardPage]:
    """The page with one paper that was printed and does not hang yet."""
    store.write([Put(PRINTED)], "打印")
    theme.load_fonts()
    theme.apply(qapp)
    bugs: list[BaseException] = []
    window = Window([PageSpec("board", "公示", "megaphone", BoardPage)], store, bugs.append)
    qtbot.addWidget(window)
    window.show()
    window.go("board")
    assert isinstance(window.page, BoardPage)
    page = window.page
    qtbot.waitUntil(lambda: page._shown is not None)
    yield page
    window.close()
    assert not bugs


def stored(page: BoardPage) -> PostingJob:
    found = page.desk.store.find(PostingJob, "p")
    assert found is not None
    return found


def test_enter_hangs_it_with_the_last_day_that_the_county_wants(page: BoardPage, qtbot: QtBot) -> None:
    page.listing.opened.emit("p")
    assert page.step is not None
    step = page.step
    qtbot.waitUntil(lambda: step.form.draft.value("until") == date(2020, 10, 29))
    step.save()
    qtbot.waitUntil(lambda: stored(page).since == TODAY)
    assert stored(page).until == date(2020, 10, 29)
    qtbot.waitUntil(lambda: page.step is None)


def test_a_term_that_is_too_short_is_refused_beside_the_last_day(page: BoardPage, qtbot: QtBot) -> None:
    page.take_step(HANG)
    assert page.step is not None
    form = page.step.form
    qtbot.waitUntil(lambda: form.draft.value("until") is not None)
    form.take("until", "2020-10-22")
    page.step.save()
    qtbot.waitUntil(lambda: "最早公示到 2020-10-29" in form.boxes["until"].message)
    assert stored(page).since is None


def test_it_is_taken_down_by_who_is_at_the_keyboard(page: BoardPage, qtbot: QtBot) -> None:
    store = page.desk.store
    store.author = "李建国"
    store.write([Put(replace(PRINTED, since=FIRST, until=date(2020, 10, 10)))], "登记张贴")
    qtbot.waitUntil(lambda: page._shown is not None and page._shown.job.since is not None)
    page.take_step(DOWN)
    assert page.step is not None
    page.step.save()
    qtbot.waitUntil(lambda: stored(page).down_on == TODAY)
    assert stored(page).down_by == "李建国"


def test_what_was_never_hung_is_set_aside(page: BoardPage, qtbot: QtBot) -> None:
    page.set_aside()
    qtbot.waitUntil(lambda: stored(page).unused is True)
    qtbot.waitUntil(lambda: page.listing.count == 0)


def test_a_posting_from_elsewhere_gets_a_number(page: BoardPage, qtbot: QtBot) -> None:
    page.add()
    qtbot.waitUntil(lambda: page.step is not None)
    step = page.step
    assert step is not None
    step.form.take("title", "镇里发的通知")
    qtbot.waitUntil(lambda: step.form.draft.value("until") == date(2020, 10, 26))
    step.save()
    qtbot.waitUntil(lambda: page.desk.store.count(PostingJob) == 2)
    (made,) = page.desk.store.all(PostingJob, "id <> 'p'")
    assert made.number.startswith("GS20201020-")
    assert made.since == TODAY


def test_who_may_only_read_begins_nothing(page: BoardPage) -> None:
    page.desk.store.guard = Rights(Actor("周审计", frozenset({"R13"})))
    page.opened()
    assert not page._new.isEnabled()
    page.listing.opened.emit("p")
    assert page.step is None
    assert NEW in page._new.text()
