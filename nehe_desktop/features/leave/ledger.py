"""Applications for leave, and what each level said of them (domain §8.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from nehe_desktop.core.errors import Invalid, Problem
from nehe_desktop.core.fields import choice, day, flag, moment, note, phone, photos, ref, text
from nehe_desktop.core.fields import name as person
from nehe_desktop.core.record import Record
from nehe_desktop.features.attendance.ledger import HALVES
from nehe_desktop.security.laptop import is_below_county, is_of_village

if TYPE_CHECKING:
    from nehe_desktop.core.database import Writing

KINDS = ("事假", "病假", "年休假", "婚假", "产假", "丧假", "探亲假", "公出")
STEPS = ("队长意见", "乡镇党委意见", "驻村办意见", "销假确认")
LEADER, TOWN, COUNTY, RETURN = STEPS
DECISIONS = ("同意", "不同意")
LONGEST = 366
"""Days of one leave; more is a slip of the keyboard."""

_CLASH = """
SELECT l.since, l.until FROM leave l WHERE l.member = ?1 AND l.id <> ?2 AND l.submitted = 1
  AND coalesce(l.withdrawn, 0) = 0 AND (l.since, l.since_half) <= (?5, ?6) AND (l.until, l.until_half) >= (?3, ?4)
  AND NOT EXISTS (SELECT 1 FROM leave_step s WHERE s.leave = l.id AND s.step = '销假确认' AND s.decision = '同意'
    AND (s.returned_on, s.returned_half) <= (?3, ?4))
  AND NOT EXISTS (SELECT 1 FROM leave_step s WHERE s.leave = l.id AND s.step <> '销假确认' AND s.decision = '不同意'
    AND NOT EXISTS (SELECT 1 FROM leave_step t WHERE t.leave = l.id AND t.step = s.step AND t.at > s.at))
"""
# a leave asked for and neither refused nor over; of one refused and changed since, the page tells


class Leave(
    Record,
    table="leave",
    title="请销假",
    scope="team.village",
    key=("member", "since", "since_half"),
    indexes=("team, since", "member, since"),
    together=(("since", "since_half", "until", "until_half"),),
    own="member.name",
):
    """That a member asks to be away from half a day to half a day, both counted."""

    member: str = ref("队员", "member", listed=True)
    team: str = ref("工作队", "team", listed=True)
    kind: str = choice("请假类别", KINDS, listed=True)
    since: date = day("从", listed=True)
    since_half: str = choice("起始半天", HALVES, default="AM", span=2)
    until: date = day("到", listed=True)
    until_half: str = choice("截止半天", HALVES, default="PM", span=2)
    reason: str = note("事由", width=300)
    destination: str = text("去向", width=60, default="", listed=True)
    phone: str | None = phone("离村期间电话", default=None)
    substitute: str | None = ref("在岗代管人", "member", default=None)
    attachments: tuple[str, ...] = photos("附件", default=(), most=3)
    submitted: bool = flag("已提交", default=False)
    withdrawn: bool = flag("已撤回", default=False)
    returned_on: date | None = day("实际返村日期", default=None, section="销假")
    returned_half: str | None = choice("返村半天", HALVES, default=None, section="销假")
    overstay: str = text("超假原因", width=100, default="", section="销假")

    def rules(self) -> Iterator[Problem]:
        """The period must be one, nobody stands in for himself."""
        if (self.until, self.until_half == "PM") < (self.since, self.since_half == "PM"):
            yield Problem("until", f"结束 {self.until} 早于开始 {self.since}，请核对")
        if (self.until - self.since).days >= LONGEST:
            yield Problem("until", f"一次请假最长 {LONGEST} 天，请核对起止日期")
        if self.substitute and self.substitute == self.member:
            yield Problem("substitute", "在岗代管人要是另一个队员")
        if self.returned_on and self.returned_on < self.since:
            yield Problem("returned_on", f"返村日期 {self.returned_on} 早于请假开始 {self.since}，请核对")

    @classmethod
    def kept(cls, id: str, database: Writing) -> Problem | None:
        """What somebody has said a word of stays: who does not want it any more takes it back."""
        said = database.conn.execute("SELECT 1 FROM leave_step WHERE leave = ? LIMIT 1", (id,)).fetchone()
        return Problem("", "这张请假单已经有人签过意见，不能删除；不请了就撤回") if said else None

    def follows(self, patch: Mapping[str, Any], database: Writing) -> Iterable[Record]:
        """Nothing; raises Invalid where it is asked for on days of another leave of the same member."""
        asked = {"submitted", "withdrawn", "member", "since", "since_half", "until", "until_half"}
        if self.submitted and not self.withdrawn and asked & patch.keys():
            period = (self.since.isoformat(), self.since_half, self.until.isoformat(), self.until_half)
            found = database.conn.execute(_CLASH, (self.member, self.id, *period)).fetchone()
            if found:
                raise Invalid(
                    [Problem("since", f"和另一张请假单（{found[0]} 至 {found[1]}）的日子重叠，请核对")]
                )
        return ()


class LeaveStep(
    Record,
    table="leave_step",
    title="请假审批意见",
    scope="leave.team.village",
    key=("leave", "step", "at"),
    indexes=("leave, at",),
    append_only=True,
    quiet=True,
    by_device="device",
    approves="leave",
    apart=("by", "leave.member.name"),
):
    """What one level said of an application as it was then; a later change of it needs saying again."""

    leave: str = ref("请假", "leave", listed=True)
    step: str = choice("步骤", STEPS, listed=True, reserved={"乡镇党委意见": "town", "驻村办意见": "county"})
    decision: str = choice("意见", DECISIONS, listed=True)
    returned_on: date | None = day("实际返村日期", default=None, when=lambda v: v["step"] == RETURN)
    returned_half: str | None = choice("返村半天", HALVES, default=None, when=lambda v: v["step"] == RETURN)
    opinion: str = note("说明", width=200, default="")
    by: str = person("审批人", listed=True, private="", search="")
    role: str = text("身份", width=60, default="", listed=True)
    at: datetime = moment("时间", listed=True)
    device: str = text("电脑", width=64, default="")
    digest: str = text("内容摘要", width=64, default="", hint="审批时请假单的内容")

    def rules(self) -> Iterator[Problem]:
        """Who refuses says why; who confirms a return says when it was."""
        if self.decision == "不同意" and not self.opinion.strip():
            yield Problem("opinion", "不同意要写明理由，让请假的人知道怎么改")
        if self.step == RETURN and self.decision == "同意" and not (self.returned_on and self.returned_half):
            yield Problem("returned_on", "销假要写明哪天、上午还是下午回到村里")

    def follows(self, patch: Mapping[str, Any], database: Writing) -> Iterable[Record]:  # noqa: ARG002
        """Nothing; a laptop below a level says nothing for it, whoever sits there."""
        if self.step == COUNTY and is_below_county(database):
            raise Invalid([Problem("step", f"“{COUNTY}”由县里的电脑填写，这台电脑不能填")])
        if self.step == TOWN and is_of_village(database):
            raise Invalid([Problem("step", f"“{TOWN}”由乡镇的电脑填写，这台电脑不能填")])
        return ()
