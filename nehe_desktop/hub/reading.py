"""Transactions as they came: the very bytes, the chain after them, and what they say where it can be read."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated
from zlib import crc32

import msgspec
from msgspec import Meta

from nehe_desktop.sync.proofs import chained
from nehe_desktop.sync.protocol import Change, Push, Row, Transaction

_Number = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
_Stored = str | _Number | float | bool | None
"""What a laptop's database can hold in a column."""

_Name = Annotated[str, Meta(min_length=1, max_length=64)]
_Table = Annotated[str, Meta(min_length=1, max_length=40)]
_Author = Annotated[str, Meta(max_length=128)]
_Count = Annotated[int, Meta(ge=1, le=5000)]


class _SoundChange(Change):
    t: _Table
    k: _Name
    f: dict[_Name, tuple[_Stored, _Stored]] = msgspec.field(default_factory=dict)


class _Sound(Transaction):
    u: _Author
    c: list[_SoundChange]  # type: ignore[assignment]
    g: _Author = ""
    p: tuple[_Count, _Count] = (1, 1)


class _SoundRow(Row):
    t: _Table
    k: _Name
    v: _Number
    q: _Number
    f: dict[_Name, _Stored] = msgspec.field(default_factory=dict)
    u: _Author = ""


_decode = msgspec.json.Decoder(_Sound).decode
_NOTHING = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")  # a character that no database keeps and nobody types
_SCOPE = re.compile(r"[\w-]{1,64}", re.ASCII).fullmatch


@dataclass(slots=True)
class Came:
    """A transaction: number, the chain after it, its bytes, their mark, and what they say if they can be read."""

    seq: int
    chain: str
    body: bytes
    mark: str
    said: Transaction | None


def came(push: Push) -> list[Came]:
    """The transactions of a push, with the chain by the bytes that came."""
    found, chain = [], push.prev
    for seq, raw in enumerate(push.txs, push.first):
        body = bytes(raw)
        chain = chained(chain, body)
        found.append(read(seq, chain, body))
    return found


def read(seq: int, chain: str, body: bytes) -> Came:
    """A transaction from its bytes."""
    said = _said(body)
    return Came(seq, chain, body, _mark(body, said), said)


def sound(row: Row) -> Row | None:
    """A row that a laptop brings back, without what no database keeps; None where it cannot be kept."""
    try:
        return msgspec.json.decode(_NOTHING.sub(rb"\1", msgspec.json.encode(row)), type=_SoundRow)
    except (msgspec.MsgspecError, ValueError):
        return None


@lru_cache
def is_scope(word: str) -> bool:
    """Whether a word may name a scope."""
    return _SCOPE(word) is not None


def _mark(body: bytes, said: Transaction | None) -> str:
    """What tells a transaction again; those of a village lie together in their order."""
    village = crc32(said.c[0].s.encode()) if said and said.c else 0
    stamp = max(0, min(said.h, 2**63 - 1)) if said else 0
    return f"{village:08x}{stamp:016x}{hashlib.blake2b(body, digest_size=12).hexdigest()}"


def _said(body: bytes) -> Transaction | None:
    try:
        said = _decode(_NOTHING.sub(rb"\1", body) if b"\\u0000" in body else body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    named = all(not each.s or is_scope(each.s) for each in said.c)
    return said if named and said.p[0] <= said.p[1] else None
