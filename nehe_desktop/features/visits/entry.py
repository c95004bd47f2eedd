"""One visit being entered: what is carried over from the last one, what looks doubtful, what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.errors import Problem
from nehe_desktop.core.ids import new_id
from nehe_desktop.core.store import Change, Put
from nehe_desktop.features.visits.ledger import GUARANTEES, ProblemTicket, Visit
from nehe_desktop.features.visits.rules import deadline, income_doubts, moved
from nehe_desktop.features.visits.screen_queries import Case

CARRIED = (
    "kind", "role", "met_person", "met_relation", "items", *GUARANTEES, *(f"{name}_note" for name in GUARANTEES),
    "income_per_head", "wage_income",
)  # fmt: skip
"""What 带入上次内容 brings; never the date, the record of what was seen, photos or a signature."""
CATEGORY_OF = {"housing": "住房", "water": "饮水", "medical": "就医", "schooling": "就学", "food": "其他"}
_USUAL = ("交办", "办理中", "已解决待核")


@dataclass
class Entry:
    """A visit on the desk: its draft, the problem found on it, the old problems ticked as solved."""

    case: Case
    draft: Draft[Visit]
    id: str = field(default_factory=new_id)
    ticket: Draft[ProblemTicket] | None = None
    solved: set[str] = field(default_factory=set)
    reason: str = ""  # why a stored visit is corrected

    @property
    def corrects(self) -> bool:
        """Whether a stored visit is being corrected."""
        return self.draft.record is not None

    @property
    def key(self) -> str:
        """The name its kept draft has."""
        return f"visit-fix:{self.id}" if self.corrects else f"visit:{self.case.household.id}"

    @property
    def last(self) -> Visit | None:
        """The visit before this one."""
        return self.case.last_before(self.id)

    def to_json(self) -> dict[str, Any]:
        """Everything typed so far."""
        ticket = self.ticket.to_json() if self.ticket else None
        kept = {"visit": self.draft.to_json(), "ticket": ticket, "solved": sorted(self.solved)}
        return {"id": self.id, "reason": self.reason, **kept}

    def from_json(self, kept: dict[str, Any]) -> None:
        """Takes what `to_json` gave."""
        self.id, self.reason, self.solved = kept["id"], kept.get("reason", ""), set(kept["solved"])
        self.draft.from_json(kept["visit"])
        if kept["ticket"]:
            self.ticket = new_ticket(self)
            self.ticket.from_json(kept["ticket"])


def begun(case: Case, visitor: str, today: date) -> Entry:
    """A new visit of today by who is at the keyboard."""
    return Entry(case, Draft(Visit, household=case.household.id, day=today, visitors=visitor))


def corrected(case: Case, visit: Visit) -> Entry:
    """A stored visit on the desk again."""
    return Entry(case, Draft(Visit, visit), visit.id)


def carried(draft: Draft[Visit], last: Visit | None) -> dict[str, Any]:
    """What of the last visit fills fields that are still empty or at their default."""
    if last is None:
        return {}
    empty = (name for name in CARRIED if draft.value(name) == draft.fields[name].default)
    return {name: getattr(last, name) for name in empty if getattr(last, name) not in (None, "", (), draft.value(name))}


def doubts(entry: Entry) -> Iterator[Problem]:
    """What may be wrong with this visit beside others (soft)."""
    draft, before = entry.draft, entry.case.said_before("income_per_head", entry.id)
    yield from income_doubts(draft.value("income_per_head"), before)
    wage, whole = draft.value("wage_income"), draft.value("income_per_head")
    people = max(1, len(entry.case.members))
    if wage is not None and whole is not None and wage > whole * people > 0:
        yield Problem("wage_income", f"务工收入比 {people} 口人的全部收入还多，请再核对", "warning")
    yield from _twice(entry)
    if draft.value("kind") != "电话或视频":
        left = [name for name in GUARANTEES if draft.value(name) is None]
        if left:
            names = "、".join(GUARANTEES[name] for name in left)
            yield Problem(left[0], f"两不愁三保障还没选：{names}", "warning")


def _twice(entry: Entry) -> Iterator[Problem]:
    draft = entry.draft
    for other in entry.case.visits:
        same = (other.day, other.visitors) == (draft.value("day"), draft.value("visitors"))
        if same and other.id != entry.id:
            yield Problem("day", f"{other.visitors} {other.day} 已登记过这户，同一天两次只算一次", "warning")
            return


def reason_of(entry: Entry, confirmed: Iterable[Problem]) -> str:
    """What the journal keeps: why, and which warnings were looked at and confirmed."""
    why = f"更正：{entry.reason}" if entry.corrects else "走访登记"
    checked = "；".join(problem.sentence for problem in confirmed)
    return f"{why}（核对无误：{checked}）" if checked else why


def new_ticket(entry: Entry) -> Draft[ProblemTicket]:
    """A problem found on the visit, filled as far as the visit says it."""
    draft = entry.draft
    troubled = [name for name in GUARANTEES if draft.value(name) == "有问题"]
    notes = (f"{name}_note" for name in troubled)
    said = draft.value("findings") or "；".join(draft.value(n) for n in notes if not draft.is_covered(n))
    return Draft(
        ProblemTicket,
        village=entry.case.household.village,
        household=entry.case.household.id,
        source="走访",
        category=CATEGORY_OF[troubled[0]] if troubled else None,
        description=said,
        handler=entry.case.helpers[0] if entry.case.helpers else "",
        raised_on=draft.value("day"),
    )


def changes(entry: Entry, visit: Visit) -> list[Change]:
    """What is stored as one step: the visit, the problem found, the problems solved."""
    found: list[Change] = [Put(visit, entry.draft.record)]
    if entry.ticket is not None:
        ticket = entry.ticket.finished()
        number = ticket.number or f"{visit.day:%Y%m%d}-{ticket.id[-4:].upper()}"
        due = ticket.due or deadline(visit.day, ticket.level)
        found.append(Put(replace(ticket, visit=visit.id, raised_on=visit.day, due=due, number=number)))
    solved = (ticket for ticket in entry.case.problems if ticket.id in entry.solved)
    return [*found, *(Put(solved_at(ticket, visit), ticket) for ticket in solved)]


def solved_at(ticket: ProblemTicket, visit: Visit) -> ProblemTicket:
    """The problem as solved and to be checked, by its legal steps; it stays so where it is already."""
    state = ticket.state
    for step in steps_to_solved(state):
        state = moved(state, step)
    result = ticket.result or f"{visit.day} 走访时看到已解决（{visit.visitors}）"
    return replace(ticket, state=state, result=result)


def steps_to_solved(state: str) -> Sequence[str]:
    """The usual legal steps from a state to 已解决待核."""
    if state == "已解决待核":
        return ()
    first = {"登记": "交办", "办理中": "已解决待核", "上报": "已解决待核"}.get(state, "办理中")
    return _USUAL[_USUAL.index(first) :]
