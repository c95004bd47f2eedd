"""The task that a consent leaves behind when it is taken back: what hangs where, and until when it is to go."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from nehe_desktop.core.database import Writing
from nehe_desktop.features.papers.catalogue import KINDS
from nehe_desktop.features.visits.ledger import ProblemTicket

DAYS_SETTING = "take_down_days"
DAYS = 3
"""As shipped, for a laptop that has no settings yet."""

_NAMES = uuid.UUID("6f6b7d5c-6a54-5c6e-9d0f-230281000011")  # the same withdrawal has the same task on every laptop
_POSTED = ", ".join(f"'{kind.code}'" for kind in KINDS if kind.use == "posted")
_HANGING = (
    "SELECT title, number, place, since, printed_on FROM posting_job WHERE household = ?1"
    " AND down_on IS NULL AND unused IS NOT 1"
    " UNION ALL SELECT title, number, '', NULL, substr(printed_at, 1, 10) FROM printed_paper AS p WHERE about = ?1"
    f" AND kind IN ({_POSTED}) AND NOT EXISTS (SELECT 1 FROM posting_job WHERE number = p.number)"
    " ORDER BY 5, 2"
)
"""What hangs of a household, also what was printed before there was a register of it."""

_MOST = 12
"""Posted things that are named; more are counted."""


def ticket(
    database: Writing, consent: str, household: str, kind: str, withdrawn_on: date
) -> ProblemTicket | None:
    """The task for a household whose consent is taken back; None where the household is not in the ledger."""
    row = database.execute("SELECT village FROM household WHERE id = ?", [household]).fetchone()
    if row is None:
        return None
    hanging = database.execute(_HANGING, [household]).fetchall()
    id = _id_of(database, consent)
    return ProblemTicket(
        id=id,
        number=f"CX{withdrawn_on:%Y%m%d}-{id[-4:].upper()}",
        village=row[0],
        household=household,
        source="自查",
        category="其他",
        description=_description(kind, withdrawn_on, [_named(*paper) for paper in hanging]),
        level="较急",
        raised_on=withdrawn_on,
        due=withdrawn_on + timedelta(days=_days(database)),
    )


def _id_of(database: Writing, consent: str) -> str:
    """The id of the next task of a consent, the same on two laptops that do not know of each other.

    One that was there already, also if it is gone, is never used again: the dead do not come back.
    """
    return next(id for id in _ids(consent) if not _was_used(database, id))


def _ids(consent: str) -> Iterator[str]:
    return (uuid.uuid5(_NAMES, f"{consent}/{time}").hex for time in count(1))


def _was_used(database: Writing, id: str) -> bool:
    sql = "SELECT 1 FROM journal WHERE tbl = 'problem' AND pk = ?1 UNION ALL SELECT 1 FROM problem WHERE id = ?1"
    return database.execute(sql, [id]).fetchone() is not None


def _description(kind: str, on: date, papers: list[str]) -> str:
    more = f"等 {len(papers)} 份" if len(papers) > _MOST else ""
    listed = "；".join(papers[:_MOST]) + more if papers else "公示登记簿里没有"
    return (
        f"撤下：这户 {on:%Y-%m-%d} 撤回了“{kind}”的同意。还没撤下的：{listed}。"
        "请到公示栏、展板和户店现场撤下，并查看简报、微信群里发过的；"
        "撤下后在“公示”页登记撤下，拍照存为办理后照片。"
    )


def _named(title: str, number: str, place: str, since: str | None, printed_on: str | None) -> str:
    when = f"{since} 张贴在{place}" if since else f"{printed_on or ''} 打印，还没有登记张贴".strip()
    return f"{title} {number}".strip() + f"（{when}）"


def _days(database: Writing) -> int:
    """How many days the county gives for taking down; what makes no sense counts as not set."""
    row = database.execute(
        "SELECT value FROM setting WHERE name = ? AND year IS NULL", [DAYS_SETTING]
    ).fetchone()
    return int(row[0]) if row and str(row[0]).isdecimal() and 0 < int(row[0]) <= 30 else DAYS
