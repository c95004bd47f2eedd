"""Papers of the made-up village: right words, own numbers, a register, and no half file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nehe_desktop.core.clock import living_on
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Put, Store
from nehe_desktop.documents.archive import faults
from nehe_desktop.documents.preview import texts
from nehe_desktop.features.demo.make import make_demo
from nehe_desktop.features.demo.plan import DEMO_TODAY
from nehe_desktop.features.entry.intake import begin_sample
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.ledgers import ALL
from nehe_desktop.features.papers.catalogue import HAMLET, HOUSEHOLD, KINDS, TEAM, VILLAGE, Request
from nehe_desktop.features.papers.ledger import PrintedPaper
from nehe_desktop.features.papers.work import note, preview_of, ready, to_file
from nehe_desktop.security.laptop import Profile

KEY = bytes(range(32))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up village, made once."""
    path = tmp_path_factory.mktemp("village") / "nehe.nhdb"
    make_demo("village", path, KEY)
    return path


@pytest.fixture
def village(made: Path, tmp_path: Path) -> Iterator[tuple[Store, Profile]]:
    """A copy of the village for each test, and whose laptop it is."""
    copy = tmp_path / "nehe.nhdb"
    copy.write_bytes(made.read_bytes())
    store = Store.open(copy, KEY, "李建国", living_on(DEMO_TODAY))
    yield store, begin_sample(store)
    store.close()


def request_of(village: tuple[Store, Profile], code: str, scope: str, **more: str) -> Request:
    """A request about the village's own team and its first household."""
    store, profile = village
    first = store.all(Household, "base_type = '01'", (), "local_no", 1)[0].id
    about = {"household": first, "team": profile.team, "village": profile.village}
    return Request(code, scope, **{**about, **more})


def words_of(path: Path) -> str:
    """All text of a file without the layout's breaks."""
    return "".join(texts(path)).replace("\r", "").replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_of_paper_is_drawn_numbered_and_registered(
    village: tuple[Store, Profile], tmp_path: Path, kind: object
) -> None:
    store = village[0]
    scope = {"D01": TEAM, "D01T": TEAM, "D02": TEAM, "D03": TEAM, "D03P": TEAM, "LIST": VILLAGE}.get(kind.code, HOUSEHOLD)
    month = {"D02": "202007", "D03": "202008", "D03P": "202008"}.get(kind.code, "")
    request = request_of(village, kind.code, scope, month=month, ledger="person" if kind.of_ledger else "")
    papers = ready(store, request, sample=True)
    printed = to_file(papers, tmp_path / "out.pdf")
    rows = note(store, papers, printed, "存为 PDF", target="out.pdf")
    text = words_of(tmp_path / "out.pdf")
    assert all(row.number in text for row in rows)
    assert sum(row.pages for row in rows) == printed.pages
    assert "示例" in text


def test_a_village_of_cards_has_as_many_numbers_as_cards(
    village: tuple[Store, Profile], tmp_path: Path
) -> None:
    store = village[0]
    papers = ready(store, request_of(village, "D07", VILLAGE), sample=True)
    note(store, papers, to_file(papers, tmp_path / "all.pdf"), "存为 PDF")
    numbers = [row.number for row in store.all(PrintedPaper)]
    assert len(numbers) == len(set(numbers)) == 53


def test_two_prints_never_share_a_number(village: tuple[Store, Profile]) -> None:
    one, two = (ready(village[0], request_of(village, "D07", HOUSEHOLD), sample=True) for _ in range(2))
    assert one.papers.stamps[0].number != two.papers.stamps[0].number


def test_rare_names_reach_the_paper(village: tuple[Store, Profile], tmp_path: Path) -> None:
    papers = ready(village[0], request_of(village, "D07", VILLAGE), sample=False)
    to_file(papers, tmp_path / "all.pdf")
    text = words_of(tmp_path / "all.pdf")
    for name in ("汤䶮", "田玉𬍛", "张𠮷祥", "敖拉·玉山"):
        assert name in text, name


def test_a_character_without_a_font_stops_the_print_and_is_named(
    village: tuple[Store, Profile], tmp_path: Path
) -> None:
    store = village[0]
    request = request_of(village, "D07", HOUSEHOLD)
    household = store.find(Household, request.household)
    assert household is not None
    assert household.head is not None
    head = store.find(Person, household.head)
    assert head is not None
    store.write([Put(replace(head, name="王\U00030edd"))], "更正")
    with pytest.raises(Trouble, match="U\\+30EDD"):
        to_file(ready(store, request, sample=False), tmp_path / "out.pdf")
    assert not (tmp_path / "out.pdf").exists()


def test_a_cancelled_batch_leaves_no_file(village: tuple[Store, Profile], tmp_path: Path) -> None:
    papers = ready(village[0], request_of(village, "D07", VILLAGE), sample=True)
    done: list[int] = []
    printed = to_file(papers, tmp_path / "x.pdf", lambda n, _: done.append(n), lambda: len(done) > 5)
    assert printed.cancelled
    assert not list(tmp_path.glob("*.pdf*"))


def test_a_paper_for_keeping_passes_the_archive_validator(
    village: tuple[Store, Profile], tmp_path: Path
) -> None:
    papers = ready(village[0], request_of(village, "D07N", HAMLET), sample=False)
    to_file(papers, tmp_path / "out.pdf", archive=True)
    assert faults(tmp_path / "out.pdf") == []


def test_no_paper_at_all_is_told_with_advice(village: tuple[Store, Profile]) -> None:
    request = request_of(village, "D09", VILLAGE, month="203001")
    with pytest.raises(Trouble, match="走访"):
        ready(village[0], request, sample=True)


@pytest.mark.parametrize("ledger", ALL, ids=lambda ledger: ledger.table)
def test_any_ledger_is_listed_on_paper(
    village: tuple[Store, Profile], tmp_path: Path, ledger: object
) -> None:
    request = request_of(village, "LIST", VILLAGE, ledger=ledger.table)
    to_file(ready(village[0], request, sample=True), tmp_path / "list.pdf")
    assert ledger.title in words_of(tmp_path / "list.pdf")


def test_numbers_of_people_are_covered_on_a_listing(village: tuple[Store, Profile], tmp_path: Path) -> None:
    request = request_of(village, "LIST", VILLAGE, ledger="person")
    to_file(ready(village[0], request, sample=False), tmp_path / "list.pdf")
    shown = words_of(tmp_path / "list.pdf")
    full = [person.id_no for person in village[0].all(Person) if person.id_no]
    assert full
    assert not [number for number in full if number in shown]


def test_the_preview_takes_no_number(village: tuple[Store, Profile]) -> None:
    preview_of(village[0], request_of(village, "D02", TEAM, month="202007"), sample=True).sizes()
    assert village[0].count(PrintedPaper) == 0
