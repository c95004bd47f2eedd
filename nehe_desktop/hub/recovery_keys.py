"""The hub's recovery keys: what laptops seal their own keys to, apart from the key by which the hub opens packages.

The private halves may be moved away from the machine: everything but answering a forgotten PIN goes on without them.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from nehe_desktop.core.errors import Refused
from nehe_desktop.security.envelope import KEY_BYTES
from nehe_desktop.sync.admission import RecoveryKey, short_name
from nehe_desktop.sync.keys import Keys, new_keys


@dataclass(frozen=True, repr=False)
class RecoveryKeys:
    """Public halves (base64) with the moment each was made (ms), newest last, and the private halves that are here."""

    made: tuple[tuple[str, int], ...] = ()
    private: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "RecoveryKeys(…)"

    @property
    def present(self) -> str:
        """The public half that laptops are told of; empty before there is one."""
        return self.made[-1][0] if self.made else ""

    @property
    def is_here(self) -> bool:
        """Whether the private half of the present one is here."""
        return self.present in map(public_of, self.private)

    def begun(self, now: int) -> Self:
        """The same with a fresh key in force; older ones still open what was sealed to them."""
        private = new_keys().seal
        return type(self)((*self.made, (public_of(private), now)), (*self.private, private))

    def with_private(self, private: Iterable[str]) -> Self:
        """The same with private halves that were kept elsewhere; raises Refused for those of another hub."""
        found = tuple(dict.fromkeys((*self.private, *private)))
        if not {public_of(each) for each in found} <= {public for public, _ in self.made}:
            raise Refused("这不是本县同步服务的恢复私钥")
        return type(self)(self.made, found)

    def without_private(self) -> Self:
        """The same on a machine that cannot open what laptops left."""
        return type(self)(self.made)

    def openers(self, keys: Keys) -> dict[str, str]:
        """The private halves by the names of their keys; "" is the hub's sealing key, which older deposits need."""
        return {"": keys.seal, **{short_name(public_of(each)): each for each in self.private}}

    def announced(self, keys: Keys, county: str) -> RecoveryKey:
        """What laptops are told, with the hub's signature."""
        told = RecoveryKey(*self.made[-1], "")
        return RecoveryKey(told.public, told.made, keys.signature(told.words(county)))

    def papers(self) -> dict[str, Any]:
        """All of it for a copy of the whole hub."""
        return {"made": self.made, "private": self.private}


def of_papers(papers: Mapping[str, Any]) -> RecoveryKeys:
    """The keys of a copy of the whole hub."""
    made = tuple((str(public), int(at)) for public, at in papers.get("made", ()))
    return RecoveryKeys(made, tuple(papers.get("private", ())))


def public_of(private: str) -> str:
    """The public half (base64) of a private one."""
    return Keys("", private).seal_public


def written(private: Iterable[str]) -> str:
    """Private halves as a file holds them, a line each."""
    return "".join(f"{each}\n" for each in ("# 恢复私钥：能打开各村电脑交来的钥匙，请锁好", *private))


def read_private(text: str) -> tuple[str, ...]:
    """The private halves of such a file; raises Refused for what is none."""
    lines = [line.strip() for line in text.splitlines()]
    found = tuple(line for line in lines if line and not line.startswith("#"))
    if not found or not all(map(_is_key, found)):
        raise Refused("这不是恢复私钥的文件")
    return found


def _is_key(text: str) -> bool:
    try:
        return len(b64decode(text, validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False
