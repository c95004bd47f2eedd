"""Copies: made, proved, thinned out, carried to a stick and restored."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nehe_desktop.core.database import Database
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.security import backup, restoring, vault
from nehe_desktop.security.contents import contents_of
from nehe_desktop.security.envelope import Cost, Key
from nehe_desktop.security.large import Stopped

NOW = datetime.fromisoformat("2026-11-23T08:00:00").astimezone()
STAMP = int(NOW.timestamp() * 1000) << 16
ENTRY = (
    "INSERT INTO journal (tx, hlc, author, reason, tbl, pk, scope, op, patch)"
    " VALUES ('t', ?, '甲', '试', 'x', 'x', 'county', 'I', '{}')"
)


class Laptop:
    """A data file with its vault and a folder of copies."""

    def __init__(self, folder: Path) -> None:
        self.data, self.vault, self.copies = folder / "台账.db", folder / "台账.key", folder / "备份"
        self.key, _ = vault.create(self.vault, "甲某", "805172", cost=Cost(64, 1, 1))
        self.store = Store.open(self.data, self.key)
        self.note(0)

    def note(self, minutes: int) -> None:
        stamp = STAMP + (minutes * 60_000 << 16)
        self.store.database.write(lambda db: db.conn.execute(ENTRY, (stamp,))).result()

    def copied(self) -> backup.Copy:
        return backup.make(self.store.database, self.key, self.vault, self.copies, NOW).copy

    def restored(self, copy: backup.Copy, *, agreed: bool = False) -> Path | None:
        return restoring.restore(copy, self.data, self.key, self.vault, NOW, agreed=agreed)


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    made = Laptop(tmp_path)
    yield made
    made.store.close()


def held(path: Path, key: Key) -> int:
    database = Database.open(path, key)
    try:
        return contents_of(database).last
    finally:
        database.close()


def test_a_copy_is_encrypted_has_its_vault_and_is_proved(laptop: Laptop) -> None:
    copy = laptop.copied()
    assert not copy.path.read_bytes().startswith(b"SQLite")
    assert sorted(p.suffix for p in laptop.copies.iterdir()) == [".db", ".json", ".key"]
    assert vault.unlock(copy.key_file, "甲某", "805172") == laptop.key
    proof = backup.prove(copy, laptop.key)
    assert proof.sound, proof.faults
    assert "2026-11-23" in proof.sentence


def test_a_copy_is_due_once_a_day(laptop: Laptop) -> None:
    assert backup.due(laptop.copies, NOW)
    laptop.copied()
    assert not backup.due(laptop.copies, NOW + timedelta(hours=9))
    assert backup.due(laptop.copies, NOW + timedelta(days=1))


@pytest.mark.parametrize("place", [20, 5000, -30])
def test_one_changed_byte_fails_the_proof(laptop: Laptop, place: int) -> None:
    copy = laptop.copied()
    data = bytearray(copy.path.read_bytes())
    data[place] ^= 1
    copy.path.write_bytes(data)
    assert "可能已损坏" in backup.prove(copy, laptop.key).sentence


def test_another_key_fails_the_proof(laptop: Laptop) -> None:
    assert not backup.prove(laptop.copied(), Key(bytes(32))).sound


def test_rows_missing_from_a_copy_fail_the_proof(laptop: Laptop) -> None:
    copy = laptop.copied()
    copy.note.write_text(copy.note.read_text().replace('"last": 1', '"last": 7'))
    assert any("编号应为 7" in fault for fault in backup.prove(copy, laptop.key).faults)


def test_a_cancelled_copy_leaves_nothing(laptop: Laptop) -> None:
    with pytest.raises(Stopped):
        backup.make(
            laptop.store.database, laptop.key, laptop.vault, laptop.copies, NOW, cancelled=lambda: True
        )
    assert list(laptop.copies.iterdir()) == []


def test_a_full_disk_is_told_and_leaves_nothing(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(1, 1, 0))
    with pytest.raises(Trouble, match="磁盘空间不足"):
        laptop.copied()
    assert list(laptop.copies.iterdir()) == []


def test_progress_reaches_the_end(laptop: Laptop) -> None:
    seen: list[tuple[int, int]] = []
    copy = laptop.copied()
    backup.prove(copy, laptop.key, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 0


def test_old_copies_thin_out_to_days_weeks_and_months(tmp_path: Path) -> None:
    for days in range(400):
        (tmp_path / f"{NOW - timedelta(days=days):备份-%Y%m%d-%H%M%S}.db").touch()
    backup.prune(tmp_path)
    left = backup.copies(tmp_path)
    assert left[13].made_at.date() == (NOW - timedelta(days=13)).date()
    assert len({f"{copy.made_at:%Y%m}" for copy in left}) == 12
    assert 14 + 6 + 10 <= len(left) <= 14 + 8 + 12


def test_a_copy_carried_to_a_stick_is_proved_there(laptop: Laptop, tmp_path: Path) -> None:
    carried = backup.carry(laptop.copied(), tmp_path / "U盘")
    assert backup.prove(carried, laptop.key).sound


def test_a_restore_over_an_open_file_is_refused(laptop: Laptop) -> None:
    copy = laptop.copied()
    with pytest.raises(Trouble, match="正在使用"):
        laptop.restored(copy)


def test_older_over_newer_says_what_would_be_lost(laptop: Laptop) -> None:
    copy = laptop.copied()
    laptop.note(30)
    laptop.store.close()
    with pytest.raises(Trouble, match=r"会少约 1 笔修改") as caught:
        laptop.restored(copy)
    assert caught.value.sentence.count("2026-11-23") == 2
    assert held(laptop.data, laptop.key) == 2


def test_an_agreed_restore_keeps_the_replaced_file(laptop: Laptop) -> None:
    copy = laptop.copied()
    laptop.note(30)
    laptop.store.close()
    aside = laptop.restored(copy, agreed=True)
    assert aside is not None
    assert (held(laptop.data, laptop.key), held(aside, laptop.key)) == (1, 2)


def test_a_damaged_data_file_is_restored_without_asking(laptop: Laptop) -> None:
    copy = laptop.copied()
    laptop.store.close()
    laptop.data.write_bytes(b"\0" * 9000)
    laptop.restored(copy)
    assert held(laptop.data, laptop.key) == 1


def test_a_restore_on_a_new_computer_brings_the_key_file(laptop: Laptop, tmp_path: Path) -> None:
    copy, other = laptop.copied(), tmp_path / "新电脑"
    key = vault.unlock(copy.key_file, "甲某", "805172")
    assert restoring.restore(copy, other / "台账.db", key, other / "台账.key", NOW) is None
    assert held(other / "台账.db", vault.unlock(other / "台账.key", "甲某", "805172")) == 1


def test_a_bad_copy_changes_nothing(laptop: Laptop) -> None:
    copy = laptop.copied()
    laptop.store.close()
    copy.path.write_bytes(copy.path.read_bytes()[:-4096])
    names = sorted(laptop.data.parent.iterdir())
    with pytest.raises(Trouble, match="没有通过"):
        laptop.restored(copy)
    assert sorted(laptop.data.parent.iterdir()) == names
    assert held(laptop.data, laptop.key) == 1


def test_a_copy_of_a_newer_program_is_refused(laptop: Laptop) -> None:
    laptop.store.database.write(lambda db: db.conn.execute("PRAGMA user_version=99")).result()
    with pytest.raises(Trouble, match="更新版本"):
        laptop.copied()


def test_what_a_power_cut_left_of_a_copy_goes_with_the_next_one(laptop: Laptop, tmp_path: Path) -> None:
    for tail in ("", "-wal", "-shm"):
        (tmp_path / f"备份-20200801-090000.db.writing{tail}").write_bytes(b"half")
    backup.make(laptop.store.database, laptop.key, laptop.vault, tmp_path, NOW)
    assert not list(tmp_path.glob("*.writing*"))
