"""The store keeps what was said, notes every change and takes a step back whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from nehe_desktop.core.clock import fixed, living_on, moment_of
from nehe_desktop.core.errors import Invalid, Trouble
from nehe_desktop.core.fields import choice, day, money, name, phone, ref, text, whole
from nehe_desktop.core.record import LEDGERS, Record
from nehe_desktop.core.search import search
from nehe_desktop.core.store import Put, Remove, Store

KEY = bytes(range(32))


class Well(Record, table="test_well", title="水井台账", scope="village", key=("title",)):
    """A well, declared only here."""

    village: str = text("所在村")
    title: str = text("名称", search="code", listed=True)
    keeper: str = name("管护人", default="")
    call: str = phone("电话", default="")
    kind: str = choice("类别", ("新建", "改建"), default="新建")
    built_on: date | None = day("建成日期", default=None)
    cost: Decimal = money("投资", default=Decimal(0))
    users: int = whole("受益户数", default=0, high=500)


class Check(Record, table="test_check", title="水质检测", scope="well.village"):
    """A water test of a well."""

    well: str = ref("水井", "test_well")
    result: str = text("结果")


LEDGERS.pop("test_well")
LEDGERS.pop("test_check")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty encrypted store that knows wells."""
    monkeypatch.setitem(LEDGERS, "test_well", Well.ledger)
    monkeypatch.setitem(LEDGERS, "test_check", Check.ledger)
    opened = Store.open(tmp_path / "a.nhdb", KEY, "李建国", fixed("2020-08-10T09:00:00+08:00"))
    yield opened
    opened.close()


def well(**more: object) -> Well:
    """A well with the least that it needs."""
    return Well(**{"village": "v1", "title": "东井", **more})


def test_what_was_put_is_found_as_it_was(store: Store) -> None:
    kept = well(built_on=date(2019, 5, 1), cost=Decimal("1200.50"), users=31, keeper="汤䶮")
    store.write([Put(kept)], "登记")
    assert store.find(Well, kept.id) == kept


def test_a_change_notes_only_the_fields_that_differ(store: Store) -> None:
    kept = well(users=3)
    store.write([Put(kept)], "登记")
    store.write([Put(replace(kept, users=4))], "走访")
    last = store.history(Well, kept.id)[-1]
    assert (last.patch, last.reason, last.author) == ({"users": (3, 4)}, "走访", "李建国")


def test_putting_the_same_again_changes_nothing(store: Store) -> None:
    kept = well()
    store.write([Put(kept)], "登记")
    assert store.write([Put(kept)], "再存").tables == frozenset()
    assert len(store.history(Well, kept.id)) == 1


def test_one_wrong_record_stores_nothing_of_the_step(store: Store) -> None:
    with pytest.raises(Invalid, match="受益户数"):
        store.write([Put(well()), Put(well(users=501))], "导入")
    assert store.count(Well) == 0
    assert store.one("SELECT count(*) FROM journal") == (0,)


def test_a_step_is_undone_as_one_and_undone_again(store: Store) -> None:
    wells = [well(title=f"{n} 号井") for n in range(900)]
    receipt = store.write([Put(w) for w in wells], "导入")
    back = store.undo(receipt.tx)
    assert (back.removed, store.count(Well)) == (900, 0)
    store.undo(back.tx)
    assert store.find(Well, wells[7].id) == wells[7]


def test_undo_keeps_what_somebody_changed_or_needs_since(store: Store) -> None:
    changed, needed, plain = well(title="甲"), well(title="乙"), well(title="丙")
    receipt = store.write([Put(changed), Put(needed), Put(plain)], "导入")
    store.write([Put(replace(changed, users=9)), Put(Check(well=needed.id, result="合格"))], "走访")
    assert store.undo(receipt.tx).kept == 2
    assert {w.title for w in store.all(Well)} == {"甲", "乙"}


