"""Keys of devices and of the hub: Ed25519 signs (RFC 8032), X25519 seals; all of them base64 text."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


@dataclass(frozen=True, repr=False)
class Keys:
    """The private halves of one device or hub; they never show themselves in a log or a message."""

    sign: str
    seal: str

    def __repr__(self) -> str:
        return "Keys(…)"

    @property
    def sign_public(self) -> str:
        """What others check signatures with."""
        return _text(Ed25519PrivateKey.from_private_bytes(b64decode(self.sign)).public_key().public_bytes_raw())

    @property
    def seal_public(self) -> str:
        """What others seal packages to."""
        return _text(X25519PrivateKey.from_private_bytes(b64decode(self.seal)).public_key().public_bytes_raw())

    def signature(self, words: bytes) -> str:
        """The signature of some words."""
        return _text(Ed25519PrivateKey.from_private_bytes(b64decode(self.sign)).sign(words))


def new_keys() -> Keys:
    """Fresh random keys."""
    return Keys(
        _text(Ed25519PrivateKey.generate().private_bytes_raw()),
        _text(X25519PrivateKey.generate().private_bytes_raw()),
    )


def is_signed(public: str, signature: str, words: bytes) -> bool:
    """Whether the owner of a public half signed the words; also false for what is no key or signature."""
    try:
        Ed25519PublicKey.from_public_bytes(b64decode(public)).verify(b64decode(signature), words)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")
