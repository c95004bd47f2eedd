"""The system's key store from the window: switched on and off, and the two ways in on a system that was installed anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest

from nehe_desktop import program
from nehe_desktop.core.clock import Clock
from nehe_desktop.features import ledgers
from nehe_desktop.features.administration.page import SettingsPage
from nehe_desktop.features.administration.page_keys import KeysSection
from nehe_desktop.features.administration.page_system_key import SystemKeyPart
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.entry.intake import begin
from nehe_desktop.features.entry.page_login import Login
from nehe_desktop.features.entry.rules import Answers
from nehe_desktop.security import laptop, switching, vault
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.security.recovery import RecoverySheet
from nehe_desktop.ui.crash import Faults
from tests.keystores import Failing, Memory

WHO, PIN, NEW = "李建国", "kx83mm2", "wq27zz9"


class Desk:
    """The program on a laptop that was set up on a system with a key store."""

    def __init__(self, folder: Path, qtbot: Any) -> None:
        self.here, self.qtbot = Laptop(folder), qtbot
        key, self.sheet = self.set_up()
        store = laptop.open_store(self.here, key, WHO, Clock())
        begin(store, Answers(township="学田镇", village="明星村", person=WHO, unit="市财政局"))
        store.close()
        self.program = program.Program(self.here, Faults(folder / "logs"), known=len(ledgers.ALL))
        self.program.begin()

    def set_up(self) -> tuple[vault.Key, RecoverySheet]:
        return laptop.set_up(self.here, WHO, PIN)

    @property
    def login(self) -> Login:
        assert self.program.shown is not None
        found = self.program.shown.findChild(Login)
        assert found is not None
        return found

    def types_the_pin(self) -> None:
        self.login.pin.setText(PIN)
        self.login.open()

    def waits_for_the_window(self) -> None:
        self.qtbot.waitUntil(lambda: self.program.window is not None, timeout=10000)

    def part(self) -> SystemKeyPart:
        assert self.program.window is not None
        self.program.window.go("settings", section="keys")
        page = self.program.window.findChild(SettingsPage)
        assert page is not None
        keys = page.made["keys"]
        assert isinstance(keys, KeysSection)
        return keys.system

    def log(self) -> list[str]:
        assert self.program.store is not None
        return [each.detail for each in self.program.store.all(AuditEntry, "kind = '钥匙'", order="number")]


@pytest.fixture
def desk(tmp_path: Path, qtbot: Any, system: Memory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made, cheap = vault._holder, Cost(memory=8, passes=1, lanes=1)
    monkeypatch.setattr(vault, "_holder", lambda content, key, who, pin, _: made(content, key, who, pin, cheap))
    found = Desk(tmp_path, qtbot)
    assert len(system.secrets) == 1
    yield found
    if found.program.window is not None:
        found.program.window.close()
    if found.program.shown is not None:
        found.program.shown.close()
    found.program.close()


def test_it_is_seen_and_switched_on_the_page_of_the_keys(desk: Desk, system: Memory, qtbot: Any) -> None:
    desk.types_the_pin()
    desk.waits_for_the_window()
    part = desk.part()
    qtbot.waitUntil(lambda: part.words.text().startswith("开着：1 人的口令之外"), timeout=10000)
    part.off.click()
    qtbot.waitUntil(lambda: part.words.text().startswith("关着"), timeout=10000)
    assert not system.secrets
    part.on.click()
    qtbot.waitUntil(lambda: part.words.text().startswith("开着"), timeout=10000)
    assert [words.partition("：")[0] for words in desk.log()] == ["关掉系统钥匙库", "打开系统钥匙库"]


def test_who_is_in_is_told_that_the_secret_has_gone_and_a_new_pin_mends_it(
    desk: Desk, system: Memory, qtbot: Any
) -> None:
    desk.types_the_pin()
    desk.waits_for_the_window()
    system.secrets.clear()
    part = desk.part()
    qtbot.waitUntil(lambda: "不见了：现在就改一次自己的口令" in part.words.text(), timeout=10000)
    assert desk.program.session is not None
    vault.add_person(desk.here.vault, desk.program.session.key, WHO, NEW)
    part.refresh()
    qtbot.waitUntil(lambda: part.words.text().startswith("开着：1 人"), timeout=10000)


def test_on_a_new_system_the_log_in_says_so_and_the_sheet_opens(desk: Desk, qtbot: Any) -> None:
    keyring.set_keyring(Memory())
    desk.types_the_pin()
    qtbot.waitUntil(lambda: "口令不算输错" in desk.login.pin_box.message, timeout=10000)
    assert not desk.login.ways.isHidden()
    assert vault.people(desk.here.vault)[0].wrong == 0
    desk.login.forgotten()
    desk.login.code.setPlainText("\n".join(desk.sheet.lines))
    for edit in (desk.login.new_pin, desk.login.new_again):
        edit.setText(NEW)
    desk.login.recover()
    desk.waits_for_the_window()
    assert switching.standing(desk.here) == switching.Standing(on=True, behind=1)
    assert desk.log() == ["忘了口令，用恢复单或县里的答复重设"]


def test_where_there_is_no_key_store_any_more_page_and_log_say_that_it_is_off(desk: Desk, qtbot: Any) -> None:
    keyring.set_keyring(Failing())
    desk.types_the_pin()
    qtbot.waitUntil(lambda: "打不开" in desk.login.pin_box.message, timeout=10000)
    desk.login._forgotten_to_county()
    assert desk.login.stack.currentWidget() is desk.login.county
    desk.login.code.setPlainText("\n".join(desk.sheet.lines))
    for edit in (desk.login.new_pin, desk.login.new_again):
        edit.setText(NEW)
    desk.login.recover()
    desk.waits_for_the_window()
    part = desk.part()
    qtbot.waitUntil(lambda: "就关掉了" in part.words.text(), timeout=10000)
    assert part.on.isHidden()
    assert desk.log() == ["忘了口令，用恢复单或县里的答复重设；没有能用的系统钥匙库，已关掉"]
