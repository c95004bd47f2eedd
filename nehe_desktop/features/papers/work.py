"""From a request to papers with numbers, to a file, and to the register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Put, Store
from nehe_desktop.documents.job import Printed, print_batch
from nehe_desktop.documents.paper import Stamp, content_hash
from nehe_desktop.features.attendance.document import sheet_content
from nehe_desktop.features.divisions.queries import path_of
from nehe_desktop.features.households import document as households
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.papers.catalogue import COUNTY, HAMLET, HOUSEHOLD, MEMBER, Request
from nehe_desktop.features.papers.ledger import PrintedPaper
from nehe_desktop.features.papers.listing import ledger_listing
from nehe_desktop.features.papers.queries import (
    device_of,
    households_in,
    next_serial,
    teams_in,
    visits_for,
)
from nehe_desktop.features.teams import document as teams
from nehe_desktop.features.teams.ledger import Member, Team
from nehe_desktop.features.visits.document import visit_record
from nehe_desktop.features.visits.ledger import Visit

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Item:
    """One paper to print: what it is called, whose it is, and how it is made once it has its stamp."""

    code: str
    title: str
    about: str
    village: str | None
    make: Callable[[Stamp], Any]


@dataclass(frozen=True)
class Ready:
    """Papers with their numbers, ready for one file."""

    items: tuple[Item, ...]
    papers: tuple[Any, ...]

    @property
    def title(self) -> str:
        """What the file is called."""
        first = self.items[0].title
        return first if len(self.items) == 1 else f"{first}等 {len(self.items)} 份"


def items_of(store: Store, request: Request) -> list[Item]:
    """The papers that a request means, in the order of printing; raises Trouble where there is none."""
    makers: dict[str, Callable[[Store, Request], list[Item]]] = {
        "D01": _letters,
        "D01T": _team_letters,
        "D02": _sheets,
        "D07": _cards,
        "D07N": _cards,
        "D07F": _covers,
        "D09": _visits,
        "LIST": _listings,
    }
    found = makers[request.code](store, request)
    if not found:
        raise Trouble(f"没有可以打印的{request.kind.title}", _ADVICE.get(request.code[:3], "请先登记"))
    return found


_ADVICE = {
    "D01": "请先在“台账”里登记工作队和队员",
    "D02": "请先在“台账”里登记工作队和队员",
    "D07": "这个范围里没有建档立卡户或边缘户",
    "D09": "这个范围、这个月还没有走访记录，请换一个月或先登记走访",
}


def ready(store: Store, request: Request, now: datetime, *, sample: bool) -> Ready:
    """Gives every paper its number and its stamp; nothing is noted before it is printed."""
    items = tuple(items_of(store, request))
    prefix = f"{request.code}-{now:%Y}-{device_of(store)}"
    start = next_serial(store, prefix)
    mark = f"{store.author} {now:%Y-%m-%d}" if request.watermark else ""
    stamps = (
        Stamp(
            code=request.code[:3] if request.code != "LIST" else "LIST",
            number=f"{prefix}{start + at:04d}",
            data_time=now,
            device=device_of(store),
            watermark=mark,
            sample=sample,
        )
        for at in range(len(items))
    )
    return Ready(items, tuple(item.make(stamp) for item, stamp in zip(items, stamps, strict=True)))


def to_file(
    made: Ready,
    path: Path,
    progress: Progress = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Printed:
    """Writes the papers into one PDF; a cancelled batch leaves no file."""
    return print_batch(made.papers, path, progress, cancelled, title=made.title)


def note(
    store: Store, made: Ready, printed: Printed, outcome: str, *, target: str = "", copies: int = 1
) -> None:
    """Enters what was printed into the register, all of it as one step."""
    now = store.clock.now()
    share = printed.pages if len(made.items) == 1 else max(1, printed.pages // len(made.items))
    rows = [
        PrintedPaper(
            village=item.village,
            number=paper.stamp.number,
            kind=paper.stamp.code,
            title=item.title,
            about=item.about,
            printed_at=now,
            printed_by=store.author or "命令行",
            outcome=outcome,
            printer=target[:120],
            copies=copies,
            pages=share,
            content_hash=_hash(paper, printed),
        )
        for item, paper in zip(made.items, made.papers, strict=True)
    ]
    store.write([Put(row) for row in rows], f"{outcome}：{made.title}")


def _hash(paper: Any, printed: Printed) -> str:
    """The hash that stands on the paper; of a listing, whose rows are read once, the file's own."""
    return printed.sha256[:16].upper() if hasattr(paper, "rows") else content_hash(paper)


