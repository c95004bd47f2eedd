"""What somebody does with a month's sheet and with entries made up later: confirm, send back, lock, open again."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from typing import Any

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Put, Receipt, Store
from nehe_desktop.features.attendance.sheet_queries import AT_NIGHT, LateEntry, Sheet
from nehe_desktop.features.attendance.sheet_rules import LOCK, late_why_not, why_not
from nehe_desktop.features.attendance.sheets import (
    LATE_STEPS,
    STEPS,
    LateNightStep,
    LateStep,
    MonthLock,
    SheetStep,
)
from nehe_desktop.features.custody.audit import device_of
from nehe_desktop.security.rights import ROLES, WRITERS, Rights
from nehe_desktop.security.rights import STEPS as TAKERS

SHEET, LATE = "审核考勤表", "确认补签"
"""What the journal says of these steps."""


def roles_of(store: Store) -> frozenset[str]:
    """The roles of who is at the keyboard; every one where nobody is asked."""
    return store.guard.actor.roles if isinstance(store.guard, Rights) else frozenset(ROLES)


def _titles(store: Store) -> str:
    return store.guard.actor.titles[:60] if isinstance(store.guard, Rights) else ""


def _takers(step: str) -> tuple[str, ...]:
    return (WRITERS["month_lock"],) if step == LOCK else TAKERS["sheet_step"][1][step]


def is_his_turn(store: Store, sheet: Sheet) -> bool:
    """Whether what comes next with a sheet belongs to who is at the keyboard; the county also opens again."""
    step = sheet.progress.following or LOCK
    return bool(sheet.members) and bool(roles_of(store) & set(_takers(step)))


def refusal(store: Store, sheet: Sheet) -> str:
    """Why who is at the keyboard may not take the next step of a sheet, or nothing."""
    told = sheet.progress
    if told.closed:
        return "这个月已经锁定"
    step = told.following
    if not is_his_turn(store, sheet):
        return f"现在等“{step}”，由{'、'.join(ROLES[role] for role in _takers(step))}办理"
    lacks = sheet.keeps_open if step == LOCK else sheet.lacks
    return lacks or ("" if step == LOCK else why_not(step, store.author, told.done, sheet.members))


def confirm(store: Store, sheet: Sheet, opinion: str = "") -> Future[Receipt]:
    """Takes the next step of a sheet. Raises Refused with who may, or what is still missing."""
    if why := refusal(store, sheet):
        raise Refused(why)
    if sheet.progress.following == LOCK:
        raise Refused("四级都确认了，现在由驻村办锁定")
    return store.submit([Put(_step(store, sheet, "同意", opinion))], SHEET)


def send_back(store: Store, sheet: Sheet, reason: str) -> Future[Receipt]:
    """Sends a sheet back to the team, which confirms it anew from the first step on. Raises Refused."""
    told = sheet.progress
    if told.closed or not is_his_turn(store, sheet):
        raise Refused(refusal(store, sheet))
    if not told.done:
        raise Refused("考勤表还在队里，没有可以退回的")
    return store.submit([Put(_step(store, sheet, "退回", reason))], SHEET)


def _step(store: Store, sheet: Sheet, decision: str, opinion: str) -> SheetStep:
    step = STEPS[min(len(sheet.progress.done), len(STEPS) - 1)]
    others = (name for name in sheet.members if step != STEPS[0] or name != store.author)
    return SheetStep(
        team=sheet.team,
        month=sheet.month,
        revision=sheet.progress.revision,
        step=step,
        decision=decision,
        opinion=opinion.strip(),
        by=store.author,
        role=_titles(store),
        at=store.clock.now(),
        device=device_of(store),
        digest=sheet.digest,
        members="、".join(others)[:400],
    )


def lock(store: Store, sheet: Sheet) -> Future[Receipt]:
    """Locks a month, on a laptop of the county. Raises Refused with what is still missing."""
    if why := refusal(store, sheet):
        raise Refused(why)
    if sheet.progress.following != LOCK:
        raise Refused(f"还差“{sheet.progress.following}”，四级都办完才能锁定")
    told = MonthLock.of(
        sheet.team, sheet.month, closed=True, revision=sheet.progress.revision, by=store.author
    )
    return store.submit([Put(told)], "锁定考勤表")


def reopen(store: Store, sheet: Sheet, reason: str) -> Future[Receipt]:
    """Opens a locked month again as the next revision, whose steps begin anew. Raises Refused."""
    if not sheet.progress.closed:
        raise Refused("这个月没有锁定，不用重开")
    told = MonthLock.of(
        sheet.team,
        sheet.month,
        closed=False,
        revision=sheet.progress.revision + 1,
        reason=reason.strip(),
        by=store.author,
    )
    return store.submit([Put(told)], "重开考勤表")


def late_steps_of(store: Store) -> list[str]:
    """Every step that who is at the keyboard may take with what was made up later."""
    return [step for step in LATE_STEPS if roles_of(store) & set(TAKERS["late_step"][1][step])]


def late_refusal(store: Store, entry: LateEntry) -> str:
    """Why who is at the keyboard may not say anything of an entry, or nothing."""
    steps = late_steps_of(store)
    if not steps:
        return "补签由队长和村书记两个人确认"
    if entry.made.confirmed:
        return "已经由两个人确认"
    return min((_late_why(store, entry, step) for step in steps), key=len)


def _late_why(store: Store, entry: LateEntry, step: str) -> str:
    done = entry.made.village if step == LATE_STEPS[-1] else entry.made.leading
    if done is not None:
        return f"{done.by}已经确认，还差{'队长' if step == LATE_STEPS[-1] else '村书记'}"
    return late_why_not(step, store.author, entry.member, entry.made, leads=entry.leads)


def say_late(store: Store, entries: Iterable[LateEntry], decision: str, opinion: str = "") -> Future[Receipt]:
    """Confirms entries or sends them back, all in one step. Raises Refused where none of them is his."""
    chosen = list(entries)
    mine = [entry for entry in chosen if not late_refusal(store, entry)]
    if not mine:
        raise Refused(late_refusal(store, chosen[0]) if chosen else "没有待确认的补签")
    return store.submit([Put(_late(store, entry, decision, opinion)) for entry in mine], LATE)


def _late(store: Store, entry: LateEntry, decision: str, opinion: str) -> LateStep | LateNightStep:
    said: dict[str, Any] = {
        "step": next(each for each in late_steps_of(store) if not _late_why(store, entry, each)),
        "decision": decision,
        "opinion": opinion.strip(),
        "by": store.author,
        "role": _titles(store),
        "at": store.clock.now(),
        "device": device_of(store),
        "digest": entry.digest,
    }
    return LateNightStep(night=entry.id, **said) if entry.half == AT_NIGHT else LateStep(half=entry.id, **said)
