"""Lists of leaves go out and come in; a list never brings a word of anybody (domain §8.4)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.store import Store
from nehe_desktop.features.intake.apply import apply_plan
from nehe_desktop.features.intake.errand import kinds
from nehe_desktop.features.intake.lists import write_ledger, write_ledger_template
from nehe_desktop.features.intake.single import plan_ledger
from nehe_desktop.features.leave.ledger import Leave, LeaveStep
from nehe_desktop.spreadsheets.reading import open_workbook
from tests.leave.conftest import asked, look, say, sit
from tests.spreadsheets.office import xlsx

TUE = date(2020, 8, 18)
HEAD = ["队员", "工作队", "请假类别", "从", "到", "事由", "已提交"]


def rows(name: str, since: str, until: str, submitted: str = "是") -> list[list[str]]:
    return [HEAD, [name, "明星村驻村工作队", "事假", since, until, "家里有事", submitted]]


def bring(store: Store, folder: Path, name: str, since: str, until: str) -> None:
    path = xlsx(folder / "请假.xlsx", rows(name, since, until))
    apply_plan(store, plan_ledger(store, Leave.ledger, open_workbook(path)))


def test_a_list_of_leaves_comes_in_as_asked_for_and_not_as_approved(team: Store, tmp_path: Path) -> None:
    bring(sit(team, "王海波"), tmp_path, "李工", "2020-08-18", "2020-08-18")
    [leave] = team.all(Leave)
    assert look(team, leave.id).state == "待队长"


def test_a_list_takes_no_days_that_are_taken_and_nobody_else_s_leave(team: Store, tmp_path: Path) -> None:
    asked(team, "李工", TUE, TUE)
    with pytest.raises(Invalid, match="重叠"):
        bring(sit(team, "王海波"), tmp_path, "李工", "2020-08-17", "2020-08-19")
    with pytest.raises(Refused, match="只能登记自己的请销假"):
        bring(sit(team, "陈雪"), tmp_path, "李工", "2020-08-24", "2020-08-24")


def test_no_list_brings_a_word(team: Store, tmp_path: Path) -> None:
    leave = asked(team, "王海波", TUE, TUE)
    head = ["请假", "步骤", "意见", "审批人", "时间"]
    path = xlsx(tmp_path / "意见.xlsx", [head, [leave, "乡镇党委意见", "同意", "孙委员", "2020-08-17 09:00"]])
    for name in ("王海波", "孙委员", "周主任"):
        with pytest.raises(Refused, match="请假审批意见由程序自己记，不能导入"):
            plan_ledger(sit(team, name), LeaveStep.ledger, open_workbook(path))
    assert LeaveStep.ledger.table not in kinds()
    assert Leave.ledger.table in kinds()
    assert look(team, leave).state == "待乡镇"


def test_leaves_go_out_with_a_template_that_comes_back(team: Store, tmp_path: Path) -> None:
    leave = asked(team, "李工", TUE, TUE)
    say(team, leave, "王海波")
    sit(team, "王海波")
    write_ledger(team, Leave.ledger, tmp_path / "out.xlsx")
    write_ledger_template(Leave.ledger, tmp_path / "template.xlsx")
    headings = [str(cell) for row in open_workbook(tmp_path / "template.xlsx").sheets[0].rows for cell in row]
    assert "请假类别" in headings
    plan = plan_ledger(team, Leave.ledger, open_workbook(tmp_path / "out.xlsx"))
    assert (len(plan.new), len(plan.updates)) == (0, 0)
    assert look(team, leave).state == "批准"
