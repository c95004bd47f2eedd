"""What hangs on the boards of the sample village: one that is over, one that hangs, one printed, one that came down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from nehe_desktop.features.board.ledger import PostingJob
from nehe_desktop.features.board.matters import FUNDS, MONITOR, OTHER
from nehe_desktop.features.demo.numbers import ids
from nehe_desktop.features.demo.plan import DEMO_TODAY
from nehe_desktop.security.laptop import SAMPLE_PERSON

_PAPERS = (
    ("监测对象清单", MONITOR, 12, 10, 5, False),
    ("光伏收益分配方案公示", FUNDS, 6, 5, 10, False),
    ("户店经营清单", OTHER, 4, None, 0, False),
    ("七月孝心养老金收缴发放公示", OTHER, 40, 38, 7, True),
)
"""Title, matter, days since its printing and its hanging, days it hangs, whether it came down."""


def postings(village: str) -> Iterator[PostingJob]:
    """Four postings; their boards were not photographed, for a made-up photo shows nothing."""
    new = ids("hanging", 0)
    for number, (title, matter, printed, hung, days, down) in enumerate(_PAPERS, 1):
        since = None if hung is None else _ago(hung)
        until = None if since is None else since + timedelta(days=days - 1)
        yield PostingJob(
            id=new(),
            village=village,
            number=f"LIST-2020-SL{number:05d}",
            title=title,
            matter=matter,
            since=since,
            until=until,
            down_on=until if down else None,
            down_by=SAMPLE_PERSON if down else "",
            printed_by=SAMPLE_PERSON,
            printed_on=_ago(printed),
        )


def _ago(days: int) -> date:
    return DEMO_TODAY - timedelta(days=days)
