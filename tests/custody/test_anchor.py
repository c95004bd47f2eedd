"""Entries cut off at the end of the log, or an older file put back, are found by the anchor beside the file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from nehe_desktop.core.clock import Clock
from nehe_desktop.core.store import Store
from nehe_desktop.features.administration import keys
from nehe_desktop.features.custody import anchoring, audit
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.log_queries import Wanted, entries
from nehe_desktop.security import anchor
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop as Place
from nehe_desktop.security.laptop import open_store
from nehe_desktop.security.vault import create
from tests.conftest import KEY


class Laptop:
    """A file that can be closed, copied and put back by hand."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.file, self.copy, self._clock = folder / "nehe.nhdb", folder / "older.nhdb", clock
        self.open()

    def open(self) -> Store:
        self.store = Store.open(self.file, KEY, "李工", self._clock)
        return self.store

    def prints(self, times: int) -> Laptop:
        for _ in range(times):
            audit.note(self.store, "打印", count=1).result()
        return self

    def keep(self) -> Laptop:
        self.store.database.checkpoint()
        shutil.copyfile(self.file, self.copy)
        return self

    def put_back(self) -> Laptop:
        self.store.close()
        shutil.copyfile(self.copy, self.file)
        self.open()
        return self

    @property
    def anchor(self) -> Path:
        return anchor.path_beside(self.file)

    def sentences(self) -> list[str]:
        return [each.sentence for each in audit.breaks(self.store)]


@pytest.fixture
def laptop(tmp_path: Path, clock: Clock) -> Iterator[Laptop]:
    """A laptop with three entries in its log and a copy of that moment."""
    made = Laptop(tmp_path, clock).prints(3).keep()
    yield made
    made.store.close()


def test_a_log_that_only_grows_agrees_with_its_anchor_also_after_the_program_was_started_anew(laptop: Laptop) -> None:
    laptop.store.close()
    laptop.open()
    assert laptop.prints(1).sentences() == []
    assert entries(laptop.store, Wanted(kinds=("恢复",))) == []


def test_entries_cut_off_at_the_end_are_counted(laptop: Laptop) -> None:
    cut = "DELETE FROM audit_log WHERE number > 1"
    laptop.store.database.write(lambda db: db.execute(cut)).result()
    assert laptop.sentences() == ["后面缺 2 条，是从末尾整段去掉的"]


def test_an_older_file_put_back_by_hand_is_found_and_stays_found(laptop: Laptop) -> None:
    laptop.prints(4).put_back()
    assert laptop.sentences() == ["后面缺 4 条，是从末尾整段去掉的"]
    assert laptop.prints(2).sentences() == ["前面缺 4 条"]
    assert [each.number for each in laptop.store.all(AuditEntry, order="number")] == [1, 2, 3, 8, 9]


def test_a_restore_says_how_many_entries_it_dropped_and_accuses_nobody(laptop: Laptop) -> None:
    laptop.prints(4).put_back()
    audit.restored(laptop.store, "备份.nhdb")
    (told,) = entries(laptop.store, Wanted(kinds=("恢复",)))
    assert (told.number, told.count) == (8, 4)
    assert told.detail.startswith("比原来的日志少 4 条")
    assert laptop.prints(1).sentences() == []


def test_what_is_missing_before_a_restore_beyond_what_it_dropped_is_still_found(laptop: Laptop) -> None:
    laptop.prints(4).put_back()
    audit.restored(laptop.store, "备份.nhdb")
    laptop.store.database.write(lambda db: db.execute("DELETE FROM audit_log WHERE number = 3")).result()
    assert laptop.sentences() == ["前面缺 5 条"]


def test_last_entries_replaced_by_others_do_not_agree(laptop: Laptop) -> None:
    laptop.put_back().store.database.write(
        lambda db: db.execute("UPDATE audit_log SET mark = 'x' WHERE number = 3")
    ).result()
    assert "这一条和电脑上库外的记号对不上，被换过" in laptop.sentences()
    laptop.store.database.write(lambda db: db.execute("DELETE FROM audit_log WHERE number = 3")).result()
    assert laptop.prints(1).sentences() == ["前面缺 1 条"]


@pytest.mark.parametrize("harm", ["deleted", "emptied", "forged"])
def test_an_anchor_that_is_lost_or_forged_is_told_and_leaves_an_entry(laptop: Laptop, harm: str) -> None:
    slot = json.dumps([9, {"x": [1, "y"]}, "0" * 64]).encode().ljust(2048)
    laptop.anchor.write_bytes(slot * 2 if harm == "forged" else b"")
    if harm == "deleted":
        laptop.anchor.unlink()
    assert laptop.sentences() == [anchoring.LOST_WORDS]
    laptop.prints(1)
    assert [each.detail for each in entries(laptop.store, Wanted(kinds=("恢复",)))] == [anchoring.LOST]
    assert laptop.prints(1).sentences() == []


def test_a_power_cut_that_tears_one_slot_leaves_the_other(laptop: Laptop) -> None:
    content = laptop.anchor.read_bytes()
    laptop.anchor.write_bytes(content[: len(content) // 2 + 9])
    assert laptop.sentences() == []


def test_a_backup_that_goes_to_a_new_computer_begins_a_new_anchor(laptop: Laptop, tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "new").mkdir()
    shutil.copyfile(laptop.copy, tmp_path / "new" / "nehe.nhdb")
    other = Laptop(tmp_path / "new", clock)
    audit.restored(other.store, "备份.nhdb")
    assert other.prints(1).sentences() == []
    assert [each.detail for each in entries(other.store, Wanted(kinds=("恢复",)))] == [""]
    other.store.close()


def test_nobody_reads_a_name_or_a_number_from_the_anchor(laptop: Laptop) -> None:
    content = laptop.anchor.read_text()
    assert "李工" not in content
    assert "打印" not in content


def test_a_new_key_of_the_data_changes_nothing_about_the_anchor(tmp_path: Path) -> None:
    here = Place(tmp_path)
    here.vault.parent.mkdir(parents=True)
    key, _ = create(here.vault, "李工", "沙河子七号仓房", cost=Cost(memory=8, passes=1, lanes=1))
    store = open_store(here, key, "李工")
    audit.note(store, "打印", count=1).result()
    store.close()
    following = keys.change(here, key, "李工")
    store = open_store(here, following, "李工")
    assert audit.breaks(store) == []
    assert [each.kind for each in store.all(AuditEntry, order="number")] == ["打印", "钥匙"]
    store.close()
