"""D03: the form of a leave, from the application and what was said of it."""

from __future__ import annotations

from datetime import date

from nehe_desktop.core.masks import masked
from nehe_desktop.documents.leave_form import LeaveForm, LeavePair, Word
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.features.attendance.ledger import HALVES
from nehe_desktop.features.leave.ledger import COUNTY, KINDS, LEADER, RETURN, TOWN, Leave, LeaveStep
from nehe_desktop.features.leave.queries import Case
from nehe_desktop.features.leave.words import number_of

LABELS = {LEADER: "队长意见", TOWN: "乡镇党委意见", COUNTY: "驻村办（组织部）意见"}


def leave_form(case: Case, stamp: Stamp, *, hide: bool) -> LeaveForm:
    """The form of an application; the number of the telephone is covered with `hide`."""
    leave, told = case.leave, case.told
    shown = Leave.ledger.fields["phone"].kind.show(leave.phone)
    phone = masked("phone", shown, "internal") if hide and shown else shown
    back = told.back
    return LeaveForm(
        stamp=stamp,
        number=number_of(leave),
        name=case.who.name,
        post=case.role,
        team=case.team,
        kinds=KINDS,
        kind=leave.kind,
        period=f"{_when(leave.since, leave.since_half)}至{_when(leave.until, leave.until_half)}",
        days=f"{case.days:g}",
        reason=leave.reason,
        whereto="　".join(filter(None, (leave.destination, phone))),
        substitute=case.substitute,
        words=tuple(_word(case, step, label) for step, label in LABELS.items()),
        returned=_when(back.returned_on, back.returned_half or "AM") if back and back.returned_on else "",
        late=f"{told.late:g}" if back and told.late else "",
        why_late=leave.overstay if back and told.late else "",
        confirmed=_said("村党组织书记确认", back) if back else Word("村党组织书记确认"),
        state=case.state,
    )


def leave_pair(case: Case, stamp: Stamp, *, hide: bool) -> LeavePair:
    """The same form twice on one sheet."""
    return LeavePair(stamp, leave_form(case, stamp, hide=hide))


def _when(day: date, half: str) -> str:
    return f"{day.year}年{day.month}月{day.day}日{HALVES[half]}"


def _word(case: Case, step: str, label: str) -> Word:
    """What a level said that counts, else an empty place; a level that is not asked is passed over."""
    told = case.told
    said = next((s for s in (*told.done, *((told.refusal,) if told.refusal else ())) if s.step == step), None)
    if said:
        return _said(label, said)
    if step in told.chain.steps:
        return Word(label)
    return Word(label, skipped="报备，不用审批" if step in told.chain.told else "按规定不用这一级审批")


def _said(label: str, step: LeaveStep) -> Word:
    sentence = f"{step.decision}。{step.opinion}" if step.step != RETURN else f"情况属实。{step.opinion}"
    return Word(label, sentence, step.by, f"{step.at.year}年{step.at.month}月{step.at.day}日")
