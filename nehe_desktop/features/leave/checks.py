"""What an application for leave runs against: days taken already, an empty village, the days of a year (domain §8.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from nehe_desktop.core.errors import Level, Problem
from nehe_desktop.features.attendance.ledger import HALVES
from nehe_desktop.features.leave.ledger import Leave
from nehe_desktop.features.leave.rules import (
    PERSONAL,
    UNPUTOFFABLE,
    Calendar,
    Limits,
    counted,
    day_of,
    days,
    slots,
    works,
)
from nehe_desktop.features.teams.rules import serves


class Mate(NamedTuple):
    """A member of a team with the terms in which he serves in it."""

    member: str
    name: str
    terms: tuple[tuple[date, date | None], ...]

    def posted(self, day: date) -> bool:
        """Whether he serves in the team on a day."""
        return any(serves(since, until, day) for since, until in self.terms)


class Taken(NamedTuple):
    """Half-days that another application takes."""

    member: str
    name: str
    kind: str
    state: str
    halves: range


@dataclass(frozen=True)
class Around:
    """What is known besides an application: the team, the other applications, personal days of the year so far."""

    calendar: Calendar
    mates: tuple[Mate, ...] = ()
    taken: tuple[Taken, ...] = ()
    spent: Decimal = field(default=Decimal(0))
    limits: Limits = field(default_factory=Limits)
    today: date | None = None


class Thin(NamedTuple):
    """A half-day on which too few stay in the village: how many, and who else is away."""

    at: int
    staying: int
    away: tuple[str, ...]


def thin_halves(leave: Leave, around: Around) -> list[Thin]:
    """The working half-days of a leave on which fewer stay than must."""
    found = (_left(leave, at, around) for at in slots(leave) if works(at, around.calendar))
    return [each for each in found if each.staying < around.limits.on_duty]


def _left(leave: Leave, at: int, around: Around) -> Thin:
    day = day_of(at)[0]
    there = [m for m in around.mates if m.member != leave.member and m.posted(day)]
    away = {
        t.member: f"{t.name}（{t.kind}）" for t in around.taken if at in t.halves and t.member != leave.member
    }
    return Thin(
        at, sum(m.member not in away for m in there), tuple(away[m.member] for m in there if m.member in away)
    )


def others_away(leave: Leave, around: Around) -> list[Taken]:
    """Who else of the team is away on some of these days."""
    mine = slots(leave)
    return [t for t in around.taken if t.member != leave.member and _meet(t.halves, mine)]


def problems_of(leave: Leave, around: Around) -> Iterator[Problem]:
    """What is wrong with an application beside its fields; an error keeps it from being handed in."""
    yield from leave.rules()
    if leave.until < leave.since:
        return
    yield from _period(leave, around)
    yield from _duty(leave, around)
    yield from _substitute(leave, around)
    yield from _year(leave, around)


def _period(leave: Leave, around: Around) -> Iterator[Problem]:
    mine = slots(leave)
    clash = next((t for t in around.taken if t.member == leave.member and _meet(t.halves, mine)), None)
    if clash:
        yield Problem(
            "since", f"和另一张请假单（{clash.kind}，{span_words(clash.halves)}）的日子重叠，请核对"
        )
    me = next((m for m in around.mates if m.member == leave.member), None)
    if around.mates and not (me and me.posted(leave.since) and me.posted(leave.until)):
        yield Problem("member", "这段时间不在这支工作队任职，请核对队员和日期")
    if not counted(leave, around.calendar):
        yield Problem("until", "这几天都是休息日，不用请假", "warning")
    if around.today and leave.since < around.today:
        yield Problem("since", "开始的日子已经过去，属于事后补办", "warning")


def _duty(leave: Leave, around: Around) -> Iterator[Problem]:
    """At least min_on_duty must stay; who cannot put his leave off, or is alone in the team, is only told."""
    thin = thin_halves(leave, around)
    if not thin:
        return
    first = thin[0]
    who = f"，同时不在的：{'、'.join(first.away)}" if first.away else "，队里没有别的队员"
    words = f"{half_words(first.at)}村里只剩 {first.staying} 人，至少要留 {around.limits.on_duty} 人{who}"
    hard = bool(first.away) and leave.kind not in UNPUTOFFABLE
    level: Level = "error" if hard else "warning"
    yield Problem("until", words + ("；请错开日子" if hard else "；请先安排人在岗"), level)


def _substitute(leave: Leave, around: Around) -> Iterator[Problem]:
    mine, other = slots(leave), leave.substitute
    if other and any(t.member == other and _meet(t.halves, mine) for t in around.taken):
        yield Problem("substitute", "在岗代管人这几天自己也请了假，请换一个人", "warning")


def _year(leave: Leave, around: Around) -> Iterator[Problem]:
    """白河: who asks for more than 30 days a year is to be replaced; here the advice of a rotation."""
    total = around.spent + days(counted(leave, around.calendar))
    if leave.kind in PERSONAL and total > around.limits.year:
        words = f"今年事假、病假累计 {total:g} 天，超过 {around.limits.year:g} 天，建议调整轮换"
        yield Problem("kind", words, "warning")


def _meet(one: range, other: range) -> bool:
    return max(one.start, other.start) < min(one.stop, other.stop)


def half_words(at: int) -> str:
    """8月20日上午."""
    day, half = day_of(at)
    return f"{day.month}月{day.day}日{HALVES[half]}"


def span_words(halves: range) -> str:
    """8月20日上午至8月21日下午, or 8月20日全天."""
    first, last = halves.start, halves.stop - 1
    if first == last:
        return half_words(first)
    if day_of(first)[0] == day_of(last)[0]:
        return half_words(first).removesuffix("上午") + "全天"
    return f"{half_words(first)}至{half_words(last)}"


def period_words(leave: Leave) -> str:
    """From when to when, as the office says it."""
    return span_words(slots(leave))


def short_words(leave: Leave) -> str:
    """8/20, 8/20下午 or 8/20–8/21上午: as much as a list has room for."""
    since, until = leave.since, leave.until
    first, last = f"{since.month}/{since.day}", f"{until.month}/{until.day}"
    if since == until:
        return first if leave.since_half != leave.until_half else first + HALVES[leave.since_half]
    begins = HALVES["PM"] if leave.since_half == "PM" else ""
    ends = HALVES["AM"] if leave.until_half == "AM" else ""
    return f"{first}{begins}–{last}{ends}"