def test_nothing_left_to_undo_is_told(store: Store) -> None:
    with pytest.raises(Trouble, match="不能撤销"):
        store.undo("0" * 32)


def test_a_removed_record_comes_back_by_undo_whole(store: Store) -> None:
    kept = well(cost=Decimal("3.20"), call="13800000000")
    store.write([Put(kept)], "登记")
    receipt = store.write([Remove(Well, kept.id)], "误录")
    assert store.find(Well, kept.id) is None
    store.undo(receipt.tx)
    assert store.find(Well, kept.id) == kept


def test_the_scope_follows_the_declared_path(store: Store) -> None:
    kept = well(village="v7")
    store.write([Put(kept), Put(Check(well=kept.id, result="合格"))], "登记")
    assert store.one("SELECT scope FROM journal WHERE tbl = 'test_check'") == ("v7",)


def test_who_listens_hears_which_ledgers_changed(store: Store) -> None:
    heard: list[frozenset[str]] = []
    stop = store.listen(heard.append)
    store.write([Put(well())], "登记")
    store.database.write(lambda _: None).result()
    stop()
    store.write([Put(well())], "登记")
    assert heard == [frozenset({"test_well"})]


@pytest.mark.parametrize(
    "typed", ["敖拉·玉华", "玉华", "敖拉", "alyh", "ALYH", "aolayuhua", "aola", "al", "2203", "13800002203"]
)
def test_a_person_is_found_by_characters_pinyin_initials_and_tail(store: Store, typed: str) -> None:
    kept = well(keeper="敖拉·玉华", call="13800002203")
    store.write([Put(kept), Put(well(keeper="王波", title="西井"))], "登记")
    assert [hit.id for hit in search(store, typed)] == [kept.id]


@pytest.mark.parametrize(
    ("keeper", "typed"),
    [("单雄", "sx"), ("单雄", "dx"), ("田玉𬍛", "tyl"), ("汤䶮", "䶮"), ("田玉𬍛", "玉𬍛")],
)
def test_surnames_with_two_readings_and_rare_characters_are_found(
    store: Store, keeper: str, typed: str
) -> None:
    kept = well(keeper=keeper)
    store.write([Put(kept)], "登记")
    assert [hit.title for hit in search(store, typed)] == [keeper]


def test_the_search_forgets_an_old_name(store: Store) -> None:
    kept = well(keeper="张三")
    store.write([Put(kept)], "登记")
    store.write([Put(replace(kept, keeper="李四"))], "更正")
    assert (search(store, "张三"), [h.title for h in search(store, "ls")]) == ([], ["李四"])


def test_drafts_settings_and_attachments_stay(store: Store) -> None:
    store.keep_draft("visit:1", {"note": "半句"}).result()
    store.remember("font", 18).result()
    sha = store.keep_blob(b"jpeg", "image/jpeg")
    assert (store.draft("visit:1"), store.recall("font"), store.blob(sha)) == ({"note": "半句"}, 18, b"jpeg")
    store.drop_draft("visit:1").result()
    assert store.draft("visit:1") is None


def test_nothing_on_the_disk_can_be_read(store: Store, tmp_path: Path) -> None:
    store.write([Put(well(keeper="敖拉·玉华", call="13800002203"))], "登记")
    store.database.checkpoint()
    disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "敖拉".encode() not in disk
    assert b"13800002203" not in disk
    assert b"test_well" not in disk


def test_a_wrong_key_is_told_plainly(store: Store) -> None:
    with pytest.raises(Trouble, match="口令不对"):
        Store.open(store.database.path, bytes(32))


def test_a_file_of_a_newer_program_is_refused(store: Store) -> None:
    store.database._writer.submit(lambda: store.database._writing.execute("PRAGMA user_version=99")).result()
    with pytest.raises(Trouble, match="更新版本"):
        Store.open(store.database.path, KEY)


