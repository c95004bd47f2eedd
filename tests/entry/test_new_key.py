"""The key of the data is changed from the window: it closes, writes everything anew and asks to log in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nehe_desktop import program
from nehe_desktop.core.clock import Clock
from nehe_desktop.features import ledgers
from nehe_desktop.features.administration.page import SettingsPage
from nehe_desktop.features.administration.page_keys import KeysSection
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.entry.intake import begin
from nehe_desktop.features.entry.page_login import Login
from nehe_desktop.features.entry.rules import Answers
from nehe_desktop.security import laptop, vault
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.ui.crash import Faults

WHO, PIN = "李建国", "kx83mm2"


@pytest.fixture
def running(
    tmp_path: Path, qapp: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[program.Program]:
    """The program, with its window open on a laptop that was set up."""
    assert qapp is not None
    made, cheap = vault._holder, Cost(memory=8, passes=1, lanes=1)
    monkeypatch.setattr(vault, "_holder", lambda *words: made(*words[:4], cheap))
    here = Laptop(tmp_path)
    key, _ = laptop.set_up(here, WHO, PIN)
    store = laptop.open_store(here, key, WHO, Clock())
    begin(store, Answers(township="学田镇", village="明星村", person=WHO, unit="市财政局"))
    store.close()
    found = program.Program(here, Faults(tmp_path / "logs"), known=len(ledgers.ALL))
    found.begin()
    log_in(found, qtbot)
    yield found
    if found.window is not None:
        found.window.close()
    if found.shown is not None:
        found.shown.close()
    found.close()


def log_in(running: program.Program, qtbot: Any) -> None:
    """Types the PIN and waits for the window."""
    assert running.shown is not None
    before, login = running.window, running.shown.findChild(Login)
    assert login is not None
    login.pin.setText(PIN)
    login.open()
    qtbot.waitUntil(lambda: running.window is not None and running.window is not before, timeout=10000)


def section(running: program.Program) -> KeysSection:
    """钥匙和恢复 in the settings."""
    assert running.window is not None
    running.window.go("settings", section="keys")
    page = running.window.findChild(SettingsPage)
    assert page is not None
    found = page.made["keys"]
    assert isinstance(found, KeysSection)
    return found


def test_a_laptop_without_a_county_is_told_that_only_the_sheet_helps(
    running: program.Program, qtbot: Any
) -> None:
    keys = section(running)
    qtbot.waitUntil(lambda: "没有加入县里的网" in keys.kept.text(), timeout=10000)


def test_the_same_pin_opens_the_data_under_a_new_key(running: program.Program, qtbot: Any) -> None:
    before, keys = running._key, section(running)
    keys.sure.setChecked(True)
    keys.change()
    qtbot.waitUntil(
        lambda: running.shown is not None and running.shown.findChild(Login) is not None, timeout=10000
    )
    log_in(running, qtbot)
    assert running._key != before
    assert running.store is not None
    assert "更换了数据密钥" in [each.detail for each in running.store.all(AuditEntry, "kind = '钥匙'")]
