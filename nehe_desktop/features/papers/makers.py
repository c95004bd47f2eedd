"""What each kind of paper is made of: from a request to its papers, made only when they are printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.core.masks import PUBLIC
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.features.attendance.document import sheet_content
from nehe_desktop.features.consents.document import consent_form
from nehe_desktop.features.consents.queries import allowed
from nehe_desktop.features.consents.subject import subject_sheet
from nehe_desktop.features.custody import log_sheet
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.log_queries import Wanted
from nehe_desktop.features.divisions.queries import path_of
from nehe_desktop.features.households import document as households
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.leave.document import leave_form, leave_pair
from nehe_desktop.features.leave.queries import Case, case_of, cases
from nehe_desktop.features.leave.words import number_of
from nehe_desktop.features.papers.catalogue import CHOSEN, COUNTY, HAMLET, HOUSEHOLD, MEMBER, TEAM, Request
from nehe_desktop.features.papers.listing import ledger_listing, public_listing
from nehe_desktop.features.papers.posting import posted_columns, posting_of
from nehe_desktop.features.papers.queries import households_in, teams_in, visits_for
from nehe_desktop.features.teams import document as teams
from nehe_desktop.features.teams.ledger import Member, Team
from nehe_desktop.features.visits.document import visit_record
from nehe_desktop.features.visits.ledger import Visit
from nehe_desktop.security.rights import Rights, only_own

_ADVICE = {
    "D01": "请先在“台账”里登记工作队和队员",
    "D02": "请先在“台账”里登记工作队和队员",
    "D03": "这个范围、这个月没有提交过的请假单，请换一个月，或先到“请销假”里登记",
    "D07": "这个范围里没有建档立卡户或边缘户",
    "D09": "这个范围、这个月还没有走访记录，请换一个月或先登记走访",
}


@dataclass(frozen=True)
class Item:
    """One paper to print: what it is called, whose it is, the request for it alone, and how it is made."""

    title: str
    about: str
    village: str | None
    request: Request
    make: Callable[[Stamp], Any]


def items_of(store: Store, request: Request) -> list[Item]:
    """The papers that a request means, in the order of printing; raises Trouble where there is none."""
    makers: dict[str, Callable[[Store, Request], list[Item]]] = {
        "CONSENT": _consent_forms,
        "SUBJECT": _subject_sheets,
        "D01": _letters,
        "D01T": _team_letters,
        "D02": _sheets,
        "D03": _leaves,
        "D03P": _leaves,
        "D07": _cards,
        "D07N": _cards,
        "D07F": _covers,
        "D09": _visits,
        "LIST": _listings,
    }
    found = makers[request.code](store, request)
    if not found:
        raise Trouble(f"没有可以打印的{request.kind.title}", _ADVICE.get(request.kind.form, "请先登记"))
    return found


def _households(store: Store, request: Request) -> list[Household]:
    if request.scope == CHOSEN:
        return [found for id in request.chosen if (found := store.find(Household, id))]
    chosen = store.find(Household, request.household) if request.household else None
    if request.scope == HOUSEHOLD:
        return [chosen] if chosen else []
    if request.scope == HAMLET:
        return households_in(store, chosen.village, chosen.hamlet) if chosen else []
    village = "" if request.scope == COUNTY else request.village or (chosen.village if chosen else "")
    return households_in(store, village)


def _teams(store: Store, request: Request) -> list[Team]:
    if request.scope == COUNTY:
        return teams_in(store, "")
    chosen = store.find(Team, request.team) if request.team else None
    return [chosen] if chosen else teams_in(store, request.village)


def _letters(store: Store, request: Request) -> list[Item]:
    member = store.find(Member, request.member) if request.scope == MEMBER else None
    at = [store.find(Team, member.team)] if member and member.team else []
    found = [team for team in at if team] if member else _teams(store, request)
    return [
        Item(
            f"承诺书 {one.name}", one.id, team.village,
            request.narrowed(MEMBER, member=one.id, team=team.id), make,
        )
        for team in found
        for one, make in teams.letters(store, team)
        if member is None or one.id == member.id
    ]  # fmt: skip


def _team_letters(store: Store, request: Request) -> list[Item]:
    pairs = ((team, teams.team_letter(store, team)) for team in _teams(store, request))
    return [
        Item(f"承诺书 {team.name}", team.id, team.village, request.narrowed(TEAM, team=team.id), make)
        for team, make in pairs
        if make
    ]


def _sheets(store: Store, request: Request) -> list[Item]:
    month = request.month or f"{store.clock.today():%Y%m}"
    title = f"{month[:4]}年{int(month[4:])}月考勤表"

    def item(team: Team) -> Item:
        asked = request.narrowed(TEAM, team=team.id, month=month)
        return Item(
            f"{title} {team.name}", team.id, team.village, asked,
            lambda stamp: sheet_content(store, team.id, month, stamp),
        )  # fmt: skip

    return [item(team) for team in _teams(store, request) if store.count(Member, "team = ?", (team.id,))]


def _leaves(store: Store, request: Request) -> list[Item]:
    """One leave, or all that begin in a month and were handed in; of a member his own alone."""
    if request.leave:
        one = case_of(store, request.leave)
        return [_leave(request, one)] if one else []
    month = request.month or f"{store.clock.today():%Y%m}"
    first = f"{month[:4]}-{month[4:]}"
    teams = {team.id for team in _teams(store, request)} if request.scope != MEMBER else set()
    found = cases(store, "submitted = 1 AND substr(since, 1, 7) = ?", (first,))
    return [
        _leave(request, case)
        for case in reversed(found)
        if (case.leave.member == request.member if request.scope == MEMBER else case.leave.team in teams)
    ]


def _leave(request: Request, case: Case) -> Item:
    leave = case.leave
    asked = request.narrowed(MEMBER, leave=leave.id, member=leave.member, team=leave.team)
    title = f"请假审批单 {case.who.name} {number_of(leave)}"
    village = case.village or None
    make = leave_pair if request.code == "D03P" else leave_form
    return Item(title, leave.id, village, asked, lambda stamp: make(case, stamp, hide=request.masked))


def _of_household(
    store: Store, request: Request, title: str, make: Callable[[Household, Stamp], Any]
) -> list[Item]:
    def item(household: Household) -> Item:
        asked = request.narrowed(HOUSEHOLD, household=household.id)
        name = f"{title} {households.head_name(store, household)}户"
        return Item(name, household.id, household.village, asked, lambda stamp: make(household, stamp))

    return [item(household) for household in _agreed(store, request, _households(store, request))]


def _agreed(store: Store, request: Request, found: list[Household]) -> list[Household]:
    """Those that may be shown in public as this paper does; raises Trouble where all of some are held back."""
    day, kind = store.clock.today(), request.kind
    kept = [each for each in found if all(allowed(store, need, each.id, day) for need in kind.needs)]
    if found and not kept:
        needs = "、".join(kind.needs)
        raise Trouble(f"没有“{needs}”的有效同意书，不能打印{kind.title}", "请先打印“公开信息同意书”，签字后登记")
    return kept


def _cards(store: Store, request: Request) -> list[Item]:
    day, wall = store.clock.today(), request.code == "D07"
    return _of_household(
        store, request, "明白卡", lambda h, stamp: households.card(store, h, stamp, day, on_wall=wall)
    )


def _consent_forms(store: Store, request: Request) -> list[Item]:
    day = store.clock.today()
    return _of_household(store, request, "同意书", lambda h, stamp: consent_form(store, h, stamp, day))


def _subject_sheets(store: Store, request: Request) -> list[Item]:
    """Whole numbers stand on a sheet only where the farmer signs for it and whoever prints may see them."""
    if not request.masked:
        store.guard.require("clear", Household.ledger.table)
    hide = request.masked
    return _of_household(store, request, "核对单", lambda h, stamp: subject_sheet(store, h, stamp, hide=hide))


def _covers(store: Store, request: Request) -> list[Item]:
    day = store.clock.today()
    return _of_household(
        store, request, "一户一档封面", lambda h, stamp: households.cover(store, h, stamp, day)
    )


def _visits(store: Store, request: Request) -> list[Item]:
    one = store.find(Visit, request.visit) if request.visit and request.scope == HOUSEHOLD else None
    found = [one] if one else visits_for(store, _households(store, request), request.month)
    return [_visit(store, request, visit) for visit in found]


def _visit(store: Store, request: Request, visit: Visit) -> Item:
    household = store.find(Household, visit.household)
    who = households.head_name(store, household) if household else ""
    title = f"走访记录 {who}户 {visit.day:%Y-%m-%d}"
    asked = request.narrowed(HOUSEHOLD, household=visit.household, visit=visit.id)
    village = household.village if household else None
    return Item(title, visit.id, village, asked, lambda stamp: visit_record(store, visit, stamp))


def _listings(store: Store, request: Request, most: int = 0) -> list[Item]:
    ledger = LEDGERS[request.ledger or "household"]
    if isinstance(store.guard, Rights) and only_own(store.guard.actor, "read", ledger.table):
        raise Refused(f"{store.author}只能看和打印自己的{ledger.title}，不能打印清单")
    village = "" if request.scope == COUNTY else request.village
    place = "".join(path_of(store, village)[1:]) if village else "讷河市"
    asked = replace(request, ledger=ledger.table)
    if request.audience in PUBLIC:
        posted_columns(ledger, request.audience)  # type: ignore[arg-type]  # refused before anything is made

    def make(stamp: Stamp) -> Any:
        if request.audience in PUBLIC:
            posting = posting_of(store, ledger, request.audience, village=village, rows=request.rows, most=most)  # type: ignore[arg-type]
            return public_listing(posting, stamp, place=place)
        if ledger is AuditEntry.ledger:
            asked_for = Wanted(ids=tuple(request.rows), village=village)
            return log_sheet.listing(store, asked_for, stamp, place=place, most=most)
        return ledger_listing(
            store, ledger, stamp, village=village, place=place, rows=request.rows, hide=request.masked, most=most
        )

    return [Item(f"{ledger.title}清单", ledger.table, village or None, asked, make)]


def first_items(store: Store, request: Request, papers: int, rows: int) -> tuple[list[Item], int]:
    """The first papers of a request for the screen, a listing with its first rows, and how many there are."""
    found = _listings(store, request, rows) if request.kind.of_ledger else items_of(store, request)
    return found[:papers], len(found)
