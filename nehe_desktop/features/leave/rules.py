"""Which half-days a leave has, whose word it needs, and how far it has come; all told by the rows (domain §8.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b

from nehe_desktop.core.deciding import same_person
from nehe_desktop.features.attendance.calendar import DayKind, day_kind
from nehe_desktop.features.leave.ledger import COUNTY, LEADER, RETURN, STEPS, TOWN, Leave, LeaveStep

Calendar = Mapping[date, DayKind]

ALL_DAYS = ("婚假", "产假", "探亲假")
"""Kinds of which rest days and holidays count too.

产假: 女职工劳动保护特别规定第七条 counts in days; 探亲假: 国务院关于职工探亲待遇的规定第三条 includes rest days and
holidays; 婚假 likewise. Of all others working days count, as 职工带薪年休假条例第三条 has it for 年休假: on rest
days nobody is due in the village.
"""
PERSONAL = ("事假", "病假")
"""Kinds that count towards the yearly limit; the others are given by law or by an errand."""
UNPUTOFFABLE = ("病假", "产假", "丧假", "公出")
"""Kinds that are not refused because nobody else stays in the village: it is a warning to those who decide."""
CODES = {"事假": "S", "病假": "B", "公出": "O"}
"""Kind to the status of attendance; every other kind is 法定假 (domain §8.3)."""

DRAFT, CHANGED, APPROVED, AWAY, DUE, OVERDUE = (
    "草稿",
    "改过，要重新审批",
    "批准",
    "在假",
    "待销假",
    "逾期未归",
)
REFUSED, WITHDRAWN, OVER = "驳回", "撤回", "已销假"
WAITING = {LEADER: "待队长", TOWN: "待乡镇", COUNTY: "待驻村办"}
OPEN = (*WAITING.values(), CHANGED)
"""States in which somebody's word is waited for."""
GRANTED = (APPROVED, AWAY, DUE, OVERDUE, OVER)
"""States in which every level agreed."""
_CONTENT = (
    "member",
    "team",
    "kind",
    "since",
    "since_half",
    "until",
    "until_half",
    "reason",
    "destination",
    "substitute",
)


@dataclass(frozen=True)
class Limits:
    """Up to how many days the leader and the township decide alone, days a year, who must stay in the village."""

    team: Decimal = Decimal(1)
    town: Decimal = Decimal(3)
    year: Decimal = Decimal(30)
    on_duty: int = 1


