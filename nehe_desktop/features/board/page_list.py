"""The rows of what is posted, for the list of the page."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date

from nehe_desktop.core.store import Store
from nehe_desktop.features.board.ledger import PostingJob
from nehe_desktop.features.board.queries import Wanted, jobs_at, jobs_in
from nehe_desktop.features.board.rules import OVERDUE, TONES, photo_missing, state_of
from nehe_desktop.features.visits.page_side import short_day
from nehe_desktop.ui.listing import Cell, Column, Row


class PostingSource:
    """What is posted, what ends first at the top where no column is chosen."""

    columns: Sequence[Column] = (
        Column("state", "状态", 7.2, sortable=False),
        Column("title", "公示内容", 13, bold=True),
        Column("until", "公示到", 9.5),
        Column("place", "张贴地点", 8),
        Column("matter", "事项", 6),
        Column("number", "公示编号", 11),
    )

    def __init__(self, store: Store) -> None:
        self._store = store

    def ids(self, sort: str, descending: bool, wanted: Wanted | None, limit: int = 0) -> array[int]:  # noqa: FBT001
        """Row ids in the order of a column."""
        return jobs_in(self._store, wanted or Wanted(), sort, descending=descending, limit=limit)

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """The rows of these ids."""
        found, today = jobs_at(self._store, ids), self._store.clock.today()
        return [_row(found[number], today) if number in found else None for number in ids]


def _row(job: PostingJob, today: date) -> Row:
    state = state_of(job, today)
    words = until_words(job, today)
    until = Cell(words, "red", plain=True) if state == OVERDUE else words
    return Row(job.id, (Cell(state, TONES[state], dot=True), job.title, until, job.place, job.matter, job.number))


def until_words(job: PostingJob, today: date) -> str:
    """Until when it hangs, how long it has been over, or what is still to be done."""
    if job.down_on:
        words = f"{short_day(job.down_on, today)}撤下"
    elif job.until:
        left = (job.until - today).days
        words = f"超期 {-left} 天" if left < 0 else f"还有 {left} 天" if left else "今天到期"
    elif job.since:
        words = f"{short_day(job.since, today)}起"
    else:
        words = f"{short_day(job.printed_on, today)}打印" if job.printed_on else ""
    return f"{words}，缺照片" if photo_missing(job, today) else words
