"""The month's sheet on its way up: who confirmed what, and the lock at its end (domain §8.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from nehe_desktop.core.deciding import lock_id
from nehe_desktop.core.errors import Invalid, Problem
from nehe_desktop.core.fields import choice, flag, moment, month, note, ref, text, whole
from nehe_desktop.core.fields import name as person
from nehe_desktop.core.record import Record
from nehe_desktop.security.laptop import is_below_county

if TYPE_CHECKING:
    from nehe_desktop.core.database import Writing

STEPS = ("队长确认", "村党组织书记确认", "乡镇党委审核", "驻村办备案")
LATE_STEPS = ("队长确认", "乡镇确认", "村党组织书记确认")
DECISIONS = ("同意", "退回")


def _says_why(decision: str, opinion: str) -> Iterator[Problem]:
    if decision == "退回" and not opinion.strip():
        yield Problem("opinion", "退回要写明理由，让登记的人知道改哪里")


class SheetStep(
    Record,
    table="sheet_step",
    title="月考勤表审核",
    scope="team.village",
    key=("team", "month", "step", "at"),
    indexes=("team, month, at",),
    append_only=True,
    quiet=True,
    by_device="device",
    approves="attendance_half",
    apart=("by", "members"),
    confirming=("step", "队长确认"),
):
    """What one level said of a team's month as it was then.

    The leader confirms also his own half-days; from the village's secretary on nobody does who is on the sheet.
    """

    team: str = ref("工作队", "team", listed=True)
    month: str = month("月份", listed=True)
    revision: int = whole("第几稿", low=1, default=1, listed=True)
    step: str = choice(
        "步骤", STEPS, listed=True, reserved={"乡镇党委审核": "town", "驻村办备案": "county"}
    )
    decision: str = choice("意见", DECISIONS, listed=True)
    opinion: str = note("说明", width=200, default="")
    by: str = person("审核人", listed=True, private="", search="")
    role: str = text("身份", width=60, default="", listed=True)
    at: datetime = moment("时间", listed=True)
    device: str = text("电脑", width=64, default="")
    digest: str = text("内容摘要", width=64, default="", hint="审核时这个月的考勤")
    members: str = text("表上的人", width=400, default="", hint="考勤在这张表上的人，不能审核这张表")

    def rules(self) -> Iterator[Problem]:
        """Who sends a sheet back says why."""
        return _says_why(self.decision, self.opinion)


class LateStep(
    Record,
    table="late_step",
    title="补签确认",
    scope="half.team.village",
    key=("half", "step", "at"),
    indexes=("half, at",),
    append_only=True,
    quiet=True,
    by_device="device",
    approves="attendance_half",
    apart=("by", "half.member.name"),
):
    """What somebody said of a half-day that was entered later than a day, as it was then (domain §8.3)."""

    half: str = ref("补签的半天", "attendance_half", listed=True)
    step: str = choice("步骤", LATE_STEPS, listed=True, reserved={"乡镇确认": "town"})
    decision: str = choice("意见", DECISIONS, listed=True)
    opinion: str = note("说明", width=200, default="")
    by: str = person("确认人", listed=True, private="", search="")
    role: str = text("身份", width=60, default="", listed=True)
    at: datetime = moment("时间", listed=True)
    device: str = text("电脑", width=64, default="")
    digest: str = text("内容摘要", width=64, default="", hint="确认时这半天的考勤")

    def rules(self) -> Iterator[Problem]:
        """Who sends an entry back says why."""
        return _says_why(self.decision, self.opinion)


class LateNightStep(
    Record,
    table="late_night_step",
    title="夜间补签确认",
    scope="night.team.village",
    key=("night", "step", "at"),
    indexes=("night, at",),
    append_only=True,
    quiet=True,
    by_device="device",
    approves="attendance_half",
    apart=("by", "night.member.name"),
):
    """The same of a night."""

    night: str = ref("补签的夜间", "night", listed=True)
    step: str = choice("步骤", LATE_STEPS, listed=True, reserved={"乡镇确认": "town"})
    decision: str = choice("意见", DECISIONS, listed=True)
    opinion: str = note("说明", width=200, default="")
    by: str = person("确认人", listed=True, private="", search="")
    role: str = text("身份", width=60, default="", listed=True)
    at: datetime = moment("时间", listed=True)
    device: str = text("电脑", width=64, default="")
    digest: str = text("内容摘要", width=64, default="", hint="确认时这一夜的考勤")

    def rules(self) -> Iterator[Problem]:
        """Who sends an entry back says why."""
        return _says_why(self.decision, self.opinion)


class MonthLock(
    Record,
    table="month_lock",
    title="月考勤表锁定",
    scope="team.village",
    key=("team", "month"),
    by_county=True,
    approves="attendance_half",
):
    """That a team's month is locked or open again, by the county; its id follows from team and month."""

    team: str = ref("工作队", "team", listed=True)
    month: str = month("月份", listed=True)
    closed: bool = flag("已锁定", listed=True)
    revision: int = whole("第几稿", low=1, default=1, listed=True)
    reason: str = note("理由", width=200, default="", hint="重开必须写明")
    by: str = person("经办人", default="", listed=True, private="", search="")

    @classmethod
    def of(cls, team: str, month: str, *, closed: bool, revision: int = 1, reason: str = "", by: str = "") -> Self:
        """The lock of a team's month (YYYYMM)."""
        id = lock_id([team, f"{month[:4]}-{month[4:]}"])
        return cls(id=id, team=team, month=month, closed=closed, revision=revision, reason=reason, by=by)

    def rules(self) -> Iterator[Problem]:
        """Who opens a month again says why."""
        if not self.closed and not self.reason.strip():
            yield Problem("reason", "重开要写明理由")

    def follows(self, patch: Mapping[str, Any], database: Writing) -> Iterable[Record]:  # noqa: ARG002
        """Nothing; a laptop below the county locks and opens no month, whoever sits at it."""
        if is_below_county(database):
            raise Invalid([Problem("closed", "月考勤表由县里的电脑锁定和重开，这台电脑不能做")])
        return ()
