"""Who may do what, written down once more beside the program's own table, and tried from every side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from nehe_desktop.cli import main
from nehe_desktop.core.clock import Clock
from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.guard import Verb
from nehe_desktop.core.record import LEDGERS, Ledger
from nehe_desktop.core.store import Put, Remove, Store
from nehe_desktop.features.custody.clear import Asking, release
from nehe_desktop.features.custody.ledger import Account
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.intake.apply import apply_plan
from nehe_desktop.features.intake.export import Export, export
from nehe_desktop.features.intake.plan import Options
from nehe_desktop.features.intake.single import plan_ledger
from nehe_desktop.features.ledgers import ALL
from nehe_desktop.features.papers.catalogue import Request
from nehe_desktop.features.papers.work import preview_of, ready
from nehe_desktop.features.teams.ledger import Unit
from nehe_desktop.security import laptop, vault
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop, Profile, tell
from nehe_desktop.security.rights import OBJECTS, ROLES, Actor, Rights, allows
from nehe_desktop.spreadsheets.reading import open_workbook
from tests.intake.lists import with_divisions
from tests.samples import sample
from tests.spreadsheets.office import xlsx

PIN = "沙河子七号仓房"
LETTERS = {
    "create": "C", "read": "R", "update": "U", "remove": "U", "approve": "A", "print": "P", "export": "X", "clear": "K",
}  # fmt: skip

DOMAIN = {
    "household": {"R1": "CRUK", "R2": "CRUPK", "R4": "CRUK", "R5": "RXK", "R8": "RUXK", "R13": "R"},
    "visit": {"R1": "CRUK", "R2": "CRUPK", "R4": "RUK", "R5": "RAK", "R8": "RAK", "R13": "R"},
    "attendance": {
        "R1": "C",
        "R2": "CRU",
        "R4": "A",
        "R5": "A",
        "R6": "R",
        "R7": "RA",
        "R9": "C",
        "R13": "R",
    },
    "leave": {"R1": "C", "R2": "A", "R4": "R", "R5": "A", "R6": "R", "R7": "A", "R13": "R"},
    "measure": {"R1": "CRUK", "R2": "CRUPK", "R4": "CRUK", "R5": "RAK", "R8": "RXK", "R13": "R"},
    "log": {"R1": "R", "R2": "R", "R7": "R", "R8": "R", "R13": "R"},
}
"""Domain §11.2 row by row; 收入和安全 there is the visit here, K is the line of ID, bank and health in clear."""

MORE = {
    "household": {"R2": "X", "R4": "PX", "R5": "P", "R8": "CP"},
    "visit": {"R1": "P", "R2": "X", "R4": "PX", "R5": "PX", "R8": "PX"},
    "attendance": {"R1": "UR", "R2": "PX", "R4": "RP", "R5": "RP", "R7": "PX", "R8": "R", "R9": "R"},
    "leave": {"R1": "URP", "R2": "CRUPXK", "R4": "APK", "R5": "RPXK", "R7": "RPXK"},
    "measure": {"R2": "X", "R5": "PX", "R8": "CUAP", "R10": "CRU"},
    "log": {**dict.fromkeys(ROLES, "C"), "R7": "CPX", "R8": "CPX", "R12": "CRPX", "R13": "CPX"},
    "team": {
        "R1": "RUK", "R2": "CRUPXK", "R4": "RK", "R5": "RPXK", "R6": "R", "R7": "CRUAPXK", "R8": "RK", "R13": "R",
    },
    "paper": {
        "R1": "CRP", "R2": "CRPX", "R4": "CRP", "R5": "CRP", "R6": "CRP", "R7": "CRPX", "R8": "CRPX", "R9": "C",
        "R10": "CR", "R11": "C", "R12": "CR", "R13": "CR",
    },
    "board": {
        "R1": "CRUP", "R2": "CRUPX", "R4": "CRUPX", "R5": "CRUPX", "R7": "CRUPX", "R8": "CRUPX", "R9": "R", "R13": "R",
    },
    "case": {"R1": "R", "R2": "CRU", "R4": "RU", "R5": "R", "R7": "CRU", "R8": "CRU", "R12": "R", "R13": "R"},
    "reference": {
        **dict.fromkeys(ROLES, "R"), "R2": "CR", "R3": "", "R4": "CR", "R7": "CRUPX", "R8": "CRUPX", "R12": "CRU",
    },
    "account": {
        "R1": "R", "R2": "CRU", "R4": "R", "R5": "R", "R7": "CRU", "R8": "R", "R12": "CRUPX", "R13": "R",
    },
}  # fmt: skip
"""What this program allows beyond §11.2, so that printing, importing and running the laptop are possible at all."""

KINDS = {
    "household": ("household", "person", "membership", "household_category", "consent"),
    "visit": ("visit", "problem"),
    "attendance": ("attendance_half", "night", "sheet_step", "month_lock", "late_step", "late_night_step"),
    "leave": ("leave", "leave_step"),
    "team": ("help_link", "helper", "unit", "team", "member", "posting"),
    "paper": ("printed_paper",),
    "board": ("posting_job",),
    "case": ("conflict", "double"),
    "account": ("account",),
    "log": ("audit_log",),
    "reference": ("division", "setting", "workday"),
}
OF = {table: kind for kind, tables in KINDS.items() for table in tables}


def sit(store: Store, *roles: str, villages: tuple[str, ...] = ()) -> None:
    store.author, store.guard = "王五", Rights(Actor("王五", frozenset(roles), frozenset(villages)))


@pytest.mark.parametrize("ledger", ALL, ids=lambda ledger: ledger.table)
def test_every_role_may_do_with_every_ledger_what_is_written_and_nothing_else(ledger: Ledger) -> None:
    kind = OF.get(ledger.table, "measure")
    for role in ROLES:
        wanted = DOMAIN.get(kind, {}).get(role, "") + MORE.get(kind, {}).get(role, "")
        actor = Actor("王五", frozenset({role}))
        may = {verb for verb in get_args(Verb) if allows(actor, verb, ledger.table)}
        assert may == {verb for verb, letter in LETTERS.items() if letter in wanted}, (ledger.table, role)


def test_every_declared_ledger_has_its_place_in_the_table() -> None:
    assert {ledger.table for ledger in ALL} <= OBJECTS.keys() | {"measure"}
    assert OBJECTS.keys() <= LEDGERS.keys()


def test_nobody_without_a_role_may_do_anything() -> None:
    assert not any(allows(Actor("王五"), verb, table) for verb in get_args(Verb) for table in LEDGERS)


@pytest.mark.parametrize("change", [
    lambda: Put(replace(sample(Household.ledger), id="h2")),
    lambda: Put(replace(sample(Household.ledger), id="h1", hamlet="四屯")),
    lambda: Remove(Household, "h1"),
])  # fmt: skip
@pytest.mark.parametrize("role", ["R3", "R5", "R6", "R7", "R9", "R10", "R11", "R12", "R13"])
def test_a_household_is_written_only_by_who_may(
    store: Store, role: str, change: Callable[[], Put | Remove]
) -> None:
    store.write([Put(replace(sample(Household.ledger), id="h1", hamlet="二屯"))], "登记")
    before = store.rows("SELECT * FROM household"), store.one("SELECT count(*) FROM journal")
    sit(store, role)
    with pytest.raises(Refused, match=r"王五（.+）不能.+农户，可以做的是：驻村工作队队员"):
        store.write([change()], "改")
    assert (store.rows("SELECT * FROM household"), store.one("SELECT count(*) FROM journal")) == before


def test_another_village_is_out_of_reach(store: Store) -> None:
    sit(store, "R2", villages=("v1",))
    store.write([Put(replace(sample(Household.ledger), id="h1", village="v1"))], "登记")
    with pytest.raises(Refused, match="别的村"):
        store.write([Put(replace(sample(Household.ledger), id="h2", village="v2"))], "登记")
    assert store.count(Household) == 1


def test_an_import_without_the_right_leaves_nothing(store: Store, tmp_path: Path) -> None:
    plan = plan_ledger(
        store,
        Unit.ledger,
        open_workbook(
            xlsx(tmp_path / "a.xlsx", [["单位名称", "类别", "联系电话"], ["市水务局", "派出单位", ""]])
        ),
        Options(),
    )
    assert plan.new
    sit(store, "R13")
    with pytest.raises(Refused, match="不能登记"):
        apply_plan(store, plan)
    assert (store.count(Unit), store.steps(5)) == (0, [])


def test_who_may_not_remove_may_not_undo(store: Store) -> None:
    receipt = store.write([Put(replace(sample(Household.ledger), id="h1"))], "登记")
    sit(store, "R13")
    with pytest.raises(Refused, match="不能删除农户"):
        store.undo(receipt.tx)
    assert store.count(Household) == 1


@pytest.mark.parametrize("code", ["D07", "D07N", "D07F", "CONSENT", "LIST"])
def test_the_liaison_of_the_sending_unit_sees_and_prints_no_household(store: Store, code: str) -> None:
    sit(store, "R6")
    request = Request(code, "全村", ledger="person" if code == "LIST" else "")
    with pytest.raises(Refused, match="不能查看"):
        preview_of(store, request, sample=False)
    with pytest.raises(Refused, match="不能打印"):
        ready(store, request, sample=False)


def test_a_township_carries_out_covered_numbers_only(store: Store, tmp_path: Path) -> None:
    made_up = Laptop(tmp_path, "village")
    sit(store, "R5")
    assert export(store, Export("unit", tmp_path / "单位.csv")) == 0
    with pytest.raises(Refused, match="只能导出遮盖号码的农户"):
        release(store, made_up, "export", "household", 1, Asking("核对身份"))
    sit(store, "R5", "R4")
    assert release(store, made_up, "export", "household", 1, Asking("核对身份")).table == "household"


def test_a_role_of_the_county_is_not_given_in_a_village(store: Store) -> None:
    tell(store, Profile("李工", "v1"))
    with pytest.raises(Invalid) as refused:
        store.write([Put(Account(name="王五", role="R8"))], "登记")
    assert (refused.value.problems[0].field, store.count(Account)) == ("role", 0)
    store.write([Put(own := Account(name="王五", role="R1", village="v1"))], "登记")
    with pytest.raises(Invalid, match="由县里的电脑给和收回"):
        store.write([Put(replace(own, role="R7"))], "改")


def test_a_role_of_the_county_is_not_taken_away_in_a_village(store: Store) -> None:
    store.write([Put(Account(id="a", name="周审计", role="R13"))], "县里给的")
    sit(store, "R2", villages=("v1",))
    with pytest.raises(Invalid, match="由县里的电脑给和收回"):
        store.write([Remove(Account, "a")], "删除")


def test_the_county_gives_its_roles(store: Store) -> None:
    sit(store, "R12")
    store.write([Put(Account(name="周审计", role="R13"))], "登记")
    assert store.count(Account) == 1


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A laptop of the county at which an auditor sits; in it one step that somebody else made."""
    here = Laptop(tmp_path / "data")
    here.vault.parent.mkdir(parents=True)
    key, _ = vault.create(here.vault, "周审计", PIN, cost=Cost(memory=8, passes=1, lanes=1))
    store = laptop.open_store(here, key, "钱工", Clock())
    with_divisions(store)
    store.write([Put(Account(name="周审计", role="R13"))], "登记")
    store.close()
    monkeypatch.setenv("NEHE_PIN", PIN)
    return here.folder


