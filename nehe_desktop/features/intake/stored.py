"""Indexes over what the laptop holds, for comparing a list of households and people with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from nehe_desktop.core.store import Store
from nehe_desktop.features.intake import queries
from nehe_desktop.features.intake.places import Places
from nehe_desktop.features.intake.queries import Known


class Stored:
    """The stored households and people by every number that a file may name them by."""

    def __init__(self, store: Store, keys: Iterable[str]) -> None:
        """`keys` are the meanings of the file's columns: only those fields are compared."""
        wanted = {*keys, "person.school_status", "household.base_type"}
        names = {
            table: [k.split(".")[1] for k in wanted if k.startswith(table)]
            for table in ("household.", "person.")
        }
        self.places = Places(queries.divisions(store))
        self.households = {known.id: known for known in queries.households(store, names["household."])}
        self.people = {known.id: known for known in queries.people(store, names["person."])}
        self.by_number = {k.values["hh_no"]: k for k in self.households.values() if k.values["hh_no"]}
        self.by_id_no = {k.values["id_no"]: k for k in self.people.values() if k.values["id_no"]}
        self.by_person_no = {k.values["person_no"]: k for k in self.people.values() if k.values["person_no"]}
        self.members: defaultdict[str, list[Known]] = defaultdict(list)
        for known in self.people.values():
            self.members[known.values["household"] or ""].append(known)

    def person(self, id_no: str | None, person_no: str | None) -> Known | None:
        """The person with this ID number, else with this number of the national system."""
        return self.by_id_no.get(id_no or "") or self.by_person_no.get(person_no or "")

    def household_of(self, person: Known | None) -> Known | None:
        """The household in which a person is now."""
        return self.households.get(person.values["household"] or "") if person else None

    def where(self, household: str | None) -> str:
        """A household as a person finds it: village, head and number."""
        known = self.households.get(household or "")
        if known is None:
            return "不在任何一户"
        head = self.people.get(known.values["head"] or "")
        name = f"户主 {head.values['name']}" if head else "暂无户主"
        number = f"（户编号 {known.values['hh_no']}）" if known.values["hh_no"] else ""
        return f"{self.places.names.get(known.values['village'], '未知村')} {name}{number}"
