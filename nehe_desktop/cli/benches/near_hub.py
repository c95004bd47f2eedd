"""A hub in the same process, and a way to it without a network: every message is packed and unpacked all the same."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from nehe_desktop.core.record import LEDGERS
from nehe_desktop.hub import devices, escrow
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import open_store
from nehe_desktop.sync import wire
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.admission import Deposit, Enrolment
from nehe_desktop.sync.invitation import Invitation
from nehe_desktop.sync.keys import new_keys
from nehe_desktop.sync.protocol import Salvage, SyncRequest
from nehe_desktop.sync.rules import rules_of
from nehe_desktop.sync.transport import Hello

T = TypeVar("T")
COUNTY = "230281"
_HOUR = 3_600_000  # milliseconds


class NearHub:
    """A hub on an encrypted file with the rules of every declared ledger."""

    def __init__(self, file: Path, key: bytes) -> None:
        self.store, self._keys = open_store(str(file), key), new_keys()
        self.hub = Hub(self.store, COUNTY, rules_of(LEDGERS.values()))
        devices.introduce(self.store, COUNTY, self._keys)

    def invitation(self, name: str, *scopes: str) -> Invitation:
        """One code for one laptop."""
        code = devices.invite(self.store, COUNTY, name, scopes, self.hub.wall() + _HOUR)
        return Invitation("https://near", "0" * 64, code, self._keys.sign_public, self._keys.seal_public)

    def reach(self, _url: str, _fingerprint: str) -> tuple[str, Near]:
        """What a laptop that joins needs of a network."""
        return "", Near(self, "")

    def connect(self, account: Account) -> Near:
        """A laptop's way here."""
        return Near(self, account.dev)


class Near:
    """A way to a hub in the same process."""

    def __init__(self, near: NearHub, dev: str) -> None:
        self._near, self._hub, self._dev = near, near.hub, dev

    def hello(self) -> Hello:
        """The hub's clock, epoch and county."""
        return Hello(self._hub.wall(), self._hub.epoch, COUNTY)

    def call(self, path: str, message: msgspec.Struct, answer: type[T]) -> T:
        """The answer to a message; raises Denied."""
        body = wire.pack(message)
        if path == "/v1/enroll":
            asked = wire.unpack(body, Enrolment)
            told = wire.pack(devices.enrol(self._near.store, COUNTY, asked, self._hub.wall))
        elif path == "/v1/escrow":
            told = wire.pack(escrow.keep(self._near.store, COUNTY, wire.unpack(body, Deposit), self._hub.wall()))
        elif path == "/v1/salvage":
            self._hub.salvage(self._dev, wire.unpack(body, Salvage))
            told = wire.packed(b"{}")
        else:
            told = wire.pack(self._hub.sync(self._dev, wire.unpack(body, SyncRequest)))
        return wire.unpack(told, answer)

    def fetch(self, path: str, start: int, count: int) -> bytes:
        """Part of a snapshot or of an attachment."""
        kind, name = path.removeprefix("/v1/").split("/")
        if kind == "blob":
            return self._hub.fetch_blob(self._dev, name, start, count)
        scope, _, at = name.partition("@")
        return self._hub.snapshot(self._dev, scope, int(at), start, count)

    def have(self, sha256: str) -> int:
        """How many bytes of an attachment the hub holds."""
        return self._hub.have(self._dev, sha256)

    def put(self, sha256: str, start: int, size: int, content: bytes) -> int:
        """Adds to an attachment."""
        return self._hub.put(self._dev, sha256, start, size, content)

    def close(self) -> None:
        """Nothing to end."""
