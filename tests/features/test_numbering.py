"""A new household gets the next code of its village, never one that is taken."""

from __future__ import annotations

from nehe_desktop.core.identity import check_household_code
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.divisions.queries import shipped_divisions
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.households.numbering import Numbering, with_codes


def village_of(store: Store, **more: object) -> Division:
    """学田镇明星村 among the shipped divisions, perhaps corrected."""
    shipped = shipped_divisions()
    found = next(d for d in shipped if d.name == "明星村")
    made = Division(**{**found.values(), **more, "id": found.id})
    store.write([Put(d) for d in (*(s for s in shipped if s.id != found.id), made)], "基础数据")
    return made


def test_codes_follow_each_other_and_carry_a_right_check_sign(store: Store) -> None:
    village = village_of(store)
    numbering = Numbering(store)
    codes = [numbering.code(village.id) for _ in range(3)]
    assert [check_household_code(code)[10:14] for code in codes] == ["0001", "0002", "0003"]
    assert len({code[:9] for code in codes}) == 1


def test_a_code_that_is_taken_is_never_given_again(store: Store) -> None:
    village = village_of(store)
    taken = Numbering(store).code(village.id)
    store.write([Put(Household(village=village.id, base_type="01", local_no=taken))], "登记")
    assert Numbering(store).code(village.id)[10:14] == "0002"


def test_a_village_with_its_official_code_has_its_number_from_there(store: Store) -> None:
    village = village_of(store, code="230281103205")
    assert Numbering(store).code(village.id).startswith("NH-05-205-0001-")


def test_a_village_nobody_knows_gives_no_code(store: Store) -> None:
    assert Numbering(store).code("不存在") == ""


def test_households_of_one_step_get_codes_that_follow_each_other(store: Store) -> None:
    village = village_of(store)
    new = [Put(Household(village=village.id, base_type="01")) for _ in range(3)]
    store.write(with_codes(store, new), "导入")
    assert len({h.local_no for h in store.all(Household)} - {""}) == 3
