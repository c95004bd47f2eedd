"""What a new laptop begins with: divisions, settings and the calendar that are shipped, and the first answers."""

from __future__ import annotations

from nehe_desktop.core.record import Record
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.attendance.calendar import shipped_workdays
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.divisions.queries import shipped_divisions
from nehe_desktop.features.entry.queries import stored_ids
from nehe_desktop.features.entry.rules import Answers, beginnings
from nehe_desktop.features.reference.queries import shipped_settings
from nehe_desktop.features.teams.queries import team_of
from nehe_desktop.security.laptop import SAMPLE_PERSON, Profile, profile_of, tell


def shipped_rows() -> list[Record]:
    """Every row that comes with the program, the same on each laptop; the hub takes no other as such."""
    return [*shipped_divisions(), *shipped_settings(), *shipped_workdays()]


def bring_reference(store: Store) -> None:
    """Stores what is shipped; a row that is there already, perhaps corrected since, stays as it is."""
    present = stored_ids(store, ("division", "setting", "workday"))
    store.give([Put(row) for row in shipped_rows() if row.id not in present], "随软件下发的基础数据")


def begin(store: Store, answers: Answers) -> Profile:
    """Sets a new laptop up: reference rows, village, team, member, and whose it is."""
    bring_reference(store)
    profile, changes = beginnings(answers, store.all(Division), store.clock.today())
    store.write(changes, "首次设置")
    tell(store, profile)
    return profile


def begin_sample(store: Store) -> Profile:
    """Says whose made-up laptop this is: the team leader's of the village that the data name."""
    profile = profile_of(store)
    if profile.village:
        return profile
    village = str(store.recall("demo", {}).get("village", ""))
    team = team_of(store, village) if village else None
    profile = Profile(SAMPLE_PERSON, village, team.id if team else "", "")
    tell(store, profile)
    return profile
