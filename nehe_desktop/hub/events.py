"""What an administrator should know: forks, restores, wrong clocks, laptops ahead of the hub."""

from __future__ import annotations

import hashlib

from nehe_desktop.hub.store import Link

DAY = 86_400_000
"""Milliseconds of a day."""


def note(link: Link, county: str, kind: str, dev: str, words: str, now: int) -> None:
    """Notes an event; the same one is noted once a day."""
    named = hashlib.blake2b(f"{kind} {dev} {words} {now // DAY}".encode(), digest_size=16).hexdigest()
    link.run(
        "INSERT INTO event (county, id, at, kind, dev, words) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (county, named, now, kind, dev, words),
    )
