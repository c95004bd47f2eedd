"""Nothing of a family is shown in public without its consent, and what was taken back comes down."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from nehe_desktop.core.errors import Invalid
from nehe_desktop.core.store import Put, Remove, Store
from nehe_desktop.features.board.ledger import PostingJob
from nehe_desktop.features.board.matters import LASTING
from nehe_desktop.features.consents.ledger import GUARDIAN, Consent
from nehe_desktop.features.consents.queries import allowed
from nehe_desktop.features.consents.wording import PHONE, PHOTO
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.papers.ledger import PrintedPaper
from nehe_desktop.features.visits.ledger import ProblemTicket
from nehe_desktop.security.rights import Actor, Rights
from tests.samples import sample

HOME, CHILD = "household-1", "person-1"
SIGNED, LATER = date(2020, 9, 1), date(2020, 10, 12)


@pytest.fixture
def family(store: Store) -> Store:
    """A household whose child is thirteen."""
    home = replace(sample(Household.ledger), head=None, village="division-1")
    child = replace(sample(Person.ledger), id=CHILD, id_no=None, birth=date(2007, 5, 1), household=HOME)
    store.write([Put(home), Put(child)], "登记")
    return store


def consent(**more: object) -> Consent:
    return Consent(**{"household": HOME, "kind": PHOTO, "signed_on": SIGNED, "scan": ("a" * 64,), **more})


def test_a_consent_counts_from_its_day_for_its_thing_and_with_the_signed_sheet(family: Store) -> None:
    assert not allowed(family, PHOTO, HOME, LATER)
    family.write([Put(consent()), Put(consent(kind=PHONE, scan=()))], "登记")
    assert allowed(family, PHOTO, HOME, SIGNED)
    assert not allowed(family, PHOTO, HOME, date(2020, 8, 31))
    assert not allowed(family, PHONE, HOME, LATER)
    assert not allowed(family, PHOTO, "household-2", LATER)


def test_a_child_is_not_shown_because_the_family_agreed_to_be(family: Store) -> None:
    family.write([Put(consent())], "登记")
    assert not allowed(family, PHOTO, HOME, LATER, CHILD)
    family.write([Put(consent(person=CHILD, signer=GUARDIAN, guardian="编造人"))], "登记")
    assert allowed(family, PHOTO, HOME, LATER, CHILD)


def test_a_child_does_not_sign_for_himself_until_fourteen(family: Store) -> None:
    with pytest.raises(Invalid, match="监护人"):
        family.write([Put(consent(person=CHILD))], "登记")
    assert family.count(Consent) == 0
    family.write([Put(replace(family.find(Person, CHILD), birth=date(2006, 9, 1)))], "更正")
    family.write([Put(consent(person=CHILD))], "登记")
    assert allowed(family, PHOTO, HOME, LATER, CHILD)


def test_taking_it_back_leaves_a_task_that_names_what_still_hangs(family: Store) -> None:
    given = consent()
    wall = replace(
        sample(PrintedPaper.ledger), id="w", number="D07-2020-A1B0007", kind="D07", about=HOME, request=""
    )
    inner = replace(wall, id="i", number="LIST-2020-A1B0001", kind="LIST")
    down = PostingJob(number="D07-2020-A1B0001", title="明白卡", household=HOME, matter=LASTING, since=SIGNED, down_on=LATER)
    family.write([Put(given), Put(wall), Put(inner), Put(down)], "登记")
    receipt = family.write([Put(replace(given, withdrawn_on=LATER))], "撤回")
    (task,) = family.all(ProblemTicket)
    assert (task.household, task.village, task.due) == (HOME, "division-1", date(2020, 10, 15))
    assert "D07-2020-A1B0007（2020-08-10 打印，还没有登记张贴）" in task.description
    assert not {"LIST-2020-A1B0001", "D07-2020-A1B0001"} & set(re.findall(r"[\w-]+", task.description))
    assert not allowed(family, PHOTO, HOME, LATER)
    assert [step.tx for step in family.steps(1)] == [receipt.tx]
    family.undo(receipt.tx)
    assert (family.count(ProblemTicket), allowed(family, PHOTO, HOME, LATER)) == (0, True)


def test_a_card_printed_before_there_was_a_register_of_postings_is_named(family: Store) -> None:
    old = replace(sample(PrintedPaper.ledger), number="D07-2019-A1B0003", kind="D07", about=HOME, request="")
    family.write([Put(old)], "打印")
    (job,) = family.all(PostingJob)
    family.write([Remove(PostingJob, job.id), Put(consent(withdrawn_on=LATER))], "撤回")
    (task,) = family.all(ProblemTicket)
    assert "D07-2019-A1B0003（2020-08-10 打印，还没有登记张贴）" in task.description


def test_correcting_the_day_leaves_no_second_task(family: Store) -> None:
    given = consent(withdrawn_on=LATER)
    family.write([Put(given)], "登记")
    family.write([Put(replace(given, withdrawn_on=date(2020, 10, 13)))], "更正")
    assert family.count(ProblemTicket) == 1


def test_who_may_only_work_on_households_leaves_the_task_all_the_same(family: Store) -> None:
    family.guard = Rights(Actor("村书记", frozenset({"R4"}), frozenset({"division-1"})))
    assert not family.guard.may("create", "problem")
    family.write([Put(consent(withdrawn_on=LATER))], "撤回")
    assert family.count(ProblemTicket) == 1
