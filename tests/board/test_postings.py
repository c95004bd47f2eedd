"""What hangs for everybody to see is registered, hangs long enough, is agreed to, and comes down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.masks import Audience
from nehe_desktop.core.store import Put, Store
from nehe_desktop.documents.preview import texts
from nehe_desktop.features.board.ledger import PostingJob
from nehe_desktop.features.board.matters import FUNDS, LASTING, MONITOR, OTHER
from nehe_desktop.features.board.queries import ToDo, Wanted, jobs_in, term, to_do
from nehe_desktop.features.board.rules import (
    DOWN,
    HANGING,
    OVERDUE,
    STAYING,
    UNHUNG,
    UNUSED,
    hung,
    photo_missing,
    set_aside,
    state_of,
    taken_down,
)
from nehe_desktop.features.consents.ledger import GUARDIAN, Consent
from nehe_desktop.features.consents.wording import PHOTO
from nehe_desktop.features.home.agenda import posting_tasks
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.intake.export import Export, export
from nehe_desktop.features.papers.catalogue import CHOSEN, COUNTY, HOUSEHOLD, Request
from nehe_desktop.features.papers.work import note, preview_of, ready, to_file
from nehe_desktop.features.reference.ledger import Setting
from nehe_desktop.features.teams.ledger import Unit
from tests.samples import sample

TODAY = date(2020, 10, 20)
MONDAY = TODAY - timedelta(days=1)
HOME, CHILD = "household-1", "person-1"
PICTURE = ("a" * 64,)


def printed(store: Store, folder: Path, request: Request) -> PostingJob | None:
    made = ready(store, request, sample=False)
    note(store, made, to_file(made, folder / "x.pdf"), "打印")
    return next(iter(store.all(PostingJob, order="id DESC")), None)


@pytest.fixture
def family(store: Store) -> Store:
    """A household whose child is nine, and a unit to list."""
    home = replace(sample(Household.ledger), head=None, village="village")
    child = replace(sample(Person.ledger), id=CHILD, id_no=None, birth=date(2011, 5, 1), household=HOME)
    store.write([Put(home), Put(child), Put(Unit(name="市财政局"))], "登记")
    return store


@pytest.mark.parametrize(("audience", "place"), [("board", "村务公开栏"), ("web", "网上（公众号、微信群）")])
def test_a_list_that_is_printed_for_everybody_is_registered_by_itself(
    family: Store, tmp_path: Path, audience: Audience, place: str
) -> None:
    family.author = "李建国"
    assert printed(family, tmp_path, Request("LIST", COUNTY, ledger="unit")) is None
    job = printed(family, tmp_path, Request("LIST", COUNTY, ledger="unit", audience=audience))
    assert job is not None
    assert (job.audience, job.place, job.printed_by, job.printed_on) == (audience, place, "李建国", TODAY)
    assert (len(job.content_hash), job.number[:5], state_of(job, TODAY)) == (16, "LIST-", UNHUNG)


def test_a_list_for_the_board_says_how_long_it_hangs_and_who_hears_objections(family: Store) -> None:
    def words(audience: Audience) -> str:
        request = Request("LIST", COUNTY, ledger="unit", audience=audience)
        return "".join("".join(texts(preview_of(family, request, sample=False).pdf)).split())

    assert "公示不少于7天（月日起），如有异议，请向村民委员会反映" in words("board")
    assert "异议" not in words("web")


def test_a_list_of_a_hundred_marked_rows_is_registered(family: Store, tmp_path: Path) -> None:
    units = [Unit(name=f"单位{number}") for number in range(100)]
    family.write([Put(unit) for unit in units], "登记")
    ids = tuple(unit.id for unit in units)
    job = printed(family, tmp_path, Request("LIST", CHOSEN, ledger="unit", audience="web", chosen=ids, chosen_of="unit"))
    assert job is not None
    assert job.audience == "web"


def test_an_excel_list_for_everybody_is_registered_too(family: Store, tmp_path: Path) -> None:
    export(family, Export("unit", tmp_path / "内部.xlsx"))
    assert family.count(PostingJob) == 0
    export(family, Export("unit", tmp_path / "公开.xlsx", audience="web"))
    (job,) = family.all(PostingJob)
    assert (job.audience, len(job.content_hash), job.number[:11], job.printed_on) == ("web", 64, "GS20201020-", TODAY)


def test_a_list_of_who_is_monitored_has_its_own_term_and_a_card_at_home_none(family: Store, tmp_path: Path) -> None:
    listed = printed(family, tmp_path, Request("LIST", COUNTY, ledger="household_category", audience="board"))
    card = printed(family, tmp_path, Request("D07", HOUSEHOLD, household=HOME))
    assert listed is not None
    assert card is not None
    assert (listed.matter, card.matter, card.household) == (MONITOR, LASTING, HOME)
    assert state_of(hung(card, TODAY, term(family, card.matter, TODAY)), date(2029, 1, 1)) == STAYING


@pytest.mark.parametrize(("matter", "days"), [(MONITOR, 5), (FUNDS, 10), (OTHER, 7)])
def test_nothing_hangs_shorter_than_the_county_says(store: Store, matter: str, days: int) -> None:
    job = PostingJob(title="方案", matter=matter, since=MONDAY, until=MONDAY + timedelta(days=days - 2))
    with pytest.raises(Invalid, match=f"{matter}不少于 {days} 天.*最早公示到 {MONDAY + timedelta(days=days - 1)}") as told:
        store.write([Put(job)], "登记")
    assert [each.field for each in told.value.problems] == ["until"]
    store.write([Put(replace(job, until=MONDAY + timedelta(days=days - 1)))], "登记")


def test_the_county_changes_the_days_with_a_source(store: Store) -> None:
    store.write([Put(Setting(name="post_days_other", value="15", source="县里的新规定", year=2020))], "参数")
    with pytest.raises(Invalid, match="不少于 15 天（县里的新规定）"):
        store.write([Put(PostingJob(title="方案", since=MONDAY, until=MONDAY + timedelta(days=13)))], "登记")
    found = hung(PostingJob(title="方案"), MONDAY, term(store, OTHER, MONDAY))
    assert found.until == MONDAY + timedelta(days=14)


def test_it_is_printed_hung_over_and_taken_down(store: Store) -> None:
    new = PostingJob(title="方案", printed_on=MONDAY)
    up = hung(new, MONDAY, term(store, OTHER, MONDAY))
    last = up.until or MONDAY
    states = [state_of(job, day) for job, day in ((new, TODAY), (up, last), (up, last + timedelta(days=1)))]
    assert [*states, state_of(taken_down(up, last, "李建国"), last)] == [UNHUNG, HANGING, OVERDUE, DOWN]
    assert state_of(set_aside(new), TODAY) == UNUSED
    for wrong in (lambda: taken_down(new, TODAY, "李"), lambda: set_aside(up), lambda: hung(up, TODAY, None)):
        with pytest.raises(Refused):
            wrong()


def test_the_board_is_photographed_at_the_start_and_at_the_end(store: Store) -> None:
    up = hung(PostingJob(title="方案"), MONDAY, term(store, OTHER, MONDAY))
    down = taken_down(replace(up, at_start=PICTURE), TODAY, "李建国")
    assert [photo_missing(job, TODAY) for job in (up, down, replace(down, at_end=PICTURE))] == ["张贴时", "撤下时", ""]
    assert photo_missing(replace(up, audience="web"), TODAY) == ""


def test_what_is_to_be_done_stands_on_the_first_page_in_one_line(store: Store) -> None:
    over = PostingJob(title="甲", since=date(2020, 10, 1), until=date(2020, 10, 8), at_start=PICTURE)
    bare = PostingJob(title="乙", since=MONDAY, until=date(2020, 10, 26))
    left = PostingJob(title="丙", printed_on=date(2020, 10, 1))
    card = PostingJob(title="丁", printed_on=date(2020, 10, 1), matter=LASTING)
    store.write([Put(job) for job in (over, bare, left, card)], "登记")
    (task,) = posting_tasks(to_do(store, "", TODAY))
    assert (task.title, task.go) == ("撤下 1 份到期公示", "board")
    assert task.detail == "甲，另有1 份打印了没登记张贴、1 份缺公示栏照片"
    assert [job.title for job in to_do(store, "", date(2020, 10, 26)).ending] == ["乙"]
    assert [len(jobs_in(store, Wanted(kept))) for kept in ("todo", "up", "staying", "down", "all")] == [3, 2, 1, 0, 4]
    assert not list(posting_tasks(ToDo()))


def test_a_photo_of_a_family_is_posted_only_while_it_agrees(family: Store) -> None:
    shown = PostingJob(title="致富典型展板", matter=LASTING, since=MONDAY, household=HOME, shows=(PHOTO,))
    with pytest.raises(Invalid, match="没有“照片使用”的有效同意书") as told:
        family.write([Put(shown)], "登记")
    assert [each.field for each in told.value.problems] == ["shows"]
    given = Consent(household=HOME, kind=PHOTO, signed_on=date(2020, 9, 1), scan=PICTURE)
    family.write([Put(given), Put(shown)], "登记")
    family.write([Put(replace(given, withdrawn_on=MONDAY))], "撤回")
    with pytest.raises(Invalid, match="有效同意书"):
        family.write([Put(replace(shown, id="another"))], "登记")


def test_a_child_on_a_photo_needs_his_guardian(family: Store) -> None:
    shown = PostingJob(title="助学展板", matter=LASTING, since=MONDAY, household=HOME, person=CHILD, shows=(PHOTO,))
    given = Consent(household=HOME, kind=PHOTO, signed_on=date(2020, 9, 1), scan=PICTURE)
    family.write([Put(given)], "登记")
    with pytest.raises(Invalid, match="有效同意书"):
        family.write([Put(shown)], "登记")
    by_guardian = replace(given, id="g", person=CHILD, signer=GUARDIAN, guardian="编造人")
    family.write([Put(by_guardian), Put(shown)], "登记")


def test_what_needs_consent_names_its_household(store: Store) -> None:
    with pytest.raises(Invalid, match="写明是哪一户"):
        store.write([Put(PostingJob(title="展板", shows=(PHOTO,)))], "登记")
