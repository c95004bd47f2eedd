"""The sync beside the window: it begins with the county, ends with the program, and never keeps it waiting."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.exchange.page_running import Running
from nehe_desktop.features.exchange.words import needs_person, stand_of
from nehe_desktop.sync import background, denials
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.membership import account_of, keep_account
from nehe_desktop.sync.protocol import Refusal
from nehe_desktop.sync.standing import Standing
from nehe_desktop.sync.transport import Denied, Transport
from tests.sync.direct import NORTH, County, Desk, Direct, Faults, household, sqlite_county


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    made = sqlite_county(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def joined(county: County, tmp_path: Path) -> Iterator[Store]:
    """The file of a laptop that belongs to the county."""
    desk = Desk(county, tmp_path / "a.db", "甲").join(NORTH)
    yield desk.store
    desk.close()


def test_a_laptop_alone_asks_nobody(store: Store, qtbot: QtBot) -> None:  # noqa: ARG001 - signals need Qt
    running = Running(store, lambda _: None)
    running.start()
    with pytest.raises(Trouble, match="还没有加入"):
        running.sync_now().result(1)
    assert running.now() == Standing()
    running.stop()


def test_closing_the_program_does_not_wait_for_a_hub_that_never_answers(joined: Store, qtbot: QtBot) -> None:  # noqa: ARG001
    bugs: list[BaseException] = []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        account = account_of(joined)
        assert account is not None
        elsewhere = replace(account, url=f"http://127.0.0.1:{silent.getsockname()[1]}", ca="")
        joined.database.write(lambda writing: keep_account(writing, elsewhere)).result()
        running = Running(joined, bugs.append)
        running.start()
        asked, _ = silent.accept()
        assert asked.recv(4)
        thread = running._background._thread
        running.stop()
        assert thread.is_alive(), "nobody waited for the answer"
        joined.close()
        asked.close()
    thread.join(60)
    assert not thread.is_alive()
    assert bugs == []


class Busy(Direct):
    """A way on which somebody saves just when everything else was sent."""

    store: Store
    saved = False

    def close(self) -> None:
        if not Busy.saved:
            Busy.saved = True
            self.store.write([Put(household(NORTH, id="later"))], "边同步边录")


def test_what_is_saved_while_a_sync_goes_on_is_sent_soon_after_it(
    joined: Store, county: County, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "SOON", 0.05)
    Busy.saved, Busy.store = False, joined

    class Way:
        def __call__(self, account: Account) -> Transport:
            return Busy(county, account.dev, Faults())

        def give(self, code: str) -> None:
            raise AssertionError(code)

        def reach(self, url: str, fingerprint: str) -> tuple[str, Transport]:
            raise AssertionError((url, fingerprint))

    running = Running(joined, lambda _: None, Way())
    running.start()
    qtbot.waitUntil(lambda: ("household", "later") in county.records(), timeout=20_000)
    running.stop()


@pytest.mark.parametrize(
    ("status", "error", "person"),
    [(403, "revoked", True), (403, "unknown", True), (426, "version", True), (503, "busy", False), (429, "busy", False)],
)
def test_only_what_does_not_pass_by_itself_calls_for_a_person(
    joined: Store, status: int, error: str, *, person: bool
) -> None:
    account = account_of(joined)
    assert account is not None
    with pytest.raises(Trouble) as told:
        denials.answer(joined, account, None, Denied(status, Refusal(error)))  # type: ignore[arg-type]
    assert needs_person(told.value.sentence) == person


def test_the_large_word_says_how_things_stand() -> None:
    today = Standing(True, name="甲", online=True)
    words = {
        "未加入县里的网": Standing(),
        "在线": today,
        "离线": replace(today, online=False, trouble="连不上县里的服务器"),
        "正在连接": replace(today, online=None),
        "同步受阻": replace(today, online=False, trouble="县里已停用这台电脑"),
        "正在接收本村的数据": replace(today, filling=0.4),
    }
    assert {word: stand_of(found, date(2020, 8, 10)).word for word, found in words.items()} == {word: word for word in words}
