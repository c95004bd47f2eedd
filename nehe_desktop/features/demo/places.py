"""The divisions of the made-up county: real townships, villages known by name and 示范村 for the rest."""

from __future__ import annotations

from collections.abc import Sequence

from nehe_desktop.features.demo.numbers import ids
from nehe_desktop.features.demo.plan import Village
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.divisions.queries import shipped_divisions


def divisions(villages: Sequence[Village]) -> tuple[list[Division], list[Division]]:
    """The county with the townships above these villages, and the villages in their order."""
    shipped = shipped_divisions()
    above = [one for one in shipped if one.level == "county"]
    needed = {village.town for village in villages}
    above += [one for one in shipped if one.level == "town" and one.name in needed]
    by_name = {one.name: one for one in above}
    known = {(one.parent, one.name): one.id for one in shipped}
    new = ids("villages")
    return above, [_village(village, by_name[village.town], known, new()) for village in villages]


def _village(
    village: Village, town: Division, known: dict[tuple[str | None, str], str], new: str
) -> Division:
    """A village; one whose name is known keeps the id that it has on every laptop."""
    return Division(
        id=known.get((town.id, village.name), new),
        name=village.name,
        level="village",
        parent=town.id,
        kind="行政村",
        is_poverty_village=village.poor,
        exit_year=2017 + village.number % 3 if village.poor else None,
        sort_no=100 + village.town_no * 20 + village.place,
    )
