"""The form that a family signs, and what is not printed for the wall without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Put, Store
from nehe_desktop.documents.preview import texts
from nehe_desktop.features.consents.ledger import Consent
from nehe_desktop.features.consents.wording import KINDS, PHONE, VERSION
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.papers import catalogue
from nehe_desktop.features.papers.catalogue import BY_CODE, HOUSEHOLD, Request
from nehe_desktop.features.papers.work import preview_of
from tests.samples import sample

HOME = "household-1"


@pytest.fixture
def family(store: Store) -> Store:
    """A household of a grown-up and a child of nine."""
    home = replace(sample(Household.ledger), head="grown", village="division-1")
    living = replace(sample(Person.ledger), id_no=None, died_on=None, household=HOME)
    grown = replace(living, id="grown", name="编大人", birth=date(1980, 1, 1))
    child = replace(grown, id="child", name="编小孩", birth=date(2011, 1, 1))
    store.write([Put(home), Put(grown), Put(child)], "登记")
    return store


def words(store: Store, code: str) -> str:
    shown = preview_of(store, Request(code, HOUSEHOLD, household=HOME), sample=False)
    return "".join("".join(texts(shown.pdf)).split())


def test_the_form_names_the_things_the_child_and_the_version_of_its_text(family: Store) -> None:
    said = words(family, "CONSENT")
    assert all(title in said for title in KINDS)
    assert "未满14周岁的：编小孩" in said
    assert "编大人" in said.split("未满14周岁的：")[0]
    assert f"文本版本{VERSION}" in said


def test_what_shows_a_telephone_on_the_wall_is_printed_only_while_the_family_agrees(
    family: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogue.BY_CODE, "D07", replace(BY_CODE["D07"], needs=(PHONE,)))
    with pytest.raises(Trouble, match="电话公开"):
        words(family, "D07")
    given = Consent(household=HOME, kind=PHONE, signed_on=date(2020, 9, 1), scan=("a" * 64,))
    family.write([Put(given)], "登记")
    assert "编大人" in words(family, "D07")
    family.write([Put(replace(given, withdrawn_on=date(2020, 10, 20)))], "撤回")
    with pytest.raises(Trouble, match="同意书"):
        words(family, "D07")
