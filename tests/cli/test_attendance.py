"""The month's sheet without a window: the steps, their refusals and the log of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nehe_desktop.cli import main
from nehe_desktop.core.clock import Clock
from nehe_desktop.core.store import Put
from nehe_desktop.features.attendance.intake import export_month
from nehe_desktop.features.attendance.ledger import HalfDay
from nehe_desktop.features.custody.ledger import Account
from nehe_desktop.security import laptop, vault
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop
from tests.attendance.conftest import fill_august, found

CHEAP = Cost(memory=8, passes=1, lanes=1)
PEOPLE = {"王海波": "R2", "赵书记": "R4", "孙委员": "R5", "周主任": "R7"}
PINS = dict(
    zip(PEOPLE, ("沙河子七号仓房", "老莱河边九棵树", "学富乡南三道沟", "拉哈站台八盏灯"), strict=True)
)
Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Asks the command line as one of four people at one laptop; the exit code and what was said."""
    here = Laptop(tmp_path / "data")
    here.vault.parent.mkdir(parents=True)
    key, _ = vault.create(here.vault, "王海波", PINS["王海波"], cost=CHEAP)
    store = laptop.open_store(here, key, "王海波", Clock())
    found(store)
    fill_august(store)
    places = {"R7": None}
    accounts = [Account(name=name, role=role, village=places.get(role, "v")) for name, role in PEOPLE.items()]
    store.write(map(Put, accounts), "开通")
    store.close()
    for name in list(PEOPLE)[1:]:
        vault.add_person(here.vault, key, name, PINS[name], cost=CHEAP)

    def asked(who: str, *words: str) -> tuple[int, str]:
        monkeypatch.setenv("NEHE_PIN", PINS[who])
        code = main(["attendance", "--data", str(here.folder), "--person", who, *words])
        out, err = capsys.readouterr()
        return code, out + err

    return asked


def test_each_level_confirms_in_turn_and_the_county_locks(ask: Ask) -> None:
    month = ("--month", "202008")
    assert ask("王海波", "steps", *month)[1].splitlines()[1].startswith("明星村驻村工作队\t待队长确认")
    assert ask("赵书记", "confirm", *month) == (
        1,
        "明星村驻村工作队\t没有办成：现在等“队长确认”，由队长或第一书记办理\n",
    )
    for who in PEOPLE:
        assert ask(who, "confirm", *month)[0] == 0
    assert ask("孙委员", "lock", *month)[0] == 1
    assert ask("周主任", "lock", *month) == (0, "明星村驻村工作队\t已锁定\n")
    assert "重开要写明理由" in ask("周主任", "reopen", *month)[1]
    assert ask("周主任", "reopen", *month, "--reason", "核查") == (
        0,
        "明星村驻村工作队\t待队长确认（第 2 稿）\n",
    )


def test_every_step_lock_and_opening_stands_in_the_log_without_a_name(ask: Ask, tmp_path: Path) -> None:
    for who in PEOPLE:
        ask(who, "confirm", "--month", "202008")
    ask("周主任", "lock", "--month", "202008")
    ask("周主任", "reopen", "--month", "202008", "--reason", "李工 25 日不在村")
    here = Laptop(tmp_path / "data")
    store = laptop.open_store(here, vault.unlock(here.vault, "王海波", PINS["王海波"]), "王海波")
    told = store.rows("SELECT person, detail FROM audit_log WHERE kind = '审批' ORDER BY number")
    store.close()
    steps = ["队长确认 同意", "村党组织书记确认 同意", "乡镇党委审核 同意", "驻村办备案 同意"]
    wanted = [(who, f"考勤表 202008 第 1 稿 {step}") for who, step in zip(PEOPLE, steps, strict=True)]
    assert told == [*wanted, ("周主任", "锁定考勤表 202008 第 1 稿"), ("周主任", "重开考勤表 202008 第 2 稿")]


def test_a_filled_workbook_of_a_locked_month_is_refused_row_by_row(ask: Ask, tmp_path: Path) -> None:
    for who in PEOPLE:
        ask(who, "confirm", "--month", "202008")
    ask("周主任", "lock", "--month", "202008")
    here = Laptop(tmp_path / "data")
    store = laptop.open_store(here, vault.unlock(here.vault, "王海波", PINS["王海波"]), "王海波")
    export_month(store, "team", "202008", tmp_path / "考勤.xlsx")
    store.close()
    code, said = ask("王海波", "import", str(tmp_path / "考勤.xlsx"))
    assert (code, said.splitlines()[0]) == (1, "考勤.xlsx：导入 0 处")
    assert "  不能导入：王海波 8月1日：这个月的考勤已经锁定，要改先请市驻村办重开" in said


def test_a_sheet_is_sent_back_with_its_reason(ask: Ask) -> None:
    ask("王海波", "confirm", "--month", "202008")
    assert ask("赵书记", "return", "--month", "202008", "--reason", "28 日不符") == (
        0,
        "明星村驻村工作队\t赵书记退回\n",
    )
    assert "退回理由：28 日不符" in ask("王海波", "steps", "--month", "202008")[1]


@pytest.mark.parametrize(
    "words", [("--month", "2020-8"), ("--month", "202013"), ("--month", "202008", "--team", "没有")]
)
def test_a_month_or_team_that_is_none_is_named(ask: Ask, words: tuple[str, ...]) -> None:
    code, said = ask("王海波", "steps", *words)
    assert code == 1
    assert "没有做成" in said


def test_what_was_made_up_is_listed_and_confirmed_by_two(ask: Ask, tmp_path: Path) -> None:
    here = Laptop(tmp_path / "data")
    store = laptop.open_store(here, vault.unlock(here.vault, "王海波", PINS["王海波"]), "王海波")
    half = store.all(HalfDay, "member = 'm1'", limit=1)[0]
    store.write(
        [Put(HalfDay(**{**half.values(), "id": half.id, "late": True, "status": "O", "place": "开会"}))],
        "补签",
    )
    store.close()
    assert ask("王海波", "late", "--month", "202008")[1].endswith("待队长、村书记确认\n")
    assert ask("王海波", "confirm-late", "--month", "202008") == (0, "同意 1 处补签\n")
    assert ask("赵书记", "confirm-late", "--month", "202008") == (0, "同意 1 处补签\n")
    assert ask("赵书记", "late", "--month", "202008")[1].endswith("已确认\n")
