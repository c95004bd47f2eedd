"""What is stored of a family, on paper for it to read and put right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Put, Store
from nehe_desktop.documents.preview import texts
from nehe_desktop.features.board.ledger import PostingJob
from nehe_desktop.features.consents.ledger import Consent
from nehe_desktop.features.consents.wording import PHOTO
from nehe_desktop.features.custody.clear import Release
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.papers.catalogue import HOUSEHOLD, Request
from nehe_desktop.features.papers.work import note, preview_of, ready, to_file
from nehe_desktop.security.rights import Actor, Rights

NUMBER, PHONE = "11010519491231002X", "13800002203"


@pytest.fixture
def family(store: Store) -> Store:
    """A household of one, with a number, a telephone and a consent."""
    home = Household(id="home", village="village", base_type="01", head="head", hamlet="二屯")
    head = Person(id="head", household="home", relation="01", name="编大人", id_no=NUMBER, phone=PHONE)
    store.write(
        [Put(home), Put(head), Put(Consent(household="home", kind=PHOTO, signed_on=date(2020, 9, 1)))], "登记"
    )
    return store


def words(store: Store, **more: object) -> str:
    request = replace(Request("SUBJECT", HOUSEHOLD, household="home"), **more)
    return "".join("".join(texts(preview_of(store, request, sample=False).pdf)).split())


def test_everything_stored_stands_on_it_with_numbers_covered(family: Store) -> None:
    said = words(family)
    assert all(
        word in said for word in ("编大人", "二屯", "建档立卡户", "110105********002X", "138****2203", PHOTO)
    )
    assert NUMBER not in said
    assert PHONE not in said


def test_what_hangs_of_a_family_stands_on_it(family: Store) -> None:
    up = PostingJob(title="致富典型展板", household="home", matter="长期张贴", since=date(2020, 9, 2))
    down = replace(up, id="down", title="旧展板", down_on=date(2020, 9, 3))
    family.write([Put(up), Put(down)], "登记")
    assert "致富典型展板（村务公开栏）" in words(family)
    assert "旧展板" not in words(family)


def test_whole_numbers_are_for_those_who_may_see_them_and_said_why(family: Store, tmp_path: Path) -> None:
    request = Request("SUBJECT", HOUSEHOLD, household="home", masked=False)
    given = Release("household", "本人核对", 1)
    family.guard = Rights(Actor("审计", frozenset({"R13"})))
    with pytest.raises(Refused):
        ready(family, request, sample=False, release=given)
    family.guard = Rights(Actor("队长", frozenset({"R2"})))
    with pytest.raises(Refused, match="理由"):
        ready(family, request, sample=False)
    made = ready(family, request, sample=False, release=given)
    printed = to_file(made, tmp_path / "核对单.pdf")
    assert NUMBER in "".join("".join(texts((tmp_path / "核对单.pdf").read_bytes())).split())
    note(family, made, printed, "打印", target="办公室打印机")
    entry = family.all(AuditEntry, "kind = '打印'")[-1]
    assert (entry.reason, entry.count, "未遮盖" in entry.detail) == ("本人核对", 1, True)


def test_the_screen_shows_covered_numbers_whatever_will_be_printed(family: Store) -> None:
    assert NUMBER not in words(family, masked=False)
