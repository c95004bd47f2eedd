"""Messages as they travel: JSON by msgspec, packed with zstd."""

from __future__ import annotations

from typing import TypeVar

import msgspec
import zstandard

from nehe_desktop.sync.protocol import encode

T = TypeVar("T")

TYPE = "application/vnd.nehe.sync+zstd"
"""The media type of a packed message."""

MOST = 64 << 20
"""How many bytes a message may unpack to; a larger one is refused before it is unpacked."""

_LEVEL = 9


class Unreadable(ValueError):
    """A message that is damaged, too large or of another shape."""


def pack(message: msgspec.Struct) -> bytes:
    """A message as it travels."""
    return packed(encode(message))


def packed(data: bytes) -> bytes:
    """Bytes as they travel."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(data)


def unpack(body: bytes, kind: type[T], most: int = MOST) -> T:
    """The message of a body; raises Unreadable."""
    try:
        return msgspec.json.decode(unpacked(body, most), type=kind)
    except msgspec.MsgspecError as error:
        raise Unreadable(str(error)) from error


def unpacked(body: bytes, most: int = MOST) -> bytes:
    """The bytes of a body, at most `most`; raises Unreadable."""
    try:
        with zstandard.ZstdDecompressor().stream_reader(body) as reader:
            data = reader.read(most + 1)
    except zstandard.ZstdError as error:
        raise Unreadable("not a packed message") from error
    if len(data) > most:
        raise Unreadable("too large")
    return data
