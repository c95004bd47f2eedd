"""Lists, forms and imports are no way round: steps and locks are made only where the deed is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.record import Record
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.attendance.sheets import LateNightStep, LateStep, MonthLock, SheetStep
from nehe_desktop.features.intake.errand import kinds
from nehe_desktop.features.intake.plan import Options
from nehe_desktop.features.intake.single import plan_ledger
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.ui.allowing import refusal
from tests.attendance.conftest import sit
from tests.spreadsheets.office import xlsx

DECISIONS = (SheetStep, LateStep, LateNightStep, MonthLock)


@pytest.mark.parametrize("cls", DECISIONS)
@pytest.mark.parametrize("role", ["R2", "R4", "R5", "R7"])
def test_no_list_of_decisions_is_imported(
    august: Store, tmp_path: Path, cls: type[Record], role: str
) -> None:
    path = xlsx(tmp_path / "表.xlsx", [["工作队", "月份", "已锁定"], ["明星村驻村工作队", "202008", "是"]])
    with pytest.raises(Refused, match="不能导入"):
        plan_ledger(sit(august, "王五", role), cls.ledger, open_workbook(path), Options())
    assert cls.ledger.table not in kinds()


@pytest.mark.parametrize("cls", DECISIONS)
@pytest.mark.parametrize("role", ["R2", "R4", "R5", "R7"])
def test_the_list_of_decisions_offers_no_new_row(august: Store, cls: type[Record], role: str) -> None:
    guard = sit(august, "王五", role).guard
    assert "在自己的页面上办" in refusal(guard, "create", cls.ledger.table)


@pytest.mark.parametrize("role", ["R1", "R2", "R4", "R5", "R8", "R12", "R13"])
def test_no_hand_but_the_countys_office_writes_a_lock(august: Store, role: str) -> None:
    lock = MonthLock.of("team", "202008", closed=True, by="王五")
    with pytest.raises((Refused, Invalid)):
        sit(august, "王五", role).write([Put(lock)], "改")
    assert august.count(MonthLock) == 0


@pytest.mark.parametrize("step", ["乡镇党委审核", "驻村办备案"])
@pytest.mark.parametrize("role", ["R1", "R2", "R4"])
def test_nobody_of_a_village_takes_a_step_of_a_level_above(august: Store, role: str, step: str) -> None:
    made = SheetStep(
        team="team", month="202008", step=step, decision="同意", by="王五", at=august.clock.now()
    )
    with pytest.raises(Invalid, match="填写，王五是"):
        sit(august, "王五", role).write([Put(made)], "改")


def test_nobody_signs_a_step_in_anothers_name(august: Store) -> None:
    made = SheetStep(
        team="team", month="202008", step="队长确认", decision="同意", by="王海波", at=august.clock.now()
    )
    with pytest.raises(Invalid, match="只能由登录的本人签，现在登录的是吴第一书记"):
        sit(august, "吴第一书记", "R2").write([Put(made)], "改")
