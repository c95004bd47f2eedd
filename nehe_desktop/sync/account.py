"""What a laptop knows of its hub since it was enrolled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from nehe_desktop.sync.keys import Keys


@dataclass(frozen=True)
class Account:
    """Where the hub is and who this laptop is to it.

    `ca` is the hub's certificate authority as PEM ("" for a hub without TLS, in tests); `name` is the
    laptop's name for people; the hub's keys are public halves (base64).
    """

    url: str
    ca: str
    county: str
    dev: str
    name: str
    keys: Keys
    hub_sign: str
    hub_seal: str

    def reborn(self, dev: str, keys: Keys) -> Self:
        """The account of a laptop that was given a name of its own anew."""
        return replace(self, dev=dev, keys=keys)
