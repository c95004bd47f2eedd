"""What carries messages between laptop and hub: a network, a test, or the hub in the same process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import msgspec

from nehe_desktop.core.errors import Trouble
from nehe_desktop.sync.protocol import Refusal

T = TypeVar("T")

PIECE = 4 << 20
"""How many bytes of a file travel in one answer at most."""


class Denied(Exception):
    """The hub did not do what was asked: HTTP status, why, and after how many seconds to try again."""

    def __init__(self, status: int, refusal: Refusal, after: float = 0) -> None:
        super().__init__(f"{status} {refusal.error}")
        self.status, self.refusal, self.after = status, refusal, after


class Unreachable(Trouble):
    """No answer came; what was sent may have arrived or not."""


@dataclass(frozen=True)
class Hello:
    """What the hub says without being asked for anything: its clock (ms), epoch and county."""

    now: int
    epoch: str
    county: str


def authority_words(certificate: str) -> bytes:
    """What the hub signs of its authority's certificate (PEM), for laptops that joined without a network."""
    return b"nehe authority " + certificate.encode()


class Transport(Protocol):
    """One way to the hub. Every call may raise Denied or Unreachable."""

    def hello(self) -> Hello:
        """Whether somebody answers."""
        ...

    def call(self, path: str, message: msgspec.Struct, answer: type[T]) -> T:
        """Posts a message, such as to /v1/sync, and gives the answer."""
        ...

    def fetch(self, path: str, start: int, count: int) -> bytes:
        """Part of a file, at most `count` bytes from `start`; fewer only at its end."""
        ...

    def have(self, sha256: str) -> int:
        """How many bytes of an attachment the hub holds; -1 where it does not want it."""
        ...

    def put(self, sha256: str, start: int, size: int, content: bytes) -> int:
        """Adds to an attachment of `size` bytes; how many the hub holds then."""
        ...

    def close(self) -> None:
        """Ends the connection."""
        ...
