"""`sync` over a real TLS socket: two laptops join, send, meet in a conflict, decide it; and one is emptied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nehe_desktop.cli import main
from nehe_desktop.core.clock import Clock
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.visits.ledger import Visit
from nehe_desktop.hub import devices, factor
from nehe_desktop.security import laptop, vault
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop, Profile, tell
from nehe_desktop.sync.rules import rules_of
from tests.hub.serving import ServedHub, served
from tests.sync.direct import NORTH

PIN = "kx83mm2"
Said = pytest.CaptureFixture[str]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[ServedHub]:
    (tmp_path / "hub").mkdir()
    with served(tmp_path / "hub", rules_of(LEDGERS.values())) as made:
        yield made


class Desk:
    """A laptop that is worked on from the command line."""

    def __init__(self, folder: Path, person: str) -> None:
        self.here, self.person = Laptop(folder), person
        self.key, _ = laptop.set_up(self.here, person, PIN)
        with_store = self.opened()
        tell(with_store, Profile(person, NORTH))
        with_store.close()

    def opened(self) -> Store:
        return laptop.open_store(self.here, self.key, self.person, Clock())

    def save(self, record: Household | Visit, reason: str = "走访") -> None:
        store = self.opened()
        store.write([Put(record)], reason)
        store.close()

    def sync(self, *words: str) -> int:
        return main(["sync", *words, "--data", str(self.here.folder)])

    def visit(self) -> Visit | None:
        store = self.opened()
        found = store.find(Visit, "v1")
        store.close()
        return found


@pytest.fixture
def desks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Desk, Desk]:
    """李工 in the village and 王敏 at the township."""
    create, cheap = vault.create, Cost(memory=1024, passes=1, lanes=1)
    monkeypatch.setattr(vault, "create", lambda *a, **k: create(*a, **{**k, "cost": cheap}))
    monkeypatch.setenv("NEHE_PIN", PIN)
    return Desk(tmp_path / "a", "李工"), Desk(tmp_path / "b", "王敏")


def status(desk: Desk, capsys: Said) -> dict[str, object]:
    capsys.readouterr()
    assert desk.sync("status", "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_two_laptops_meet_in_a_conflict(
    hub: ServedHub, desks: tuple[Desk, Desk], capsys: Said, tmp_path: Path
) -> None:
    here, there = desks
    here.save(Household(id="h1", village=NORTH, base_type="01", hamlet="二屯"), "登记")
    here.save(Visit(id="v1", household="h1", day=Clock().today(), visitors="李工"))
    (tmp_path / "邀请.txt").write_text(hub.invite("村里的电脑", NORTH).text(), "utf-8")
    assert here.sync("join", str(tmp_path / "邀请.txt"), "--name", "村里的电脑") == 0
    assert there.sync("join", hub.invite("镇里的电脑", NORTH).text()) == 0
    for desk, amount in ((here, 10200), (there, 9900)):
        seen = desk.visit()
        assert seen is not None
        desk.save(replace(seen, income_per_head=amount), "核实收入")  # type: ignore[arg-type]
        assert desk.sync() == 0
    assert here.sync() == 0
    assert (status(here, capsys)["name"], status(here, capsys)["conflicts"]) == ("村里的电脑", 1)
    assert here.sync("conflicts") == 0
    told = capsys.readouterr().out
    assert "9,900.00 元  王敏" in told
    assert "10,200.00 元  李工" in told
    number = next(line.split()[0] for line in told.splitlines() if "人均纯收入" in line)
    assert here.sync("conflicts", "--answer", number, "came") == 0
    assert here.sync() == 0
    assert there.sync() == 0
    assert [str(v.income_per_head) for v in (here.visit(), there.visit()) if v] == ["9900.00", "9900.00"]
    assert status(there, capsys)["conflicts"] == 0
    assert here.sync("log", "--lines", "3") == 0
    assert "回执" in capsys.readouterr().out


def test_who_never_joined_is_told_how(desks: tuple[Desk, Desk], capsys: Said) -> None:
    assert desks[0].sync() == 3
    assert "邀请码" in capsys.readouterr().err
    assert desks[0].sync("join", "NEHE1.xyz") == 1
    assert desks[0].sync("conflicts", "--answer", "x", "mine") == 1
    assert desks[0].sync("doubles") == 0


def test_a_laptop_that_was_given_up_is_emptied_and_says_so(hub: ServedHub, desks: tuple[Desk, Desk], capsys: Said) -> None:
    here = desks[0]
    assert here.sync("join", hub.invite("丢了的电脑", NORTH).text()) == 0
    dev = str(hub.hub.store.read(lambda link: link.all("SELECT dev FROM device", ()))[0][0])
    devices.revoke(hub.hub.store, hub.hub.county, dev, hub.site.wall(), hub.keys)
    assert here.sync() == 3
    assert "已全部清除" in capsys.readouterr().err
    assert here.here.is_new


def test_made_up_people_are_not_sent_to_a_real_county(tmp_path: Path, capsys: Said) -> None:
    assert main(["demo", "--data", str(tmp_path)]) == 0
    assert main(["sync", "join", "NEHE1.xyz", "--demo", "village", "--data", str(tmp_path)]) == 1
    assert "--practice" in capsys.readouterr().err


def test_what_is_sent_by_stick_is_one_file(hub: ServedHub, desks: tuple[Desk, Desk], capsys: Said, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert desks[0].sync("join", hub.invite("远村", NORTH).text(), "--usb", str(stick)) == 0
    assert [p.suffix for p in stick.iterdir()] == [".nhpkg"]
    assert desks[0].sync("out", str(stick)) == 3
    assert desks[1].sync("in", str(next(stick.iterdir()))) == 1
    assert "加入" in capsys.readouterr().err


def test_the_digits_of_a_phone_come_from_the_words_or_the_environment(
    hub: ServedHub, desks: tuple[Desk, Desk], capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, store, now = desks[0], hub.hub.store, hub.site.wall
    assert here.sync("join", hub.invite("县里1", "*").text()) == 0
    dev = devices.devices(store, hub.hub.county)[0].dev
    secret = factor.enrol(store, hub.hub.county, hub.keys, dev, now())
    assert here.sync() == 3
    assert "需要验证码" in capsys.readouterr().err
    assert here.sync("--code", "12345") == 3
    assert "验证码不对" in capsys.readouterr().err
    monkeypatch.setenv("NEHE_SYNC_CODE", factor.code_at(secret, now()))
    assert here.sync() == 0
    monkeypatch.delenv("NEHE_SYNC_CODE")
    assert here.sync() == 0
