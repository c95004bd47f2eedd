"""农户台账 asked without a screen: which rows a filter gives, how they are sorted, what a search finds."""

from datetime import date

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.masks import masked
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.households import folder_queries, moves, screen_queries
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.households.likeness import similar_names
from nehe_desktop.features.households.moves import Family, NewHead
from nehe_desktop.features.households.screen_queries import Wanted
from tests.households.conftest import WOMAN

TODAY = date(2020, 10, 20)


def listed(store: Store, name: str = "all", sort: str = "code", *, descending: bool = False, **more: object) -> list[str]:
    wanted = Wanted(TODAY, "village", name, "李工", **more)  # type: ignore[arg-type]
    numbers = screen_queries.ids(store, wanted, sort, descending=descending)
    rows = screen_queries.rows(store, numbers, TODAY)
    return [rows[number].head for number in numbers]


def family(store: Store, id: str = "h1") -> Family:
    found = folder_queries.family(store, id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "heads"),
    [
        ("all", ["宋桂兰", "赵永贵", "李凤云", "周玉华"]),
        ("monitored", ["宋桂兰"]),
        ("borderline", ["李凤云"]),
        ("watched", ["宋桂兰", "李凤云"]),
        ("to_visit", ["赵永贵", "李凤云"]),
        ("visited", ["宋桂兰"]),
        ("overdue", ["赵永贵", "李凤云"]),
        ("mine", ["宋桂兰"]),
        ("ordinary", ["周玉华"]),
    ],
)
def test_a_filter_lists_exactly_its_households(village: Store, name: str, heads: list[str]) -> None:
    assert listed(village, name) == heads
    assert screen_queries.count(village, Wanted(TODAY, "village", name, "李工")) == len(heads)


def test_heads_are_sorted_by_pinyin(village: Store) -> None:
    assert listed(village, sort="head") == ["李凤云", "宋桂兰", "赵永贵", "周玉华"]


def test_every_column_sorts_both_ways(village: Store) -> None:
    assert listed(village, sort="members", descending=True)[0] == "宋桂兰"
    assert listed(village, sort="last", descending=True)[:2] == ["宋桂兰", "赵永贵"]


def test_a_month_lists_who_was_visited_in_it(village: Store) -> None:
    assert listed(village, "visited", month="202008") == ["赵永贵"]


@pytest.mark.parametrize("typed", ["王秋生", "wqs", "2203", "002X", "songguilan"])
def test_a_household_is_found_by_any_of_its_people(village: Store, typed: str) -> None:
    assert screen_queries.found(village, typed) == ("h1",)


def test_who_is_misspelt_is_offered_by_sound(village: Store) -> None:
    assert similar_names(village, "宋贵兰", "village") == ["宋桂兰"]


def test_numbers_are_covered_in_the_middle() -> None:
    assert masked("id", WOMAN, "screen") == "1101**********002X"
    assert masked("phone", "13800002203", "screen") == "138****2203"
    assert masked("bank", "6228480000001234", "screen") == "************1234"


def test_a_folder_says_who_is_late(village: Store) -> None:
    late = {id: getattr(folder_queries.folder(village, id), "is_late", None) for id in ("h1", "h2", "h4")}
    assert late == {"h1": False, "h2": True, "h4": False}


def test_the_head_cannot_leave_without_a_new_head(village: Store) -> None:
    home = family(village)
    with pytest.raises(Refused, match="先选新户主"):
        moves.leave(home, home.members[0], TODAY, "01", NewHead())


def test_after_a_death_the_son_is_head_and_the_mother_stays_in_the_story(village: Store) -> None:
    home = family(village)
    village.write(moves.leave(home, home.members[0], TODAY, "01", NewHead("p1b")), "成员减少")
    found = folder_queries.folder(village, "h1")
    assert found is not None
    assert (found.title, [p.name for p, _ in found.gone]) == ("王秋生 户", ["宋桂兰"])
    assert found.story[0].kind in ("成员减少", "修改")


def test_when_the_last_leaves_the_household_ends(village: Store) -> None:
    home = family(village, "h2")
    village.write(moves.leave(home, home.members[0], TODAY, "03", NewHead()), "迁出")
    household = village.find(Household, "h2")
    assert household is not None
    assert household.status == "整户迁出"


def test_a_son_moves_to_another_household_on_one_day(village: Store) -> None:
    target = village.find(Household, "h2")
    assert target is not None
    son = family(village).members[1]
    village.write(moves.move(family(village), son, target, "99", TODAY, NewHead()), "转户")
    assert {p.name for p in family(village, "h2").members} == {"赵永贵", "王秋生"}
    assert [p.name for p in family(village).members] == ["宋桂兰"]


def test_a_split_founds_a_household_and_is_undone_in_one_step(village: Store) -> None:
    new, changes = moves.split(family(village), ["p1b"], NewHead("p1b"), TODAY, NewHead())
    receipt = village.write(changes, "分户")
    assert [p.name for p in family(village, new.id).members] == ["王秋生"]
    village.undo(receipt.tx)
    assert len(family(village).members) == 2
    assert village.find(Household, new.id) is None


def test_the_same_id_number_names_the_other_household(village: Store) -> None:
    assert folder_queries.elsewhere(village, "h2", WOMAN) == ("h1", "宋桂兰户")
    assert folder_queries.elsewhere(village, "h1", WOMAN) is None


def test_the_same_telephone_names_the_other_household(village: Store) -> None:
    assert folder_queries.with_phone(village, "h2", "13800002203") == ["宋桂兰户"]


def test_the_story_says_who_changed_what_and_why(village: Store) -> None:
    son = village.find(Person, "p1b")
    assert son is not None
    village.write([Put(Person(**{**son.values(), "id": son.id, "work_place": "大庆市"}))], "回访核实", "王海波")
    found = folder_queries.folder(village, "h1")
    edit = next(h for h in found.story if h.kind == "修改") if found else None
    assert edit is not None
    assert (edit.detail, edit.author, edit.reason) == ("务工所在地：空 → 大庆市", "王海波", "回访核实")
