"""The month's sheet on its way up: who confirmed what, and the lock at its end (domain §8.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from nehe_desktop.core.deciding import Closing, lock_id
from nehe_desktop.core.fields import choice, flag, moment, month, note, ref, text, whole
from nehe_desktop.core.fields import name as person
from nehe_desktop.core.record import Record

STEPS = ("队长确认", "村党组织书记确认", "乡镇党委审核", "驻村办备案")
DECISIONS = ("同意", "退回")
CLOSING = Closing("month_lock", ("team", "day:7"))
"""What a lock closes: the half-days and nights of a team in a month."""


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
):
    """What one level said of a team's month as it was then."""

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
