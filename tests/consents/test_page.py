"""Consents in the window: found by the head of the household, and each one taken back there is logged once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.consents.ledger import Consent
from nehe_desktop.features.consents.page import ConsentsPage
from nehe_desktop.features.consents.wording import PHOTO
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.watching import watch
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.ui import theme
from nehe_desktop.ui.page import PageSpec
from nehe_desktop.ui.window import Window

GIVEN = Consent(id="c", household="home", kind=PHOTO, signed_on=date(2020, 9, 1), scan=("a" * 64,))


@pytest.fixture
def page(store: Store, qtbot: QtBot, qapp: QApplication) -> Iterator[ConsentsPage]:
    """The page with one consent of 编大人's household."""
    home = Household(id="home", village="village", base_type="01", head="head")
    head = Person(id="head", household="home", relation="01", name="编大人")
    store.write([Put(home), Put(head), Put(GIVEN)], "登记")
    theme.load_fonts()
    theme.apply(qapp)
    bugs: list[BaseException] = []
    window = Window([PageSpec("ledger:consent", "同意书", "signature", ConsentsPage)], store, bugs.append)
    qtbot.addWidget(window)
    window.show()
    window.go("ledger:consent")
    assert isinstance(window.page, ConsentsPage)
    qtbot.waitUntil(lambda: window.page.listing.count == 1)
    yield window.page
    window.close()
    assert not bugs


def test_a_consent_is_found_by_the_head_of_its_household(page: ConsentsPage) -> None:
    source, (number,) = page._source, page._source.ids("", False, "编大人")
    assert source.ids("", False, "没有这个人").tolist() == []
    (row,) = source.rows([number])
    assert row is not None
    assert "编大人户" in row.cells


def test_taking_back_is_logged_without_a_name(page: ConsentsPage, store: Store, qtbot: QtBot) -> None:
    watch(store)
    page.open_record("c")
    qtbot.waitUntil(lambda: page.panel is not None)
    page.panel.form.draft.set("withdrawn_on", "2020-10-12")
    page.panel.save()
    qtbot.waitUntil(lambda: store.count(AuditEntry) == 2)
    found = [(entry.kind, entry.row, entry.detail) for entry in store.all(AuditEntry, order="number")]
    assert found == [
        ("同意书", "c", f"登记 {PHOTO}，2020-09-01 签字"),
        ("同意书", "c", f"撤回 {PHOTO} 2020-10-12"),
    ]
    assert store.find(Consent, "c") == replace(GIVEN, withdrawn_on=date(2020, 10, 12))
