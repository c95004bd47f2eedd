"""Envelopes around the database key: Argon2id + AES-GCM for a PIN, X25519 for a holder's public half.

Every holder (a person, the recovery code) owns a key pair. The private half is locked by the PIN or
code; the database key is sealed to the public half. So the key can be changed for everybody without
asking each for a PIN.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32

Envelope = dict[str, Any]


class Key(bytes):
    """A secret of 32 bytes that never shows itself in a log, a message or a crash report."""

    def __repr__(self) -> str:
        return "Key(…)"

    __str__ = __repr__


@dataclass(frozen=True)
class Cost:
    """Argon2id parameters (RFC 9106): KiB of memory, passes, lanes; about 0.4 s on two old cores."""

    memory: int = 131_072
    passes: int = 3
    lanes: int = 2


def new_key() -> Key:
    """A random 256-bit key."""
    return Key(secrets.token_bytes(KEY_BYTES))


def new_pair() -> tuple[Key, bytes]:
    """A fresh private and public half."""
    private = X25519PrivateKey.generate()
    return Key(private.private_bytes_raw()), private.public_key().public_bytes_raw()


def lock(secret: Key, pin: str, about: str, cost: Cost) -> Envelope:
    """`secret` locked by a PIN, bound to `about`; the cost is kept beside it."""
    salt = secrets.token_bytes(16)
    box = _encrypted(_stretched(pin, salt, cost), secret, about)
    return {"kdf": "argon2id", **asdict(cost), "salt": text_of(salt), **box}


def unlocked(envelope: Envelope, pin: str, about: str) -> Key | None:
    """The secret of `lock`, or None for a wrong PIN."""
    cost = Cost(envelope["memory"], envelope["passes"], envelope["lanes"])
    return _decrypted(_stretched(pin, bytes_of(envelope["salt"]), cost), envelope, about)


def seal(secret: Key, public: bytes, about: str) -> Envelope:
    """`secret` that only the owner of the private half can read."""
    once = X25519PrivateKey.generate()
    sender = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return {"sender": text_of(sender), **_encrypted(_derived(shared, sender + public, about), secret, about)}


def unsealed(envelope: Envelope, private: Key, about: str) -> Key | None:
    """The secret of `seal`, or None when the private half is another one."""
    own = X25519PrivateKey.from_private_bytes(private)
    sender = bytes_of(envelope["sender"])
    shared = own.exchange(X25519PublicKey.from_public_bytes(sender))
    return _decrypted(_derived(shared, sender + own.public_key().public_bytes_raw(), about), envelope, about)


def wrap(secret: Key, key: Key, about: str) -> Envelope:
    """`secret` that only who has another key can read."""
    salt = secrets.token_bytes(16)
    return {"salt": text_of(salt), **_encrypted(_derived(key, salt, about), secret, about)}


def unwrapped(envelope: Envelope, key: Key, about: str) -> Key | None:
    """The secret of `wrap`, or None for another key."""
    return _decrypted(_derived(key, bytes_of(envelope["salt"]), about), envelope, about)


def fingerprint(key: bytes) -> str:
    """Sixteen hex digits that tell keys apart and tell nothing about them."""
    return hmac.new(key, b"nehe key fingerprint", hashlib.sha256).hexdigest()[:16]


def voucher(key: bytes, name: str, public: bytes) -> str:
    """Proof that a holder's public half was entered by somebody who had the key."""
    return hmac.new(key, b"nehe holder\0" + name.encode() + b"\0" + public, hashlib.sha256).hexdigest()


def text_of(data: bytes) -> str:
    """Bytes as the vault file writes them."""
    return b64encode(data).decode("ascii")


def bytes_of(text: str) -> bytes:
    """The bytes of `text_of`."""
    return b64decode(text, validate=True)


def _stretched(pin: str, salt: bytes, cost: Cost) -> bytes:
    stretch = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
    )
    return stretch.derive(pin.encode())


def _derived(shared: bytes, salt: bytes, about: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=about.encode()).derive(shared)


def _encrypted(key: bytes, secret: bytes, about: str) -> Envelope:
    nonce = secrets.token_bytes(12)
    return {"nonce": text_of(nonce), "box": text_of(AESGCM(key).encrypt(nonce, secret, about.encode()))}


def _decrypted(key: bytes, envelope: Envelope, about: str) -> Key | None:
    nonce, box = bytes_of(envelope["nonce"]), bytes_of(envelope["box"])
    try:
        return Key(AESGCM(key).decrypt(nonce, box, about.encode()))
    except InvalidTag:
        return None
