"""Half-days and nights of a made-up team from January to the day of the sample (domain §8.3)."""

from __future__ import annotations

from datetime import date
from random import Random

from nehe_desktop.features.attendance.calendar import calendar_of, shipped_workdays
from nehe_desktop.features.attendance.ledger import HalfDay, Night
from nehe_desktop.features.demo.helping import Crew
from nehe_desktop.features.demo.numbers import chance, ids
from nehe_desktop.features.demo.plan import DEMO_TODAY
from nehe_desktop.features.teams.ledger import Member

FIRST = date(2020, 1, 1)
_TRIPS = ("到市里参加扶贫工作例会", "到乡镇报送材料", "到派出单位协调项目资金", "参加驻村干部培训")
_WEEKEND_PACE = 0.06  # share of weekend days served, enough for 240 days a year
_LEAVE = {"S": ("请假单", "家中有事，已请假"), "B": ("请假单", "身体不适，就医")}


def attendance(crew: Crew, village: int, *, lagging: bool = False) -> tuple[list[HalfDay], list[Night]]:
    """The half-days and nights of a team; with `lagging` its last member is behind the yearly pace."""
    rng, new = chance("attendance", village), ids("attendance", village)
    calendar = calendar_of(FIRST, DEMO_TODAY, shipped_workdays())
    halves: list[HalfDay] = []
    nights: list[Night] = []
    for member in crew.members:
        absent = 0.16 if lagging and member is crew.members[-1] else 0.015
        for day, kind in calendar.items():
            served = _day(rng, works=kind.works, absent=absent)
            halves += [_half(new(), crew, member, day, half, served, rng) for half in _halves(day)]
            if day < DEMO_TODAY:
                nights.append(_night(new(), crew, member, day, served, rng))
    return halves, nights


def _halves(day: date) -> tuple[str, ...]:
    """On the day of the sample itself only the morning is over."""
    return ("AM",) if day == DEMO_TODAY else ("AM", "PM")


def _day(rng: Random, *, works: bool, absent: float) -> str:
    if not works:
        return "V" if rng.random() < _WEEKEND_PACE else "R"
    if rng.random() < absent:
        return rng.choice("SB")
    return "O" if rng.random() < 0.07 else "V"


def _half(id: str, crew: Crew, member: Member, day: date, half: str, status: str, rng: Random) -> HalfDay:
    source, note = _LEAVE.get(
        status, ("签到" if status == "V" else "公出单" if status == "O" else "手工", "")
    )
    place = rng.choice(_TRIPS) if status == "O" else "村部" if status == "V" else ""
    return HalfDay(
        id=id,
        member=member.id,
        team=crew.team.id,
        day=day,
        half=half,
        status=status,
        source=source,
        place=place,
        note=note,
    )


def _night(id: str, crew: Crew, member: Member, day: date, status: str, rng: Random) -> Night:
    stayed = "住村" if status == "V" and rng.random() < 0.93 else "未查" if rng.random() < 0.1 else "未住"
    return Night(id=id, member=member.id, team=crew.team.id, day=day, stayed=stayed)
