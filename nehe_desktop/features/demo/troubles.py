"""Problems found on visits to made-up households, most of them solved and struck off (domain §7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from nehe_desktop.features.demo import words
from nehe_desktop.features.demo.numbers import chance, ids
from nehe_desktop.features.demo.plan import DEMO_TODAY, Village
from nehe_desktop.features.demo.visiting import Officials, officials
from nehe_desktop.features.visits.ledger import DEADLINES, ProblemTicket, Visit
from nehe_desktop.features.visits.rules import deadline

_ASKS = {"住房": "housing", "饮水": "water", "就医": "medical", "就学": "schooling"}
_OPEN = ("登记", "交办", "办理中", "已解决待核")
_RECENT = DEMO_TODAY - timedelta(days=6)
_FEW = 1
LONG_OPEN = DEMO_TODAY - timedelta(days=19)
"""When the problem that is past its day was raised."""


def with_problems(
    village: Village, division: str, visits: Sequence[Visit], *, overdue: bool = False
) -> tuple[list[Visit], list[ProblemTicket]]:
    """The visits, some with what was found on them, and the tickets; all but a few are struck off."""
    rng, new, who = chance("problems", village.number), ids("problems", village.number), officials(village)
    old = [i for i, visit in enumerate(visits) if visit.day < LONG_OPEN]
    fresh = [i for i, visit in enumerate(visits) if visit.day >= _RECENT][: len(_OPEN) if overdue else _FEW]
    solved = sorted(rng.sample(old, village.quota.solved), key=lambda i: visits[i].day)
    kept, tickets = list(visits), []
    for number, i in enumerate([*solved, *fresh], 1):
        kind = _kind(rng, visits[i])
        ticket = _ticket(rng, new(), village, division, visits[i], number, kind)
        state = "销号" if number <= len(solved) else _OPEN[(number - len(solved) - 1) % len(_OPEN)]
        tickets.append(_advanced(rng, ticket, state, who))
        kept[i] = _found(visits[i], kind)
    if overdue:
        late = replace(
            tickets[-1], raised_on=LONG_OPEN, due=deadline(LONG_OPEN, "一般"), level="一般", visit=None
        )
        tickets[-1] = late
    return kept, tickets


def _kind(rng: Random, visit: Visit) -> str:
    """A kind of problem; one of schooling only where somebody goes to school."""
    kinds = [kind for kind in words.PROBLEMS if kind != "就学" or visit.schooling == "正常"]
    return rng.choice(kinds)


def _found(visit: Visit, kind: str) -> Visit:
    what, measure = words.PROBLEMS[kind]
    asked = _ASKS.get(kind)
    answer = {asked: "有问题", f"{asked}_note": what} if asked and getattr(visit, asked) == "正常" else {}
    return replace(visit, findings=f"{what}。", measures=f"{measure}。", **answer)


def _ticket(
    rng: Random, id: str, village: Village, division: str, visit: Visit, number: int, kind: str
) -> ProblemTicket:
    level = rng.choices(tuple(DEADLINES), (7, 2, 1, 1))[0]
    return ProblemTicket(
        id=id,
        number=f"{village.town_no:02d}{village.place:02d}-{number:04d}",
        village=division,
        household=visit.household,
        visit=visit.id,
        source="遍访" if visit.kind.startswith("遍访") else "走访",
        category=kind,
        description=f"{words.PROBLEMS[kind][0]}。",
        level=level,
        raised_on=visit.day,
        due=deadline(visit.day, level),
    )


def _advanced(rng: Random, ticket: ProblemTicket, state: str, who: Officials) -> ProblemTicket:
    """The ticket in a later state with what that state needs."""
    if state == "登记":
        return ticket
    assigned = replace(
        ticket, state=state, handler=who.village, measures=f"{words.PROBLEMS[ticket.category][1]}。"
    )
    if state in ("交办", "办理中"):
        return assigned
    done = replace(assigned, result="已办结，农户在场看过。")
    if state != "销号":
        return done
    return replace(
        done,
        closed_on=_closed(rng, ticket),
        satisfied=rng.choices(("满意", "基本满意"), (9, 1))[0],
        verified_by=who.town,
    )


def _closed(rng: Random, ticket: ProblemTicket) -> date:
    """Within the time allowed, now and then some days after it."""
    allowed = DEADLINES[ticket.level]
    taken = rng.randint(0, allowed) if rng.random() < 0.93 else allowed + rng.randint(1, 5)
    return min(ticket.raised_on + timedelta(days=taken), DEMO_TODAY - timedelta(days=1))
