"""Leave without a window: asked for, agreed to by whom it belongs to, refused to everybody else, noted in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.cli import main
from nehe_desktop.core.clock import Clock
from nehe_desktop.core.store import Put
from nehe_desktop.features.custody.ledger import Account
from nehe_desktop.security import laptop, vault
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop
from tests.attendance.conftest import found
from tests.leave.conftest import WHO

CHEAP = Cost(memory=8, passes=1, lanes=1)
PINS = {
    "王海波": "沙河子七号仓房", "李工": "老莱河边九棵树", "赵书记": "学富乡南三道沟", "孙委员": "拉哈站台八盏灯",
    "周主任": "通南五队三口井",
}  # fmt: skip
Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Asks the command line as one of five people at one laptop; the exit code and what was said."""
    here = Laptop(tmp_path / "data")
    here.vault.parent.mkdir(parents=True)
    key, _ = vault.create(here.vault, "王海波", PINS["王海波"], cost=CHEAP)
    store = laptop.open_store(here, key, "王海波", Clock())
    found(store)
    accounts = [Account(name=n, role=WHO[n], village=None if n == "周主任" else "v") for n in PINS]
    store.write(map(Put, accounts), "开通")
    store.close()
    for name in list(PINS)[1:]:
        vault.add_person(here.vault, key, name, PINS[name], cost=CHEAP)

    def asked(who: str, *words: str) -> tuple[int, str]:
        monkeypatch.setenv("NEHE_PIN", PINS[who])
        code = main([words[0], "--data", str(here.folder), "--person", who, *words[1:]])
        out, err = capsys.readouterr()
        return code, out + err

    return asked


def asking(day: str, *more: str) -> tuple[str, ...]:
    told = ("--kind", "事假", "--from", day, "--to", day, "--why", "家里有事", "--where", "齐齐哈尔")
    return ("leave", "ask", *told, *more)


AHEAD = f"{date.today().year + 1}-03-"  # noqa: DTZ011 - the laptop's own year


def number(said: str) -> str:
    return said.rstrip().splitlines()[-1].split("\t")[-2]


def test_a_leader_who_approves_his_own_leave_is_refused(ask: Ask) -> None:
    code, said = ask("王海波", *asking(f"{AHEAD}02"))
    assert (code, said.rstrip().endswith("待乡镇")) == (0, True)
    mine = number(said)
    assert ask("王海波", "leave", "approve", mine) == (1, "没有做成：王海波自己的请假，要由另一个人审批\n")
    assert ask("孙委员", "leave", "approve", mine, "--opinion", "安排好工作")[1] == f"{mine}\t批准\n"
    assert (
        "孙委员  审批  请假审批意见  1 条  请假 乡镇党委意见 同意"
        in ask("周主任", "log", "--kind", "审批")[1]
    )
    assert "王海波  被拒绝  请销假  1 条  想审批自己的请假" in ask("周主任", "log", "--kind", "被拒绝")[1]


def test_a_member_asks_and_the_leader_says_no_and_then_yes(ask: Ask) -> None:
    mine = number(ask("李工", *asking(f"{AHEAD}03下午"))[1])
    assert "还没有填" not in ask("王海波", "leave", "list", "--mine")[1]
    assert mine in ask("王海波", "leave", "list", "--mine")[1]
    assert "不同意要写明理由" in ask("王海波", "leave", "reject", mine)[1]
    assert ask("王海波", "leave", "reject", mine, "--opinion", "秋收检查")[1] == f"{mine}\t驳回（王海波）\n"
    assert ask("王海波", "leave", "approve", mine)[1] == f"{mine}\t批准\n"
    assert "队长意见　王海波　不同意：秋收检查" in ask("李工", "leave", "show", mine)[1]


def test_bad_words_are_refused_beside_what_they_are(ask: Ask) -> None:
    assert "不是日期" in ask("李工", *asking("明天"))[1]
    assert "没有 2021-02-30 这一天" in ask("李工", *asking("2021-02-30"))[1]
    assert "只能登记自己的请销假" in ask("李工", *asking(f"{AHEAD}04", "--member", "陈雪"))[1]
    assert "没有编号是 12345678 的请假单" in ask("李工", "leave", "approve", "12345678")[1]
    ask("李工", *asking(f"{AHEAD}05"))
    assert "重叠" in ask("李工", *asking(f"{AHEAD}05"))[1]


def test_an_approved_leave_is_filled_into_the_attendance(ask: Ask) -> None:
    mine = number(ask("李工", *asking(f"{AHEAD}09"))[1])
    ask("王海波", "leave", "approve", mine)
    month = f"{AHEAD[:4]}03"
    said = ask("王海波", "leave", "fill", "--month", month)[1]
    assert said in ("按请假单登记 2 个半天\n", "按请假单登记 0 个半天\n")  # nothing on a rest day
    assert ask("王海波", "leave", "fill", "--month", month)[1] == "按请假单登记 0 个半天\n"
    assert "不是月份" in ask("王海波", "leave", "fill", "--month", "3月")[1]


def test_a_draft_is_handed_in_and_taken_back(ask: Ask) -> None:
    mine = number(ask("李工", *asking(f"{AHEAD}08", "--draft"))[1])
    assert ask("李工", "leave", "submit", mine)[1] == f"{mine}\t待队长\n"
    assert "不能登记请销假" in ask("赵书记", "leave", "withdraw", mine)[1]
    assert ask("李工", "leave", "withdraw", mine)[1] == f"{mine}\t撤回\n"
    assert "现在不用审批" in ask("王海波", "leave", "approve", mine)[1]
