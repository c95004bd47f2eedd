"""A process that is killed: it works on a file and says on its output what was confirmed."""

from __future__ import annotations

import shutil
import sys
from datetime import date, datetime
from itertools import count
from pathlib import Path

from nehe_desktop.cli.benches.workshop import KEY
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features import ledgers
from nehe_desktop.features.visits.ledger import Visit
from nehe_desktop.security import backup, restoring
from nehe_desktop.security.envelope import Key

ROWS = 4000
LEDGERS = ledgers.ALL


def visit(number: int) -> Visit:
    return Visit(household="h1", day=date(2020, 8, 10), visitors="李建国", note=f"第{number}次：家里都好")


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def save(folder: Path) -> None:
    store = Store.open(folder / "nehe.nhdb", KEY, "李工")
    say("ready")
    for number in count():
        pair = visit(number), visit(-number)
        store.write(map(Put, pair), "走访登记")
        say(" ".join(one.id for one in pair))


def fill(folder: Path) -> None:
    store = Store.open(folder / "nehe.nhdb", KEY, "李工")
    say("ready")
    receipt = store.write((Put(visit(number)) for number in range(ROWS)), "导入")
    say(receipt.tx)


def copy(folder: Path) -> None:
    store = Store.open(folder / "nehe.nhdb", KEY, "李工")
    say("ready")
    for minute in range(60):
        now = datetime.fromisoformat(f"2026-11-23T08:{minute:02d}:00").astimezone()
        done = backup.make(store.database, Key(KEY), folder / "nehe.vault", folder / "copies", now)
        say(done.copy.path.name)


def back(folder: Path) -> None:
    say("ready")
    target, here = folder / "nehe.nhdb", backup.copies(folder / "copies")[0]
    for minute in range(60):
        now = datetime.fromisoformat(f"2026-11-24T08:{minute:02d}:00").astimezone()
        restoring.restore(here, target, Key(KEY), folder / "nehe.vault", now, agreed=True)
        say("restored")
        shutil.copy(folder / "newer.nhdb", folder / "again")
        (folder / "again").replace(target)


def crowd(folder: Path) -> None:
    """Saves until the disk is full, then makes room and saves once more."""
    store = Store.open(folder / "nehe.nhdb", KEY, "李工")
    kept: list[str] = []
    for number in range(100_000):
        one = visit(number)
        try:
            store.write([Put(one)], "走访登记")
        except Trouble as trouble:
            say(trouble.sentence)
            break
        kept.append(one.id)
    found = {row[0] for row in store.rows("SELECT id FROM visit")}
    say("readable" if found == set(kept) else "lost")
    (folder / "ballast").unlink()
    last = visit(-1)
    store.write([Put(last)], "走访登记")
    say("saved" if store.find(Visit, last.id) else "lost")
    say("; ".join(store.database.check()) or "sound")
    store.close()


if __name__ == "__main__":
    {"save": save, "fill": fill, "copy": copy, "back": back, "crowd": crowd}[sys.argv[1]](Path(sys.argv[2]))
