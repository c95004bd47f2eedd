"""A laptop's process that saves and synchronises until it is killed: `python -m tests.sync.work <file>`."""

from __future__ import annotations

import sys
from pathlib import Path

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.sync.client import Client
from nehe_desktop.sync.http import Connector
from tests.sync.direct import KEY, NORTH, household


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(file: Path) -> None:
    """Says each save once it is on the disk; some are large and travel in parts."""
    store = Store.open(file, KEY, "甲")
    client = Client(store, Connector())
    say("ready")
    for number in range(10_000):
        made: list[Household] = [household(NORTH, hamlet=f"{number}屯") for _ in range(1 + number % 7 * 40)]
        store.write(map(Put, made), "登记")
        say(made[-1].id)
        client.sync()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
