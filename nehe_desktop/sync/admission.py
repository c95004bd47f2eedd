"""Messages by which a device is let in: enrolment, tokens, and a name of its own for a double."""

from __future__ import annotations

import hashlib
from base64 import b64decode

from msgspec import Struct


class Enrolment(Struct, omit_defaults=True):
    """A new device: the one-time code, its name for people, its public keys (Ed25519 and X25519, base64)."""

    code: str
    name: str
    sign_key: str
    seal_key: str
    app: str = ""
    lost: str = ""


class Enrolled(Struct):
    """What a new device is told: its name for the hub and for people, county, scopes, the hub's public keys (base64)."""

    dev: str
    county: str
    epoch: str
    scopes: list[str]
    sign_key: str
    seal_key: str
    now: int
    name: str = ""


class Reincarnation(Struct):
    """A device that met its own double asks for a name of its own: old name, new keys, signed by the old key."""

    dev: str
    sign_key: str
    seal_key: str
    now: int
    sig: str


class TokenRequest(Struct, omit_defaults=True):
    """First without, then with the nonce that the hub gave, signed by the device's key; `code` is the phone's."""

    dev: str
    nonce: str = ""
    sig: str = ""
    code: str = ""


class Token(Struct, omit_defaults=True):
    """A nonce to sign, or a bearer token and when it ends (seconds since 1970)."""

    nonce: str = ""
    token: str = ""
    until: int = 0


class RecoveryKey(Struct):
    """The public half (X25519, base64) that laptops seal their keys to, when it was made (ms), the hub's signature."""

    public: str
    made: int
    sig: str

    def words(self, county: str) -> bytes:
        """What the hub signs."""
        return f"nehe recovery key {county} {self.public} {self.made}".encode()


def short_name(public: str) -> str:
    """Sixteen hex digits that tell recovery keys apart, by the public half (base64)."""
    return hashlib.sha256(b"nehe recovery key " + b64decode(public)).hexdigest()[:16]


class Deposit(Struct, omit_defaults=True):
    """The key of a laptop's file for the county: its fingerprint, and the envelope that only the county opens.

    `to` names the recovery key that it is sealed to; empty is the hub's own sealing key.
    """

    dev: str
    fingerprint: str
    sealed: dict[str, str]
    to: str = ""


class Deposited(Struct, omit_defaults=True):
    """When the hub took it (ms), and what it took: the fingerprint and the key that it is sealed to."""

    at: int
    fingerprint: str = ""
    to: str = ""
