"""Messages as they travel: JSON by msgspec, packed with zstd.

Small ones are packed with a dictionary, resources/sync.dict (made by resources/build_sync_dictionary.py):
it knows the names of tables and fields, so that one change is half as long. Its number stands in the
frame; who does not know the number raises UnknownDictionary, and the sender packs again without it.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec
import zstandard
from zstandard import ZstdCompressionDict, ZstdCompressor, ZstdDecompressor

from nehe_desktop.sync.protocol import encode

T = TypeVar("T")

TYPE = "application/vnd.nehe.sync+zstd"
"""The media type of a packed message."""

MOST = 64 << 20
"""How many bytes a message may unpack to; a larger one is refused before it is unpacked."""

SMALL = 64 << 10
"""Bytes of JSON up to which the dictionary pays."""

_DICTIONARY = Path(__file__).parents[2] / "resources" / "sync.dict"
_LEVEL, _LARGE_LEVEL = (
    9,
    6,
)  # of a large message the higher level gains little and costs the hub twice the time


class Unreadable(ValueError):
    """A message that is damaged, too large or of another shape."""


class UnknownDictionary(Unreadable):
    """A message packed with a dictionary that this program does not have."""


def pack(message: msgspec.Struct, *, dictionary: bool = True) -> bytes:
    """A message as it travels."""
    return packed(encode(message), dictionary=dictionary)


def packed(data: bytes, *, dictionary: bool = True) -> bytes:
    """Bytes as they travel."""
    tools = _tools()
    if len(data) > SMALL:
        return tools.large.compress(data)
    return (tools.small if dictionary else tools.plain).compress(data)


def unpack(body: bytes, kind: type[T], most: int = MOST) -> T:
    """The message of a body; raises Unreadable."""
    data = unpacked(body, most)
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error


def unpacked(body: bytes, most: int = MOST) -> bytes:
    """The bytes of a body, at most `most`; raises Unreadable."""
    try:
        frame = zstandard.get_frame_parameters(body)
        if frame.dict_id not in (0, number()):
            raise UnknownDictionary(f"dictionary {frame.dict_id}")
        if frame.content_size > most and frame.content_size != zstandard.CONTENTSIZE_UNKNOWN:
            raise Unreadable("too large")
        tools = _tools()
        reader = tools.knowing if frame.dict_id else tools.unpacker
        data = reader.decompress(body, max_output_size=most + 1, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Unreadable("not a packed message") from error
    if len(data) > most:
        raise Unreadable("too large")
    return data


def uses_dictionary(body: bytes) -> bool:
    """Whether a body was packed with our dictionary: then whoever sent it can read an answer that is."""
    try:
        return zstandard.get_frame_parameters(body).dict_id == number()
    except zstandard.ZstdError:
        return False


def number() -> int:
    """The number of our dictionary."""
    return _dictionary().dict_id()


class _Tools(threading.local):
    """What packs and unpacks, made once a thread, for it is not made for two at a time."""

    def __init__(self) -> None:
        known = _dictionary()
        self.small, self.plain = ZstdCompressor(_LEVEL, dict_data=known), ZstdCompressor(_LEVEL)
        self.large = ZstdCompressor(_LARGE_LEVEL)
        self.knowing, self.unpacker = ZstdDecompressor(dict_data=known), ZstdDecompressor()


@lru_cache(maxsize=1)
def _tools() -> _Tools:
    return _Tools()


@lru_cache(maxsize=1)
def _dictionary() -> ZstdCompressionDict:
    found = ZstdCompressionDict(_DICTIONARY.read_bytes())
    found.precompute_compress(level=_LEVEL)
    return found
