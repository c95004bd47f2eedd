"""What is printed for everybody to see goes into the register of what was posted, in the same step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from nehe_desktop.core.masks import Audience
from nehe_desktop.core.record import Ledger
from nehe_desktop.features.board.ledger import BOARD, PostingJob
from nehe_desktop.features.board.matters import LASTING, MONITOR, OTHER
from nehe_desktop.features.board.rules import numbered
from nehe_desktop.features.papers.catalogue import BY_CODE, VILLAGE, Request

WEB, HOME = "网上（公众号、微信群）", "农户家中"
_MATTERS = {"household_category": MONITOR}
"""The kind of matter by the ledger that is posted, where it is not 其他公示."""


def matter_of(table: str) -> str:
    """The kind of matter that a list of a ledger is."""
    return _MATTERS.get(table, OTHER)


def request_of(code: str, kept: str) -> Request | None:
    """What was asked for, of the words that the register of papers keeps; None for a kind that is not known."""
    if code not in BY_CODE:
        return None
    try:
        told = json.loads(kept or "{}")
    except ValueError:
        told = {}
    return Request.of({"code": code, "scope": VILLAGE, **(told if isinstance(told, Mapping) else {})})


def job_of(values: Mapping[str, Any], printed_on: date) -> PostingJob | None:
    """What a printed paper is in the register of what was posted; None for one that is not for everybody.

    A card for the wall of a home stays as long as it is true; a list is for the board or for the web.
    """
    request = request_of(values["kind"], values["request"])
    if request is None or request.use != "posted":
        return None
    listed = request.kind.of_ledger
    return PostingJob(
        village=values["village"],
        number=values["number"],
        title=values["title"],
        matter=matter_of(request.about) if listed else LASTING,
        audience="web" if request.audience == "web" else "board",
        place=HOME if not listed else WEB if request.audience == "web" else BOARD,
        household=values["about"] or None if request.about == "household" and not listed else None,
        printed_by=values["printed_by"],
        printed_on=printed_on,
        content_hash=values["content_hash"],
    )


def job_of_file(ledger: Ledger, audience: Audience, village: str, digest: str, who: str, on: date) -> PostingJob:
    """What a file of a public list is in the register: it leaves the office to be hung or put on the web."""
    job = PostingJob(
        village=village or None,
        title=f"{ledger.title}清单（Excel 文件）",
        matter=matter_of(ledger.table),
        audience="web" if audience == "web" else "board",
        place=WEB if audience == "web" else BOARD,
        printed_by=who,
        printed_on=on,
        content_hash=digest,
    )
    return numbered(job, on)
