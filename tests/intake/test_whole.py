"""Whole numbers out of the window: asked for why and for the PIN, in an archive whose password is shown once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import pyzipper
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.page_asking import AskingCard
from nehe_desktop.features.households.ledger import Person
from nehe_desktop.features.intake.page import ImportPage
from nehe_desktop.features.reference.ledger import Setting
from nehe_desktop.security import vault
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop, Profile, Session
from nehe_desktop.ui import theme
from nehe_desktop.ui.page import PageSpec
from nehe_desktop.ui.window import Window
from tests.intake.lists import with_divisions

CHEAP = Cost(memory=8, passes=1, lanes=1)
PIN, OTHER = "辽河 2020 春耕", "松花江 2020 秋收"
NUMBER = "11010519491231002X"  # printed in GB 11643-1999 itself


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, store: Store, tmp_path: Path) -> Iterator[ImportPage]:
    """导出 of persons, on a laptop that two people open."""
    here = Laptop(tmp_path / "laptop")
    here.vault.parent.mkdir(parents=True)
    key, _ = vault.create(here.vault, store.author, PIN, cost=CHEAP)
    vault.add_person(here.vault, key, "王书记", OTHER, cost=CHEAP)
    theme.load_fonts()
    theme.apply(qapp)
    with_divisions(store)
    store.write([Put(Person(id="p1", name="张桂兰", relation="01", id_no=NUMBER))], "农户")
    bugs: list[BaseException] = []
    tools = {"session": Session(here, Profile(), key)}
    window = Window([PageSpec("import", "导入", "file-input", ImportPage)], store, bugs.append, tools=tools)
    qtbot.addWidget(window)
    window.resize(1093, 550)
    window.show()
    window.go("import", export="person")
    made = window.stack.currentWidget()
    assert isinstance(made, ImportPage)
    qtbot.waitUntil(lambda: made.out.ledger.currentData() == "person")
    yield made
    window.close()
    assert bugs == []


def asked(page: ImportPage, qtbot: QtBot) -> AskingCard:
    page.out.use.show_value("whole")
    page.out.wanted.emit()
    qtbot.waitUntil(lambda: (card := page.findChild(AskingCard)) is not None and card.isVisible())
    return page.findChild(AskingCard)  # type: ignore[return-value]


def said(page: ImportPage) -> str:
    return " ".join(each.text() for each in page.window().findChildren(QLabel) if each.isVisible())


def test_the_password_is_shown_once_and_opens_the_archive(
    page: ImportPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "人.zip"), ""))
    card = asked(page, qtbot)
    card.pin.setText(PIN)
    card.send()
    qtbot.waitUntil(lambda: "密码：" in said(page))
    password = said(page).partition("密码：")[2][:24]
    with pyzipper.AESZipFile(tmp_path / "人.zip") as archive:
        archive.setpassword(password.encode())
        assert archive.read(archive.namelist()[0]).startswith(b"PK")
    entry = page.desk.store.all(AuditEntry, "kind = '导出'")[-1]
    assert (entry.reason, entry.target, password in entry.detail) == ("核对身份", "人.zip", False)


def test_a_wrong_pin_writes_no_file(page: ImportPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asks: list[object] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: asks.append(1) or ("", ""))
    card = asked(page, qtbot)
    card.pin.setText("不是这个口令")
    card.send()
    qtbot.waitUntil(lambda: "口令不对" in said(page))
    assert (asks, card.isVisible()) == ([], True)


def test_many_people_need_a_second_person_in_the_window_too(page: ImportPage, qtbot: QtBot) -> None:
    limit = Setting(name="second_person_above", label="人数", value="0", unit="人", source="试")
    page.desk.store.give([Put(limit)], "参数")
    card = asked(page, qtbot)
    assert [card.second.itemText(at) for at in range(card.second.count())] == ["王书记"]
    card.pin.setText(PIN)
    card.second_pin.setText(PIN)
    card.send()
    qtbot.waitUntil(lambda: "口令不对" in said(page))
    assert page.desk.store.all(AuditEntry)[-1].kind == "被拒绝"