def test_a_backup_of_an_open_file_holds_everything(store: Store, tmp_path: Path) -> None:
    kept = well()
    store.write([Put(kept)], "登记")
    store.database.backup(tmp_path / "copy.nhdb")
    copy = Store.open(tmp_path / "copy.nhdb", KEY)
    assert copy.find(Well, kept.id) == kept
    copy.close()


def test_the_last_steps_are_listed_newest_first(store: Store) -> None:
    store.write([Put(well()), Put(well(title="西井"))], "登记")
    store.write([Put(well(title="南井"))], "走访")
    assert [(s.reason, s.rows, s.author) for s in store.steps(5)] == [
        ("走访", 1, "李建国"),
        ("登记", 2, "李建国"),
    ]


def test_a_clock_of_made_up_data_lives_on_its_day_and_goes_on() -> None:
    clock = living_on(date(2020, 8, 10))
    first = clock.stamp()
    assert clock.today() == date(2020, 8, 10)
    assert clock.stamp() > first
    assert moment_of(first).date() == date(2020, 8, 10)


def test_the_very_name_stands_before_longer_ones(store: Store) -> None:
    keepers = ["王才长", "王才春", "王才"]
    store.write([Put(well(title=k, keeper=k)) for k in keepers], "登记")
    assert search(store, "王才")[0].title == "王才"


def test_a_row_whose_path_has_ended_stays_with_its_village(store: Store) -> None:
    kept = well(village="v7")
    check = Check(well=kept.id, result="合格")
    store.write([Put(kept), Put(check)], "登记")
    store.write([Put(replace(check, well="没有这口井", result="不明"))], "更正")
    assert store.one("SELECT _scope FROM test_check") == ("v7",)


def test_after_a_large_step_the_engine_knows_how_large_the_ledger_is(store: Store) -> None:
    store.write([Put(well(title=f"{n} 号井")) for n in range(2001)], "导入")
    store.database.write(lambda _: None).result()
    sizes = {
        row[0]: int(row[1].split()[0]) for row in store.rows("SELECT tbl, stat FROM sqlite_stat1 WHERE stat")
    }
    assert sizes["test_well"] > 0


def test_what_comes_after_closing_is_told_and_does_no_harm(store: Store) -> None:
    store.close()
    with pytest.raises(Trouble, match="已经关闭"):
        store.remember("width", 3).result()


def test_a_record_touched_twice_in_one_step_goes_back_whole(store: Store) -> None:
    kept = well(title="东井", users=1)
    store.write([Put(kept)], "登记")
    between = Put(Check(well=kept.id, result="合格"))
    step = [Put(replace(kept, users=2)), between, Put(replace(kept, users=3, title="新井"))]
    receipt = store.write(step, "走访")
    store.undo(receipt.tx)
    assert store.find(Well, kept.id) == kept
    assert store.count(Check) == 0


def test_what_was_made_and_changed_in_one_step_goes_away_whole(store: Store) -> None:
    made = well()
    between = Put(Check(well=made.id, result="合格"))
    receipt = store.write([Put(made), between, Put(replace(made, users=7))], "导入")
    assert store.undo(receipt.tx).kept == 0
    assert (store.count(Well), store.count(Check)) == (0, 0)


def test_a_file_that_is_as_declared_is_opened_without_looking_at_its_tables(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    monkeypatch.setattr("nehe_desktop.core.tables._create", lambda *_: pytest.fail("looked"))
    monkeypatch.setattr("nehe_desktop.core.tables._add_columns", lambda *_: pytest.fail("looked"))
    Store.open(store.database.path, KEY).close()


def test_numbers_come_in_their_order_without_their_rows(store: Store) -> None:
    store.write([Put(well(title="东井", users=2)), Put(well(title="西井", users=1))], "登记")
    assert list(store.numbers("SELECT users FROM [test_well] WHERE users < ? ORDER BY users", (9,))) == [1, 2]
