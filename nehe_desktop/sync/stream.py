"""A seal for streams: chunks that only one key opens, in their order and to their end (STREAM, Hoang et al. 2015).

Each file has a key of its own: X25519 of a throw-away key and the receiver's, HKDF-SHA256 over both.
A chunk is AES-256-GCM; its nonce is its number and whether it is the last; the head is authenticated with it.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from nehe_desktop.core.errors import Refused
from nehe_desktop.sync.keys import Keys

CHUNK = 64 << 10
"""Bytes of a chunk before it is sealed; only the last is shorter."""

KEY = 32
"""Bytes of a public key."""

_TAG = 16
_INFO = b"nehe parcel 1"


class Damaged(Exception):
    """A chunk that does not open: its number from 0."""

    def __init__(self, number: int) -> None:
        super().__init__(f"chunk {number}")
        self.number = number


class Sealer:
    """Seals one stream to the owner of a public key (base64); `public` must travel with it."""

    def __init__(self, receiver_seal: str) -> None:
        receiver, own = _public(b64decode(receiver_seal)), X25519PrivateKey.generate()
        self.public = own.public_key().public_bytes_raw()
        self._cipher = _cipher(own.exchange(receiver), self.public, receiver.public_bytes_raw())

    def chunks(self, parts: Iterable[bytes], head: bytes) -> Iterator[bytes]:
        """The parts as sealed chunks; the last one says that it is the last."""
        held, number = bytearray(), 0
        for part in parts:
            held += part
            while len(held) > CHUNK:
                yield self._cipher.encrypt(_nonce(number, last=False), bytes(held[:CHUNK]), head)
                del held[:CHUNK]
                number += 1
        yield self._cipher.encrypt(_nonce(number, last=True), bytes(held), head)


class Opener:
    """Opens what was sealed to the owner of these keys."""

    def __init__(self, receiver: Keys, public: bytes) -> None:
        own = X25519PrivateKey.from_private_bytes(b64decode(receiver.seal))
        try:
            secret = own.exchange(_public(public))
        except ValueError as error:  # a point of small order
            raise Damaged(0) from error
        self._cipher = _cipher(secret, public, own.public_key().public_bytes_raw())

    def parts(self, body: memoryview, head: bytes) -> Iterator[bytes]:
        """What the chunks held, each as soon as it has been proved; raises Damaged or Refused."""
        pieces = [body[at : at + CHUNK + _TAG] for at in range(0, len(body), CHUNK + _TAG)] or [body]
        for number, piece in enumerate(pieces):
            last = number == len(pieces) - 1
            opened = self._open(piece, number, head, last=last)
            if opened is None:
                raise self._reason(piece, number, head, len(pieces))
            yield opened

    def _open(self, piece: memoryview, number: int, head: bytes, *, last: bool) -> bytes | None:
        try:
            return self._cipher.decrypt(_nonce(number, last=last), piece, head)
        except InvalidTag:
            return None

    def _reason(self, piece: memoryview, number: int, head: bytes, count: int) -> Exception:
        """Why a chunk does not open: it stands elsewhere, the rest is missing, more follows, or damage."""
        last = number == count - 1
        if self._open(piece, number, head, last=not last) is not None:
            cut, longer = "数据包不完整：后半截没有拷过来，请重新拷贝", "数据包后面多出了别的内容，请重新拷贝"
            return Refused(cut if last else longer)
        places = ((other, end) for other in range(count + 1) for end in (False, True))
        if any(self._open(piece, other, head, last=end) is not None for other, end in places):
            return Refused("数据包里的内容次序被打乱或者缺了一段，请重新拷贝")
        if last:
            return Refused("数据包的最后一段损坏或没有拷完：请重新拷贝，等拷完再拔U盘")
        return Damaged(number)


def _public(raw: bytes) -> X25519PublicKey:
    return X25519PublicKey.from_public_bytes(raw)


def _cipher(secret: bytes, public: bytes, receiver: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, public + receiver, _INFO).derive(secret))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
