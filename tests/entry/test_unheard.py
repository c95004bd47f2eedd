"""A laptop that the county has not heard for long is opened from the log-in page: by network or by stick."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import seating
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.seating import Unheard, let_in
from nehe_desktop.features.entry.page_login import Doors, Login
from nehe_desktop.security import laptop, vault
from nehe_desktop.security.envelope import Cost, Key
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.sync.transport import Unreachable
from nehe_desktop.ui.notices import Notices
from nehe_desktop.ui.tasks import Tasks

WHO, PIN = "李建国", "kx83mm2"
ABSENT = "这台电脑 16 天没有和县里联系了"


class Away:
    """A laptop that was away for long, until it hears the county."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.here, self.why, self.reachable = Laptop(folder), ABSENT, True
        self.here.vault.parent.mkdir(parents=True)
        vault.create(self.here.vault, WHO, PIN, cost=Cost(memory=8, passes=1, lanes=1))
        self.store: Store | None = None
        self.packages: list[Path | None] = []
        patch.setattr(seating, "refusal", lambda _store, _now: self.why)

    def key(self, person: str, pin: str) -> Key:
        return vault.unlock(self.here.vault, person, pin)

    def open(self, person: str, pin: str) -> None:
        _, self.store = let_in(self.here, person, lambda: self.key(person, pin))

    def hear(self, person: str, pin: str, package: Path | None) -> None:
        def hears(_store: Store) -> None:
            self.packages.append(package)
            if not self.reachable:
                raise Unreachable("连不上县里的服务器", "请检查网络")
            self.why = ""

        _, self.store = let_in(self.here, person, lambda: self.key(person, pin), hears)


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Away]:
    made = Away(tmp_path, monkeypatch)
    yield made
    if made.store is not None:
        made.store.close()


@pytest.fixture
def login(away: Away, qtbot: Any) -> Iterator[Login]:
    """The log-in page, after the PIN was right and the laptop stayed shut."""
    stage = QWidget()
    notices = Notices(stage)
    tasks = Tasks(notices.trouble, pytest.fail)
    doors = Doors(lambda: vault.people(away.here.vault), away.open, away.open, lambda _: None, stage.close, away.hear)
    made = Login(tasks, notices, doors)
    qtbot.addWidget(made)
    made.show()
    assert not made.hearing.isVisible()
    made.pin.setText(PIN)
    made.open()
    qtbot.waitUntil(lambda: made.pin_box.message == ABSENT)
    yield made
    tasks.close()


def test_it_says_why_it_is_shut_and_offers_both_ways_to_the_county(login: Login, away: Away) -> None:
    assert away.store is None
    assert login.hearing.isVisible()
    assert login.pin.text() == PIN


def test_one_synchronisation_opens_it(login: Login, away: Away, qtbot: Any) -> None:
    login.hear()
    qtbot.waitUntil(lambda: away.store is not None)
    assert away.packages == [None]


def test_a_package_from_the_county_opens_it(login: Login, away: Away, qtbot: Any, tmp_path: Path) -> None:
    login.hear(tmp_path / "带回.nhpkg")
    qtbot.waitUntil(lambda: away.store is not None)
    assert away.packages == [tmp_path / "带回.nhpkg"]


def test_without_a_network_it_stays_shut_and_can_be_tried_again(login: Login, away: Away, qtbot: Any) -> None:
    away.reachable = False
    login.hear()
    qtbot.waitUntil(lambda: "连不上" in login.pin_box.message)
    assert away.store is None
    assert login.hearing.isVisible()
    assert login.hearing.isEnabled()


def test_who_comes_only_to_synchronise_is_let_in_and_noted(away: Away) -> None:
    store = laptop.open_store(away.here, away.key(WHO, PIN), WHO)
    with pytest.raises(Unheard, match="16 天"):
        seating.seated(store, WHO, away.here)
    seating.seated(store, WHO, away.here, how="命令行 sync", unheard=True)
    assert [(each.kind, each.detail) for each in store.all(AuditEntry)] == [("登录", "命令行 sync")]
    store.close()
