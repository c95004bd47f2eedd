"""The way to the hub, loaded when it is first needed: the network's library costs a tenth of a second."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol

from nehe_desktop.core.store import Store
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.transport import Transport


class Way(Protocol):
    """What connects an account to its hub, and finds the hub of an invitation."""

    def __call__(self, account: Account) -> Transport:
        """A connection."""
        ...

    def give(self, code: str) -> None:
        """Takes the six digits of a phone for the next connection."""
        ...

    def reach(self, url: str, fingerprint: str) -> tuple[str, Transport]:
        """The hub's authority (PEM) and a way to it."""
        ...


class Network:
    """Connects an account to its hub, and finds the hub of an invitation. For workers."""

    def __init__(self, store: Store | None = None) -> None:
        """`store` is the laptop's own: its token is kept there for the next start."""
        self._store = store
        self._connector: Any = None

    def __call__(self, account: Account) -> Transport:
        """A connection that keeps its tokens from one to the next."""
        made: Transport = self._made()(account)
        return made

    def give(self, code: str) -> None:
        """Takes the six digits of a phone for the next connection."""
        self._made().give(code)

    def _made(self) -> Any:
        if self._connector is None:
            self._connector = import_module("nehe_desktop.sync.http").Connector(self._store)
        return self._connector

    def reach(self, url: str, fingerprint: str) -> tuple[str, Transport]:
        """The hub's authority, if it is the one of the invitation, and a way to it."""
        found: tuple[str, Transport] = import_module("nehe_desktop.sync.http").first_contact(url, fingerprint)
        return found
