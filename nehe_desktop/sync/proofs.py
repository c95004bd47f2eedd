"""What proves that both sides hold the same: chains of transactions, digests of scopes, receipts."""

from __future__ import annotations

import hashlib

from nehe_desktop.sync.protocol import Ack


def chained(previous: str, transaction: bytes) -> str:
    """The chain after a transaction: BLAKE2b of the chain before it and the bytes that are sent."""
    return hashlib.blake2b(previous.encode() + transaction, digest_size=16).hexdigest()


def chain_of(previous: str, transactions: list[bytes]) -> str:
    """The chain after several transactions."""
    for each in transactions:
        previous = chained(previous, each)
    return previous


def signed_words(county: str, dev: str, first: int, count: int, chain: str) -> bytes:
    """What a device signs of a push: who, which transactions, and the chain after them."""
    return f"nehe push {county} {dev} {first} {count} {chain}".encode()


def mark(table: str, key: str, rev: int) -> int:
    """A row's part of its scope's digest; the digest is the sum of the marks modulo 2^64."""
    return int.from_bytes(hashlib.blake2b(f"{table} {key} {rev}".encode(), digest_size=8).digest(), "big")


MODULUS = 1 << 64
"""Digests are sums modulo this."""


def digest_text(total: int) -> str:
    """A digest as 16 hexadecimal digits."""
    return f"{total % MODULUS:016x}"


def receipt_hash(dev: str, ack: Ack | None, cursors: dict[str, int]) -> str:
    """A short hash over what both sides hold after a round trip; both compute it, both keep it."""
    chain = f"{ack.to} {ack.chain}" if ack else ""
    words = f"{dev} {chain} " + " ".join(f"{scope}={at}" for scope, at in sorted(cursors.items()))
    return hashlib.blake2b(words.encode(), digest_size=6).hexdigest()


def double_ids(table: str, pair: tuple[str, str]) -> tuple[str, str, str]:
    """The ids of the cases of two rows, the smaller key first.

    One for both together where they lie in one scope; else one for the first and one for the second.
    """
    names = (("", *pair), ("*", pair[0], pair[1]), ("*", pair[1], pair[0]))
    words = ("\x1f".join((table, *each)).encode() for each in names)
    one, two, three = (hashlib.blake2b(each, digest_size=16).hexdigest() for each in words)
    return one, two, three
