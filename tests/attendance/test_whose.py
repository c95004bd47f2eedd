"""Whose attendance it is: nobody signs for another, and what comes later is confirmed by two others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.store import Put, Remove, Store
from nehe_desktop.features.attendance import fill, sheet_acts
from nehe_desktop.features.attendance.entering import entered_month
from nehe_desktop.features.attendance.intake import export_month, import_month
from nehe_desktop.features.attendance.ledger import HalfDay, Night
from nehe_desktop.features.attendance.month import FIXED, OTHERS, Cell, words_of
from nehe_desktop.features.attendance.sheet_queries import LateEntry, late_entries, sheet_of
from nehe_desktop.features.attendance.sheets import LateNightStep, LateStep
from nehe_desktop.features.intake.apply import apply_plan
from nehe_desktop.features.intake.plan import Options
from nehe_desktop.features.intake.single import plan_ledger
from nehe_desktop.spreadsheets.reading import open_workbook
from tests.attendance.conftest import sit
from tests.spreadsheets.office import xlsx

TODAY = date(2020, 8, 31)


def half(member: str = "m1", day: date = TODAY, **more: object) -> HalfDay:
    return replace(HalfDay(member=member, team="team", day=day, half="AM", status="V"), **more)  # type: ignore[arg-type]


def test_a_member_enters_his_own_half_days_and_nights(august: Store) -> None:
    sit(august, "李工", "R1")
    receipt = august.write(
        [Put(half()), Put(Night(member="m1", team="team", day=TODAY, stayed="住村"))], "签到"
    )
    assert receipt.inserted == 2


@pytest.mark.parametrize("record", [half("m0"), Night(member="m0", team="team", day=TODAY, stayed="住村")])
def test_a_member_enters_nobody_elses(august: Store, record: HalfDay | Night) -> None:
    sit(august, "李工", "R1")
    with pytest.raises(Refused, match="李工（驻村工作队队员）只能登记自己的"):
        august.write([Put(record)], "考勤")
    assert august.count(type(record)) == 0


def test_a_member_takes_his_own_entry_back_and_puts_it_right(august: Store) -> None:
    sit(august, "李工", "R1")
    august.undo(august.write([Put(half())], "签到").tx)
    august.write([Put(kept := half())], "签到")
    august.write([Put(replace(kept, status="O", place="到市里开会"))], "改")
    assert august.one("SELECT status FROM attendance_half") == ("O",)


def test_a_member_changes_nothing_that_the_leader_wrote_of_him(august: Store) -> None:
    sit(august, "王海波", "R2").write([Put(absent := half(status="A", note="未请假"))], "考勤")
    sit(august, "李工", "R1")
    for change in (Put(replace(absent, status="V")), Remove(HalfDay, absent.id)):
        with pytest.raises(Refused, match="别人登记过的请队长改"):
            august.write([change], "改")
    assert august.one("SELECT status FROM attendance_half") == ("A",)


def test_the_leader_enters_for_all_but_signs_for_nobody(august: Store) -> None:
    sit(august, "王海波", "R2").write([Put(half())], "考勤")
    with pytest.raises(Invalid, match="要本人登录来签，王海波不能代签"):
        august.write([Put(half(half="PM", source="签到"))], "签到")
    view = entered_month(august, "202008")
    step = fill.sign_in(view, view.mates[1], "下午", clock_went_back=False, own=False)
    assert [h.source for h in step.halves.values() if h] == ["手工"]


def test_the_leader_may_take_back_that_he_cleared_a_signature(august: Store) -> None:
    sit(august, "李工", "R1").write([Put(signed := half(source="签到"))], "签到")
    sit(august, "王海波", "R2")
    august.undo(august.write([Remove(HalfDay, signed.id)], "清除").tx)
    assert august.one("SELECT source FROM attendance_half") == ("签到",)


def test_the_month_of_a_member_shows_the_others_and_lets_him_fill_his_own_line(august: Store) -> None:
    sit(august, "王海波", "R2").write([Put(half(day=TODAY, status="A", note="脱岗"))], "考勤")
    sit(august, "李工", "R1")
    view = entered_month(august, "202008")
    assert fill.fill(view, [Cell(view.mates[0], TODAY)], "全天", "V").why == OTHERS
    assert fill.fill(view, [Cell(view.mates[1], TODAY)], "上午", "V").why == FIXED
    step = fill.fill_workdays(view, view.mates)
    assert {key[0] for key in step.halves} == {"m1"}
    assert {key[0] for key in fill.fill_rest(view, view.mates).halves} == {"m1"}


def test_a_filled_workbook_brings_a_member_only_his_own_lines(august: Store, tmp_path: Path) -> None:
    path = tmp_path / "考勤.xlsx"
    sit(august, "王海波", "R2")
    view = entered_month(august, "202008")
    august.write(fill.fill(view, [Cell(mate, TODAY) for mate in view.mates], "全天", "V").changes, "考勤")
    export_month(august, "team", "202008", path)
    august.write([Remove(HalfDay, each.id) for each in august.all(HalfDay)], "清除")
    _receipt, refused = import_month(sit(august, "李工", "R1"), path)
    assert {row[0] for row in august.rows("SELECT DISTINCT member FROM attendance_half")} == {"m1"}
    assert len(refused) == 4
    assert refused[0] == f"王海波 8月31日：{OTHERS}"


# -- made up later ---------------------------------------------------------------------------------


@pytest.fixture
def late(august: Store) -> Store:
    """The leader makes up a day of 李工's and one of his own."""
    view = entered_month(sit(august, "王海波", "R2"), "202008")
    cells = [Cell(view.mates[n], date(2020, 8, 20)) for n in (0, 1)]
    august.write(fill.fill(view, cells, "上午", "V").changes, "考勤")
    return august