def last_step(data: Path) -> tuple[str, int]:
    here = Laptop(data)
    store = laptop.open_store(here, vault.unlock(here.vault, "周审计", PIN), "")
    step = next(each for each in store.steps(20) if each.author == "钱工")
    count = store.count(Account)
    store.close()
    return step.tx, count


def test_the_command_line_asks_the_same(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tx, before = last_step(county)
    assert main(["undo", tx, "--data", str(county)]) == 1
    assert "周审计（审计纪检）不能删除" in capsys.readouterr().err
    assert last_step(county) == (tx, before)


def test_the_command_line_imports_nothing_for_who_may_not(
    county: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = xlsx(tmp_path / "单位.xlsx", [["单位名称", "类别", "联系电话"], ["市水务局", "派出单位", ""]])
    assert main(["import", str(path), "--ledger", "unit", "--data", str(county)]) == 1
    assert "周审计（审计纪检）不能登记" in capsys.readouterr().err


def test_the_command_line_shows_the_log_and_a_broken_one_by_its_exit_code(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["log", "--check", "--data", str(county)]) == 0
    assert main(["log", "--kind", "登录", "--data", str(county)]) == 0
    assert "周审计  登录" in capsys.readouterr().out
    here = Laptop(county)
    store = laptop.open_store(here, vault.unlock(here.vault, "周审计", PIN), "")
    store.database.write(lambda db: db.execute("DELETE FROM audit_log WHERE number = 1")).result()
    store.close()
    assert main(["log", "--check", "--data", str(county)]) == 1
    assert "前面缺 1 条" in capsys.readouterr().out
