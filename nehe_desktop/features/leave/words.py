"""How a leave is said: its number, its state, who said what of it, whom it waits for."""

from __future__ import annotations

from collections.abc import Iterator

from nehe_desktop.features.attendance.ledger import HALVES
from nehe_desktop.features.leave.checks import period_words
from nehe_desktop.features.leave.ledger import LEADER, RETURN, Leave, LeaveStep
from nehe_desktop.features.leave.queries import Case
from nehe_desktop.features.leave.rules import OVER, OVERDUE, REFUSED
from nehe_desktop.security.rights import ROLES
from nehe_desktop.security.rights import STEPS as TAKERS


def number_of(leave: Leave) -> str:
    """The number of an application: the last eight digits of its id."""
    return leave.id[-8:].upper()


def days_words(case: Case) -> str:
    """共 1.5 天."""
    return f"共 {case.days:g} 天"


def state_words(case: Case) -> str:
    """The state, with who refused it or how many days it is overdue."""
    told = case.told
    if told.state == REFUSED and told.refusal:
        return f"{told.state}（{told.refusal.by}）"
    if told.state in (OVERDUE, OVER) and told.late:
        return f"{told.state}（超假 {told.late:g} 天）"
    return told.state


def summary(case: Case) -> str:
    """One line of a list."""
    parts = (
        number_of(case.leave),
        case.who.name,
        case.leave.kind,
        period_words(case.leave),
        days_words(case),
    )
    return "\t".join((*parts, state_words(case), case.team))


def said_words(step: LeaveStep) -> str:
    """同意：家里有事，快去快回, or what was said of a return."""
    back = (
        f"{step.returned_on} {HALVES[step.returned_half]}返村"
        if step.returned_on and step.returned_half
        else ""
    )
    words = f"{step.decision}{f'，{back}' if back else ''}"
    return f"{words}：{step.opinion}" if step.opinion else words


def void_words(case: Case, step: LeaveStep) -> str:
    """Why a word does not count, to stand behind it; empty where it does."""
    if step.id in case.void and step.step == LEADER:
        return "（签的人当时不是队长或第一书记，或县里没有接收，不算数）"
    if step.id in case.void:
        return "（不是这一级的电脑签的，县里没有接收，不算数）"
    return "（改过以前的，不算数）" if step in case.told.stale else ""


def taker_words(step: str) -> str:
    """Who takes a step, in words."""
    return "、".join(ROLES[role] for role in TAKERS["leave_step"][1][step])


def way_words(case: Case) -> str:
    """The way of the application, from one level to the next."""
    return f"审批：{case.told.chain.words}"


def waiting_words(case: Case) -> str:
    """Whom it waits for; empty where it waits for nobody."""
    if case.told.following:
        return f"等{case.told.following}（{taker_words(case.told.following)}）"
    back = case.leave.returned_on
    if case.told.granted and case.state != OVER and back:
        half = HALVES[case.leave.returned_half or "AM"]
        return f"本人登记 {back} {half}返村，等{RETURN}（{taker_words(RETURN)}）"
    return ""


def lines_of(case: Case) -> Iterator[str]:
    """What is known of an application, a line each."""
    leave = case.leave
    yield f"事由：{leave.reason}"
    yield f"去向：{leave.destination or '未写'}　在岗代管人：{case.substitute or '未写'}"
    yield way_words(case)
    for step in case.steps:
        yield f"{step.at:%Y-%m-%d %H:%M}　{step.step}　{step.by}　{said_words(step)}{void_words(case, step)}"
    if waiting := waiting_words(case):
        yield waiting
