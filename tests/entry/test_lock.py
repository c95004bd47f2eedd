"""The window locks and hides everything; the same person goes on, a colleague sits down at a window of his own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from nehe_desktop import program
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features import ledgers
from nehe_desktop.features.custody.ledger import Account, AuditEntry
from nehe_desktop.features.entry.intake import begin
from nehe_desktop.features.entry.page_login import Login
from nehe_desktop.features.entry.rules import Answers
from nehe_desktop.features.teams.ledger import Posting
from nehe_desktop.security import escrow, laptop, vault
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop, profile_of
from nehe_desktop.ui.crash import Faults
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.ledger_page import LedgerPage
from nehe_desktop.ui.widgets import Button
from nehe_desktop.ui.window import Window

CHEAP = Cost(memory=8, passes=1, lanes=1)
LEADER, COLLEAGUE = "李建国", "敖拉·明"
PINS = {LEADER: "kx83mm2", COLLEAGUE: "ph7w2qa"}


@pytest.fixture
def seat(tmp_path: Path, qapp: Any) -> Iterator[program.Program]:
    """The program with the leader at the keyboard of a laptop that a colleague may open too."""
    assert qapp is not None
    here = Laptop(tmp_path)
    here.vault.parent.mkdir(parents=True)
    key, _ = vault.create(here.vault, LEADER, PINS[LEADER], cost=CHEAP)
    vault.add_person(here.vault, key, COLLEAGUE, PINS[COLLEAGUE], cost=CHEAP)
    store = laptop.open_store(here, key, LEADER)
    begin(store, Answers("学田镇", "明星村", LEADER, "队长", "市财政局"))
    store.write([Put(Account(name=COLLEAGUE, role="R1", village=profile_of(store).village))], "登记")
    store.close()
    made = program.Program(here, Faults(tmp_path / "logs"), known=len(ledgers.ALL))
    made._open(LEADER, PINS[LEADER])
    made._enter("home")
    yield made
    if made.window is not None:
        made.window.close()
    if made.shown is not None:
        made.shown.close()
    made.close()


def window_of(seat: program.Program) -> Window:
    assert seat.window is not None
    return seat.window


def store_of(seat: program.Program) -> Store:
    assert seat.store is not None
    return seat.store


def locked(seat: program.Program) -> Login:
    """The lock on the screen after Ctrl+L."""
    window_of(seat).lock_asked.emit()
    assert seat.hands is not None
    assert seat.hands.lock.login is not None
    return seat.hands.lock.login


def comes(login: Login, who: str, pin: str = "") -> None:
    """Somebody types his PIN at the lock."""
    login.person.setCurrentText(who)
    login.pin.setText(pin or PINS[who])
    login.open()


def noted(seat: program.Program) -> list[tuple[str, str]]:
    return [(each.person, each.kind) for each in store_of(seat).all(AuditEntry, order="number")]


def test_a_locked_window_shows_nothing_and_comes_back_as_it_was(seat: program.Program, qtbot: Any) -> None:
    window = window_of(seat)
    window.go("households")
    login = locked(seat)
    assert not window.isVisible()
    assert login.window().isVisible()
    comes(login, LEADER)
    qtbot.waitUntil(window.isVisible, timeout=10000)
    assert window.page is not None
    assert window.page.key == "households"
    qtbot.waitUntil(lambda: (LEADER, "锁定") in noted(seat))


def test_a_wrong_pin_leaves_the_lock_where_it_is(seat: program.Program, qtbot: Any) -> None:
    login = locked(seat)
    comes(login, LEADER, "falsch1")
    qtbot.waitUntil(
        lambda: "口令不对" in login.pin_box.message or "再试" in login.pin_box.message, timeout=10000
    )
    assert not window_of(seat).isVisible()


def test_it_locks_by_itself_when_nobody_has_touched_it(seat: program.Program) -> None:
    assert seat.hands is not None
    lock = seat.hands.lock
    lock.look()
    assert not lock.is_locked
    lock._touched_wall -= 5 * 60  # the laptop was closed for five minutes
    lock.look()
    assert lock.is_locked


def test_a_key_in_the_window_keeps_it_open(seat: program.Program, qtbot: Any) -> None:
    assert seat.hands is not None
    lock, handle = seat.hands.lock, window_of(seat).windowHandle()
    lock._touched_wall -= 5 * 60
    qtbot.keyClick(handle, Qt.Key.Key_Shift)
    lock.look()
    assert not lock.is_locked


def member_form(seat: program.Program) -> Form:
    """The form of a new member, opened in the window."""
    window_of(seat).go("ledger:member", new=True)
    page = window_of(seat).page
    assert isinstance(page, LedgerPage)
    assert page.panel is not None
    return page.panel.form


def test_what_was_typed_stays_in_the_form_behind_the_lock(seat: program.Program, qtbot: Any) -> None:
    form = member_form(seat)
    form.take("name", "孟半")
    comes(locked(seat), LEADER)
    qtbot.waitUntil(window_of(seat).isVisible, timeout=10000)
    assert form.draft.text("name") == "孟半"


def test_a_half_filled_form_waits_for_who_typed_it_and_for_nobody_else(
    seat: program.Program, qtbot: Any
) -> None:
    member_form(seat).take("name", "孟半")
    store, before = store_of(seat), window_of(seat)
    comes(locked(seat), COLLEAGUE)
    qtbot.waitUntil(lambda: window_of(seat) is not before and window_of(seat).isVisible(), timeout=10000)
    assert store.draft("member:new") is None
    comes(locked(seat), LEADER)
    qtbot.waitUntil(lambda: store.author == LEADER and window_of(seat).isVisible(), timeout=10000)
    form = member_form(seat)
    qtbot.waitUntil(lambda: form.draft.text("name") == "孟半")


def test_a_colleague_sits_down_with_his_own_rights_and_drafts(seat: program.Program, qtbot: Any) -> None:
    store, before = store_of(seat), window_of(seat)
    store.keep_draft("household:new", {"note": "队长写了一半"}).result()
    comes(locked(seat), COLLEAGUE)
    qtbot.waitUntil(lambda: window_of(seat) is not before and window_of(seat).isVisible(), timeout=10000)
    assert store.author == COLLEAGUE
    assert not store.guard.may("export", "household")
    assert store.draft("household:new") is None
    assert store.drafts() == []
    comes(locked(seat), LEADER)
    qtbot.waitUntil(lambda: store.author == LEADER and window_of(seat).isVisible(), timeout=10000)
    assert store.draft("household:new") == {"note": "队长写了一半"}
    said = noted(seat)
    assert said.index((LEADER, "退出")) < said.index((COLLEAGUE, "登录"))


def test_whose_time_is_over_is_refused_and_his_pin_opens_nothing_more(
    seat: program.Program, qtbot: Any
) -> None:
    store = store_of(seat)
    (account,) = store.all(Account)
    store.write([Put(replace(account, until=date(2020, 1, 1)))], "离任")
    login = locked(seat)
    comes(login, COLLEAGUE)
    qtbot.waitUntil(lambda: "任期到 2020-01-01" in login.pin_box.message, timeout=10000)
    assert store.author == LEADER
    with pytest.raises(vault.Refused, match="任期"):
        seat._open(COLLEAGUE, PINS[COLLEAGUE])
    assert [holder.name for holder in vault.people(seat.laptop.vault)] == [LEADER]


def test_a_draft_from_before_drafts_had_owners_is_found_by_everybody(seat: program.Program) -> None:
    store = store_of(seat)
    old = json.dumps({"note": "旧稿"})
    sql = "INSERT INTO local (kind, name, value, at) VALUES ('draft', 'household:old', ?, '2020-08-01T10:00:00')"
    store.database.write(lambda writing: writing.execute(sql, (old,)) and None).result()
    assert store.draft("household:old") == {"note": "旧稿"}
    store.drop_draft("household:old").result()
    assert store.drafts() == []


def test_wrong_pins_stand_in_the_log_once_the_right_one_was_typed(seat: program.Program, qtbot: Any) -> None:
    login = locked(seat)
    comes(login, LEADER, "falsch1")
    qtbot.waitUntil(lambda: bool(login.pin_box.message), timeout=10000)
    qtbot.waitUntil(login.on.isEnabled, timeout=10000)
    comes(login, LEADER)
    qtbot.waitUntil(window_of(seat).isVisible, timeout=10000)
    (failed,) = [each for each in store_of(seat).all(AuditEntry) if each.kind == "登录失败"]
    assert (failed.person, failed.count) == (LEADER, 1)


def test_who_closes_the_program_is_noted_as_gone(seat: program.Program) -> None:
    window_of(seat).close()
    seat.close()
    store = laptop.open_store(seat.laptop, vault.unlock(seat.laptop.vault, LEADER, PINS[LEADER]), LEADER)
    kinds = [each.kind for each in store.all(AuditEntry, order="number")]
    store.close()
    assert kinds == ["人员和权限", "登录", "退出"]  # who set it up comes first


def test_a_leader_whose_own_time_ended_behind_the_lock_stays_outside(seat: program.Program, qtbot: Any) -> None:
    store = store_of(seat)
    (posting,) = store.all(Posting)
    store.write([Put(replace(posting, since=date(2019, 1, 1), until=date(2020, 1, 1)))], "轮换")
    login = locked(seat)
    comes(login, LEADER)
    qtbot.waitUntil(lambda: "的任期到" in login.pin_box.message, timeout=10000)
    assert not window_of(seat).isVisible()


def hand_over(edit: QLineEdit, text: str) -> None:
    """Characters as a keyboard sends them, full width too."""
    for each in text:
        QApplication.sendEvent(edit, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, each))


def typed_at(login: Login, qtbot: Any, keys: list[Qt.Key], text: str = "") -> None:
    """The PIN as somebody types it, key by key, or as an input method hands it over; Enter of the keypad opens."""
    login.pin.setFocus()
    for each in keys:
        qtbot.keyClick(login.pin, each, Qt.KeyboardModifier.KeypadModifier)
    hand_over(login.pin, text)
    qtbot.keyClick(login.pin, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)


@pytest.mark.parametrize("width", ["keypad", "full", "half"])
def test_digits_of_the_keypad_and_in_full_width_are_digits(seat: program.Program, qtbot: Any, width: str) -> None:
    vault.add_person(seat.laptop.vault, seat._key, LEADER, "805172", cost=CHEAP)
    login = locked(seat)
    keys = [Qt.Key(Qt.Key.Key_0 + int(each)) for each in "805172"] if width == "keypad" else []
    typed_at(login, qtbot, keys, {"full": "８０５１７２", "half": "805172"}.get(width, ""))
    qtbot.waitUntil(window_of(seat).isVisible, timeout=10000)


def test_the_county_opens_the_lock_and_what_was_typed_is_still_there(
    seat: program.Program, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escrow, "STRONG", CHEAP)
    window = window_of(seat)
    window.go("households")
    key, store, page = seat._key, seat.store, window.page
    login = locked(seat)
    assert login.county is not None
    county = login.county
    login.forgotten()
    login._ask_county()
    for edit in (county.new, county.again):
        hand_over(edit, "７３0164")
    qtbot.keyClick(county.again, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: county.steps.currentIndex() == 1, timeout=10000)
    asked = escrow.read_request(county.text.toPlainText())
    county.answer.setPlainText("\n".join(escrow.answer(asked, key)))
    assert county.keep.hasFocus()
    county.pin.setFocus()
    qtbot.keyClicks(county.pin, "730164")
    qtbot.keyClick(county.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(window.isVisible, timeout=10000)
    assert (seat.store, window.page) == (store, page)
    assert vault.unlock(seat.laptop.vault, LEADER, "730164") == key
    assert (LEADER, "钥匙") in noted(seat)


def test_enter_on_a_button_does_what_it_says(seat: program.Program, qtbot: Any) -> None:
    login = locked(seat)
    button = next(each for each in login.findChildren(Button) if each.text() == "忘了口令")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert login.stack.currentIndex() == 1
    qtbot.keyClick(login.code, Qt.Key.Key_Escape)
    assert login.stack.currentIndex() == 0


def test_a_request_that_waits_is_offered_at_the_next_lock(seat: program.Program) -> None:
    assert locked(seat).ways.isHidden()
    assert seat.hands is not None
    seat.hands.lock.lift()
    escrow.ask(seat.laptop.vault, LEADER, "730164", cost=CHEAP)
    assert not locked(seat).ways.isHidden()
