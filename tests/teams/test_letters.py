"""D01: a letter for each member, or one that all sign."""

from __future__ import annotations

from datetime import date

from nehe_desktop.core.store import Put, Store
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.teams.document import letters, team_letter
from nehe_desktop.features.teams.ledger import Member, Posting, Team

TEAM = Team(id="team", village="v", name="明星村驻村工作队")


def manned(store: Store, *roles: str) -> Store:
    """The store with a team of members in these roles."""
    store.write([Put(Division(id="v", code="230281102201", name="明星村", level="village")), Put(TEAM)], "建队")
    for n, role in enumerate(roles):
        member = Member(id=f"m{n}", name="王海波陈雪"[n * 2 : n * 2 + 2], team="team")
        posting = Posting(id=f"p{n}", team="team", member=member.id, role=role, since=date(2020, 1, 1))
        store.write([Put(member), Put(posting)], "到任")
    return store


def test_every_member_has_a_letter_of_his_own(store: Store) -> None:
    found = [(member.id, make(Stamp("D01", "1"))) for member, make in letters(manned(store, "队员", "队长"), TEAM)]
    assert [(id, letter.signers[0].post, letter.leader) for id, letter in found] == [
        ("m1", "队长", "波陈"), ("m0", "队员", "波陈"),
    ]  # fmt: skip


def test_the_whole_team_signs_one_letter(store: Store) -> None:
    make = team_letter(manned(store, "队长", "队员"), TEAM)
    assert make is not None
    letter = make(Stamp("D01T", "2"))
    assert (letter.team, len(letter.signers), letter.stamp.number) == (True, 2, "2")


def test_a_team_without_members_has_no_letter(store: Store) -> None:
    assert team_letter(manned(store), TEAM) is None
    assert letters(store, TEAM) == []
