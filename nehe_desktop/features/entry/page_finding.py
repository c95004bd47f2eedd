"""What Ctrl+K finds: people and households, with where they live and where they lead."""

from __future__ import annotations

from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.search import Hit, search
from nehe_desktop.core.store import Store
from nehe_desktop.features.entry.queries import Place, place_of
from nehe_desktop.features.reference.codes import codes
from nehe_desktop.ui.palette import Found

_MOST = 12
_HEAD = "01"
_PAGES = {"problem": "problems", "visit": "visits"}


def find(store: Store, text: str) -> list[Found]:
    """Lines of the Ctrl+K sheet for what was typed; for a worker."""
    return [_line(store, hit) for hit in search(store, text, _MOST)]


def _line(store: Store, hit: Hit) -> Found:
    place = place_of(store, hit)
    if place is None or place.household is None:
        ledger = LEDGERS[hit.table]
        return Found(
            "台账",
            hit.title,
            ledger.title,
            "clipboard-list",
            _PAGES.get(hit.table, f"ledger:{hit.table}"),
            (("id", hit.id),),
            "grey",
            hit.why,
        )
    title = (place.head or hit.title) if hit.table == "household" else hit.title
    where = (("household", place.household), ("person", hit.id if hit.table == "person" else ""))
    return Found("农户", title, _subtitle(place), "user-round", "households", where, "teal", hit.why)


def _subtitle(place: Place) -> str:
    """户主 · NH-… · 明星村二屯, or whose child."""
    relation = codes("relation").get(place.relation or "", "")
    who = relation if place.relation == _HEAD or not place.head else f"{place.head}{relation}"
    spot = f"{place.village or ''}{place.hamlet or ''}"
    return " · ".join(part for part in (who, place.local_no or place.hh_no, spot) if part)
