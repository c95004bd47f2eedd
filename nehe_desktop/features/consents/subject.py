"""SUBJECT: everything that is stored of a household and its people, for them to read (PIPL arts. 45, 46)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nehe_desktop.core.kinds import Ref
from nehe_desktop.core.masks import NUMBERS, UNTOLD, Audience, masked
from nehe_desktop.core.record import Record
from nehe_desktop.core.store import Store
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.documents.subject_sheet import Part, SubjectSheet
from nehe_desktop.features.board.ledger import PostingJob
from nehe_desktop.features.consents.queries import consents_of
from nehe_desktop.features.divisions.queries import path_of
from nehe_desktop.features.households.document import head_name
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.households.queries import members_of
from nehe_desktop.features.visits.ledger import DEADLINES, ProblemTicket, Visit


def subject_sheet(store: Store, household: Household, stamp: Stamp, *, hide: bool) -> SubjectSheet:
    """The sheet of a household; with `hide` numbers are covered as on internal prints."""
    people = members_of(store, household.id)
    covered = (*(NUMBERS if hide else ()), *(UNTOLD if stamp.on_screen else ()))
    parts = (
        Part("全家", tuple(_said(household, covered))),
        *(Part(f"家庭成员　{each.name}", tuple(_said(each, covered))) for each in people),
        Part("其他记录", tuple(_others(store, household.id))),
    )
    return SubjectSheet(
        stamp=stamp,
        place="".join(path_of(store, household.village)[1:]) + household.hamlet,
        head=head_name(store, household),
        parts=parts,
        covered=hide,
        days=str(DEADLINES["一般"]),
    )


def _said(record: Record, covered: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Label and words of every field that somebody filled, except what only points to another row."""
    for name, field in record.ledger.fields.items():
        shown = "" if isinstance(field.kind, Ref) else field.kind.show(getattr(record, name))
        audience: Audience = "screen" if field.private in UNTOLD else "internal"
        if shown:
            unit = getattr(field.kind, "unit", "").replace("㎡", "平方米")  # which no font of the office has
            yield (
                field.label,
                masked(field.private, shown, audience) if field.private in covered else f"{shown} {unit}".strip(),
            )


def _others(store: Store, household: str) -> Iterator[tuple[str, str]]:
    """What stands in other ledgers about them: how often, and what they agreed to."""
    last = store.one("SELECT max(day) FROM visit WHERE household = ?", (household,))
    visits = store.count(Visit, "household = ?", (household,))
    yield "走访记录", f"{visits} 次，最近 {last[0]}" if visits and last else "没有"
    yield "问题台账", f"{store.count(ProblemTicket, 'household = ?', (household,))} 件"
    hanging = store.all(PostingJob, "household = ? AND down_on IS NULL AND unused IS NOT 1", (household,), "number")
    yield "公示　还没撤下的", "；".join(f"{job.title}（{job.place}）" for job in hanging) or "没有"
    for each in consents_of(store, household):
        ended = f"，{each.withdrawn_on} 撤回" if each.withdrawn_on else ""
        yield f"同意书　{each.kind}", f"{each.signed_on} 签字{ended}"
