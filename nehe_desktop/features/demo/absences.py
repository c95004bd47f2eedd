"""Leaves of a made-up team: one for every day of illness or errand that its attendance has, and some still open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from nehe_desktop.core.record import Record
from nehe_desktop.features.attendance.calendar import calendar_of, shipped_workdays
from nehe_desktop.features.attendance.ledger import HalfDay
from nehe_desktop.features.demo import words
from nehe_desktop.features.demo.helping import Crew
from nehe_desktop.features.demo.numbers import chance, ids
from nehe_desktop.features.demo.people import given
from nehe_desktop.features.demo.plan import DEMO_TODAY, Village
from nehe_desktop.features.leave.ledger import LEADER, RETURN, TOWN, Leave, LeaveStep
from nehe_desktop.features.leave.rules import Applicant, day_of, digest_of, due_back
from nehe_desktop.features.teams.ledger import Member
from nehe_desktop.security.rights import ROLES

_KINDS = {
    "S": ("事假", ("家中有事，需要回去处理", "孩子学校开家长会", "老人过寿")),
    "B": ("病假", ("身体不适，到医院就医",)),
}
_WHERE = ("讷河市区", "齐齐哈尔市")
TAKERS = {LEADER: "R2", TOWN: "R5", RETURN: "R4"}
_CALENDAR = calendar_of(date(2020, 1, 1), date(2020, 10, 31), shipped_workdays())
_BEIJING = timezone(timedelta(hours=8))


class Book:
    """Makes the leaves of a team: ids, and who speaks for each level."""

    def __init__(self, village: Village, crew: Crew) -> None:
        self.crew, self.rng, self.new = crew, chance("leave", village.number), ids("leave", village.number)
        self.secretary = _secretary(village.number, {member.name for member in crew.members})

    @property
    def leader(self) -> Member:
        """Who leads the team."""
        return self.crew.members[0]

    def leave(self, member: Member, kind: str, since: date, until: date, reason: str, **more: Any) -> Leave:
        """An application that is handed in."""
        others = [one.id for one in self.crew.members if one is not member]
        told = {"submitted": True, "destination": self.rng.choice(_WHERE), "substitute": others[0], **more}
        return Leave(id=self.new(), member=member.id, team=self.crew.team.id, kind=kind, since=since, until=until,
                     reason=reason, phone=member.phone, **told)  # fmt: skip

    def word(self, leave: Leave, step: str, at: datetime, decision: str = "同意", **more: Any) -> LeaveStep:
        """What a level said of an application."""
        by = {LEADER: self.leader.name, TOWN: "孙委员", RETURN: self.secretary}[step]
        name = next(one.name for one in self.crew.members if one.id == leave.member)
        digest = digest_of(leave, Applicant(name, leave.member == self.leader.id))
        return LeaveStep(id=self.new(), leave=leave.id, step=step, decision=decision, by=by, role=ROLES[TAKERS[step]],
                         at=at, digest=digest, **more)  # fmt: skip


def _secretary(village: int, members: AbstractSet[str]) -> str:
    """The village's secretary, the same who confirms its month sheets."""
    rng = chance("sheets", village)
    while (name := rng.choice(words.SURNAMES) + given(rng, "1")) in members:
        pass
    return name


def absences(village: Village, crew: Crew, halves: Sequence[HalfDay], *, county: bool) -> list[Record]:
    """The leaves of a team with their words, what others refer to first; the sample village has open ones too.

    A sample of one village has only what a village's laptop may write: no past leaves of its leader.
    """
    book = Book(village, crew)
    past = crew.members if county else crew.members[1:]
    found = [record for member in past for record in _past(book, member, halves, told=village.is_sample)]
    return [*found, *(_open(book) if village.is_sample else ())]


def _past(book: Book, member: Member, halves: Iterable[HalfDay], *, told: bool) -> Iterator[Record]:
    """A leave for every day away; of the last one of the sample village the return is not confirmed yet."""
    away = [
        each for each in halves if each.member == member.id and each.status in _KINDS and each.half == "AM"
    ]
    for each in away:
        kind, reasons = _KINDS[each.status]
        leave = book.leave(member, kind, each.day, each.day, book.rng.choice(reasons))
        back = day_of(due_back(leave, _CALENDAR))[0]
        open_ = told and member is book.crew.members[1] and each is away[-1]
        yield replace(leave, returned_on=back, returned_half="AM") if open_ else leave
        step = TOWN if member is book.leader else LEADER
        yield book.word(leave, step, _at(each.day - timedelta(days=1), 16))
        if not open_ and back <= DEMO_TODAY:
            yield book.word(leave, RETURN, _at(back, 9), returned_on=back, returned_half="AM")


def _open(book: Book) -> Iterator[Record]:
    """What stands open on the day of the sample: for the leader, for the township, refused, a draft."""
    leader, second, third = book.crew.members[:3]
    yield book.leave(second, "事假", _day(2), _day(2), "孩子升学报名，需要家长到场")
    yield book.leave(
        third, "公出", _day(1), _day(1), "到市里参加防贫监测业务培训", destination="讷河市委党校"
    )
    long = book.leave(third, "年休假", _day(7), _day(11), "按规定休年休假")
    yield long
    yield book.word(long, LEADER, _at(_day(-3), 15), opinion="走访的事已经交代给同事")
    yield book.leave(leader, "事假", _day(3), _day(4), "家里搬家")
    no = book.leave(second, "年休假", _day(-12), _day(-8), "想集中休几天")
    yield no
    yield book.word(no, LEADER, _at(_day(-14), 10), "不同意", opinion="这几天要迎接检查，请改到八月下旬")
    yield book.leave(second, "年休假", _day(14), _day(17), "按规定休年休假", submitted=False)


def _day(after: int) -> date:
    return DEMO_TODAY + timedelta(days=after)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), _BEIJING)

