"""Questions about teams and helpers."""

from __future__ import annotations

from datetime import date

from nehe_desktop.core.store import Store
from nehe_desktop.features.teams.ledger import Helper, HelpLink, Member, Posting, Team


def team_of(store: Store, village: str) -> Team | None:
    """The active team of a village; a village may have none."""
    return next(iter(store.all(Team, "village = ? AND state = '在岗'", (village,), "since DESC", 1)), None)


def postings_of(store: Store, team: str) -> list[Posting]:
    """All postings of a team, past ones too."""
    return store.all(Posting, "team = ?", (team,), "since, id")


_ON_DUTY = (
    "SELECT member, role FROM posting WHERE team = ?1 AND since <= ?2 AND (until IS NULL OR until >= ?2)"
)


def members_on_duty(store: Store, team: str, on: date) -> list[tuple[Member, str]]:
    """The members of a team on a day with their roles, leader first."""
    roles = dict(store.rows(_ON_DUTY, (team, on.isoformat())))
    members = (store.find(Member, id) for id in roles)
    found = [(member, roles[member.id]) for member in members if member]
    return sorted(found, key=lambda pair: (pair[1] == "队员", pair[1] == "第一书记", pair[0].id))


_HELPERS = """
id IN (SELECT helper FROM help_link WHERE household = ?1 AND since <= ?2 AND (until IS NULL OR until >= ?2))
"""


def helpers_of(store: Store, household: str, on: date) -> list[Helper]:
    """Who is responsible for a household on a day."""
    return store.all(Helper, _HELPERS, (household, on.isoformat()), "name")


def links_of(store: Store, household: str) -> list[HelpLink]:
    """Every pairing of a household, newest first."""
    return store.all(HelpLink, "household = ?", (household,), "since DESC")


_WITHOUT = """
SELECT h.id FROM household h WHERE h.village = ?1 AND h.status = '有效' AND h.base_type IN ('01', '02')
AND NOT EXISTS (SELECT 1 FROM help_link l WHERE l.household = h.id
  AND l.since <= ?2 AND (l.until IS NULL OR l.until >= ?2)) ORDER BY h.local_no, h.id
"""


def households_without_helper(store: Store, village: str, on: date) -> list[str]:
    """DQ35: registered and borderline households that nobody is responsible for."""
    return [row[0] for row in store.rows(_WITHOUT, (village, on.isoformat()))]
