"""Two laptops and a hub on one machine, as the README tells a new user to set them up."""

from __future__ import annotations

import re
import signal
import time
from base64 import b32decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from nehe_desktop.cli import main
from nehe_desktop.core.clock import Clock
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.divisions.queries import shipped_divisions
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.hub import factor
from nehe_desktop.sync import invitation
from nehe_desktop.sync.client import Client, enrol
from nehe_desktop.sync.denials import CodeNeeded, Wiped
from nehe_desktop.sync.http import Connector, first_contact
from nehe_desktop.sync.intake import Report
from tests.cli.hubs import free_port, running, wait_for

BRIGHT = next(each.id for each in shipped_divisions() if each.name == "明星村")


class Office:
    """The county's side: commands in the hub's folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def says(self, *words: str | Path) -> str:
        self._capsys.readouterr()
        step, *rest = map(str, words)
        assert main(["hub", step, *rest, "--folder", str(self.folder)]) == 0
        return self._capsys.readouterr().out


class Laptop:
    """A laptop with its own encrypted file."""

    def __init__(self, path: Path, name: str) -> None:
        self.name, self.store, self._connect = name, Store.open(path, bytes(32), name, Clock()), Connector()

    def join(self, office: Office, *scope: str) -> None:
        said = office.says("device", "enrol", "--name", self.name, *(scope or ("--village", "明星村")))
        enrol(self.store, invitation.read(said.splitlines()[1]), self.name, first_contact)

    def sync(self, code: str = "") -> Report:
        if code:
            self._connect.give(code)
        return Client(self.store, self._connect).sync(check=True)

    def enters(self, *codes: str) -> None:
        self.store.write([Put(household(code)) for code in codes], "登记")

    def sees(self) -> set[str]:
        return {row.hamlet or "" for row in self.store.all(Household)}


def household(code: str) -> Household:
    return Household(village=BRIGHT, base_type="01", hamlet=code)


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    made = Office(tmp_path / "hub", capsys)
    made.says("init", "--host", "127.0.0.1", "--port", str(free_port()))
    return made


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    made = Laptop(tmp_path / "one.nhdb", "明星村1号电脑"), Laptop(tmp_path / "two.nhdb", "明星村2号电脑")
    yield made
    for each in made:
        each.store.close()


def test_after_the_restore_of_an_older_copy_nothing_is_lost(
    office: Office, laptops: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    first, second = laptops
    with running(office.folder) as process:
        for each in laptops:
            each.join(office)
        first.enters("101", "102")
        first.sync()
        office.says("backup", "--to", tmp_path / "U盘")
        second.sync()
        second.enters("201")
        second.sync()
        first.enters("103")
        first.sync()
        process.send_signal(signal.SIGTERM)
        wait_for(process, "已停止")
    assert "开始新的一代" in office.says("restore", next((tmp_path / "U盘").iterdir()), "--yes")
    with running(office.folder):
        for each in (*laptops, *laptops):
            report = each.sync()
            assert not report.problems
        assert first.sees() == second.sees() == {"101", "102", "103", "201"}
        assert re.search(r"^库：sqlite，\d+ 条记录", office.says("status"), re.MULTILINE)


def test_a_stolen_laptop_is_refused_and_told_to_wipe_itself_by_the_hub_it_joined(
    office: Office, laptops: tuple[Laptop, Laptop]
) -> None:
    stolen, other = laptops
    with running(office.folder):
        for each in laptops:
            each.join(office)
            each.sync()
        office.says("device", "revoke", stolen.name, "--yes")
        stolen.enters("666")
        with pytest.raises(Wiped):
            stolen.sync()
        other.sync()
        assert other.sees() == set()


def test_the_countys_own_laptop_needs_a_phone_as_the_readme_tells(
    office: Office, laptops: tuple[Laptop, Laptop]
) -> None:
    own, village = laptops
    with running(office.folder):
        own.join(office, "--everything")
        village.join(office)
        village.sync()
        with pytest.raises(CodeNeeded, match="hub device otp"):
            own.sync()
        told = office.says("device", "otp", own.name)
        found = re.search(r"secret=([A-Z2-7]{32})", told)
        assert found
        with pytest.raises(CodeNeeded, match="需要验证码"):
            own.sync()
        own.sync(factor.code_at(b32decode(found[1]), time.time_ns() // 1_000_000))
        own.sync()
