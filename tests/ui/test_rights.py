"""The window shows each role the pages that it may read, and says of the others who may."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.search import search
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.households.person import Person
from nehe_desktop.features.intake.errand import kinds
from nehe_desktop.features.intake.page import ImportPage
from nehe_desktop.features.papers.catalogue import KINDS, Request
from nehe_desktop.features.papers.page import PapersPage
from nehe_desktop.features.shelf.page import ShelfPage
from nehe_desktop.features.teams.ledger import Member
from nehe_desktop.pages import SPECS
from nehe_desktop.security.rights import ROLES, Actor, Rights
from nehe_desktop.ui.window import Window

LIAISON, LEADER = "R6", "R2"


def sits(store: Store, role: str) -> None:
    """Puts somebody with one role at the keyboard."""
    store.guard = Rights(Actor("周联络", frozenset({role})))


def words_on(window: Window) -> str:
    """Everything that the window says in labels."""
    return "\n".join(each.text() for each in window.findChildren(QLabel))


def test_a_liaison_of_a_unit_sees_no_households_on_the_rail(
    store: Store, window_of: Callable[..., Window]
) -> None:
    sits(store, LIAISON)
    window = window_of(*SPECS)
    assert {"households", "visit", "home"}.isdisjoint(window.rail.items)
    assert {"attendance", "shelf", "settings"} <= window.rail.items.keys()


def test_a_team_leader_sees_every_page(store: Store, window_of: Callable[..., Window]) -> None:
    sits(store, LEADER)
    assert set(window_of(*SPECS).rail.items) == {spec.key for spec in SPECS if spec.rail}


@pytest.mark.parametrize("page", ["households", "visit", "problems", "ledger:consent"])
def test_a_page_opened_all_the_same_says_who_may(
    store: Store, window_of: Callable[..., Window], page: str
) -> None:
    sits(store, LIAISON)
    window = window_of(*SPECS)
    window.go("shelf")
    window.go(page)
    assert window.page is not None
    assert window.page.key == "shelf"
    assert "周联络（派出单位联络员）不能查看" in words_on(window)
    assert "队长或第一书记" in words_on(window)


def test_who_may_not_read_the_first_page_begins_with_the_next(
    store: Store, window_of: Callable[..., Window]
) -> None:
    sits(store, LIAISON)
    window = window_of(*SPECS)
    window.go("home")
    assert window.page is not None
    assert window.page.key == "attendance"


def test_ctrl_k_offers_no_page_that_one_may_not_read(store: Store, window_of: Callable[..., Window]) -> None:
    sits(store, LIAISON)
    offered = {found.go for found in window_of(*SPECS)._functions()}
    assert "attendance" in offered
    assert offered.isdisjoint({"households", "visits", "ledger:consent"})


def test_the_shelf_holds_the_ledgers_that_one_may_read(store: Store, window_of: Callable[..., Window]) -> None:
    sits(store, LIAISON)
    window = window_of(*SPECS)
    window.go("shelf")
    assert isinstance(window.page, ShelfPage)
    assert "member" in window.page.cards
    assert "person" not in window.page.cards


def test_nobody_finds_people_whom_he_may_not_read(store: Store) -> None:
    store.write([Put(Person(name="王桂兰", relation="01")), Put(Member(name="王桂香"))], "测试")
    sits(store, LIAISON)
    assert {hit.title for hit in search(store, "王桂")} == {"王桂香"}
    sits(store, LEADER)
    assert {hit.title for hit in search(store, "王桂")} == {"王桂兰", "王桂香"}


def test_a_township_begins_no_households_and_no_visits_and_is_told_who_does(
    store: Store, window_of: Callable[..., Window]
) -> None:
    sits(store, "R5")
    window = window_of(*SPECS)
    window.go("home")
    grey = {each.text().split()[0]: each.toolTip() for each in window.findChildren(QPushButton) if not each.isEnabled()}
    assert "驻村工作队队员" in grey["新增走访"]
    assert "今日签到" in grey
    window.go("households")
    new = next(each for each in window.findChildren(QPushButton) if "新增户" in each.text())
    assert "不能登记农户" in new.toolTip()
    assert not new.isEnabled()


@pytest.mark.parametrize("role", ROLES)
def test_every_page_that_is_offered_has_something_that_one_may_do(role: str) -> None:
    guard = Rights(Actor("某人", frozenset({role})))
    offered = {spec.key: spec for spec in SPECS if spec.rail and spec.is_for(guard)}
    assert {"sync", "settings"} <= offered.keys()
    may = {
        "papers": any(Request(kind.code, kind.scopes[0]).may_print(guard) for kind in KINDS),
        "visit": guard.may("create", "visit") or guard.may("update", "visit"),
        "import": any(guard.may("create", table or "household") for table in kinds())
        or any(guard.may("export", table) for table in LEDGERS),
        "shelf": any(guard.may("read", table) for table in LEDGERS),
    }
    assert {key: key in offered for key in may} == may
    assert all(guard.may("read", spec.reads) for spec in offered.values() if spec.reads)


@pytest.mark.parametrize("role", ["R6", "R9", "R12"])
def test_no_page_that_is_offered_refuses_when_it_is_opened(
    store: Store, window_of: Callable[..., Window], qtbot: QtBot, role: str
) -> None:
    sits(store, role)
    window = window_of(*SPECS)
    for key in (each for each in window.rail.order if each != "settings"):  # one's own PIN is for all
        window.go(key)
        page = window.page
        assert page is not None
        assert page.key == key
        qtbot.waitUntil(lambda page=page: not window.tasks.asking(page))
        assert not any(f"不能{verb}" in words_on(window) for verb in ("查看", "打印", "登记", "导出"))


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("R3", {"home", "households", "visit", "attendance", "papers", "import", "shelf"}),
        ("R5", {"visit"}),
        ("R6", {"home", "households", "visit", "import"}),
        ("R9", {"papers"}),
        ("R11", {"papers", "import"}),
        ("R13", {"visit"}),
    ],
)
def test_pages_on_which_a_role_can_do_nothing_are_not_offered(role: str, hidden: set[str]) -> None:
    guard = Rights(Actor("某人", frozenset({role})))
    assert hidden.isdisjoint(spec.key for spec in SPECS if spec.is_for(guard))


def test_neither_the_rail_nor_ctrl_k_offers_them(store: Store, window_of: Callable[..., Window]) -> None:
    sits(store, "R11")
    window = window_of(*SPECS)
    assert {"papers", "import"}.isdisjoint({*window.rail.items, *(found.go for found in window._functions())})


@pytest.mark.parametrize(("role", "kinds"), [("R6", ["LIST"]), ("R13", ["LIST"])])
def test_only_papers_that_one_may_print_are_offered(
    store: Store, window_of: Callable[..., Window], qtbot: QtBot, role: str, kinds: list[str]
) -> None:
    sits(store, role)
    window = window_of(*SPECS)
    window.go("papers")
    page = window.page
    assert isinstance(page, PapersPage)
    assert [page.kinds.item(at).toolTip() for at in range(page.kinds.count())] == kinds
    qtbot.waitUntil(lambda: page.settings.request.code == "LIST")
    assert store.guard.may("print", page.settings.request.about)


def test_an_auditor_carries_out_the_log_and_brings_nothing_in(store: Store, window_of: Callable[..., Window]) -> None:
    sits(store, "R13")
    window = window_of(*SPECS)
    window.go("import")
    page = window.page
    assert isinstance(page, ImportPage)
    assert page.start.kind.count() == 0
    assert [page.out.ledger.itemData(at) for at in range(page.out.ledger.count())] == ["audit_log"]
    page.read(Path("名单.xlsx"))
    assert "不能登记农户" in words_on(window)


def test_the_first_page_asks_a_township_for_nothing_that_is_the_villages_work(
    store: Store, window_of: Callable[..., Window], qtbot: QtBot
) -> None:
    sits(store, "R5")
    window = window_of(*SPECS)
    window.go("home")
    qtbot.waitUntil(lambda: "村里登记、同步以后显示" in words_on(window))
    qtbot.waitUntil(lambda: "您不是驻村队员" in words_on(window))
    assert "先登记队员" not in words_on(window)
