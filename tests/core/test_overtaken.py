"""Something comes from elsewhere while a person writes: his change keeps to what he changed, and nothing goes unseen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.errors import Invalid, Overtaken
from nehe_desktop.core.store import Put, Remove, Store
from nehe_desktop.features.households.ledger import Household


@pytest.fixture
def seen(store: Store) -> Household:
    """A household as somebody has it on his desk."""
    made = Household(id="h", village="v", base_type="01", hamlet="一屯", bank_name="农业银行", bank_no="62284800")
    store.write([Put(made)], "登记")
    return made


def elsewhere(store: Store, **values: Any) -> None:
    """Another laptop's change comes in."""
    now = store.find(Household, "h")
    assert now is not None
    store.write([Put(replace(now, **values))], "收到", "王敏")


def stored(store: Store, *names: str) -> list[Any]:
    now = store.find(Household, "h")
    return [getattr(now, name) for name in names]


def test_what_came_in_another_field_stays(store: Store, seen: Household) -> None:
    elsewhere(store, group_no="3")
    store.write([Put(replace(seen, hamlet="二屯"), seen)], "走访")
    assert stored(store, "hamlet", "group_no") == ["二屯", "3"]


def test_the_same_field_is_not_overwritten_unseen(store: Store, seen: Household) -> None:
    elsewhere(store, hamlet="三屯")
    with pytest.raises(Overtaken, match="自然屯：别处刚改过，现在是“三屯”"):
        store.write([Put(replace(seen, hamlet="二屯"), seen)], "走访")
    assert stored(store, "hamlet") == ["三屯"]


def test_the_same_value_from_both_sides_is_no_trouble(store: Store, seen: Household) -> None:
    elsewhere(store, hamlet="二屯")
    store.write([Put(replace(seen, hamlet="二屯", group_no="3"), seen)], "走访")
    assert stored(store, "hamlet", "group_no") == ["二屯", "3"]


def test_fields_that_belong_together_are_looked_at_together(store: Store, seen: Household) -> None:
    elsewhere(store, bank_no="62170000")
    with pytest.raises(Overtaken) as told:
        store.write([Put(replace(seen, bank_name="邮储银行"), seen)], "走访")
    assert "62170000" not in str(told.value), "numbers that are covered are not said"


def test_a_record_that_went_meanwhile_is_not_brought_back_unseen(store: Store, seen: Household) -> None:
    store.write([Remove(Household, "h")], "收到", "王敏")
    with pytest.raises(Overtaken, match="刚在别处删除"):
        store.write([Put(replace(seen, hamlet="二屯"), seen)], "走访")


def test_overtaken_is_a_kind_of_invalid_so_that_every_form_tells_it() -> None:
    assert issubclass(Overtaken, Invalid)


def test_a_draft_goes_on_from_what_came_and_keeps_what_was_typed(store: Store, seen: Household) -> None:
    draft = Draft(Household, seen)
    draft.set("hamlet", "二屯")
    elsewhere(store, hamlet="三屯", group_no="3")
    now = store.find(Household, "h")
    assert now is not None
    draft.rebase(now)
    assert (draft.value("hamlet"), draft.value("group_no"), draft.dirty) == ("二屯", "3", True)
    store.write([Put(draft.finished(), draft.record)], "走访")
    assert stored(store, "hamlet", "group_no") == ["二屯", "3"]