def entry(store: Store, name: str) -> LateEntry:
    return next(each for each in late_entries(store, "202008") if each.member == name)


def shown(store: Store) -> str:
    """The line below the grid for 李工's day."""
    view = entered_month(store, "202008")
    return words_of(view, Cell(view.mates[1], date(2020, 8, 20)))


def said(store: Store, name: str, role: str, about: str) -> str:
    """What becomes of an entry when somebody confirms it, or why he may not."""
    try:
        sheet_acts.say_late(sit(store, name, role), [entry(store, about)], "同意").result()
    except Refused as refused:
        return refused.sentence
    return entry(store, about).made.words


def test_an_old_entry_that_does_not_say_so_is_refused_whoever_brings_it(
    august: Store, tmp_path: Path
) -> None:
    sit(august, "王海波", "R2")
    with pytest.raises(Invalid, match="超过 24 小时后登记，要记为补签"):
        august.write([Put(half(day=date(2020, 8, 20)))], "考勤")
    head = ["队员", "工作队", "日期", "半天", "考勤", "来源", "补登", "备注"]
    rows = [head, ["李工", "明星村驻村工作队", "2020-08-20", "上午", "在村", "手工", "否", ""]]
    plan = plan_ledger(august, HalfDay.ledger, open_workbook(xlsx(tmp_path / "半天.xlsx", rows)), Options())
    assert plan.new
    with pytest.raises(Invalid, match="记为补签"):
        apply_plan(august, plan)
    assert august.count(HalfDay) == 0


def test_what_was_made_up_stays_marked(late: Store) -> None:
    made = late.all(HalfDay, "member = 'm1'")[0]
    with pytest.raises(Invalid, match="记为补签"):
        late.write([Put(replace(made, late=False, source="手工"))], "改")


def test_a_leader_and_the_secretary_confirm_what_was_made_up(late: Store) -> None:
    assert said(late, "王海波", "R2", "李工") == "待村书记确认"
    assert shown(late).endswith("补签（待确认）")
    assert said(late, "赵书记", "R4", "李工") == "已确认"
    assert shown(late).endswith("补签")


def test_nobody_confirms_his_own_and_nobody_twice(late: Store) -> None:
    assert said(late, "王海波", "R2", "王海波") == "王海波自己的补签，要由另一个人确认"
    assert said(late, "赵书记", "R4", "李工") == "待队长确认"
    assert said(late, "赵书记", "R2", "李工") == "赵书记已经以“村党组织书记确认”确认过，要由两个人确认"
    assert said(late, "李工", "R1", "李工") == "补签由队长和村书记两个人确认"


@pytest.mark.parametrize(("name", "role"), [("吴第一书记", "R2"), ("孙委员", "R5")])
def test_the_leaders_own_is_confirmed_by_another_leader_or_the_township(
    late: Store, name: str, role: str
) -> None:
    assert said(late, name, role, "王海波") == "待村书记确认"
    assert said(late, "赵书记", "R4", "王海波") == "已确认"


