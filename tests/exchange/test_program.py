"""The running program and its county: what is saved goes by itself, and a laptop that is given up is emptied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from nehe_desktop import program
from nehe_desktop.core.clock import Clock
from nehe_desktop.core.store import Put
from nehe_desktop.features import ledgers
from nehe_desktop.features.exchange import page_running
from nehe_desktop.features.exchange.joining import join
from nehe_desktop.security import laptop, wiping
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop, Profile, tell
from nehe_desktop.sync import background
from nehe_desktop.ui.crash import Faults
from tests.exchange.test_sync_page import LONG, Near
from tests.sync.direct import NORTH, County, household, sqlite_county

pytestmark = pytest.mark.usefixtures("swept")

PIN = "kx83mm2"


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    (tmp_path / "hub").mkdir()
    made = sqlite_county(tmp_path / "hub")
    yield made
    made.store.close()


@pytest.fixture
def running(
    tmp_path: Path, qapp: Any, monkeypatch: pytest.MonkeyPatch, county: County
) -> Iterator[program.Program]:
    """The program with its window open, on a laptop that belongs to the county."""
    assert qapp is not None
    near = Near(county)
    monkeypatch.setattr(page_running, "Network", lambda _: near)
    monkeypatch.setattr(background, "SOON", 0.05)
    create, cheap = laptop.vault.create, Cost(memory=1024, passes=1, lanes=1)
    monkeypatch.setattr(laptop.vault, "create", lambda *a, **k: create(*a, **{**k, "cost": cheap}))
    here = Laptop(tmp_path / "laptop")
    made = program.Program(here, Faults(here.logs), known=len(ledgers.ALL))
    made._key, _ = laptop.set_up(here, "李工", PIN)
    made.store = laptop.open_store(here, made._key, "李工", Clock())
    tell(made.store, Profile("李工", NORTH))
    join(made.store, county.invitation("明星村电脑", NORTH).text(), "明星村电脑", near.reach)
    made._enter("home")
    yield made
    if made.window is not None:
        made.window.close()
    if made.shown is not None:
        made.shown.close()
    made.close()


def words(running: program.Program) -> str:
    assert running.shown is not None
    return " ".join(label.text() for label in running.shown.findChildren(QLabel))


def test_what_is_saved_goes_to_the_county_by_itself(running: program.Program, county: County, qtbot: QtBot) -> None:
    assert running.store is not None
    assert running.window is not None
    running.store.submit([Put(household(NORTH, id="h1"))], "登记")
    qtbot.waitUntil(lambda: ("household", "h1") in county.records(), timeout=LONG)
    bar = running.window.status
    qtbot.waitUntil(lambda: any(part.text == "在线" for part in bar._parts), timeout=LONG)
    qtbot.waitUntil(lambda: bar.part("upload") is None, timeout=LONG)


def test_a_laptop_that_the_county_gives_up_is_emptied_and_says_so(
    running: program.Program, county: County, qtbot: QtBot
) -> None:
    store, here = running.store, running.laptop
    assert store is not None
    store.submit([Put(household(NORTH, id="h1"))], "登记")
    qtbot.waitUntil(lambda: ("household", "h1") in county.records(), timeout=LONG)
    dev = county.rows("SELECT dev FROM device WHERE county = ?")[0][0]
    county.revoke(dev)
    assert running.running is not None
    running.running.sync_now()
    qtbot.waitUntil(lambda: "已全部清除" in words(running), timeout=LONG)
    assert here.is_new
    assert not here.file.parent.exists()
    assert not wiping.is_unfinished(here)
    assert running.window is None
    assert any(b.text() == "退出" for b in running.shown.findChildren(QPushButton))  # type: ignore[union-attr]


def test_an_emptying_that_was_stopped_is_finished_at_the_next_start(tmp_path: Path, qtbot: QtBot) -> None:
    here = Laptop(tmp_path)
    here.backups.mkdir(parents=True)
    (here.backups / "nehe.nhdb").write_bytes(b"rest")
    (tmp_path / "work.wiping").touch()
    made = program.Program(here, Faults(here.logs), known=len(ledgers.ALL))
    made.begin()
    qtbot.waitUntil(lambda: "已全部清除" in words(made), timeout=LONG)
    assert not (tmp_path / "work").exists()
    assert made.shown is not None
    made.shown.close()
    made.close()
