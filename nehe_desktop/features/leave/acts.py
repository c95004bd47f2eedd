"""What somebody does with a leave: ask, hand in, take back, agree or not, tell of the return and confirm it."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import replace
from datetime import date

from nehe_desktop.core.deciding import same_person
from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.store import Put, Receipt, Remove, Store
from nehe_desktop.features.attendance.sheet_acts import roles_of
from nehe_desktop.features.custody.audit import device_of, note
from nehe_desktop.features.leave.checks import problems_of
from nehe_desktop.features.leave.ledger import COUNTY, LEADER, RETURN, TOWN, Leave, LeaveStep
from nehe_desktop.features.leave.queries import Case, around
from nehe_desktop.features.leave.rules import (
    APPROVED,
    AWAY,
    DRAFT,
    DUE,
    OPEN,
    OVER,
    OVERDUE,
    REFUSED,
    WITHDRAWN,
    digest_of,
    why_not,
)
from nehe_desktop.security.laptop import COUNTY as OF_COUNTY
from nehe_desktop.security.laptop import profile_of
from nehe_desktop.security.rights import ROLES, Rights, only_own
from nehe_desktop.security.rights import STEPS as TAKERS

ASK, HAND_IN, TAKE_BACK, DECIDE = "登记请假", "提交请假", "撤回请假", "审批请假"
TELL_BACK, CONFIRM_BACK = "登记返村", "销假"
"""What the journal says of these deeds."""
WRITABLE = (DRAFT, WITHDRAWN, REFUSED, *OPEN, APPROVED, AWAY)
"""States in which an application may be changed; what was agreed to is to be agreed to again."""
IN_VILLAGE = (AWAY, DUE, OVERDUE)
"""States in which somebody may come back."""


def writing_refusal(store: Store, member: str) -> str:
    """Why who is at the keyboard may not write a leave of a member (his name), or nothing."""
    try:
        store.guard.require("create", Leave.ledger.table)
    except Refused as refused:
        return refused.sentence
    guard = store.guard
    own = isinstance(guard, Rights) and only_own(guard.actor, "create", Leave.ledger.table)
    return (
        f"{store.author}只能写自己的请假单，别人的由本人或队长写"
        if own and not same_person(member, store.author)
        else ""
    )


def change_refusal(store: Store, case: Case) -> str:
    """Why who is at the keyboard may not change an application, or nothing."""
    if case.state not in WRITABLE:
        return f"这张请假单{case.state}，不能再改；要延长请另写一张"
    return writing_refusal(store, case.who.name)


def keep(store: Store, leave: Leave, seen: Leave | None = None) -> Future[Receipt]:
    """Stores an application as a draft, or as it stands."""
    return store.submit([Put(leave, seen)], ASK)


def handed_in(leave: Leave) -> Leave:
    """An application that is handed in, also anew after it was taken back."""
    return replace(leave, submitted=True, withdrawn=False)


def hand_in(store: Store, leave: Leave, seen: Leave | None = None) -> Future[Receipt]:
    """Hands an application in. Raises Invalid beside the fields that keep it from that."""
    asked = handed_in(leave)
    errors = [each for each in problems_of(asked, around(store, asked)) if each.level == "error"]
    if errors:
        raise Invalid(errors)
    return store.submit([Put(asked, seen)], HAND_IN)


def withdrawing_refusal(store: Store, case: Case) -> str:
    """Why an application may not be taken back by who is at the keyboard, or nothing."""
    if case.state not in (*OPEN, APPROVED, REFUSED):
        return f"这张请假单{case.state}，不能撤回"
    return writing_refusal(store, case.who.name)


def withdraw(store: Store, case: Case) -> Future[Receipt]:
    """Takes an application back. Raises Refused."""
    if why := withdrawing_refusal(store, case):
        raise Refused(why)
    return store.submit([Put(replace(case.leave, withdrawn=True), case.leave)], TAKE_BACK)


def discard(store: Store, case: Case) -> Future[Receipt]:
    """Removes an application that nobody was asked for yet. Raises Refused."""
    if case.state != DRAFT or case.steps:
        raise Refused("只有没提交过的草稿可以删除，提交过的请撤回")
    if why := writing_refusal(store, case.who.name):
        raise Refused(why)
    return store.submit([Remove(Leave, case.leave.id)], "删除请假草稿")


def open_steps(case: Case) -> list[str]:
    """The steps that wait for somebody: the next one, one that said no, what is only told, the return."""
    told = case.told
    if told.following:
        return [told.following]
    if told.refusal:
        return [told.refusal.step]
    if not told.granted or told.state == OVER:
        return []
    said = {step.step for step in told.done}
    return [
        *(step for step in told.chain.told if step not in said),
        *((RETURN,) if told.state in IN_VILLAGE else ()),
    ]


def step_refusal(store: Store, case: Case, step: str) -> str:
    """Why who is at the keyboard may not take a step, or nothing."""
    takers = TAKERS["leave_step"][1][step]
    if why := why_not(step, store.author, case.who, ()):
        return why
    if not roles_of(store) & set(takers):
        return f"“{step}”由{'、'.join(ROLES[role] for role in takers)}填写"
    if step == LEADER and not any(same_person(store.author, name) for name in case.leaders):
        return f"任职记录里{store.author}现在不是这支工作队的队长或第一书记，不能填“{LEADER}”"
    twice = why_not(step, store.author, case.who, (s for s in case.told.done if s.step != step))
    return twice or _laptop_refusal(store, step)


def _laptop_refusal(store: Store, step: str) -> str:
    profile = profile_of(store)
    if step in (TOWN, COUNTY) and profile.village:
        return f"“{step}”由{'乡镇' if step == TOWN else '县里'}的电脑填写，这台是村里的电脑"
    if step == COUNTY and profile.office not in ("", OF_COUNTY):
        return f"“{step}”由县里的电脑填写，这台是乡镇的电脑"
    return ""


def my_steps(store: Store, case: Case) -> list[str]:
    """The open steps that who is at the keyboard may take."""
    return [step for step in open_steps(case) if not step_refusal(store, case, step)]


def says_words(store: Store) -> bool:
    """Whether any step of any leave is of a role of who is at the keyboard."""
    return any(roles_of(store) & set(takers) for takers in TAKERS["leave_step"][1].values())


def is_for_me(store: Store, case: Case) -> bool:
    """Whether a leave waits for the word of who is at the keyboard; one that he refused does not."""
    return case.state != REFUSED and bool(my_steps(store, case))


def decide(store: Store, case: Case, decision: str, opinion: str = "", step: str = "") -> Future[Receipt]:
    """Says 同意 or 不同意 to a leave as it is now. Raises Refused with who may."""
    if same_person(store.author, case.who.name):
        note(store, "被拒绝", tbl=Leave.ledger.table, row=case.leave.id, count=1, detail="想审批自己的请假")
    step = step or _only(store, case)
    if step == RETURN:
        raise Refused("销假要写明返村时间，请用销假确认")
    return store.submit([Put(_step(store, case, step, decision, opinion))], DECIDE)


def confirm_back(
    store: Store, case: Case, day: date, half: str, decision: str = "同意", opinion: str = ""
) -> Future[Receipt]:
    """Confirms when a member came back, or says that it was not so. Raises Refused."""
    if RETURN not in open_steps(case):
        raise Refused(f"这张请假单{case.state}，现在不用销假")
    if why := step_refusal(store, case, RETURN):
        raise Refused(why)
    if day < case.leave.since or day > store.clock.today():
        raise Refused(f"返村日期要在 {case.leave.since} 和今天之间")
    step = replace(_step(store, case, RETURN, decision, opinion), returned_on=day, returned_half=half)
    return store.submit([Put(step)], CONFIRM_BACK)


def tell_back(store: Store, case: Case, day: date, half: str, overstay: str = "") -> Future[Receipt]:
    """Notes when a member says he came back; the village confirms it. Raises Refused."""
    if case.state not in IN_VILLAGE:
        raise Refused(f"这张请假单{case.state}，现在不用登记返村")
    if why := writing_refusal(store, case.who.name):
        raise Refused(why)
    if day > store.clock.today():
        raise Refused("返村日期不能在今天以后")
    told = replace(case.leave, returned_on=day, returned_half=half, overstay=overstay.strip())
    return store.submit([Put(told, case.leave)], TELL_BACK)


def _only(store: Store, case: Case) -> str:
    """The step that he may take now."""
    mine = [step for step in my_steps(store, case) if step != RETURN]
    if not mine:
        raise Refused(waits_for(store, case))
    return mine[0]


def waits_for(store: Store, case: Case) -> str:
    """Whose word is waited for, and why it is not his."""
    waiting = open_steps(case)
    return step_refusal(store, case, waiting[0]) if waiting else f"这张请假单{case.state}，现在不用审批"


def hindrance(store: Store, case: Case) -> str:
    """Why a step that would be his by his role, or his own leave, is not his to decide; empty for everybody else's."""
    waiting = open_steps(case)
    if not waiting:
        return ""
    own = same_person(store.author, case.who.name)
    his = roles_of(store) & set(TAKERS["leave_step"][1][waiting[0]])
    return step_refusal(store, case, waiting[0]) if own or his else ""


def _step(store: Store, case: Case, step: str, decision: str, opinion: str) -> LeaveStep:
    if why := step_refusal(store, case, step):
        raise Refused(why)
    return LeaveStep(
        leave=case.leave.id,
        step=step,
        decision=decision,
        opinion=opinion.strip(),
        by=store.author,
        role=store.guard.actor.titles[:60] if isinstance(store.guard, Rights) else "",
        at=store.clock.now(),
        device=device_of(store),
        digest=digest_of(case.leave, case.who),
    )


def for_me(store: Store, found: Iterable[Case]) -> list[Case]:
    """The leaves that wait for the word of who is at the keyboard."""
    return [case for case in found if is_for_me(store, case)]
