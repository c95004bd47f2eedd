"""Builds resources/sync.dict: 32 KiB of what small sync messages have in common, for zstd.

Learnt from the made-up village of the sample data: its rows as saves, corrections of them, and the
hub's answers. Same data, same file. Raise NUMBER whenever the file changes: a program that does not
know the number of a message asks for it without a dictionary.
Run: python resources/build_sync_dictionary.py
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import zstandard
from msgspec import Raw

from nehe_desktop.core.store import Store
from nehe_desktop.features import ledgers  # noqa: F401 - declares every ledger
from nehe_desktop.features.demo.make import make_demo
from nehe_desktop.sync.protocol import (
    Ack,
    Change,
    Page,
    Pull,
    Push,
    Receipt,
    Row,
    SyncReply,
    SyncRequest,
    Transaction,
    encode,
)

NUMBER, SIZE = 40_001, 32 << 10
SHARES = {
    "visit": 700, "person": 300, "attendance_half": 250, "night": 120, "household": 160, "problem": 60,
    "membership": 120, "help_link": 40, "household_category": 40, "member": 10, "posting": 10,
}  # fmt: skip
REASONS = ("走访登记", "登记", "改正", "导入名单", "撤销", "考勤登记", "合并重复", "录入")
KEY = bytes(32)
Line = tuple[str, str, str, dict[str, list[Any]]]


class Office:
    """Turns rows of the sample into messages."""

    def __init__(self, lines: list[Line]) -> None:
        self.rng, self.lines, self.now = Random(NUMBER), lines, 1_603_155_600_000
        self.by_table = {table: [line for line in lines if line[0] == table] for table in SHARES}

    def messages(self) -> Iterator[bytes]:
        """Requests and answers, each with few changes."""
        for table, share in SHARES.items():
            for _ in range(share):
                yield self.request([self.insert(table)])
                yield self.reply([self.row(table) for _ in range(self.rng.randrange(1, 4))])
                if self.rng.random() < 0.6:
                    yield self.request([self.correction(table)])
        for _ in range(200):
            yield self.request([])
            yield self.reply([])

    def insert(self, table: str) -> Change:
        """A row that is new."""
        _, key, scope, patch = self.rng.choice(self.by_table[table])
        return Change(table, key, scope, "I", {name: (None, new) for name, (_, new) in patch.items()})

    def correction(self, table: str) -> Change:
        """One or two fields of a row set to what another row has."""
        (_, key, scope, mine), (_, _, _, other) = self.rng.choices(self.by_table[table], k=2)
        names = self.rng.sample(sorted(mine), min(len(mine), self.rng.randrange(1, 3)))
        return Change(table, key, scope, "U", {n: (mine[n][1], other.get(n, [None, None])[1]) for n in names})

    def row(self, table: str) -> Row:
        """A row as the hub sends it."""
        _, key, _, patch = self.rng.choice(self.by_table[table])
        values = {name: new for name, (_, new) in patch.items()}
        return Row(table, key, 1, self.rng.randrange(100, 9000), 0, values, "李建国", self.stamp())

    def request(self, changes: list[Change]) -> bytes:
        """What a laptop sends."""
        saves = [Transaction(self.stamp(), "李建国", self.rng.choice(REASONS), [each]) for each in changes]
        push = Push(
            self.rng.randrange(1, 900), self.noise(), [Raw(encode(each)) for each in saves], self.noise(86)
        )
        pull = Pull({"county": self.rng.randrange(900), self.scope(): self.rng.randrange(9000)})
        return encode(
            SyncRequest(
                self.noise(),
                self.noise(),
                self.stamp() >> 16,
                app="0.1.0",
                push=push if saves else None,
                pull=pull,
            )
        )

    def reply(self, rows: list[Row]) -> bytes:
        """What the hub answers."""
        here, cur = self.scope(), self.rng.randrange(9000)
        ack = Ack(self.rng.randrange(1, 900), self.noise(), {"county": self.rng.randrange(900), here: cur})
        pages = {here: Page(rows, cur - len(rows), cur, digest=self.noise(16))} if rows else {}
        receipt = Receipt(1, 1, came=len(rows), hash=self.noise(12))
        return encode(
            SyncReply(
                self.stamp() >> 16, self.noise(), ["county", here], ack=ack, pages=pages, receipt=receipt
            )
        )

    def stamp(self) -> int:
        """A later stamp."""
        self.now += self.rng.randrange(10**6)
        return self.now << 16

    def scope(self) -> str:
        """A village."""
        return self.lines[0][2]

    def noise(self, digits: int = 32) -> str:
        """What differs in every message."""
        return f"{self.rng.getrandbits(4 * digits):0{digits}x}"


def sample() -> list[Line]:
    """Every row of the made-up village: table, key, scope, patch."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "village.db"
        make_demo("village", file, KEY)
        store = Store.open(file, KEY)
        rows = store.rows(
            "SELECT tbl, pk, scope, patch FROM journal WHERE scope <> 'county' ORDER BY tbl, pk"
        )
        store.close()
    return [(table, key, scope, json.loads(patch)) for table, key, scope, patch in rows]


def main() -> None:
    """Writes the dictionary."""
    messages: list[Any] = list(Office(sample()).messages())
    made = zstandard.train_dictionary(SIZE, messages, k=256, d=8, dict_id=NUMBER, level=12)
    Path(__file__).with_name("sync.dict").write_bytes(made.as_bytes())
    print(f"{len(messages)} messages, {len(made.as_bytes())} bytes, number {made.dict_id()}")


if __name__ == "__main__":
    main()
