"""Laptops that stand above the villages: a township's and the county's are set up, and are what they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from nehe_desktop import program
from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.actors import actor_of
from nehe_desktop.features.custody.ledger import Account, AuditEntry
from nehe_desktop.features.divisions.queries import towns, villages_of
from nehe_desktop.features.entry.intake import begin
from nehe_desktop.features.entry.queries import whereabouts
from nehe_desktop.features.entry.rules import PLACES, Answers, Place, problems
from nehe_desktop.security.laptop import COUNTY, profile_of
from nehe_desktop.sync import membership
from tests.entry.test_first_start import PIN, running, wizard_of

__all__ = ["running"]
WHO = "郑爱民"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new file of somebody above the villages."""
    made = Store.open(tmp_path / "above.db", bytes(32), WHO)
    yield made
    made.close()


def town(store: Store, name: str = "学田镇") -> str:
    """The id of a township."""
    return next(each.id for each in towns(store) if each.name == name)


def begun(store: Store, place: str) -> Store:
    """The file of a laptop that stands there."""
    begin(store, Answers("学田镇" if place == "town" else "", "", WHO, "", place=cast("Place", place)))
    return store


@pytest.mark.parametrize(
    ("place", "missing"), [("village", {"township", "village"}), ("town", {"township"}), ("county", set())]
)
def test_only_what_a_place_has_is_asked(place: Place, missing: set[str]) -> None:
    assert {each.field for each in problems(Answers(person=WHO, place=place))} == missing


def test_who_sets_up_a_townships_laptop_is_a_townships_man_in_all_its_villages(store: Store) -> None:
    begun(store, "town")
    actor = actor_of(store, WHO)
    assert actor.roles == {"R5"}
    assert actor.villages == {town(store), *(each.id for each in villages_of(store, town(store)))}
    assert whereabouts(store) == "学田镇"


def test_the_log_of_a_townships_laptop_lies_in_the_township_and_the_countys_in_the_office(store: Store) -> None:
    begun(store, "town")
    audit.note(store, "登录").result()
    assert store.one("SELECT DISTINCT _scope FROM audit_log") == (town(store),)


def test_the_log_of_a_countys_laptop_lies_in_the_office(store: Store) -> None:
    begun(store, "county")
    audit.note(store, "登录").result()
    assert store.one("SELECT DISTINCT _scope FROM audit_log") == ("office",)
    assert store.all(AuditEntry)[0].village is None


def test_the_first_of_the_county_keeps_his_rights_when_villages_have_given_theirs(store: Store) -> None:
    begun(store, "county")
    village = villages_of(store, town(store))[0].id
    store.write([Put(Account(name="李建国", role="R2", village=village))], "登记")
    assert actor_of(store, WHO).roles == {"R7", "R8", "R12"}
    store.write([Put(Account(name="孙志", role="R12"))], "登记")
    assert not actor_of(store, WHO).roles


def test_a_townships_laptop_gives_no_role_of_the_county(store: Store) -> None:
    begun(store, "town")
    row = Account(name="周敏", role="R5", village=town(store))
    with pytest.raises(Invalid, match="由县里的电脑给"):
        store.write([Put(row)], "登记")


@pytest.mark.parametrize("place", ["town", "county"])
def test_the_wizard_sets_it_up_without_a_village(running: program.Program, qtbot: Any, place: str) -> None:
    running.begin()
    wizard = wizard_of(running)
    wizard.where.place.choose(place)
    wizard.where.township.setCurrentText("学田镇")
    wizard.where.person.setText(WHO)
    wizard.go_on()
    wizard.pin.setText(PIN)
    wizard.again.setText(PIN)
    wizard.go_on()
    qtbot.waitUntil(lambda: wizard.sheet is not None, timeout=10000)
    assert running.store is not None
    profile = profile_of(running.store)
    assert (profile.village, profile.office) == ("", town(running.store) if place == "town" else COUNTY)


def test_what_is_not_asked_is_not_shown(running: program.Program) -> None:
    running.begin()
    where = wizard_of(running).where
    seen = {}
    for place in PLACES:
        where.place.choose(place)
        seen[place] = {name for name, field in where.fields.items() if not field.isHidden()}
    assert seen["town"] == {"township", "person", "role"}
    assert seen["county"] == {"person", "role"}
    assert seen["village"] == {"township", "village", "person", "role", "unit"}


def test_an_invitation_for_another_township_is_not_taken(store: Store) -> None:
    begun(store, "town")
    with pytest.raises(Refused, match="学田镇"):
        membership._village_to_take(store, profile_of(store), ["county", town(store, "龙河镇")])
    assert not membership._village_to_take(store, profile_of(store), ["county", town(store)])
