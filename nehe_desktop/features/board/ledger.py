"""The register of what was posted: what, where, from when to when, and that it came down (domain §1.9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from nehe_desktop.core.database import Writing
from nehe_desktop.core.errors import Invalid, Problem
from nehe_desktop.core.fields import choice, choices, day, flag, note, photos, ref, text
from nehe_desktop.core.identity import local_today
from nehe_desktop.core.record import Record
from nehe_desktop.features.board.matters import LASTING, MATTERS, OTHER, term_of
from nehe_desktop.features.consents.queries import allowed_in
from nehe_desktop.features.consents.wording import KINDS

BOARD = "村务公开栏"
AUDIENCES = {"board": "村内公示", "web": "网上公开"}
_SHOWS = "有照片、户店信息、电话的勾上：那一户要有签好的同意书"


class PostingJob(
    Record,
    table="posting_job",
    title="公示登记簿",
    scope="village",
    key=("number", "title"),
    together=(("since", "until"), ("down_on", "down_by")),
    indexes=("number", "household", "down_on, until"),
):
    """One thing that hangs for everybody to see, from its printing to its taking down."""

    village: str | None = ref("所在村", "division", default=None)
    number: str = text(
        "公示编号", width=32, default="", listed=True, search="code", hint="打印的自动有，手工登记可以空着"
    )
    title: str = text("公示内容", width=120, listed=True, span=8)
    matter: str = choice("事项", MATTERS, default=OTHER, listed=True, hint="决定最少公示几天")
    audience: str = choice("给谁看", AUDIENCES, default="board", listed=True, hint="打码按这个来")
    place: str = text("张贴地点", width=60, default=BOARD, listed=True, span=5)
    since: date | None = day("张贴日期", default=None, listed=True)
    until: date | None = day("公示到", default=None, listed=True, hint="张贴当天也算一天", policy="review")
    household: str | None = ref("只和一户有关", "household", default=None, span=5)
    person: str | None = ref(
        "家庭成员", "person", default=None, span=4, hint="有未满 14 周岁孩子的照片时填这个孩子"
    )
    shows: tuple[str, ...] = choices(
        "要同意才能公开的内容", tuple(KINDS), default=(), hint=_SHOWS, policy="review"
    )
    at_start: tuple[str, ...] = photos("张贴时的照片", default=(), most=2, span=6)
    at_end: tuple[str, ...] = photos("撤下时的照片", default=(), most=2, span=6)
    down_on: date | None = day("撤下日期", default=None, listed=True, policy="review")
    down_by: str = text("撤下人", width=30, default="", listed=True)
    unused: bool | None = flag("打印了没有张贴，作废", default=None, span=4)
    printed_by: str = text("打印人", width=30, default="", listed=True)
    printed_on: date | None = day("打印日期", default=None)
    content_hash: str = text(
        "内容摘要", width=64, default="", span=8, hint="和纸上印的摘要一样，打印时自动有"
    )
    note: str = note("备注", width=200, default="")

    def rules(self) -> Iterator[Problem]:
        """Days in their order, a term for what has one, a household for what it has to agree to."""
        today = local_today()
        if self.since and not self.until and self.matter != LASTING:
            yield Problem("until", "填了张贴日期，还要填公示到哪一天")
        if self.until and not self.since:
            yield Problem("since", "填了公示到哪一天，还要填从哪一天张贴")
        if self.down_on and not self.since:
            yield Problem("since", "撤下以前要先填张贴日期")
        if self.since and self.down_on and self.down_on < self.since:
            yield Problem("down_on", f"撤下日期 {self.down_on} 早于张贴日期 {self.since}，请核对")
        for name, on in (("since", self.since), ("down_on", self.down_on)):
            if on and on > today:
                yield Problem(name, f"{self.ledger.fields[name].label} {on} 在今天之后，请核对")
        if self.unused and (self.since or self.down_on):
            yield Problem("unused", "张贴过的不能作废，请填撤下日期")
        if self.shows and not self.household:
            yield Problem("household", "写明是哪一户；几户的内容，一户登记一条，撤回时才找得到")
        if self.down_on and self.until and self.down_on < self.until and not self.note:
            yield Problem("note", f"公示期到 {self.until} 为止，提前撤下的请在备注里写原因", "warning")

    def follows(self, patch: Mapping[str, Any], database: Writing) -> Iterable[Record]:
        """Nothing; raises Invalid for a term that is too short and for what a household has not agreed to."""
        if patch.keys() & {"since", "until", "matter"}:
            self._require_term(database)
        if self.shows and patch.keys() & {"shows", "household", "person", "since"} and not self.down_on:
            self._require_consents(database)
        return ()

    def _require_term(self, database: Writing) -> None:
        one = lambda sql, params: database.execute(sql, params).fetchone()  # noqa: E731 - the writer's own connection
        term = term_of(one, self.matter, self.since.year) if self.since else None
        if term is None or self.since is None or self.until is None or self.until >= term.ends(self.since):
            return
        source = f"（{term.source}）" if term.source else ""
        words = f"{self.matter}不少于 {term.days} 天{source}：{self.since} 张贴的，最早公示到 {term.ends(self.since)}"
        raise Invalid([Problem("until", words)])

    def _require_consents(self, database: Writing) -> None:
        on, home, who = self.since or local_today(), self.household or "", self.person or ""
        lacking = [kind for kind in self.shows if not allowed_in(database, kind, home, on, who)]
        if lacking:
            words = f"没有“{'、'.join(lacking)}”的有效同意书（要有签字页照片，没有撤回），不能张贴"
            raise Invalid([Problem("shows", words)])
