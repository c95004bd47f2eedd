"""The window shows each role the pages that it may read, and says of the others who may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from nehe_desktop.core.search import search
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.households.person import Person
from nehe_desktop.features.shelf.page import ShelfPage
from nehe_desktop.features.teams.ledger import Member
from nehe_desktop.pages import SPECS
from nehe_desktop.security.rights import Actor, Rights
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
