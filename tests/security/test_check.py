"""The self-check finds what was broken on purpose and repairs what can be made anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import keyring
import pytest

from nehe_desktop.core.clock import fixed
from nehe_desktop.core.fields import ref, text
from nehe_desktop.core.record import LEDGERS, Record
from nehe_desktop.core.store import Put, Store
from nehe_desktop.security import check, vault
from nehe_desktop.security.envelope import Cost
from tests.keystores import Failing, Memory

NOW = datetime.fromisoformat("2026-11-23T08:00:00+08:00")


class Barn(Record, table="check_barn", title="仓房", scope="county"):
    """A made-up ledger for the self-check."""

    name: str = text("名称", search="name")
    beside: str | None = ref("相邻", "check_barn", default=None)


LEDGERS.pop("check_barn")  # other tests see only the office's ledgers


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    for table in tuple(LEDGERS):
        monkeypatch.delitem(LEDGERS, table)
    monkeypatch.setitem(LEDGERS, "check_barn", Barn.ledger)
    key, _ = vault.create(tmp_path / "台账.key", "甲某", "805172", cost=Cost(64, 1, 1))
    store = Store.open(tmp_path / "台账.db", key, clock=fixed(NOW.isoformat()))
    store.write([Put(Barn(id="one", name="东仓房"))], "试")
    yield store
    store.close()


def found(store: Store, what: str, now: datetime = NOW, fonts: tuple[Path, ...] = ()) -> check.Finding:
    place = check.Place(store.database.path.with_suffix(".key"), fonts, now)
    return next(f for f in check.check(store, place) if f.what == what)


def broken(store: Store, sql: str) -> None:
    store.database.write(lambda db: db.conn.execute(sql)).result()


def test_a_healthy_laptop_has_nothing_to_report(store: Store) -> None:
    findings = check.check(store, check.Place(store.database.path.with_suffix(".key"), (), NOW))
    assert {f.level for f in findings if f.what != "磁盘空间"} == {"good"}
    assert check.printed(findings).count("\n") == len(findings) - 1


def test_a_row_changed_behind_the_journal_is_found(store: Store) -> None:
    broken(store, "UPDATE check_barn SET name = '西仓房'")
    assert "1 条记录" in found(store, "修改记录").sentence


def test_a_reference_to_nothing_is_found(store: Store) -> None:
    broken(store, "UPDATE check_barn SET beside = 'gone'")
    assert "“相邻”1 条" in found(store, "相互引用").sentence


def test_a_lost_index_is_made_again(store: Store) -> None:
    broken(store, "DROP INDEX ix_check_barn_name")
    assert found(store, "表和索引").level == "repaired"
    assert found(store, "表和索引").level == "good"


def test_a_lost_search_entry_is_made_again(store: Store) -> None:
    broken(store, "DELETE FROM search_entry")
    assert found(store, "搜索").level == "repaired"
    assert found(store, "搜索").level == "good"


def test_a_clock_before_the_last_record_is_told(store: Store) -> None:
    assert found(store, "时钟", NOW - timedelta(days=1)).level == "warning"


def test_a_damaged_key_file_is_repaired(store: Store) -> None:
    store.database.path.with_suffix(".key").write_bytes(b"?")
    assert found(store, "钥匙文件").level == "repaired"


def test_a_secret_that_is_gone_from_the_systems_key_store_is_told_in_time(store: Store, system: Memory) -> None:
    path = store.database.path.with_suffix(".key")
    path.unlink()
    vault.create(path, "甲某", "805172", cost=Cost(64, 1, 1), guarded=True)
    assert found(store, "钥匙文件").level == "good"
    system.secrets.clear()
    assert "现在就改一次自己的口令" in found(store, "钥匙文件").advice
    keyring.set_keyring(Failing())
    assert found(store, "钥匙文件").level == "warning"


def test_a_missing_font_is_named(store: Store, tmp_path: Path) -> None:
    assert "仿宋.ttf" in found(store, "字体", fonts=(tmp_path / "仿宋.ttf",)).sentence
