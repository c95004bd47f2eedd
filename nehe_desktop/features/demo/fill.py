"""Fills one made-up village: its households and all that happens to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nehe_desktop.core.record import Record
from nehe_desktop.features.demo import helping, homes, visiting
from nehe_desktop.features.demo.absences import absences
from nehe_desktop.features.demo.attending import attendance
from nehe_desktop.features.demo.confirming import sheets
from nehe_desktop.features.demo.disputes import disputes
from nehe_desktop.features.demo.doubts import (
    LAGGING,
    OVERDUE_PROBLEM,
    Doubt,
    doubtful_homes,
    income_drop,
    late_home,
)
from nehe_desktop.features.demo.hanging import postings
from nehe_desktop.features.demo.helping import Crew
from nehe_desktop.features.demo.homes import Home
from nehe_desktop.features.demo.leaving import leavers
from nehe_desktop.features.demo.light import ordinary_homes
from nehe_desktop.features.demo.plan import Village
from nehe_desktop.features.demo.troubles import with_problems
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.teams.ledger import Helper, HelpLink, Unit
from nehe_desktop.features.visits.ledger import Visit


@dataclass(frozen=True)
class Filled:
    """Part of a village ready to be stored, with what is wrong in it on purpose."""

    records: list[Record]
    doubts: tuple[Doubt, ...] = ()


def fill_village(
    village: Village, place: Division, units: Sequence[Unit], order: int, *, county: bool = False
) -> Filled:
    """Everything of one village; `order` counts the teams before. Only the sample village has doubts.

    `county` says that the whole county is made, with what its offices have approved.
    """
    found = homes.village_homes(village, place.id)
    found, doubts = doubtful_homes(found) if village.is_sample else (found, [])
    helpers = helping.helpers(village, place.id, units)
    links = helping.links(village, found, helpers)
    crew = helping.crew(village, place.id, units[order], order) if village.stationed else None
    helper_of = _names(helpers, links)
    seen = _visits(village, place, found, crew, helper_of)
    served = _service(village, crew, county=county) if crew else Filled([])
    people = homes.records([*found, *ordinary_homes(village, place.id)])
    gone = leavers(found) if village.is_sample else []
    visits = [record for record in seen.records if isinstance(record, Visit)]
    open_ends = disputes(place.id, found, visits, helper_of) if village.is_sample else ()
    hanging = postings(place.id) if village.is_sample else ()
    records = [*people, *gone, *helpers, *links, *served.records, *seen.records, *open_ends, *hanging]
    return Filled(records, (*doubts, *seen.doubts, *served.doubts))


def _names(helpers: Sequence[Helper], links: Sequence[HelpLink]) -> dict[str, str]:
    """The name of each household's helper by the id of the household."""
    names = {one.id: one.name for one in helpers}
    return {link.household: names[link.helper] for link in links}


def _visits(
    village: Village, place: Division, found: Sequence[Home], crew: Crew | None, helper_of: dict[str, str]
) -> Filled:
    """Visits and problems; without a team the helpers come to the borderline households alone."""
    late = late_home(found) if village.is_sample else ""
    visited = found if crew else found[village.quota.registered :]
    visits = [
        *visiting.rounds(village, found, late),
        *visiting.monthly(village, visited, crew, helper_of, late),
    ]
    if not village.is_sample:
        visits, tickets = with_problems(village, place.id, visits)
        return Filled([*visits, *tickets])
    visits, tickets = with_problems(village, place.id, visits, overdue=True)
    visits, drop = income_drop(found, visits)
    return Filled([*visits, *tickets], (drop, Doubt("问题超期", "problem", tickets[-1].id, OVERDUE_PROBLEM)))


def _service(village: Village, crew: Crew, *, county: bool) -> Filled:
    """A team, its attendance, month sheets and leaves; the last member of the sample village's team is behind."""
    halves, nights = attendance(crew, village.number, lagging=village.is_sample)
    confirmed = sheets(crew, village.number, halves, nights, county=county)
    away = absences(village, crew, halves, county=county)
    lagging = Doubt("驻村进度", "member", crew.members[-1].id, LAGGING)
    return Filled([*helping.records(crew), *halves, *nights, *confirmed, *away], (lagging,) * village.is_sample)
