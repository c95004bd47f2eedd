"""Who printed a list last Tuesday is found by whoever may know it; a broken log says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Semaphore

import pytest

from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.store import Put, Remove, Store
from nehe_desktop.features.administration import care, copies
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.ledger import Account, AuditEntry
from nehe_desktop.features.custody.log_queries import Wanted, entries, entry_of, is_there, people_in
from nehe_desktop.features.custody.rules import last_days, state_words
from nehe_desktop.features.custody.watching import watch
from nehe_desktop.features.papers.ledger import PrintedPaper
from nehe_desktop.features.visits.ledger import ProblemTicket
from nehe_desktop.security import backup, laptop
from nehe_desktop.security.duties import maker_of, require_other
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop, Profile, tell
from nehe_desktop.security.rights import Actor, Rights
from nehe_desktop.security.vault import create
from tests.samples import sample

TUESDAY = date(2020, 10, 20)


def as_role(store: Store, name: str, *roles: str) -> None:
    store.author, store.guard = name, Rights(Actor(name, frozenset(roles)))


@pytest.fixture
def filled(store: Store) -> Store:
    """张三 printed a list this Tuesday, 李四 exported one."""
    for name, kind in (("张三", "打印"), ("李四", "导出")):
        as_role(store, name, "R1")
        audit.note(store, kind, tbl="household", count=86, target="一号打印机").result()
    return store


def told(store: Store, wanted: Wanted) -> list[tuple[str, str]]:
    return [(each.person, each.kind) for each in entries(store, wanted)]


def test_the_auditor_finds_who_printed_on_tuesday(filled: Store) -> None:
    as_role(filled, "周审计", "R13")
    assert told(filled, Wanted(kinds=("打印",), since=TUESDAY, until=TUESDAY)) == [("张三", "打印")]
    assert told(filled, Wanted(since=date(2020, 10, 21))) == []
    assert told(filled, Wanted(words="一号打印", tbl="household", person="李四")) == [("李四", "导出")]


@pytest.mark.parametrize(
    ("role", "seen"), [("R1", 1), ("R2", 1), ("R7", 2), ("R8", 2), ("R12", 2), ("R13", 2)]
)
def test_a_member_reads_only_what_he_did(filled: Store, role: str, seen: int) -> None:
    as_role(filled, "张三", role)
    assert len(entries(filled, Wanted())) == len(people_in(filled)) == seen
    foreign = next(each for each in filled.all(AuditEntry) if each.person == "李四")
    assert (entry_of(filled, foreign.id) is not None) == (seen == 2)


@pytest.mark.parametrize("role", ["R4", "R5", "R6", "R9"])
def test_others_do_not_read_the_log(filled: Store, role: str) -> None:
    as_role(filled, "王五", role)
    with pytest.raises(Refused, match="不能查看操作日志"):
        entries(filled, Wanted())


def test_an_entry_leads_only_to_a_row_that_is_there_and_may_be_read(filled: Store) -> None:
    filled.guard = Rights(Actor("王五", frozenset({"R2"})))
    filled.write([Put(home := replace(sample(Account.ledger), role="R2"))], "登记")
    entry = replace(sample(AuditEntry.ledger), tbl="account", row=home.id)
    assert is_there(filled, entry)
    filled.guard = Rights(Actor("钱六", frozenset({"R6"})))
    assert not is_there(filled, entry)


def test_last_tuesday_is_one_of_the_days_to_click() -> None:
    assert last_days(date(2020, 10, 26))["周二"] == TUESDAY
    assert list(last_days(TUESDAY)) == ["昨天", "周日", "周六", "周五", "周四", "周三", "周二"]


def test_the_self_check_tells_of_an_entry_that_was_changed(filled: Store, tmp_path: Path) -> None:
    here = Laptop(tmp_path)
    here.file.parent.mkdir()
    create(here.vault, "李工", "沙河子七号仓房", cost=Cost(memory=8, passes=1, lanes=1))
    assert next(each for each in care.look(filled, here) if each.what == "操作日志").level == "good"
    filled.database.write(lambda db: db.execute("UPDATE audit_log SET count = 1 WHERE number = 1")).result()
    found = next(each for each in care.look(filled, here) if each.what == "操作日志")
    assert (found.level, "第 1 条：这一条的内容被改过" in found.sentence) == ("bad", True)


def test_a_whole_log_says_how_long_it_is(filled: Store) -> None:
    assert state_words(2, audit.breaks(filled)) == "日志完整，共 2 条，没有缺少或改动"


def test_a_long_log_is_read_in_parts_and_holds(store: Store) -> None:
    for _ in range(7):
        audit.note(store, "打印").result()
    assert audit.breaks(store) == []
    assert len({each.mark for each in store.all(AuditEntry)}) == 7


def test_every_change_of_an_account_is_logged_once(store: Store) -> None:
    noted = Semaphore(0)
    watch(store)
    watch(store)
    store.listen(lambda tables: "audit_log" in tables and noted.release())
    receipt = store.write([Put(Account(name="张三", role="R2", village="v1"))], "登记")
    assert noted.acquire(timeout=10)
    store.undo(receipt.tx)
    assert noted.acquire(timeout=10)
    found = [(each.kind, each.tbl, each.detail) for each in store.all(AuditEntry, order="number")]
    assert found == [
        ("人员和权限", "account", "登记：队长或第一书记"),
        ("人员和权限", "account", "撤销：删除：队长或第一书记"),
    ]
    assert audit.breaks(store) == []


def test_a_backup_holds_its_own_entry_and_a_restore_is_logged(tmp_path: Path) -> None:
    here = Laptop(tmp_path)
    here.vault.parent.mkdir(parents=True)
    key, _ = create(here.vault, "李工", "沙河子七号仓房", cost=Cost(memory=8, passes=1, lanes=1))
    store = laptop.open_store(here, key, "李工")
    copies.make(store, key, here)
    store.close()
    copies.restore(backup.copies(here.backups)[0], here, key, "李工", agreed=True)
    store = laptop.open_store(here, key, "李工")
    assert [each.kind for each in store.all(AuditEntry, order="number")] == ["备份", "恢复"]
    store.close()


@pytest.mark.parametrize("write", [
    lambda row: Remove(PrintedPaper, row.id),
    lambda row: Put(replace(sample(PrintedPaper.ledger), id=row.id, number="别的号")),
])  # fmt: skip
def test_the_register_of_papers_only_grows(
    store: Store, write: Callable[[PrintedPaper], Put | Remove]
) -> None:
    store.write([Put(row := sample(PrintedPaper.ledger))], "打印")
    with pytest.raises(Invalid, match="只能添加"):
        store.write([write(row)], "改")


def test_nobody_approves_what_he_made_himself(store: Store) -> None:
    tell(store, Profile("王五", ""))
    store.author = "王五"
    store.write([Put(replace(sample(PrintedPaper.ledger), id="w"))], "登记")
    assert maker_of(store, "printed_paper", "w") == "王五"
    store.write([Put(replace(sample(Account.ledger), id="a", name="王 五", role="R2"))], "登记")
    store.guard = Rights(Actor("王五", frozenset({"R7"})))
    with pytest.raises(Refused, match="不能审批"):
        require_other(store, "account", "a")


def test_who_may_approve_still_needs_another_maker(store: Store) -> None:
    store.write([Put(replace(sample(ProblemTicket.ledger), id="p"))], "登记")
    store.guard = Rights(Actor("李工", frozenset({"R5"})))
    with pytest.raises(Refused, match="李工自己登记的"):
        require_other(store, "problem", "p")
    store.author = "赵六"
    require_other(store, "problem", "p")
    with pytest.raises(Refused, match="赵六自己的"):
        require_other(store, "problem", "p", "赵 六")
