"""D01: the letters of commitment of a team, one for each member or one for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nehe_desktop.core.store import Store
from nehe_desktop.documents.commitment import CommitmentLetter, Signer
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.features.divisions.queries import path_of
from nehe_desktop.features.reference.queries import setting
from nehe_desktop.features.teams.ledger import Member, Team, Unit
from nehe_desktop.features.teams.queries import members_on_duty
from nehe_desktop.features.teams.rules import LEADERS

Make = Callable[[Stamp], CommitmentLetter]
"""A letter as soon as its stamp is known."""


def letters(store: Store, team: Team) -> list[tuple[Member, Make]]:
    """A letter for each member on duty today, leader first."""
    whole = _letter(store, team)
    found = members_on_duty(store, team.id, store.clock.today())
    return [(member, _made(whole, (signer,))) for (member, _), signer in zip(found, whole.signers, strict=True)]


def team_letter(store: Store, team: Team) -> Make | None:
    """The letter that the whole team signs; None where nobody is on duty."""
    whole = _letter(store, team)
    return _made(replace(whole, team=True), whole.signers) if whole.signers else None


def _made(whole: CommitmentLetter, signers: tuple[Signer, ...]) -> Make:
    return lambda stamp: replace(whole, stamp=stamp, signers=signers)


def _letter(store: Store, team: Team) -> CommitmentLetter:
    """What all letters of a team say; names are empty where they are not known."""
    today = store.clock.today()
    members = members_on_duty(store, team.id, today)
    path = path_of(store, team.village)
    unit = store.find(Unit, team.unit) if team.unit else None
    goal = setting(store, "stationed_days", today.year)
    return CommitmentLetter(
        Stamp("D01", ""),
        unit.name if unit else "",
        path[1] if len(path) > 2 else "",
        path[-1] if path else "",
        next((member.name for member, role in members if role in LEADERS), ""),
        tuple(Signer(member.name, role) for member, role in members),
        int(goal.value) if goal and goal.value.isdecimal() else 240,
    )
