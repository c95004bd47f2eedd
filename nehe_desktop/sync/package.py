"""Packages (`.nhpkg`): what a USB stick carries between laptop and hub, sealed to one receiver and signed.

The head, all that anybody can read: `NHPKG`, the version, the receiver's short key id, a throw-away
public key. Under the seal (see `stream`) lies zstd over records of one letter, a length and content:
H the label, M a message, B an attachment, and at the end S the sender's signature over all before it.
A message is JSON: {"kind": name of the message, "body": the message}.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import zstandard
from msgspec import Raw, Struct

from nehe_desktop.core.errors import Refused
from nehe_desktop.sync.admission import Enrolled, Enrolment, Reincarnation
from nehe_desktop.sync.keys import Keys, is_signed
from nehe_desktop.sync.protocol import Refusal, Salvage, SyncReply, SyncRequest, encode
from nehe_desktop.sync.stream import KEY, Damaged, Opener, Sealer

MAGIC = b"NHPKG"
VERSION = 1
MOST = 512 << 20
"""How many bytes a package may unpack to."""

_ID = 8
_HEAD = len(MAGIC) + 1 + _ID + KEY
_LEVEL = 9
_KINDS: dict[str, type[Struct]] = {
    kind.__name__: kind
    for kind in (Enrolment, Reincarnation, Salvage, SyncRequest, Enrolled, SyncReply, Refusal)
}
_BROKEN = "数据包已损坏，打不开，请重新拷贝或者重新生成"


@dataclass(frozen=True)
class Parcel:
    """What one package holds: whose, to whom, when (ms), up or down, messages, attachments by SHA-256."""

    county: str
    sender: str
    receiver: str
    made: int
    kind: str
    messages: tuple[bytes, ...] = ()
    blobs: Mapping[str, bytes] = field(default_factory=dict)


class _Label(Struct):
    county: str
    sender: str
    receiver: str
    made: int
    kind: str


class _Letter(Struct):
    kind: str
    body: Raw


def letter(message: Struct) -> bytes:
    """A message as a package holds it."""
    return encode(_Letter(type(message).__name__, Raw(encode(message))))


def message_of(packed: bytes) -> Any:
    """The message that a package held, of one of the kinds that may travel so; raises Refused."""
    try:
        found = msgspec.json.decode(packed, type=_Letter)
        return msgspec.json.decode(found.body, type=_KINDS[found.kind])
    except (msgspec.MsgspecError, KeyError, ValueError, RecursionError) as error:
        raise Refused("数据包里有看不懂的内容：两边的程序版本可能不一样") from error


def seal(parcel: Parcel, sender: Keys, receiver_seal: str) -> bytes:
    """The package as bytes, for the owner of a public key (base64)."""
    return b"".join(sealing(parcel, sender, receiver_seal))


def sealing(parcel: Parcel, sender: Keys, receiver_seal: str) -> Iterator[bytes]:
    """The package piece by piece; each attachment is asked for when its turn comes."""
    sealer = Sealer(receiver_seal)
    head = MAGIC + bytes([VERSION]) + _key_id(receiver_seal) + sealer.public
    yield head
    yield from sealer.chunks(_compressed(_signed(parcel, sender, head, receiver_seal)), head)


def open_parcel(
    data: bytes,
    receiver: Keys,
    sender_sign: Callable[[str], str | None],
    county: str = "",
    *,
    most: int = 0,
) -> Parcel:
    """What a package holds, whole and proved; raises Refused.

    `sender_sign` knows the public key (base64) of a sender by its name, None for a stranger; who is not
    enrolled yet has neither name nor county and proves itself with the key in its own Enrolment. With
    `county` no other county's package is taken, with `most` none that unpacks to more bytes.
    """
    head = _checked_head(data, receiver)
    try:
        opener = Opener(receiver, head[-KEY:])
        plain = _decompressed(opener.parts(memoryview(data)[_HEAD:], head), most or MOST)
        return _read(plain, head, receiver.seal_public, sender_sign, county)
    except Damaged as error:
        raise Refused(f"数据包在第 {error.number + 1} 段损坏或被改动过，请重新拷贝或者重新生成") from error


def _key_id(seal_public: str) -> bytes:
    return hashlib.blake2b(b64decode(seal_public), digest_size=_ID).digest()


def _checked_head(data: bytes, receiver: Keys) -> bytes:
    head = data[:_HEAD]
    if not data.startswith(MAGIC):
        raise Refused("这不是同步数据包（.nhpkg 文件）")
    if len(head) < _HEAD:
        raise Refused("数据包只有开头几个字节，没有拷完，请重新拷贝")
    if head[len(MAGIC)] != VERSION:
        raise Refused("数据包是更新版本的程序做的，请先升级这台电脑上的程序")
    if head[len(MAGIC) + 1 :][:_ID] != _key_id(receiver.seal_public):
        raise Refused("这个数据包是给别的电脑的，这里打不开")
    return head


# -- writing -------------------------------------------------------------------------------------


def _signed(parcel: Parcel, sender: Keys, head: bytes, receiver_seal: str) -> Iterator[bytes]:
    """Every record, the last one with the signature over the head, the receiver and all others."""
    proof = _proof(head, receiver_seal)
    for each in _records(parcel):
        proof.update(each)
        yield each
    yield _record(b"S", b64decode(sender.signature(proof.digest())))


def _records(parcel: Parcel) -> Iterator[bytes]:
    label = _Label(parcel.county, parcel.sender, parcel.receiver, parcel.made, parcel.kind)
    yield _record(b"H", encode(label))
    for message in parcel.messages:
        yield _record(b"M", message)
    for sha256 in parcel.blobs:
        yield _record(b"B", bytes.fromhex(sha256) + parcel.blobs[sha256])


def _record(letter: bytes, content: bytes) -> bytes:
    return letter + len(content).to_bytes(4, "big") + content


def _compressed(parts: Iterator[bytes]) -> Iterator[bytes]:
    packer = zstandard.ZstdCompressor(level=_LEVEL).compressobj()
    for part in parts:
        yield packer.compress(part)
    yield packer.flush()


def _proof(head: bytes, receiver_seal: str) -> Any:
    return hashlib.sha256(b"nehe parcel " + head + b64decode(receiver_seal))


# -- reading -------------------------------------------------------------------------------------


def _decompressed(parts: Iterator[bytes], most: int) -> bytes:
    """All of it, but never more than so many bytes: a small file may unpack to a huge one."""
    unpacker = zstandard.ZstdDecompressor().decompressobj(read_across_frames=False)
    found = bytearray()
    try:
        for part in parts:
            for at in range(0, len(part), 1 << 10):
                found += unpacker.decompress(part[at : at + (1 << 10)])
                if len(found) > most:
                    raise Refused(f"数据包太大：解开后超过 {most >> 20} MB，不能接收")
    except zstandard.ZstdError as error:
        raise Refused(_BROKEN) from error
    if not unpacker.eof:
        raise Refused(_BROKEN)
    return bytes(found)


def _read(
    plain: bytes, head: bytes, receiver_seal: str, sender_sign: Callable[[str], str | None], county: str
) -> Parcel:
    records = list(_split(plain))
    kinds = [kind for kind, _ in records]
    if len(records) < 2 or kinds[0] != b"H" or kinds[-1] != b"S":
        raise Refused(_BROKEN)
    label = _label(records[0][1])
    if county and label.county != county and (label.county or label.sender):
        raise Refused("这个数据包是别的县的，不能在这里接收")
    messages = tuple(bytes(content) for kind, content in records if kind == b"M")
    public = sender_sign(label.sender)
    if public is None and not label.sender:
        public = _own_key(messages)
    if public is None:
        raise Refused("数据包来自没有登记的电脑，不能接收：请先由县里登记那台电脑")
    proof = _proof(head, receiver_seal)
    proof.update(memoryview(plain)[: -len(records[-1][1]) - 5])
    if not is_signed(public, b64encode(records[-1][1]).decode(), proof.digest()):
        raise Refused("数据包的签名不对：它不是由所写的那台电脑做的，不能接收")
    blobs = dict(_blob(content) for kind, content in records if kind == b"B")
    return Parcel(label.county, label.sender, label.receiver, label.made, label.kind, messages, blobs)


def _label(content: memoryview) -> _Label:
    try:
        return msgspec.json.decode(content, type=_Label)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Refused(_BROKEN) from error


def _split(plain: bytes) -> Iterator[tuple[bytes, memoryview]]:
    at, view = 0, memoryview(plain)
    while at < len(plain):
        end = at + 5 + int.from_bytes(view[at + 1 : at + 5], "big")
        if end > len(plain):
            raise Refused(_BROKEN)
        yield bytes(view[at : at + 1]), view[at + 5 : end]
        at = end


def _blob(content: memoryview) -> tuple[str, bytes]:
    name, held = bytes(content[:32]).hex(), bytes(content[32:])
    if hashlib.sha256(held).hexdigest() != name:
        raise Refused("数据包里有一个附件的内容和它的编号不符，不能接收")
    return name, held


def _own_key(messages: tuple[bytes, ...]) -> str | None:
    """The key in the Enrolment of a sender that has no name yet."""
    found = (message_of(each) for each in messages)
    return next((each.sign_key for each in found if isinstance(each, Enrolment)), None)
