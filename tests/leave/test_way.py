"""A leave goes the way of its length and of who asks, and what was agreed to is what counts (domain §8.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.store import Put, Remove, Store
from nehe_desktop.features.leave import acts
from nehe_desktop.features.leave.checks import problems_of
from nehe_desktop.features.leave.ledger import Leave, LeaveStep
from nehe_desktop.features.leave.queries import around, case_of, cases, changed_since
from nehe_desktop.features.leave.rules import Applicant, Limits, chain_of, digest_of
from nehe_desktop.features.reference.ledger import Setting
from tests.leave.conftest import MEMBERS, WHO, asked, at, leave_of, look, say, sit

TUE, WED, FRI, NEXT = date(2020, 8, 18), date(2020, 8, 19), date(2020, 8, 21), date(2020, 8, 25)
MEMBER, LEADER, ALONE = Applicant("李工"), Applicant("王海波", leads=True), Applicant("李工", led=False)


@pytest.mark.parametrize(
    ("who", "kind", "length", "words"),
    [
        (MEMBER, "事假", 1, "队长"),
        (MEMBER, "事假", 3, "队长 → 乡镇党委"),
        (MEMBER, "病假", 3.5, "队长 → 乡镇党委 → 驻村办"),
        (MEMBER, "公出", 10, "队长，报乡镇党委备案"),
        (LEADER, "事假", 0.5, "乡镇党委"),
        (LEADER, "事假", 3, "乡镇党委，报驻村办备案"),
        (LEADER, "年休假", 5, "乡镇党委 → 驻村办"),
        (LEADER, "公出", 2, "乡镇党委"),
        (ALONE, "事假", 1, "乡镇党委"),
    ],
)
def test_who_must_agree_follows_from_who_asks_the_kind_and_the_days(
    who: Applicant, kind: str, length: float, words: str
) -> None:
    assert chain_of(kind, Decimal(str(length)), who, Limits()).words == words


def test_a_short_leave_of_a_member_is_the_leaders_and_ends_with_the_return(team: Store) -> None:
    leave = asked(team, "李工", TUE, TUE)
    assert look(team, leave).state == "待队长"
    assert say(team, leave, "王海波") == "批准"
    assert look(at(team, "2020-08-18T10:00"), leave).state == "在假"
    assert look(at(team, "2020-08-19T08:00"), leave).state == "待销假"
    acts.confirm_back(sit(team, "赵书记"), look(team, leave), WED, "AM").result()
    assert look(team, leave).state == "已销假"


def test_a_longer_one_goes_up_to_the_township_and_the_county(team: Store) -> None:
    leave = asked(team, "李工", TUE, NEXT)
    states = [say(team, leave, name) for name in ("王海波", "孙委员", "周主任")]
    assert states == ["待乡镇", "待驻村办", "批准"]
    assert look(team, leave).days == 6  # the weekend does not count


def test_the_leaders_own_leave_begins_at_the_township(team: Store) -> None:
    leave = asked(team, "王海波", TUE, WED)
    assert look(team, leave).state == "待乡镇"
    with pytest.raises(Refused, match="王海波自己的请假，要由另一个人审批"):
        acts.decide(sit(team, "王海波"), look(team, leave), "同意")
    assert say(team, leave, "孙委员") == "批准"
    assert say(team, leave, "周主任", opinion="已备案") == "批准"  # told only; it may still say no
    assert [s.step for s in look(team, leave).told.done] == ["乡镇党委意见", "驻村办意见"]


def test_by_no_hand_does_the_leader_decide_his_own_leave(team: Store) -> None:
    leave = asked(team, "王海波", TUE, WED)
    for step in ("队长意见", "乡镇党委意见"):
        word = LeaveStep(leave=leave, step=step, decision="同意", by="王海波", at=team.clock.now())
        for by in ("王海波", "王 海波", "孙委员", ""):
            with pytest.raises((Refused, Invalid)):
                sit(team, "王海波").write([Put(replace(word, by=by))], "审批")
    assert look(team, leave).state == "待乡镇"


def test_another_name_or_another_post_for_a_moment_gains_nothing(team: Store) -> None:
    leave = asked(team, "王海波", TUE, WED)
    whole = team.find(Leave, leave)
    assert whole is not None
    sit(team, "王海波").write([Put(replace(whole, member="m1"))], "换人")  # as if it were 李工's
    acts.decide(team, look(team, leave), "同意").result()
    team.write([Put(whole)], "换回")
    assert look(team, leave).state in ("待乡镇", "改过，要重新审批")
    assert not look(team, leave).told.granted


def test_somebody_with_an_account_who_leads_no_team_is_no_leader(team: Store) -> None:
    leave = asked(team, "李工", TUE, TUE)
    WHO["张三"] = "R2"  # an account alone, by whoever gave it
    with pytest.raises(Refused, match="任职记录里张三现在不是这支工作队的队长或第一书记"):
        say(team, leave, "张三")
    word = LeaveStep(leave=leave, step="队长意见", decision="同意", by="张三", at=team.clock.now())
    told = look(team, leave)
    sit(team, "张三").write([Put(replace(word, digest=digest_of(told.leave, told.who)))], "审批")
    assert look(team, leave).state == "待队长"
    assert say(team, leave, "王海波") == "批准"


def test_nobody_speaks_for_two_levels(team: Store) -> None:
    leave = asked(team, "李工", TUE, FRI)
    say(team, leave, "王海波")
    case = look(team, leave)
    sit(team, "孙委员").author = "王海波"
    assert (
        acts.step_refusal(team, case, "乡镇党委意见")
        == "王海波已经填过“队长意见”，“乡镇党委意见”要由另一个人填"
    )


def test_a_change_after_the_word_needs_the_word_again_and_says_what_changed(team: Store) -> None:
    leave = asked(team, "李工", TUE, TUE)
    say(team, leave, "王海波")
    whole = look(team, leave).leave
    at(sit(team, "李工"), "2020-08-17T10:00").write([Put(replace(whole, until=NEXT))], "改")
    case = look(team, leave)
    assert case.state == "改过，要重新审批"
    assert changed_since(team, case, case.told.stale[0]) == ["到：2020-08-18 → 2020-08-25"]
    assert say(team, leave, "王海波") == "待乡镇"


def test_what_is_not_part_of_the_word_may_change(team: Store) -> None:
    leave = asked(team, "李工", TUE, TUE)
    say(team, leave, "王海波")
    whole = look(team, leave).leave
    sit(team, "李工").write([Put(replace(whole, phone="13800002203"))], "改")
    assert look(team, leave).state == "批准"


def test_a_refusal_says_why_and_a_changed_application_goes_its_way_again(team: Store) -> None:
    leave = asked(team, "李工", TUE, FRI)
    with pytest.raises(Invalid, match="不同意要写明理由"):
        say(team, leave, "王海波", decision="不同意")
    assert say(team, leave, "王海波", decision="不同意", opinion="秋收检查") == "驳回"
    whole = look(team, leave).leave
    acts.hand_in(sit(team, "李工"), replace(whole, until=WED), whole).result()
    assert look(team, leave).state == "待队长"
    assert say(team, leave, "王海波", "孙委员") == "批准"


def test_one_who_said_no_may_say_yes(team: Store) -> None:
    leave = asked(team, "李工", TUE, TUE)
    say(team, leave, "王海波", decision="不同意", opinion="人手不够")
    assert say(at(team, "2020-08-17T11:00"), leave, "王海波") == "批准"


def test_what_is_taken_back_waits_for_nobody(team: Store) -> None:
    leave = asked(team, "李工", TUE, TUE)
    acts.withdraw(sit(team, "李工"), look(team, leave)).result()
    assert look(team, leave).state == "撤回"
    with pytest.raises(Refused, match="撤回，现在不用审批"):
        say(team, leave, "王海波")


def test_who_is_not_back_in_the_first_working_half_day_is_overdue(team: Store) -> None:
    leave = asked(team, "李工", FRI, FRI)
    say(team, leave, "王海波")
    states = [
        look(at(team, moment), leave).state
        for moment in ("2020-08-22T09:00", "2020-08-24T09:00", "2020-08-24T13:00")
    ]
    assert states == ["待销假", "待销假", "逾期未归"]
    assert look(at(team, "2020-08-25T13:00"), leave).told.late == Decimal("1.5")
    acts.confirm_back(sit(team, "赵书记"), look(team, leave), NEXT, "PM", opinion="班车停运").result()
    assert (look(team, leave).state, look(team, leave).told.late) == ("已销假", Decimal("1.5"))


def test_the_member_tells_and_the_village_confirms_the_return(team: Store) -> None:
    leave = asked(team, "李工", TUE, WED)
    say(team, leave, "王海波", "孙委员")
    at(team, "2020-08-19T08:00")
    acts.tell_back(sit(team, "李工"), look(team, leave), WED, "AM").result()
    assert look(team, leave).state == "待销假"
    with pytest.raises(Refused, match="李工自己的请假"):
        acts.confirm_back(team, look(team, leave), WED, "AM")
    with pytest.raises(Refused, match="返村日期要在"):
        acts.confirm_back(sit(team, "赵书记"), look(team, leave), FRI, "AM")


def test_a_step_belongs_to_its_role(team: Store) -> None:
    leave = asked(team, "李工", TUE, TUE)
    for name in ("陈雪", "赵书记", "孙委员", "周主任"):
        assert acts.my_steps(sit(team, name), look(team, leave)) == []
        with pytest.raises(Refused, match="“队长意见”由队长或第一书记填写"):
            acts.decide(team, look(team, leave), "同意")


def test_a_member_writes_and_sees_only_his_own(team: Store) -> None:
    leave, other = asked(team, "李工", TUE, TUE), leave_of("李工", FRI, FRI)
    with pytest.raises(Refused, match="只能登记自己的请销假"):
        sit(team, "陈雪").write([Put(other)], "请假")
    assert cases(team) == []
    assert case_of(team, leave) is None
    assert "只能写自己的请假单" in acts.change_refusal(team, look(team, leave))
    with pytest.raises(Refused, match="陈雪"):
        team.write([Remove(Leave, leave)], "删")


def test_days_taken_already_are_refused_beside_the_field(team: Store) -> None:
    asked(team, "李工", TUE, WED)
    with pytest.raises(Invalid) as refused:
        asked(team, "李工", WED, FRI)
    assert [(p.field, p.sentence) for p in refused.value.problems] == [
        ("since", "和另一张请假单（事假，8月18日上午至8月19日下午）的日子重叠，请核对")
    ]
    later = acts.handed_in(leave_of("李工", WED, FRI))
    with pytest.raises(Invalid, match="重叠"):  # also where somebody stores it without asking
        team.write([Put(later)], "导入")


def test_an_early_return_frees_the_days(team: Store) -> None:
    leave = asked(team, "李工", TUE, FRI)
    say(team, leave, "王海波", "孙委员", "周主任")
    acts.confirm_back(sit(at(team, "2020-08-19T09:00"), "赵书记"), look(team, leave), WED, "AM").result()
    assert look(team, asked(team, "李工", FRI, FRI)).state == "待队长"


def test_somebody_must_stay_in_the_village(team: Store) -> None:
    asked(team, "王海波", TUE, WED, kind="公出")
    asked(team, "陈雪", WED, WED)
    with pytest.raises(Invalid) as refused:
        asked(team, "李工", TUE, WED)
    assert refused.value.problems[0].field == "until"
    assert "8月19日上午村里只剩 0 人，至少要留 1 人" in refused.value.problems[0].sentence
    assert asked(team, "李工", TUE, WED, kind="病假")  # an illness cannot be put off


def test_the_days_of_a_year_are_counted_and_more_than_thirty_lead_to_an_advice(team: Store) -> None:
    long = acts.handed_in(leave_of("李工", date(2020, 9, 1), date(2020, 10, 16)))
    team.write([Put(long)], "请假")
    after = leave_of("李工", date(2020, 11, 2), date(2020, 11, 5))
    told = {p.field: p for p in problems_of(after, around(team, after))}
    assert told["kind"].level == "warning"
    assert "今年事假、病假累计 34 天" in told["kind"].sentence
    assert "建议调整轮换" in told["kind"].sentence


def test_the_limits_are_settings_of_the_county(team: Store) -> None:
    row = team.all(Setting, "name = 'leave_team_days'")[0]
    team.write([Put(replace(row, value="5"))], "县里定")
    leave = asked(team, "李工", TUE, FRI)
    assert say(team, leave, "王海波") == "批准"


def test_rest_days_alone_need_no_leave(team: Store) -> None:
    weekend = leave_of("李工", date(2020, 8, 22), date(2020, 8, 23))
    assert [p.sentence for p in problems_of(weekend, around(team, weekend))] == ["这几天都是休息日，不用请假"]


def test_what_somebody_said_a_word_of_is_not_removed(team: Store) -> None:
    leave, other = asked(team, "李工", TUE, TUE), asked(team, "李工", FRI, FRI)
    say(team, leave, "王海波", decision="不同意", opinion="有检查")
    for name in ("李工", "王海波"):
        with pytest.raises(Invalid, match="已经有人签过意见，不能删除"):
            sit(team, name).write([Remove(Leave, leave)], "删")
    sit(team, "李工").write([Remove(Leave, other)], "删")
    assert [each.id for each in team.all(Leave)] == [leave]


def test_a_word_is_only_added(team: Store) -> None:
    leave = asked(team, "李工", TUE, TUE)
    say(team, leave, "王海波")
    step = team.all(LeaveStep)[0]
    for change in (Put(replace(step, decision="不同意", opinion="改")), Remove(LeaveStep, step.id)):
        with pytest.raises(Invalid, match="只能添加"):
            team.write([change], "改")
    assert MEMBERS["李工"] == look(team, leave).leave.member
