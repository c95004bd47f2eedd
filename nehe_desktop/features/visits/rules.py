"""How often a household is due, and how a problem moves from raised to struck off (domain §7, §8.7)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from nehe_desktop.core.errors import Problem, Refused
from nehe_desktop.features.visits.ledger import DEADLINES, DONE, ProblemTicket

EVERY_BY_LEVEL = {1: 7, 2: 14, 3: 30, 4: 90, 5: 180}
"""Days between visits by warning level; 5 is a household whose risk is gone (domain §2.6)."""
EVERY = 30
EVERY_AWAY = 60
"""A family that lives elsewhere is phoned every two months."""
TRANSITIONS = {
    "登记": ("交办", "上报", "重复合并"),
    "交办": ("办理中", "退回", "上报", "挂起", "重复合并"),
    "办理中": ("已解决待核", "退回", "上报", "挂起", "重复合并"),
    "已解决待核": ("销号", "退回"),
    "退回": ("交办", "办理中", "上报", "重复合并"),
    "上报": ("交办", "办理中", "已解决待核"),
    "挂起": ("交办", "办理中", "上报"),
    "销号": (),
    "重复合并": (),
}
"""Where a problem may go from each state."""
_SMALL, _LARGE = Decimal("0.2"), Decimal(5)
_QUARTER = 3


def days_between_visits(level: int | None = None, *, away: bool = False) -> int:
    """How many days may pass between two visits; a warning level goes before living elsewhere."""
    if level is not None:
        return EVERY_BY_LEVEL[level]
    return EVERY_AWAY if away else EVERY


def next_visit(last: date | None, every: int, today: date) -> date:
    """The day by which a household is to be visited; today where it never was."""
    return today if last is None else last + timedelta(days=every)


def days_overdue(last: date | None, every: int, today: date) -> int:
    """Days past the due day; 0 while there is time."""
    return max(0, (today - next_visit(last, every, today)).days)


def visits_due(level: int | None, year: int, month: int, *, visited_before: bool = False) -> int:
    """Visits due in a month: level 4 once a quarter, in its third month unless made before (domain §8.7)."""
    days = monthrange(year, month)[1]
    if level in (1, 2):
        return days // EVERY_BY_LEVEL[level]
    if level == 4:
        return int(month % _QUARTER == 0 and not visited_before)
    return 1


def counted_visits(visits: Iterable[tuple[str, date, str]]) -> int:
    """Visits as 次: (household, day, visitors); two by one visitor to one household a day are one."""
    return len(set(visits))


def coverage(visited: int, households: int) -> Decimal | None:
    """Per cent of households visited at least once, as 遍访率; None where there are none."""
    if not households:
        return None
    return (Decimal(100 * visited) / households).quantize(Decimal("0.01"), ROUND_HALF_UP)


def income_doubts(now: Decimal | None, last: Decimal | None) -> list[Problem]:
    """An income far from the last one is often a slip of a digit (soft)."""
    if now is None or not last or last < 0:
        return []
    share = (100 * now / last).quantize(Decimal(1), ROUND_HALF_UP)
    if now < last * _SMALL:
        sentence = f"只有上次 {last:,.0f} 元的 {share}%，是不是少输了一位？"
    elif now > last * _LARGE:
        sentence = f"是上次 {last:,.0f} 元的 {now / last:.1f} 倍，是不是多输了一位？"
    else:
        return []
    return [Problem("income_per_head", sentence, "warning")]


def deadline(raised_on: date, level: str) -> date:
    """The day by which a problem of this urgency is to be solved."""
    return raised_on + timedelta(days=DEADLINES[level])


def due_of(ticket: ProblemTicket) -> date:
    """The day agreed for a problem, else the one of its urgency."""
    return ticket.due or deadline(ticket.raised_on, ticket.level)


def is_overdue(ticket: ProblemTicket, today: date) -> bool:
    """Whether a problem is past its day; suspended and finished ones are not."""
    return ticket.state not in (*DONE, "挂起") and today > due_of(ticket)


def moved(state: str, to: str) -> str:
    """The new state; raises Refused with the states that are possible."""
    if to not in TRANSITIONS[state]:
        possible = "、".join(TRANSITIONS[state])
        advice = f"可以改为：{possible}" if possible else "已经办结，有新情况请另登记一条"
        raise Refused(f"“{state}”不能直接改为“{to}”，{advice}")
    return to
