"""加密: the same work on the encrypted file and on a plain copy of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from nehe_desktop.cli.benches.measure import Measure, at_share, seconds
from nehe_desktop.cli.benches.saving import saves
from nehe_desktop.cli.benches.searching import keys
from nehe_desktop.cli.benches.workshop import KEY, Workshop
from nehe_desktop.core.database import Connection, Database, bare_connection
from nehe_desktop.core.store import Store
from nehe_desktop.features.households.folder_queries import folder

_TURNS = 5


class Plain(Database):
    """A file without a seal, for this comparison only."""

    def _connected(self, *, writing: bool) -> Connection:
        connection = bare_connection(self.path)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY", "secure_delete=FAST"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute(f"PRAGMA cache_size={-24000 if writing else -16000}")
        self._open.append(connection)
        return connection


def copied(source: Path, target: Path) -> Path:
    """The same rows without encryption, by the engine's own export."""
    connection = bare_connection(source)
    with contextlib.closing(connection):
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        connection.execute("ATTACH DATABASE ? AS plain KEY ''", (str(target),))
        connection.execute("SELECT sqlcipher_export('plain')").fetchall()
    return target


def _times(store: Store, homes: list[str], count: int) -> dict[str, float]:
    """Seconds in the middle of opening a household, a key of the search, and a save."""
    opening = [seconds(lambda home=home: folder(store, home)) for home in homes]  # type: ignore[misc]
    return {
        "开一户": at_share(opening, 0.5),
        "查找每键": at_share(keys(store), 0.5),
        "保存走访": at_share(saves(store, count), 0.5),
    }


def measure(workshop: Workshop) -> Iterator[Measure]:
    """Both files in turn, the best of several turns."""
    count = max(5, workshop.sizes.saves // _TURNS)
    with workshop.county() as sealed:
        homes = [row[0] for row in sealed.rows("SELECT id FROM household ORDER BY id LIMIT 200")]
        sealed.database.checkpoint()
        copy = copied(workshop.county_file, workshop.folder / "plain.db")
        with contextlib.closing(Store(Plain(copy, b""), "测速")) as plain:
            for store in (sealed, plain):
                store.database.tune().result()  # the export leaves out what the engine knows of the tables
            turns = [(_times(sealed, homes, count), _times(plain, homes, count)) for _ in range(_TURNS)]
    for what in turns[0][0]:
        ours, bare = min(turn[0][what] for turn in turns), min(turn[1][what] for turn in turns)
        yield Measure("加密", what, ours * 1000, "ms", None, ours / bare, "不加密")