# -- what each kind is made of -----------------------------------------------------------------------


def _households(store: Store, request: Request) -> list[Household]:
    chosen = store.find(Household, request.household) if request.household else None
    if request.scope == HOUSEHOLD:
        return [chosen] if chosen else []
    if request.scope == HAMLET and chosen:
        return households_in(store, chosen.village, chosen.hamlet)
    village = "" if request.scope == COUNTY else request.village or (chosen.village if chosen else "")
    return households_in(store, village)


def _teams(store: Store, request: Request) -> list[Team]:
    chosen = store.find(Team, request.team) if request.team else None
    if chosen and request.scope != COUNTY:
        return [chosen]
    return teams_in(store, "" if request.scope == COUNTY else request.village)


def _letters(store: Store, request: Request) -> list[Item]:
    found = []
    for team in _teams(store, request):
        for member, make in teams.letters(store, team):
            if request.scope != MEMBER or member.id == request.member:
                found.append(Item("D01", f"承诺书 {member.name}", member.id, team.village, make))
    return found


def _team_letters(store: Store, request: Request) -> list[Item]:
    pairs = ((team, teams.team_letter(store, team)) for team in _teams(store, request))
    return [Item("D01T", f"承诺书 {t.name}", t.id, t.village, make) for t, make in pairs if make]


def _sheets(store: Store, request: Request) -> list[Item]:
    month = request.month or f"{store.clock.today():%Y%m}"
    title = f"{month[:4]}年{int(month[4:])}月考勤表"
    return [
        Item("D02", f"{title} {t.name}", t.id, t.village, lambda s, t=t: sheet_content(store, t.id, month, s))
        for t in _teams(store, request)
        if store.count(Member, "team = ?", (t.id,))
    ]


def _cards(store: Store, request: Request) -> list[Item]:
    day, wall = store.clock.today(), request.code == "D07"
    return [
        Item(
            request.code,
            f"明白卡 {households.head_name(store, h)}户",
            h.id,
            h.village,
            lambda s, h=h: households.card(store, h, s, day, on_wall=wall),
        )
        for h in _households(store, request)
    ]


def _covers(store: Store, request: Request) -> list[Item]:
    day = store.clock.today()
    return [
        Item(
            "D07F",
            f"一户一档 {households.head_name(store, h)}户",
            h.id,
            h.village,
            lambda s, h=h: households.cover(store, h, s, day),
        )
        for h in _households(store, request)
    ]


def _visits(store: Store, request: Request) -> list[Item]:
    one = store.find(Visit, request.visit) if request.visit else None
    found = [one] if one else visits_for(store, _households(store, request), request.month)
    return [_visit(store, visit) for visit in found]


def _visit(store: Store, visit: Visit) -> Item:
    household = store.find(Household, visit.household)
    who = households.head_name(store, household) if household else ""
    title = f"走访记录 {who}户 {visit.day:%Y-%m-%d}"
    village = household.village if household else None
    return Item("D09", title, visit.id, village, lambda s: visit_record(store, visit, s))


def _listings(store: Store, request: Request) -> list[Item]:
    ledger = LEDGERS[request.ledger or "household"]
    village = "" if request.scope == COUNTY else request.village
    place = "".join(path_of(store, village)[1:]) if village else "讷河市"

    def make(stamp: Stamp) -> Any:
        return ledger_listing(store, ledger, stamp, village=village, place=place, hide=request.masked)

    return [Item("LIST", f"{ledger.title}清单", ledger.table, village or None, make)]


def preview_of(store: Store, request: Request, now: datetime, *, sample: bool) -> Ready:
    """The first papers of a request, for the screen; a batch is previewed by its first three."""
    whole = replace(request)
    items = tuple(items_of(store, whole)[:3])
    prefix = f"{request.code}-{now:%Y}-{device_of(store)}"
    start = next_serial(store, prefix)
    mark = f"{store.author} {now:%Y-%m-%d}" if request.watermark else ""
    code = request.code[:3] if request.code != "LIST" else "LIST"
    stamps = [
        Stamp(code, f"{prefix}{start + at:04d}", 1, now, device_of(store), mark, sample)
        for at in range(len(items))
    ]
    return Ready(items, tuple(item.make(stamp) for item, stamp in zip(items, stamps, strict=True)))
