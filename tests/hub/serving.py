"""A hub on a real TLS socket of this computer, in a thread of its own: quick to start, and all of it at hand."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nehe_desktop.hub import certificates, devices, escrow
from nehe_desktop.hub.certificates import Certified
from nehe_desktop.hub.limits import Limits
from nehe_desktop.hub.recovery_keys import RecoveryKeys
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.serving import listening, server, tls
from nehe_desktop.hub.store import HubStore, open_store
from nehe_desktop.hub.web import Site
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.admission import Enrolled, Enrolment
from nehe_desktop.sync.http import HttpTransport, first_contact
from nehe_desktop.sync.invitation import Invitation
from nehe_desktop.sync.keys import Keys, new_keys
from nehe_desktop.sync.protocol import Pull, Push, SyncReply, SyncRequest
from nehe_desktop.sync.rules import Rules
from tests.hub.laptops import Laptop

COUNTY = "230281"
KEY = bytes(range(32))
WEEK = 7 * 86_400_000
TOKEN = "metrics-of-the-test"


def now_ms() -> int:
    """This computer's time in milliseconds."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class ServedHub:
    """A hub that answers at `url`; `authority` has its certificate and key."""

    url: str
    hub: Hub
    keys: Keys
    authority: Certified
    site: Site
    recovery: RecoveryKeys
    opened: list[HttpTransport] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the authority's certificate, as invitations carry it."""
        return certificates.fingerprint(self.authority.certificate)

    def invite(self, name: str, *scopes: str, until: int = 0) -> Invitation:
        """An invitation for a laptop that shall hold these scopes (`*` for all)."""
        code = devices.invite(self.hub.store, COUNTY, name, scopes, until or self.site.wall() + WEEK)
        return Invitation(self.url, self.fingerprint, code, self.keys.sign_public, self.keys.seal_public)

    def enrol(self, name: str, *scopes: str) -> Account:
        """A laptop that has joined, the way a laptop does."""
        return joined(self.invite(name, *scopes), name)

    def connect(self, account: Account, timeout: float = 20.0) -> HttpTransport:
        """A way to the hub for a laptop; closed at the end of the test."""
        transport = HttpTransport(account, timeout=timeout)
        self.opened.append(transport)
        return transport


def trust(hub: ServedHub) -> ssl.SSLContext:
    """Trust in the hub's authority, for somebody who is no laptop."""
    return ssl.create_default_context(cadata=hub.authority.certificate)


def joined(invitation: Invitation, name: str, keys: Keys | None = None) -> Account:
    """The account of a laptop that takes up an invitation; raises Denied and Unreachable."""
    keys = keys or new_keys()
    ca, transport = first_contact(invitation.url, invitation.fingerprint)
    try:
        asked = Enrolment(invitation.code, name, keys.sign_public, keys.seal_public)
        told = transport.call("/v1/enroll", asked, Enrolled)
    finally:
        transport.close()
    return Account(invitation.url, ca, told.county, told.dev, name, keys, told.sign_key, told.seal_key)


@contextmanager
def served(
    folder: Path,
    rules: Rules,
    *,
    store: HubStore | None = None,
    wall: Callable[[], int] = now_ms,
    limits: Limits | None = None,
    hosts: Sequence[str] = (),
    otp_for_county: bool = False,
) -> Iterator[ServedHub]:
    """A hub whose files lie in a folder (or in another store), answering as long as the block lasts.

    Its county laptops need no code of a phone, which nobody has in most tests.
    """
    now, keys = datetime.now(UTC), new_keys()
    authority = certificates.new_authority("试验县", now)
    shown = certificates.new_server(authority, hosts, now)
    for name, content in (("server.pem", shown.certificate), ("server.key", shown.key)):
        (folder / name).write_text(content, "ascii")
    opened = store or open_store(str(folder / "hub.nhdb"), KEY)
    devices.introduce(opened, COUNTY, keys)
    recovery = RecoveryKeys().begun(wall())
    escrow.introduce(opened, COUNTY, keys, recovery)
    hub = Hub(opened, COUNTY, rules, wall)
    site = Site(hub, keys, authority.certificate, TOKEN, wall, limits or Limits(), otp_for_county=otp_for_county)
    with answering(site, folder) as port:
        yield (made := ServedHub(f"https://127.0.0.1:{port}", hub, keys, authority, site, recovery))
        for transport in made.opened:
            transport.close()
    site.pool.shutdown()
    opened.close()


@contextmanager
def answering(site: Site, folder: Path, port: int = 0, host: str = "127.0.0.1") -> Iterator[int]:
    """The port at which a site answers, in a thread, with the certificate in a folder."""
    taken, ready = listening(host, port), threading.Event()
    running = server(site, tls(folder / "server.pem", folder / "server.key"), ready.set)
    thread = threading.Thread(target=running.run, args=([taken],), name="hub", daemon=True)
    thread.start()
    try:
        if not ready.wait(30):
            raise TimeoutError("hub")
        yield int(taken.getsockname()[1])
    finally:
        running.should_exit = True
        thread.join(60)


@dataclass
class WiredLaptop(Laptop):
    """A laptop whose every request goes over the network."""

    account: Account | None = None
    way: HttpTransport | None = None

    def ask(self, push: Push | None = None, pull: Pull | None = None, **more: Any) -> SyncReply:
        """One request as it is; raises Denied and Unreachable."""
        more = {"now": self.hub.wall(), "epoch": self.epoch or self.hub.epoch, **more}
        assert self.way is not None
        return self.way.call("/v1/sync", SyncRequest(self.dev, push=push, pull=pull, **more), SyncReply)


def wired(hub: ServedHub, name: str, *scopes: str) -> WiredLaptop:
    """A laptop that has joined over the network."""
    account = hub.enrol(name, *scopes)
    return WiredLaptop(hub.hub, account.dev, account.keys, name, account=account, way=hub.connect(account))
