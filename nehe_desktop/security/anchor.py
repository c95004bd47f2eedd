"""The anchor of a log: how far each chain had come, kept beside the encrypted file and not in it.

A file that was put back to an earlier state, or whose last entries were cut off, no longer agrees with it. Two slots
are written in turn and in place, so that a power cut damages one of them at most; the seal is made with a secret that
only the encrypted file holds, so nobody without its key writes an anchor. It costs no waiting for the disk: what a
power cut takes back is older than the log, and an older anchor accuses nobody.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_SLOT = 2048  # bytes
_MOST = 8  # names of one laptop that are kept
_OPEN = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)


class Tail(NamedTuple):
    """The last entry of a chain: its number and its mark."""

    number: int
    mark: str


Tails = Mapping[str, Tail]
"""The last entry by the laptop's name in the log."""


def path_beside(file: Path) -> Path:
    """Where the anchor of an encrypted file lies."""
    return file.with_suffix(".anchor")


def new_secret() -> str:
    """What the seals of one file are made with."""
    return secrets.token_hex(32)


class Written(NamedTuple):
    """What stands in an anchor: how often it was written, and the tails."""

    turn: int
    tails: Tails


def read(path: Path, secret: str) -> Written | None:
    """What was written last; None where nothing is there that was sealed with this secret."""
    return max(_slots(path, secret), default=None, key=lambda each: each.turn)


def write(path: Path, secret: str, tails: Tails, before: Written | None) -> None:
    """Writes tails into the slot that is older than `before`; a disk that does not take them leaves what is there."""
    turn = before.turn + 1 if before else 1
    kept = dict(list(tails.items())[-_MOST:])
    packed = json.dumps([turn, kept, _seal(secret, turn, kept)]).encode()
    with contextlib.suppress(OSError):
        handle = os.open(path, _OPEN, 0o600)
        try:
            os.lseek(handle, turn % 2 * _SLOT, os.SEEK_SET)
            os.write(handle, packed.ljust(_SLOT))
        finally:
            os.close(handle)


def _slots(path: Path, secret: str) -> list[Written]:
    try:
        content = path.read_bytes()[: 2 * _SLOT]
    except OSError:
        return []
    found = (_slot(content[at : at + _SLOT], secret) for at in (0, _SLOT))
    return [each for each in found if each is not None]


def _slot(content: bytes, secret: str) -> Written | None:
    try:
        turn, told, seal = json.loads(content)
        tails = {str(name): Tail(int(number), str(mark)) for name, (number, mark) in told.items()}
        return Written(int(turn), tails) if secrets.compare_digest(str(seal), _seal(secret, turn, tails)) else None
    except (ValueError, TypeError, AttributeError):
        return None


def _seal(secret: str, turn: int, tails: Tails) -> str:
    words = json.dumps([turn, tails], separators=(",", ":")).encode()
    return hashlib.blake2b(words, key=bytes.fromhex(secret), digest_size=32).hexdigest()
