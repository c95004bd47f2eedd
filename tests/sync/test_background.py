"""The sync that goes on beside the work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Trouble
from nehe_desktop.sync import background
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.background import Background
from nehe_desktop.sync.denials import CodeNeeded
from nehe_desktop.sync.protocol import Refusal
from nehe_desktop.sync.standing import Standing, standing
from nehe_desktop.sync.transport import Denied

from .direct import NORTH, County, Desk, Direct, household, sqlite_county

LONG = 20


class Watched:
    """A background whose word is heard."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.heard, self.wiped, self.bugs = desk, [], [], []
        self._news = threading.Condition()
        self.running = Background(desk.store, self._connect, self._hear, self._wipe, self._bug)

    def _connect(self, account: Account) -> Direct:
        return Direct(self.desk.county, account.dev, self.desk.faults)

    def _hear(self, told: Standing) -> None:
        self._note(self.heard, told)

    def _wipe(self, trouble: Trouble) -> None:
        self._note(self.wiped, trouble)

    def _bug(self, error: BaseException) -> None:
        self._note(self.bugs, error)

    def _note(self, where: list[object], what: object) -> None:
        with self._news:
            where.append(what)
            self._news.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(condition, LONG)


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    made = sqlite_county(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def watched(county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    monkeypatch.setattr(background, "SOON", 0.01)
    monkeypatch.setattr(background, "FIRST", 0.01)
    made = Watched(Desk(county, tmp_path / "a.db", "甲").join(NORTH))
    yield made
    made.running.stop()
    made.desk.close()


def test_what_was_saved_is_sent_by_itself(watched: Watched) -> None:
    watched.running.start()
    watched.until(lambda: len(watched.heard) == 1)
    home = household(NORTH)
    watched.desk.save(home)
    watched.running.nudge()
    watched.until(lambda: len(watched.heard) > 1 and not watched.heard[-1].waiting)
    assert ("household", home.id) in watched.desk.county.records()
    assert watched.heard[-1].online


def test_when_the_hub_is_away_it_is_tried_again_without_a_new_save(watched: Watched) -> None:
    watched.desk.save(household(NORTH))
    watched.desk.faults.coming = ["lost request"] * 7
    watched.running.start()
    watched.until(lambda: bool(watched.heard) and watched.heard[-1].online is True)
    assert watched.heard[0].online is False
    assert not watched.heard[-1].waiting


def test_a_person_who_asks_is_answered_at_once(watched: Watched) -> None:
    watched.desk.save(household(NORTH))
    watched.running.start()
    assert watched.running.sync_now().result(LONG).hash
    watched.desk.faults.always = "lost request"
    with pytest.raises(Trouble):
        watched.running.sync_now().result(LONG)
    watched.desk.faults.always = ""
    assert watched.running.sync_now().result(LONG) is not None


def test_where_a_code_is_needed_it_waits_quietly_for_a_person(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(path: str, _dev: str, _body: bytes) -> bytes:
        asked.append(path)
        raise Denied(403, Refusal("otp", "需要验证码"))

    monkeypatch.setattr(watched.desk.county, "answer", refuse)
    watched.desk.save(household(NORTH))
    watched.running.start()
    watched.until(lambda: bool(watched.heard))
    watched.running.nudge()
    with pytest.raises(CodeNeeded, match="需要验证码"):
        watched.running.sync_now().result(LONG)
    assert len(asked) == 2, "once by itself, once because somebody asked"
    assert (watched.heard[-1].trouble, watched.heard[-1].waiting) == ("需要验证码", 1)
    monkeypatch.undo()
    assert watched.running.sync_now().result(LONG).sent == 1


def test_an_order_to_empty_the_laptop_is_handed_on_once(watched: Watched) -> None:
    watched.desk.county.revoke(watched.desk.dev)
    watched.running.start()
    watched.until(lambda: bool(watched.wiped))
    assert "清除" in str(watched.wiped[0])


def test_a_fault_of_the_program_is_reported_and_the_sync_lives_on(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(background.Client, "sync", broken)
    watched.running.start()
    watched.until(lambda: bool(watched.bugs))
    monkeypatch.undo()
    assert watched.running.sync_now().result(LONG) is not None


def test_a_laptop_that_never_joined_is_left_alone(county: County, tmp_path: Path) -> None:
    watched = Watched(Desk(county, tmp_path / "alone.db", "独"))
    watched.running.start()
    with pytest.raises(Trouble, match="还没有加入"):
        watched.running.sync_now().result(LONG)
    watched.running.stop()
    assert not standing(watched.desk.store).enrolled
    watched.desk.close()


def test_closing_the_program_breaks_off_what_is_under_way(watched: Watched) -> None:
    watched.desk.save(*(household(NORTH) for _ in range(50)))
    watched.running.start()
    watched.running.stop()
    assert watched.desk.store.count(type(household(NORTH))) == 50
