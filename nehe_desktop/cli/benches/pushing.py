"""A laptop reduced to its chain: it signs and numbers given transactions and keeps no rows."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from msgspec import Raw

from nehe_desktop.sync.keys import Keys
from nehe_desktop.sync.proofs import chain_of, signed_words
from nehe_desktop.sync.protocol import START, Pull, Push, SyncRequest, Transaction, encode


class Sender:
    """One device of a county, as the hub knows it by its name and public key."""

    def __init__(self, county: str, dev: str, keys: Keys, epoch: str) -> None:
        self.county, self.dev, self.keys, self.epoch = county, dev, keys, epoch
        self.seq, self.chain = 0, START
        self.cursors: dict[str, int] = {}

    def push(self, saves: Sequence[Transaction], limit: int = 0) -> SyncRequest:
        """The next transactions; with `limit` bytes of rows wanted in return."""
        bodies = [encode(save) for save in saves]
        first, before = self.seq + 1, self.chain
        self.seq, self.chain = self.seq + len(bodies), chain_of(before, bodies)
        words = signed_words(self.county, self.dev, first, len(bodies), self.chain)
        push = Push(first, before, [Raw(body) for body in bodies], self.keys.signature(words))
        return self._request(push, limit)

    def pull(self, limit: int) -> SyncRequest:
        """A question for rows only."""
        return self._request(None, limit)

    def saw(self, cursors: Mapping[str, int]) -> None:
        """Takes note of how far scopes were read."""
        self.cursors |= cursors

    def _request(self, push: Push | None, limit: int) -> SyncRequest:
        pull = Pull(dict(self.cursors), limit)
        return SyncRequest(self.dev, self.epoch, int(time.time() * 1000), push=push, pull=pull)
