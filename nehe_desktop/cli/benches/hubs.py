"""A hub to measure: a process of its own on this computer, over TLS, with laptops that have joined."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nehe_desktop.core.errors import Trouble
from nehe_desktop.features import ledgers
from nehe_desktop.hub import certificates, devices
from nehe_desktop.hub.folder import HubFolder, Settings, initialise
from nehe_desktop.hub.service import Hub
from nehe_desktop.security.envelope import Cost
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.admission import Enrolled, Enrolment
from nehe_desktop.sync.http import first_contact
from nehe_desktop.sync.invitation import Invitation
from nehe_desktop.sync.keys import new_keys
from nehe_desktop.sync.rules import rules_of

COUNTY = "230281"
_HOUR = 3_600_000  # milliseconds
_ROOT = Path(__file__).parents[3]
_LONGEST = 60  # seconds that a hub may take to start or to stop


@dataclass(frozen=True)
class RunningHub:
    """Where it answers, and the invitations that were made before it started."""

    port: int
    process: subprocess.Popen[str]
    invitations: Sequence[Invitation]

    def join(self, number: int, port: int = 0) -> Account:
        """A laptop that takes up one of the invitations, perhaps by another port that leads here."""
        invitation, keys = self.invitations[number], new_keys()
        url = f"https://127.0.0.1:{port or self.port}"
        ca, transport = first_contact(url, invitation.fingerprint)
        asked = Enrolment(invitation.code, f"{number} 号", keys.sign_public, keys.seal_public)
        told = transport.call("/v1/enroll", asked, Enrolled)
        transport.close()
        return Account(url, ca, told.county, told.dev, asked.name, keys, told.sign_key, told.seal_key)


@contextmanager
def running_hub(folder: Path, scopes: Sequence[Sequence[str]], database: str = "") -> Iterator[RunningHub]:
    """A hub until the block ends; `scopes` has for each laptop to come what it may hold."""
    here = HubFolder(folder)
    if here.is_new:
        settings = Settings(COUNTY, "测速", ("127.0.0.1",), _free_port())
        initialise(here, settings, datetime.now().astimezone(), Cost(memory=8, passes=1, lanes=1))
        here.move_to(database)
    invitations = _invitations(here, scopes)
    command = [sys.executable, "main.py", "hub", "serve", "--folder", str(folder), "--host", "127.0.0.1"]
    with subprocess.Popen(
        command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    ) as process:
        try:
            _wait(process)
            yield RunningHub(here.settings().port, process, invitations)
        finally:
            process.terminate()
            process.wait(_LONGEST)


def _invitations(here: HubFolder, scopes: Sequence[Sequence[str]]) -> list[Invitation]:
    store, keys, settings = here.open(), here.keys(), here.settings()
    try:
        devices.introduce(store, COUNTY, keys)
        hub = Hub(store, COUNTY, rules_of(ledgers.ALL))
        fingerprint = certificates.fingerprint(here.authority().certificate)
        blank = Invitation(settings.url, fingerprint, "", keys.sign_public, keys.seal_public)
        codes = (devices.invite(store, COUNTY, "", each, hub.wall() + _HOUR) for each in scopes)
        return [replace(blank, code=code) for code in codes]
    finally:
        store.close()


def _wait(process: subprocess.Popen[str]) -> None:
    """Returns when it takes connections; whatever it prints later is read and dropped."""
    for line in process.stdout or ():
        if "已启动" in line:
            return
    raise Trouble("测速用的同步服务没有启动起来")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
