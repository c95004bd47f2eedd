"""The log in the window: who printed a list last Tuesday in two clicks; what may not be done stands grey."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.page_log import LogPage
from nehe_desktop.features.teams.ledger import Unit
from nehe_desktop.pages import SPECS
from nehe_desktop.security.rights import Actor, Rights
from nehe_desktop.ui.ledger_page import LedgerPage
from nehe_desktop.ui.window import Window

Open = Callable[..., Window]


def sits(store: Store, name: str, role: str) -> None:
    store.author, store.guard = name, Rights(Actor(name, frozenset({role})))


@pytest.fixture
def logged(store: Store) -> Store:
    """Yesterday was Monday: 张三 printed a list and 李四 exported one; today 王五 printed another."""
    morning = store.clock.now
    store.clock.now = lambda: morning() - timedelta(days=1)  # type: ignore[method-assign]
    for name, kind in (("张三", "打印"), ("李四", "导出")):
        audit.note(store, kind, tbl="unit", count=86, person=name).result()
    store.clock.now = morning  # type: ignore[method-assign]
    audit.note(store, "打印", tbl="unit", count=2, person="王五").result()
    return store


def log_page(window: Window, qtbot: QtBot) -> LogPage:
    window.go("log")
    page = window.page
    assert isinstance(page, LogPage)
    qtbot.waitUntil(lambda: page.listing.count == 3)
    return page


def test_who_printed_a_list_on_a_day_takes_two_clicks(logged: Store, window_of: Open, qtbot: QtBot) -> None:
    sits(logged, "周审计", "R13")
    page = log_page(window_of(*SPECS), qtbot)
    page.bar.kinds["打印"].click()
    page.bar.days["昨天"].click()
    qtbot.waitUntil(lambda: page.listing.count == 1 and page.listing.model.row_at(0) is not None)
    row = page.listing.model.row_at(0)
    assert row is not None
    assert row.cells[1] == "张三"


def test_just_what_is_listed_goes_to_the_printer_and_into_a_file(
    logged: Store, window_of: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    sits(logged, "周审计", "R13")
    handed: list[tuple[str, ...]] = []
    page = log_page(window_of(*SPECS, tools={"print": lambda _cls, ids: handed.append(ids)}), qtbot)
    page.bar.kinds["打印"].click()
    page.bar.days["昨天"].click()
    qtbot.waitUntil(lambda: page.listing.count == 1)
    page._hand_over("print")
    qtbot.waitUntil(lambda: bool(handed))
    assert [each.person for each in logged.all(AuditEntry, "id = ?", handed[0])] == ["张三"]
    page.save_to(tmp_path / "日志.csv")
    qtbot.waitUntil(lambda: logged.count(AuditEntry, "target = '日志.csv' AND count = 1") == 1)
    assert (tmp_path / "日志.csv").read_text("utf-8-sig").count("\n") == 2


def test_where_nothing_is_listed_nothing_is_handed_over(logged: Store, window_of: Open, qtbot: QtBot) -> None:
    sits(logged, "周审计", "R13")
    handed: list[tuple[str, ...]] = []
    page = log_page(window_of(*SPECS, tools={"print": lambda _cls, ids: handed.append(ids)}), qtbot)
    page.bar.days["周三"].click()
    qtbot.waitUntil(lambda: page.listing.count == 0)
    page._hand_over("print")
    assert any("没有列出记录" in each.text() for each in page.window().findChildren(QLabel))
    assert handed == []


def test_the_state_of_the_log_stands_on_top(logged: Store, window_of: Open, qtbot: QtBot) -> None:
    sits(logged, "周审计", "R13")
    page = log_page(window_of(*SPECS), qtbot)
    qtbot.waitUntil(lambda: page.state.text() == "日志完整，共 3 条，没有缺少或改动")
    logged.database.write(lambda db: db.execute("UPDATE audit_log SET count = 9 WHERE number = 2")).result()
    page.opened()
    qtbot.waitUntil(lambda: "这台电脑第 2 条：这一条的内容被改过" in page.state.text())
    assert page.state.property("tone") == "red"


def test_what_somebody_may_not_do_stands_grey_and_says_who_may(
    store: Store, window_of: Open, qtbot: QtBot
) -> None:
    store.write([Put(unit := Unit(name="市水务局"))], "登记")
    sits(store, "周审计", "R13")
    window = window_of(*SPECS)
    window.go("ledger:unit", id=unit.id)
    page = window.page
    assert isinstance(page, LedgerPage)
    assert not page._new.isEnabled()
    assert "周审计（审计纪检）不能登记单位，可以做的是：" in page._new.toolTip()
    qtbot.waitUntil(lambda: page.panel is not None)
    assert page.panel is not None
    page.panel.save()
    assert (page.panel.form.isEnabled(), page.panel._save.isEnabled()) == (False, False)


def test_the_register_of_papers_offers_no_new_and_no_removal(window_of: Open) -> None:
    window = window_of(*SPECS)
    window.go("ledger:printed_paper")
    page = window.page
    assert isinstance(page, LedgerPage)
    assert page._new.isHidden()
    assert page._gone.isHidden()
    assert not page._given or page._given["print"].isEnabled()