@dataclass(frozen=True)
class Chain:
    """The steps that must agree, in their order, and those that are only told."""

    steps: tuple[str, ...]
    told: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The way of an application in a few words."""
        way = " → ".join(step.removesuffix("意见") for step in self.steps)
        return way + "".join(f"，报{step.removesuffix('意见')}备案" for step in self.told)


@dataclass(frozen=True)
class Applicant:
    """Who asks: his name, whether he leads, whether the team has a leader besides him."""

    name: str
    leads: bool = False
    led: bool = True


def slot(day: date, half: str) -> int:
    """A half-day as a number; the next half-day is one more."""
    return 2 * day.toordinal() + (half == "PM")


def day_of(at: int) -> tuple[date, str]:
    """The day and half of a number."""
    return date.fromordinal(at // 2), "PM" if at % 2 else "AM"


def slots(leave: Leave) -> range:
    """Every half-day of a leave, both ends counted."""
    return range(slot(leave.since, leave.since_half), slot(leave.until, leave.until_half) + 1)


def works(at: int, calendar: Calendar) -> bool:
    """Whether a half-day is a working one."""
    day = date.fromordinal(at // 2)
    return (calendar.get(day) or day_kind(day, {})).works


def counted(leave: Leave, calendar: Calendar) -> list[int]:
    """The half-days of a leave that count, see ALL_DAYS."""
    return [at for at in slots(leave) if leave.kind in ALL_DAYS or works(at, calendar)]


def days(halves: Iterable[int]) -> Decimal:
    """Half-days as days."""
    return Decimal(len(list(halves))) / 2


def chain_of(kind: str, length: Decimal, who: Applicant, limits: Limits) -> Chain:
    """Who must agree (domain §8.4): above the leader's days the township too, above the township's the county.

    A leader's own leave begins at the township, as does that of a team without another leader; an errand is
    reported: a member's to the leader, who tells the township, a leader's to the township.
    """
    own = (LEADER,) if who.led and not who.leads else ()
    if kind == "公出":
        return Chain(own, (TOWN,)) if own else Chain((TOWN,))
    if length <= limits.team:
        return Chain(own or (TOWN,))
    if length <= limits.town:
        return Chain((*own, TOWN), (COUNTY,) if who.leads else ())
    return Chain((*own, TOWN, COUNTY))


def digest_of(leave: Leave, who: Applicant) -> str:
    """BLAKE2b-128 over what is approved: who asks, as what, for which days, why, where to, who stands in."""
    stored = leave.stored()
    said = [who.name, "领队" if who.leads else "队员", *(str(stored[name] or "") for name in _CONTENT)]
    return blake2b("\x1f".join(said).encode(), digest_size=16).hexdigest()


def labels_of(names: Iterable[str]) -> dict[str, str]:
    """Of these fields those that are part of what is approved, with their labels."""
    fields = Leave.ledger.fields
    return {name: fields[name].label for name in names if name in _CONTENT}


@dataclass(frozen=True)
class Standing:
    """How far a leave has come; nothing of it is stored.

    `done` are the steps that count, `stale` those after which the application changed, `refusal` who said no,
    `back` who confirmed the return, `following` the step that is waited for.
    """

    state: str
    chain: Chain
    done: tuple[LeaveStep, ...] = ()
    stale: tuple[LeaveStep, ...] = ()
    refusal: LeaveStep | None = None
    back: LeaveStep | None = None
    following: str = ""
    late: Decimal = field(default=Decimal(0))

    @property
    def granted(self) -> bool:
        """Whether every level agreed."""
        return self.state in GRANTED

    @property
    def blocks(self) -> bool:
        """Whether its days are taken: asked for or granted, and not over."""
        return self.granted or self.state in OPEN


def standing(
    leave: Leave, steps: Iterable[LeaveStep], who: Applicant, chain: Chain, calendar: Calendar, now: datetime
) -> Standing:
    """How far a leave has come by its steps at a moment.

    A step counts while the application is what it was then, and never in one's own matter (domain §11.2).
    Of each level the last word counts, and nobody counts for two of them.
    """
    digest = digest_of(leave, who)
    said = [s for s in sorted(steps, key=lambda s: (s.at, s.id)) if not same_person(s.by, who.name)]
    last = {step.step: step for step in said if step.digest == digest}
    done = tuple(_agreed(chain, last))
    back = last.get(RETURN)
    back = back if back and back.decision == "同意" else None
    late = overstay(leave, back, calendar, now)
    if leave.withdrawn or not leave.submitted:
        return Standing(WITHDRAWN if leave.withdrawn else DRAFT, chain, done)
    refusal = next(
        (last[s] for s in (*chain.steps, *chain.told) if s in last and last[s].decision == "不同意"), None
    )
    if refusal:
        return Standing(REFUSED, chain, done, refusal=refusal)
    following = next((s for s in chain.steps if s not in {each.step for each in done}), "")
    stale = tuple(_stale(said, digest, last))
    if following:
        return Standing(CHANGED if stale else WAITING[following], chain, done, stale, following=following)
    state = OVER if back else _moment(leave, calendar, now)
    told = tuple(last[step] for step in chain.told if step in last)
    return Standing(
        state, chain, (*done, *told), back=back, late=late if back or state == OVERDUE else Decimal(0)
    )


def _agreed(chain: Chain, last: Mapping[str, LeaveStep]) -> Iterator[LeaveStep]:
    """The steps of a chain that agree, of each person the first."""
    people: list[str] = []
    for step in chain.steps:
        found = last.get(step)
        if found and found.decision == "同意" and not any(same_person(found.by, name) for name in people):
            people.append(found.by)
            yield found


def _stale(said: Iterable[LeaveStep], digest: str, last: Mapping[str, LeaveStep]) -> Iterator[LeaveStep]:
    """The last agreement of each level to what the application was before."""
    old = {s.step: s for s in said if s.digest != digest and s.decision == "同意" and s.step != RETURN}
    return (step for name, step in old.items() if name not in last)


def present(now: datetime) -> int:
    """The half-day of a moment."""
    return slot(now.date(), "AM" if now.hour < 12 else "PM")


def due_back(leave: Leave, calendar: Calendar) -> int:
    """The first working half-day after a leave: by its end the member is in the village."""
    at = slots(leave).stop
    while not works(at, calendar):
        at += 1
    return at


def _moment(leave: Leave, calendar: Calendar, now: datetime) -> str:
    at, told = present(now), leave.returned_on
    if told and slot(told, leave.returned_half or "AM") <= at:
        return DUE
    if at < slots(leave).start:
        return APPROVED
    if at < slots(leave).stop:
        return AWAY
    return OVERDUE if at > due_back(leave, calendar) else DUE


def overstay(leave: Leave, back: LeaveStep | None, calendar: Calendar, now: datetime) -> Decimal:
    """Working days between the end of a leave and the return, or until now; back in the first half-day is in time."""
    ends = slot(back.returned_on, back.returned_half or "AM") if back and back.returned_on else present(now)
    first = due_back(leave, calendar)
    return days(at for at in range(first, ends) if works(at, calendar)) if ends > first else Decimal(0)


def taken(leave: Leave, told: Standing) -> range:
    """The half-days that a leave takes: to its end, or to an earlier return."""
    back, whole = told.back, slots(leave)
    if back and back.returned_on:
        return range(whole.start, min(whole.stop, slot(back.returned_on, back.returned_half or "AM")))
    return whole


def why_not(step: str, person: str, who: Applicant, done: Iterable[LeaveStep]) -> str:
    """Why a person may not take a step, or nothing: nobody decides his own, nobody for two levels (domain §11.2)."""
    if same_person(person, who.name):
        return f"{who.name}自己的请假，要由另一个人审批"
    earlier = next((s for s in done if same_person(s.by, person)), None)
    if earlier and step != RETURN:
        return f"{person}已经填过“{earlier.step}”，“{step}”要由另一个人填"
    return ""


def rank(step: str) -> int:
    """The place of a step among all of them."""
    return STEPS.index(step)
