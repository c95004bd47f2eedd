"""Questions about what is posted: which are in a state, what is to be done, how long a matter has to hang."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Store
from nehe_desktop.features.board.ledger import PostingJob
from nehe_desktop.features.board.matters import LASTING, Term, term_of
from nehe_desktop.features.board.rules import (
    DOWN,
    HANGING,
    OVERDUE,
    PHOTOS_ASKED,
    STAYING,
    UNHUNG,
    UNUSED,
    photo_missing,
    state_of,
)

LEFT = 3
"""Days that a printed paper may lie before somebody is asked whether it hangs."""

_OPEN = "down_on IS NULL AND unused IS NOT 1"
_WHERE: Mapping[str, str] = {
    UNHUNG: f"{_OPEN} AND since IS NULL",
    HANGING: f"{_OPEN} AND since IS NOT NULL AND (until >= ?1 OR (until IS NULL AND matter <> ?3))",
    STAYING: f"{_OPEN} AND since IS NOT NULL AND until IS NULL AND matter = ?3",
    OVERDUE: f"{_OPEN} AND until < ?1",
    DOWN: "down_on IS NOT NULL AND unused IS NOT 1",
    UNUSED: "unused = 1",
}
"""The rows of a state, as `state_of` has it."""

_PHOTO = (
    "unused IS NOT 1 AND since IS NOT NULL AND matter <> ?3 AND audience <> 'web' AND ("
    "(down_on IS NULL AND coalesce(at_start, '') IN ('', '[]'))"
    " OR (down_on >= ?2 AND coalesce(at_end, '') IN ('', '[]')))"
)
FILTERS: Mapping[str, str] = {
    "todo": f"({_WHERE[OVERDUE]}) OR ({_WHERE[UNHUNG]} AND matter <> ?3) OR ({_PHOTO})",
    "up": f"({_WHERE[HANGING]}) OR ({_WHERE[OVERDUE]})",
    "staying": f"({_WHERE[STAYING]}) OR ({_WHERE[UNHUNG]} AND matter = ?3)",
    "down": _WHERE[DOWN],
    "all": "1",
}
"""What a list may be kept to: what is to be done, what hangs, cards that stay, what came down, everything."""

_ORDER = "down_on IS NOT NULL, until IS NULL, until, printed_on DESC, number"
_SORTED = {"title", "matter", "place", "since", "until", "number"}


@dataclass(frozen=True)
class Wanted:
    """What a list is kept to: one of FILTERS, and a part of the number or of what it is called."""

    filter: str = "todo"
    words: str = ""


def jobs_in(
    store: Store, wanted: Wanted, sort: str = "", *, descending: bool = False, limit: int = 0
) -> array[int]:
    """Row ids, what ends first at the top where no column is chosen."""
    order = f"[{sort}] {'DESC' if descending else 'ASC'}" if sort in _SORTED else _ORDER
    where = f"({FILTERS.get(wanted.filter, '1')}) AND (?4 = '' OR title LIKE ?5 OR number LIKE ?5)"
    sql = f"SELECT rowid FROM posting_job WHERE {where} ORDER BY {order}" + (
        f" LIMIT {limit}" if limit else ""
    )
    return store.numbers(sql, (*_times(store), wanted.words, f"%{wanted.words}%"))


def jobs_at(store: Store, numbers: Sequence[int]) -> dict[int, PostingJob]:
    """What is posted, by row id."""
    marks = ",".join("?" * len(numbers))
    ids = dict(store.rows(f"SELECT id, rowid FROM posting_job WHERE rowid IN ({marks})", tuple(numbers)))
    found = store.all(PostingJob, f"id IN ({','.join('?' * len(ids))})", tuple(ids))
    return {ids[job.id]: job for job in found}


def job_numbered(store: Store, number: str) -> PostingJob:
    """What has a number, or this id; raises Refused where there is none, or more than one."""
    found = store.all(PostingJob, "number = ?1 OR id = ?1", (number,), "", 2)
    if len(found) != 1:
        raise Refused(f"公示登记簿里{'没有' if not found else '不止一条'}“{number}”，请写公示编号")
    return found[0]


@dataclass(frozen=True)
class ToDo:
    """What is to be done about what is posted."""

    overdue: tuple[PostingJob, ...] = ()
    unhung: tuple[PostingJob, ...] = ()
    photos: tuple[PostingJob, ...] = ()
    ending: tuple[PostingJob, ...] = ()


def to_do(store: Store, village: str, until: date) -> ToDo:
    """What is over, what was printed and not hung, where a photo is missing, and what ends by a day; of a village."""
    today = store.clock.today()
    sql = f"({FILTERS['todo']} OR ({_WHERE[HANGING]})) AND (?4 = '' OR village IS NULL OR village = ?4)"
    found = store.all(PostingJob, sql, (*_times(store), village), "until, printed_on, id")
    stand = [(job, state_of(job, today)) for job in found]
    waited = today - timedelta(days=LEFT)
    return ToDo(
        tuple(job for job, state in stand if state == OVERDUE),
        tuple(job for job, state in stand if state == UNHUNG and (job.printed_on or today) <= waited),
        tuple(job for job, _ in stand if photo_missing(job, today)),
        tuple(job for job, state in stand if state == HANGING and job.until and today <= job.until <= until),
    )


def term(store: Store, matter: str, on: date) -> Term | None:
    """How long a matter has to hang that is posted on a day."""
    return term_of(store.one, matter, on.year)


def _times(store: Store) -> tuple[str, str, str]:
    """Today, the first day for which a photo is still asked, and the matter that has no end."""
    today = store.clock.today()
    return today.isoformat(), (today - timedelta(days=PHOTOS_ASKED)).isoformat(), LASTING
