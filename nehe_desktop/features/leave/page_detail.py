"""One leave as it is read: what is asked, what it runs against, who said what of it and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtWidgets import QWidget

from nehe_desktop.core.masks import shown
from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance.ledger import HALVES
from nehe_desktop.features.custody.audit import device_of
from nehe_desktop.features.leave.checks import half_words, others_away, period_words, span_words, thin_halves
from nehe_desktop.features.leave.ledger import Leave, LeaveStep
from nehe_desktop.features.leave.page_list import TONES
from nehe_desktop.features.leave.queries import Case, around, case_of, changed_since
from nehe_desktop.features.leave.rules import ALL_DAYS
from nehe_desktop.features.leave.words import number_of, said_words, state_words, void_words, waiting_words
from nehe_desktop.ui.layouts import box, column, row
from nehe_desktop.ui.painted import Pill
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import label, note_card, pairs


@dataclass(frozen=True)
class Seen:
    """A leave with what is shown beside it: who else is away, what changed, which laptop this is."""

    case: Case
    notes: tuple[tuple[str, str], ...] = ()
    here: str = field(default="", compare=False)

    @classmethod
    def of(cls, store: Store, id: str) -> Seen | None:
        """It as it is stored now; None where it is gone or not to be seen. For a worker."""
        case = case_of(store, id)
        return cls(case, tuple(_notes(store, case)), device_of(store)) if case else None


def _notes(store: Store, case: Case) -> Iterator[tuple[str, str]]:
    told = case.told
    for step in told.stale:
        moved = "；".join(changed_since(store, case, step)) or "内容和审批时不同"
        yield f"{step.by}同意以后改过，要重新审批。{moved}", "orange"
    if told.refusal:
        yield f"{told.refusal.by}不同意：{told.refusal.opinion}", "red"
    if told.state == "逾期未归":
        yield f"假期满了还没有回来，已超 {told.late:g} 天；回来后请村党组织书记销假", "red"
    if told.blocks and not told.back:
        yield from _away(store, case)


def _away(store: Store, case: Case) -> Iterator[tuple[str, str]]:
    known = around(store, case.leave)
    if thin := thin_halves(case.leave, known):
        least = known.limits.on_duty
        more = f"等 {len(thin)} 个半天" if len(thin) > 1 else ""
        yield f"{half_words(thin[0].at)}{more}，村里在岗不到 {least} 人，请先安排人", "orange"
    if others := others_away(case.leave, known):
        names = "；".join(f"{t.name} {t.kind} {span_words(t.halves)}（{t.state}）" for t in others)
        yield f"同时请假的：{names}", "blue"


def parts(seen: Seen, steps: QWidget | None, eye: QWidget | None, *, whole: bool) -> list[QWidget]:
    """What stands at the right of the list, from top to bottom."""
    case = seen.case
    title = f"{case.who.name} · {case.leave.kind}"
    head = box(row((label(title, "h2", wrap=True), 1), Pill(state_words(case), TONES[case.state], dot=True)))
    notes = [note_card(words, tone) for words, tone in seen.notes]
    reason = label(case.leave.reason, wrap=True)
    line = [label(waiting_words(case), "muted", wrap=True)] if waiting_words(case) else []
    facts = pairs(_facts(case, eye, whole=whole))
    return [head, reason, *notes, *([steps] if steps else []), *line, facts, *_timeline(seen)]


def _facts(case: Case, eye: QWidget | None, *, whole: bool) -> list[tuple[str, str | QWidget]]:
    leave = case.leave
    phone = shown(Leave.ledger.fields["phone"], leave.phone, whole=whole) if leave.phone else ""
    call: str | QWidget = box(row(label(phone), *([eye] if eye else []), None, gap=4)) if phone else ""
    rest = "休息日、节假日也算" if leave.kind in ALL_DAYS else "休息日、节假日不算"
    facts: list[tuple[str, str | QWidget]] = [
        ("起止", period_words(leave)),
        ("天数", f"{case.days:g} 天（{rest}）"),
        ("去向", leave.destination),
        ("离村期间电话", call),
        ("在岗代管人", case.substitute),
        ("审批", case.told.chain.words),
        ("工作队", f"{case.team}（{case.role}）"),
        ("编号", number_of(leave)),
    ]
    if leave.returned_on:
        words = f"{leave.returned_on} {HALVES[leave.returned_half or 'AM']}"
        facts.append(("本人登记返村", words + (f"，{leave.overstay}" if leave.overstay else "")))
    return facts


def _timeline(seen: Seen) -> Iterator[QWidget]:
    """Every word on it in the order of time, with the laptop that it was said at."""
    steps = seen.case.steps
    yield label("审批经过" if steps else "还没有人签意见", "h3" if steps else "muted")
    for step in steps:
        yield _said(seen, step)


def _said(seen: Seen, step: LeaveStep) -> QWidget:
    void = void_words(seen.case, step)
    good = step.decision == "同意"
    tone = "grey" if void else "green" if good else "red"
    where = (
        "这台电脑"
        if step.device == seen.here and step.device
        else f"电脑 …{step.device[-4:]}"
        if step.device
        else ""
    )
    when = "　".join(filter(None, (f"{step.at:%Y-%m-%d %H:%M}", step.role, where)))
    head = label(f"{step.step}　{step.by}", "bold")
    said = label(said_words(step) + void, wrap=True)
    dot = sized(label("●", "caption", tone=tone), width=1.2)
    made = box(
        row(column(dot, None), (column(head, said, label(when, "caption", wrap=True), gap=1), 1), gap=4)
    )
    made.setAccessibleName(f"{step.step} {step.by} {said_words(step)} {when}")
    return made
