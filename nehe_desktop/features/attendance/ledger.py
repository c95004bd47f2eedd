"""Half-days, nights and the calendar of working days (domain §8.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from nehe_desktop.core.errors import Problem
from nehe_desktop.core.fields import choice, day, flag, note, photos, ref, text
from nehe_desktop.core.record import Record
from nehe_desktop.features.attendance.closing import CLOSING
from nehe_desktop.features.attendance.lateness import is_late, is_night_late

HALVES = {"AM": "上午", "PM": "下午"}
STATUSES = {
    "V": "在村",
    "O": "公出",
    "R": "休息",
    "S": "事假",
    "B": "病假",
    "N": "法定假",
    "A": "缺勤",
    "L": "迟到早退",
    "–": "不在任",
    "U": "未登记",
}
SYMBOLS = {"V": "√", "O": "○", "R": "◇", "S": "△", "B": "＋", "N": "☆", "A": "×", "L": "⊙", "–": "—", "U": ""}
"""What stands on the printed sheet."""
SOURCES = ("签到", "手工", "导入", "请假单", "公出单", "抽查", "补签")
DAY_KINDS = ("工作日", "周末", "法定", "调休上班")


class HalfDay(
    Record,
    table="attendance_half",
    title="日考勤",
    scope="team.village",
    key=("member", "day", "half"),
    unique=("member", "day", "half"),
    together=(("status", "source", "place", "note"),),
    indexes=("team, day", "member, day, half"),
    own="member.name",
    closing=CLOSING,
):
    """What a member did on one morning or afternoon."""

    member: str = ref("队员", "member", listed=True)
    team: str = ref("工作队", "team")
    day: date = day("日期", listed=True)
    half: str = choice("半天", HALVES, listed=True)
    status: str = choice("考勤", STATUSES, listed=True)
    source: str = choice("来源", SOURCES, default="手工", listed=True)
    late: bool = flag("补登", default=False, hint="超过 24 小时后登记，考勤表上标小字“补”")
    place: str = text("地点", width=60, default="", listed=True)
    evidence: tuple[str, ...] = photos("凭证", default=(), most=3)
    note: str = note("备注", width=200, default="")

    def rules(self) -> Iterator[Problem]:
        """An official trip and an absence say where or why."""
        if self.status == "O" and not (self.place or self.note):
            yield Problem("place", "公出要写明去哪里办什么事", "warning")
        if self.status in ("A", "L") and not self.note:
            yield Problem("note", f"{STATUSES[self.status]}要写明情况", "warning")

    @classmethod
    def belated(cls, old: Mapping[str, Any], new: Mapping[str, Any], at: datetime) -> Problem | None:
        """What is entered or changed more than 24 hours later says so, and goes on saying so (domain §8.3)."""
        said = any(old.get(name) != new.get(name) for name in ("status", "late"))
        if said and not new.get("late") and is_late(date.fromisoformat(str(new["day"])), str(new["half"]), at):
            return Problem("late", "超过 24 小时后登记，要记为补签（“补登”填是）")
        return None


class Night(
    Record,
    table="night",
    title="夜间住村",
    scope="team.village",
    key=("member", "day"),
    unique=("member", "day"),
    indexes=("team, day", "member, day"),
    own="member.name",
    closing=CLOSING,
):
    """Whether a member slept in the village."""

    member: str = ref("队员", "member", listed=True)
    team: str = ref("工作队", "team")
    day: date = day("日期", listed=True)
    stayed: str = choice("住村", ("住村", "未住", "未查"), listed=True)
    source: str = choice("来源", SOURCES, default="手工", listed=True)
    late: bool = flag("补登", default=False, hint="超过 24 小时后登记，考勤表上标小字“补”")
    note: str = note("备注", width=200, default="")

    @classmethod
    def belated(cls, old: Mapping[str, Any], new: Mapping[str, Any], at: datetime) -> Problem | None:
        """The same as of a half-day."""
        said = any(old.get(name) != new.get(name) for name in ("stayed", "late"))
        if said and not new.get("late") and is_night_late(date.fromisoformat(str(new["day"])), at):
            return Problem("late", "超过 24 小时后登记，要记为补签（“补登”填是）")
        return None


class Workday(
    Record,
    table="workday",
    title="工作日历",
    scope="county",
    key=("day",),
    together=(("kind", "name"),),
    by_county=True,
):
    """What kind of day a calendar day is; the county may correct it."""

    day: date = day("日期", listed=True)
    kind: str = choice("类型", DAY_KINDS, listed=True)
    name: str = text("节日", width=12, default="", listed=True)
    source: str = text("依据", width=80, default="", listed=True, span=6)
