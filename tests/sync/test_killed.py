"""`kill -9` of either side in the middle of a synchronisation over TLS: nothing is lost, nothing is doubled."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from nehe_desktop.cli import main
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features import ledgers
from nehe_desktop.hub.folder import HubFolder
from nehe_desktop.sync import invitation
from nehe_desktop.sync.client import Client, enrol
from nehe_desktop.sync.http import Connector, first_contact
from nehe_desktop.sync.rules import rules_of
from tests.cli.hubs import ROOT, free_port, running
from tests.hub.serving import ServedHub, served
from tests.sync.direct import KEY, NORTH, household

CHANCE = random.Random(25)
KILLS = 10


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[ServedHub]:
    """A hub on a real TLS socket."""
    folder = tmp_path / "hub"
    folder.mkdir()
    with served(folder, rules_of(ledgers.ALL)) as made:
        yield made


def killed_at_work(file: Path) -> list[str]:
    """What a laptop's process had on its disk when it was killed in the middle."""
    command = [sys.executable, "-m", "tests.sync.work", str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(CHANCE.uniform(0.02, 0.35))
        process.kill()
        lines = process.stdout.read().splitlines(keepends=True)
    return [line.strip() for line in lines if line.endswith("\n")]


def test_a_laptop_that_is_killed_ten_times_while_it_sends_loses_nothing(
    hub: ServedHub, tmp_path: Path
) -> None:
    file, confirmed = tmp_path / "north.db", list[str]()
    with closing(Store.open(file, KEY, "甲")) as store:
        enrol(store, hub.invite("北村", NORTH), "北村", first_contact)
    for _ in range(KILLS):
        confirmed += killed_at_work(file)
    with closing(Store.open(file, KEY, "甲")) as store:
        assert store.database.check() == []
        Client(store, Connector()).sync(check=True)
        here = {id for (id,) in store.rows("SELECT id FROM household")}
    there = hub.hub.store.read(lambda link: link.all("SELECT pk, rev FROM record WHERE tbl = 'household'"))
    assert len(confirmed) > 20
    assert set(confirmed) <= here == {pk for pk, _ in there}
    assert {rev for _, rev in there} == {1}
    assert not hub.hub.store.read(lambda link: link.all("SELECT kind, words FROM event"))


class Typist(threading.Thread):
    """Saves and synchronises, and minds no hub that is away."""

    def __init__(self, store: Store) -> None:
        super().__init__(name="typist")
        self._store, self._ended = store, threading.Event()
        self.saved: list[str] = []
        self.failures = 0

    def run(self) -> None:
        client = Client(self._store, Connector(timeout=2))
        while not self._ended.is_set():
            made = [household(NORTH, hamlet=f"{len(self.saved)}屯") for _ in range(20)]
            self._store.write(map(Put, made), "登记")
            self.saved += [home.id for home in made]
            try:
                client.sync()
            except Trouble:
                self.failures += 1
                self._ended.wait(0.1)

    def end(self) -> None:
        self._ended.set()
        self.join()


def test_a_hub_that_is_killed_ten_times_while_it_takes_loses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "hub"
    place = ("--folder", str(folder), "--host", "127.0.0.1", "--port", str(free_port()))
    assert main(["hub", "init", "--no-otp", *place]) == 0
    assert main(["hub", "device", "enrol", "--folder", str(folder), "--name", "县里", "--everything"]) == 0
    invited = invitation.read(capsys.readouterr().out.splitlines()[-1])
    with closing(Store.open(tmp_path / "chief.db", KEY, "甲")) as store:
        with running(folder):
            enrol(store, invited, "县里", first_contact)
        typist = Typist(store)
        typist.start()
        for _ in range(KILLS):
            with running(folder) as process:
                time.sleep(CHANCE.uniform(0.02, 0.4))
                process.kill()
        typist.end()
        with running(folder):
            Client(store, Connector()).sync(check=True)
        assert typist.failures
    with closing(HubFolder(folder).open()) as there:
        rows = there.read(lambda link: link.all("SELECT pk, rev FROM record WHERE tbl = 'household'"))
        assert not there.read(lambda link: link.all("SELECT kind, words FROM event WHERE kind <> 'clock'"))
    assert {pk for pk, _ in rows} == set(typist.saved)
    assert {rev for _, rev in rows} == {1}
