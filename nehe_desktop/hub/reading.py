"""Transactions as they came: the very bytes, the chain after them, and what they say where it can be read."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from nehe_desktop.sync.proofs import chained
from nehe_desktop.sync.protocol import Change, Push, Transaction

_Stored = str | Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | float | bool | None
"""What a laptop's database can hold in a column."""


class _SoundChange(Change):
    f: dict[str, tuple[_Stored, _Stored]] = msgspec.field(default_factory=dict)


class _Sound(Transaction):
    c: list[_SoundChange]  # type: ignore[assignment]


_decode = msgspec.json.Decoder(_Sound).decode
_SCOPE = re.compile(r"[\w-]{0,64}", re.ASCII).fullmatch
_TABLE, _KEY, _AUTHOR = 40, 64, 128  # characters at most


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
    stamp = max(0, min(said.h, 2**63 - 1)) if said else 0
    mark = f"{stamp:016x}{hashlib.blake2b(body, digest_size=12).hexdigest()}"
    return Came(seq, chain, body, mark, said)


def _said(body: bytes) -> Transaction | None:
    try:
        said = _decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return None
    if len(said.u) > _AUTHOR or len(said.g) > _AUTHOR or not 1 <= said.p[0] <= said.p[1]:
        return None
    if not all(0 < len(each.t) <= _TABLE and 0 < len(each.k) <= _KEY and _SCOPE(each.s) for each in said.c):
        return None
    if b"\\u0000" in body and "\0" in "".join([said.u, said.g, *(each.t + each.k for each in said.c)]):
        return None
    return said
