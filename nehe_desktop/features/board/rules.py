"""Where a posted thing stands, and the steps from one place to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from nehe_desktop.core.errors import Refused
from nehe_desktop.features.board.ledger import PostingJob
from nehe_desktop.features.board.matters import LASTING, Term

UNHUNG, HANGING, STAYING, OVERDUE, DOWN, UNUSED = "未张贴", "公示中", "长期张贴", "到期未撤", "已撤下", "作废"
STATES = (OVERDUE, UNHUNG, HANGING, STAYING, DOWN, UNUSED)
TONES: Mapping[str, str] = {
    UNHUNG: "orange", HANGING: "blue", STAYING: "teal", OVERDUE: "red", DOWN: "green", UNUSED: "grey",
}  # fmt: skip

PHOTOS_ASKED = 30
"""Days after its taking down for which a missing photo is asked for."""


def state_of(job: PostingJob, today: date) -> str:
    """Where it stands on a day; on its last day it still hangs."""
    if job.unused:
        return UNUSED
    if job.down_on:
        return DOWN
    if job.since is None:
        return UNHUNG
    if job.until is None:
        return STAYING if job.matter == LASTING else HANGING
    return OVERDUE if job.until < today else HANGING


def days_of(job: PostingJob) -> int:
    """How many days it hangs, the first and the last counted; 0 where it has no end."""
    return (job.until - job.since).days + 1 if job.since and job.until else 0


def photo_missing(job: PostingJob, today: date) -> str:
    """Which photo of the board is still to be taken: 张贴时, 撤下时 or none; cards at home and the web need none."""
    if job.matter == LASTING or job.unused or job.since is None or job.audience == "web":
        return ""
    if job.down_on is None:
        return "" if job.at_start else "张贴时"
    recent = today - job.down_on <= timedelta(days=PHOTOS_ASKED)
    return "撤下时" if recent and not job.at_end else ""


def numbered(job: PostingJob, today: date) -> PostingJob:
    """The same with a number, where it was not printed here: GS, the day, the end of its id."""
    return job if job.number else replace(job, number=f"GS{job.since or today:%Y%m%d}-{job.id[-4:].upper()}")


def hung(job: PostingJob, on: date, term: Term | None, until: date | None = None) -> PostingJob:
    """It hangs from a day, for the least number of days where no last day is named; raises Refused for a second time."""
    if job.since or job.unused:
        raise Refused(f"这份公示{'已经作废' if job.unused else f'已在 {job.since} 张贴'}")
    return replace(job, since=on, until=until or (term.ends(on) if term else None))


def taken_down(job: PostingJob, on: date, who: str) -> PostingJob:
    """It came down on a day; raises Refused where it did not hang."""
    if job.since is None or job.unused:
        raise Refused("这份公示还没有登记张贴，不用撤下")
    if job.down_on:
        raise Refused(f"这份公示已在 {job.down_on} 撤下")
    return replace(job, down_on=on, down_by=who)


def set_aside(job: PostingJob) -> PostingJob:
    """Printed and never hung; raises Refused where it was."""
    if job.since:
        raise Refused(f"这份公示已在 {job.since} 张贴，不能作废，请登记撤下")
    return replace(job, unused=True)
