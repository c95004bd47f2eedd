"""A new laptop is set up in four pages; afterwards a PIN opens it, or the printed code does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from nehe_desktop import program
from nehe_desktop.core.store import Put
from nehe_desktop.features import ledgers
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.entry.page_login import Login
from nehe_desktop.features.entry.page_printing import sheet_file
from nehe_desktop.features.entry.page_wizard import Wizard
from nehe_desktop.features.teams.ledger import Member, Posting, Team
from nehe_desktop.security import laptop
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop, profile_of
from nehe_desktop.ui.crash import Faults
from tests.keystores import Memory

PIN = "kx83mm2"


@pytest.fixture
def running(tmp_path: Path, qapp: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[program.Program]:
    """The program on a new laptop, with a cheap stretching of PINs."""
    assert qapp is not None
    create = laptop.vault.create
    cheap = Cost(memory=1024, passes=1, lanes=1)
    monkeypatch.setattr(laptop.vault, "create", lambda *a, **k: create(*a, **{**k, "cost": cheap}))
    made = program.Program(Laptop(tmp_path), Faults(tmp_path / "logs"), known=len(ledgers.ALL))
    yield made
    if made.window is not None:
        made.window.close()
    if made.shown is not None:
        made.shown.close()
    made.close()


def wizard_of(running: program.Program) -> Wizard:
    """The wizard that is shown."""
    assert running.shown is not None
    found = running.shown.findChild(Wizard)
    assert found is not None
    return found


def answered(running: program.Program) -> Wizard:
    """The wizard with its first page filled."""
    running.begin()
    wizard = wizard_of(running)
    wizard.where.township.setCurrentText("学田镇")
    wizard.where.village.setEditText("明星村")
    wizard.where.person.setText("李建国")
    wizard.where.unit.setText("市财政局")
    wizard.go_on()
    return wizard


def set_up(running: program.Program, qtbot: Any) -> Wizard:
    """The laptop set up as far as the recovery sheet."""
    wizard = answered(running)
    wizard.pin.setText(PIN)
    wizard.again.setText(PIN)
    wizard.go_on()
    qtbot.waitUntil(lambda: wizard.sheet is not None, timeout=10000)
    return wizard


def keys(qtbot: Any, widget: QWidget, key: Qt.Key) -> None:
    """Presses a key."""
    qtbot.keyClick(widget, key)


def test_the_first_page_says_beside_each_field_what_is_missing(running: program.Program) -> None:
    running.begin()
    wizard = wizard_of(running)
    wizard.go_on()
    said = {name: field.message for name, field in wizard.where.fields.items() if field.message}
    assert wizard.pages.currentIndex() == 0
    assert "请选一个乡镇街道" in said["township"]
    assert "请填您的姓名" in said["person"]


def test_a_weak_pin_and_two_that_differ_are_refused(running: program.Program) -> None:
    wizard = answered(running)
    wizard.pin.setText("123456")
    wizard.again.setText("123456")
    wizard.go_on()
    assert "123456" in wizard.pin_box.message
    wizard.pin.setText(PIN)
    wizard.again.setText("kx83mm")
    wizard.go_on()
    assert "两次不一样" in wizard.again_box.message
    assert running.laptop.is_new


def test_nobody_goes_on_before_the_recovery_code_is_kept(running: program.Program, qtbot: Any) -> None:
    wizard = set_up(running, qtbot)
    assert not wizard.on.isEnabled()
    assert len(wizard.code.text().splitlines()) == 5
    wizard.kept.setChecked(True)
    assert wizard.on.isEnabled()


def test_the_answers_become_village_team_member_and_posting(running: program.Program, qtbot: Any) -> None:
    set_up(running, qtbot)
    store = running.store
    assert store is not None
    profile = profile_of(store)
    village = store.find(Division, profile.village)
    assert village is not None
    assert village.name == "明星村"
    assert [team.name for team in store.all(Team)] == ["市财政局驻学田镇明星村工作队"]
    assert ([m.name for m in store.all(Member)], [p.role for p in store.all(Posting)]) == (
        ["李建国"],
        ["队长"],
    )
    assert store.count(Division, "level = 'town'") == 17


def test_where_the_system_has_a_key_store_it_is_used_from_the_start(
    running: program.Program, qtbot: Any, system: Memory
) -> None:
    set_up(running, qtbot)
    store = running.store
    assert store is not None
    assert len(system.secrets) == 1
    assert [each.detail for each in store.all(AuditEntry, "kind = '钥匙'")] == ["设置本机：用了系统钥匙库"]


def test_a_village_that_is_not_listed_is_taken_as_not_verified(running: program.Program, qtbot: Any) -> None:
    running.begin()
    wizard = wizard_of(running)
    wizard.where.township.setCurrentText("龙河镇")
    wizard.where.village.setEditText("新发村")
    wizard.where.person.setText("敖拉·𬍛")
    wizard.go_on()
    wizard.pin.setText(PIN)
    wizard.again.setText(PIN)
    wizard.go_on()
    qtbot.waitUntil(lambda: wizard.sheet is not None, timeout=10000)
    assert running.store is not None
    found = running.store.all(Division, "name = '新发村'")
    assert [(d.level, d.verified) for d in found] == [("village", False)]


def test_the_recovery_sheet_is_a_paper_with_all_five_lines(
    running: program.Program, qtbot: Any, tmp_path: Path
) -> None:
    from nehe_desktop.documents.preview import texts

    wizard = set_up(running, qtbot)
    assert wizard.sheet is not None
    path = sheet_file(wizard.sheet, tmp_path / "恢复单.pdf")
    text = "".join(texts(path))
    assert all(line in text for line in wizard.sheet.lines)


def login_of(running: program.Program, tmp_path: Path) -> tuple[program.Program, Login]:
    """The log-in of the laptop that was set up."""
    running.close()
    again = program.Program(Laptop(tmp_path), Faults(tmp_path / "logs2"), known=len(ledgers.ALL))
    again.begin()
    assert again.shown is not None
    found = again.shown.findChild(Login)
    assert found is not None
    return again, found


def test_a_wrong_pin_is_told_and_makes_one_wait_a_right_one_opens(
    running: program.Program, qtbot: Any, tmp_path: Path
) -> None:
    set_up(running, qtbot)
    again, login = login_of(running, tmp_path)
    login.pin.setText("kx83mm3")
    login.open()
    qtbot.waitUntil(lambda: "秒后可以再试" in login.pin_box.message, timeout=10000)
    assert not login.on.isEnabled()
    qtbot.waitUntil(login.on.isEnabled, timeout=10000)
    login.pin.setText(PIN)
    qtbot.keyClick(login, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: again.window is not None, timeout=10000)
    assert again.window is not None
    again.window.close()
    again.close()


def test_a_forgotten_pin_is_set_anew_with_the_printed_code(
    running: program.Program, qtbot: Any, tmp_path: Path
) -> None:
    wizard = set_up(running, qtbot)
    assert wizard.sheet is not None
    code = "\n".join(wizard.sheet.lines).lower()
    again, login = login_of(running, tmp_path)
    login.code.setPlainText(code)
    login.new_pin.setText("wq27zz9")
    login.new_again.setText("wq27zz9")
    login.recover()
    qtbot.waitUntil(lambda: again.window is not None, timeout=10000)
    assert again.store is not None
    assert again.store.count(Member) == 1
    assert again.window is not None
    again.window.close()
    again.close()


def test_who_takes_over_comes_in_by_the_printed_code_with_his_own_name(
    running: program.Program, qtbot: Any, tmp_path: Path
) -> None:
    wizard = set_up(running, qtbot)
    assert wizard.sheet is not None
    code, store = "\n".join(wizard.sheet.lines), running.store
    assert store is not None
    (posting,) = store.all(Posting)
    store.write([Put(replace(posting, since=date(2019, 1, 1), until=date(2020, 1, 1)))], "轮换")
    again, login = login_of(running, tmp_path)
    login.pin.setText(PIN)
    login.open()
    qtbot.waitUntil(lambda: "接任的人" in login.pin_box.message, timeout=10000)
    login.forgotten()
    assert login.newcomer.text() == "李建国"
    login.newcomer.setText("孟新来")
    login.code.setPlainText(code)
    login.new_pin.setText("wq27zz9")
    login.new_again.setText("wq27zz9")
    login.recover()
    qtbot.waitUntil(lambda: again.window is not None, timeout=10000)
    assert again.store is not None
    assert again.store.author == "孟新来"
    assert again.window is not None
    again.window.close()
    again.close()


def test_a_typing_error_in_the_code_names_its_line(
    running: program.Program, qtbot: Any, tmp_path: Path
) -> None:
    wizard = set_up(running, qtbot)
    assert wizard.sheet is not None
    lines = list(wizard.sheet.lines)
    lines[2] = lines[2][::-1]
    again, login = login_of(running, tmp_path)
    login.code.setPlainText("\n".join(lines))
    login.new_pin.setText("wq27zz9")
    login.new_again.setText("wq27zz9")
    login.recover()
    qtbot.waitUntil(lambda: "3" in login.code_box.message, timeout=10000)
    again.shown.close() if again.shown else None
    again.close()
