"""`kill -9` at any moment loses nothing that was confirmed and leaves nothing half done."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from nehe_desktop.core.store import Put, Store
from nehe_desktop.security import backup, vault
from nehe_desktop.security.envelope import Cost, Key
from tests.conftest import KEY
from tests.durability.work import ROWS, visit

ROOT = Path(__file__).parents[2]
CHANCE = random.Random(25)


def started(what: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.durability.work", what, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def killed(what: str, folder: Path, wait: float) -> list[str]:
    """The lines that a process said until it was killed so many seconds after it was ready."""
    process = started(what, folder)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(wait)
    process.kill()
    lines = process.stdout.read().splitlines(keepends=True)
    assert process.wait() in (0, -signal.SIGKILL), "it broke by itself"
    return [line.strip() for line in lines if line.endswith("\n")]


def torn(store: Store) -> list[tuple[object, ...]]:
    """Rows without their journal, and transactions that are not there as a whole."""
    alone = "SELECT id FROM visit WHERE id NOT IN (SELECT pk FROM journal WHERE tbl = 'visit')"
    missing = "SELECT pk FROM journal WHERE tbl = 'visit' AND pk NOT IN (SELECT id FROM visit)"
    return [*store.rows(alone), *store.rows(missing)]


def test_every_confirmed_visit_outlives_twenty_five_kills(tmp_path: Path) -> None:
    confirmed: list[str] = []
    for _ in range(25):
        confirmed += " ".join(killed("save", tmp_path, CHANCE.uniform(0, 0.12))).split()
        with closing(Store.open(tmp_path / "nehe.nhdb", KEY)) as store:
            assert set(confirmed) <= {row[0] for row in store.rows("SELECT id FROM visit")}
            assert not torn(store)
            assert not store.rows("SELECT tx FROM journal GROUP BY tx HAVING count(*) <> 2")
            assert store.database.check() == []
    assert len(confirmed) > 50


@pytest.mark.parametrize("wait", [0.01, 0.08, 0.2, 0.35, 0.6, 0.8])
def test_a_killed_import_is_all_there_or_not_at_all(tmp_path: Path, wait: float) -> None:
    said = killed("fill", tmp_path, wait)
    with closing(Store.open(tmp_path / "nehe.nhdb", KEY)) as store:
        rows = store.rows("SELECT count(*) FROM visit")[0][0]
        assert rows == ROWS if said else rows in (0, ROWS)
        assert not torn(store)
        assert store.database.check() == []


def filled(folder: Path, rows: int) -> None:
    folder.mkdir(exist_ok=True)
    with closing(Store.open(folder / "nehe.nhdb", KEY)) as store:
        store.write((Put(visit(number)) for number in range(rows)), "走访登记")
        store.database.checkpoint()


def visits(path: Path) -> int:
    with closing(Store.open(path, KEY)) as store:
        assert store.database.check() == []
        return int(store.rows("SELECT count(*) FROM visit")[0][0])


def test_a_killed_backup_leaves_only_whole_copies(tmp_path: Path) -> None:
    filled(tmp_path, 500)
    (tmp_path / "nehe.vault").write_bytes(b"vault")
    said: list[str] = []
    for wait in (0.005, 0.03, 0.07, 0.15, 0.6):
        said += killed("copy", tmp_path, wait)
    assert said
    found = backup.copies(tmp_path / "copies")
    assert set(said) <= {copy.path.name for copy in found}
    assert all(backup.prove(copy, Key(KEY)).sound for copy in found)
    assert visits(tmp_path / "nehe.nhdb") == 500


def test_a_killed_restore_leaves_the_old_data_or_the_new(tmp_path: Path) -> None:
    key, _ = vault.create(tmp_path / "nehe.vault", "甲某", "805172", cost=Cost(64, 1, 1))
    assert key
    filled(tmp_path, 300)
    with closing(Store.open(tmp_path / "nehe.nhdb", KEY)) as store:
        now = store.clock.now()
        backup.make(store.database, Key(KEY), tmp_path / "nehe.vault", tmp_path / "copies", now)
    filled(tmp_path, 100)
    shutil.copy(tmp_path / "nehe.nhdb", tmp_path / "newer.nhdb")
    said: list[str] = []
    for wait in (0.005, 0.03, 0.07, 0.12, 0.2, 0.33, 1.0):
        said += killed("back", tmp_path, wait)
        assert visits(tmp_path / "nehe.nhdb") in (300, 400)
    assert said


def mounted(folder: Path) -> bool:
    """Whether a disk of 6 MB could be put at the folder; only an administrator on Linux can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    words = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    return (
        shutil.which("mount") is not None
        and subprocess.run(words, capture_output=True, check=False).returncode == 0
    )


def test_a_full_disk_is_told_and_saving_goes_on_after_room_is_made(tmp_path: Path) -> None:
    if not mounted(tmp_path):
        pytest.skip("a small disk needs an administrator on Linux")
    try:
        (tmp_path / "ballast").write_bytes(bytes(3 << 20))
        said, _ = started("crowd", tmp_path).communicate(timeout=120)
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)
    assert said.splitlines() == ["磁盘满了，没有存进去", "readable", "saved", "sound"]
