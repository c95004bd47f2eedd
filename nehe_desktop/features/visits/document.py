"""D09 入户走访记录表 of a stored visit: rows become the page's own words."""

from __future__ import annotations

from nehe_desktop.core.store import Store
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.documents.visit_record import Guarantee, Photo, VisitRecord
from nehe_desktop.features.divisions.queries import path_of
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.visits.ledger import GUARANTEES, Visit, trouble_words
from nehe_desktop.features.visits.screen_queries import household_title


def visit_record(store: Store, visit: Visit, stamp: Stamp) -> VisitRecord:
    """What the record of one visit says, all texts as shown."""
    household = store.find(Household, visit.household)
    village = "".join(path_of(store, household.village)[1:]) if household else ""
    return VisitRecord(
        stamp=stamp,
        village=village,
        household=household_title(store, visit.household),
        time=when(visit),
        place=f"{village}{household.hamlet}" if household else "",
        visitors=visit.visitors,
        met=met(visit),
        kind=visit.kind,
        household_no=(household.local_no or household.hh_no) if household else "",
        items=frozenset(visit.items),
        guarantees=tuple(
            Guarantee(label, getattr(visit, name) or "", trouble_words(visit, name, whole=not stamp.on_screen))
            for name, label in GUARANTEES.items()
        ),
        note=visit.note,
        problem="\n".join(filter(None, (visit.findings, visit.measures))),
        photos=_photos(store, visit, village),
    )


def when(visit: Visit) -> str:
    """The day, with hour and length where they are known."""
    hour = f" {visit.started:%H:%M}" if visit.started else ""
    long = f"（{visit.minutes} 分钟）" if visit.minutes else ""
    return f"{visit.day.year} 年 {visit.day.month} 月 {visit.day.day} 日{hour}{long}"


def met(visit: Visit) -> str:
    """Who was met, and what he is to the head."""
    return f"{visit.met_person}（{visit.met_relation}）" if visit.met_relation else visit.met_person


def _photos(store: Store, visit: Visit, village: str) -> tuple[Photo, ...]:
    caption = f"{when(visit)} · {village} · {visit.visitors}"
    found = (store.blob(name) for name in visit.photos)
    return tuple(Photo(content, caption) for content in found if content)
