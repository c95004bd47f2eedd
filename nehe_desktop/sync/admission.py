"""Messages by which a device is let in: enrolment, tokens, and a name of its own for a double."""

from __future__ import annotations

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


class Deposit(Struct):
    """The key of a laptop's file for the county: its fingerprint, and the envelope that only the hub opens."""

    dev: str
    fingerprint: str
    sealed: dict[str, str]


class Deposited(Struct):
    """When the hub took it (ms)."""

    at: int