def test_the_township_stands_in_for_the_leader_only(late: Store) -> None:
    assert said(late, "孙委员", "R5", "李工") == "李工不是队长，由队长确认"
    step = LateStep(half=entry(late, "李工").id, step="乡镇确认", decision="同意", by="孙委员", at=late.clock.now(),
                    digest=entry(late, "李工").digest)  # fmt: skip
    late.write([Put(step)], "确认")
    assert said(late, "赵书记", "R4", "李工") == "待队长确认"


def test_the_store_lets_nobody_confirm_his_own_or_in_anothers_name(late: Store) -> None:
    told = {"half": entry(late, "王海波").id, "step": "队长确认", "decision": "同意", "at": late.clock.now()}
    with pytest.raises(Invalid, match="王海波自己的日考勤，要由另一个人审批"):
        late.write([Put(LateStep(by="王海波", **told))], "确认")
    with pytest.raises(Invalid, match="只能由登录的本人签"):
        late.write([Put(LateStep(by="吴第一书记", **told))], "确认")
    with pytest.raises(Invalid, match="由村党组织书记或村专干填写"):
        late.write([Put(LateStep(by="王海波", **{**told, "step": "村党组织书记确认"}))], "确认")
    assert late.count(LateStep) == 0


def test_what_changes_after_it_was_confirmed_is_confirmed_anew(late: Store) -> None:
    said(late, "王海波", "R2", "李工")
    assert said(late, "赵书记", "R4", "李工") == "已确认"
    made = late.all(HalfDay, "member = 'm1'")[0]
    sit(late, "王海波", "R2").write([Put(replace(made, status="O", place="去哈尔滨"))], "改")
    assert entry(late, "李工").made.words == "待队长、村书记确认"


def test_what_is_sent_back_says_why_and_waits_for_the_team(late: Store) -> None:
    with pytest.raises(Invalid, match="退回要写明理由"):
        sheet_acts.say_late(sit(late, "赵书记", "R4"), [entry(late, "李工")], "退回").result()
    sheet_acts.say_late(late, [entry(late, "李工")], "退回", "那天没见到人").result()
    assert entry(late, "李工").made.words == "赵书记退回：那天没见到人"
    assert sheet_of(late, "team", "202008").waiting == 2


def test_many_are_confirmed_in_one_go_and_ones_own_stays(late: Store) -> None:
    sheet_acts.say_late(sit(late, "王海波", "R2"), late_entries(late, "202008"), "同意").result()
    assert [each.made.words for each in late_entries(late, "202008")] == [
        "待村书记确认",
        "待队长、村书记确认",
    ]


# -- nights ------------------------------------------------------------------------------------------


@pytest.fixture
def late_night(august: Store) -> Store:
    """The leader makes up a night of 李工's."""
    view = entered_month(sit(august, "王海波", "R2"), "202008")
    august.write(fill.toggle_nights(view, [Cell(view.mates[1], date(2020, 8, 20))]).changes, "住村")
    return august


def test_a_night_made_up_later_is_confirmed_by_two_others_too(late_night: Store) -> None:
    assert late_night.one("SELECT source, late FROM night") == ("补签", 1)
    assert sheet_of(late_night, "team", "202008").waiting == 1
    assert (entry(late_night, "李工").when, entry(late_night, "李工").what) == ("8 月 20 日夜间", "住村")
    assert said(late_night, "王海波", "R2", "李工") == "待村书记确认"
    assert shown(late_night).endswith("夜间住村（补签待确认）")
    assert said(late_night, "赵书记", "R4", "李工") == "已确认"
    assert shown(late_night).endswith("夜间住村（补签）")
    assert sheet_of(late_night, "team", "202008").waiting == 0


def test_last_nights_entry_is_in_time_and_an_older_one_says_that_it_is_late(august: Store) -> None:
    view = entered_month(sit(august, "王海波", "R2"), "202008")
    step = fill.toggle_nights(view, [Cell(view.mates[1], date(2020, 8, day)) for day in (29, 30)])
    assert [(night.late, night.source) for night in step.nights.values() if night] == [(True, "补签"), (False, "手工")]
    with pytest.raises(Invalid, match="要记为补签"):
        august.write([Put(Night(member="m1", team="team", day=date(2020, 8, 20), stayed="住村"))], "住村")


def test_nobody_confirms_his_own_night(late_night: Store) -> None:
    told = {"night": entry(late_night, "李工").id, "step": "队长确认", "decision": "同意", "at": late_night.clock.now()}
    with pytest.raises(Invalid, match="李工自己的日考勤，要由另一个人审批"):
        sit(late_night, "李工", "R2").write([Put(LateNightStep(by="李工", **told))], "确认")
