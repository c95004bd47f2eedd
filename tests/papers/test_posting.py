"""A public list shows nothing private, whatever ledger it is of: tried over every declaration."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.kinds import Name, Note, Text
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Put, Store
from nehe_desktop.documents.preview import texts
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.households.words import ORDINARY
from nehe_desktop.features.intake.export import Export, export
from nehe_desktop.features.papers.catalogue import CHOSEN, COUNTY, Request
from nehe_desktop.features.papers.posting import posted_columns
from nehe_desktop.features.papers.work import people_on, preview_of
from nehe_desktop.features.teams.ledger import Unit
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.ui.ledger_rows import rows_called

PUBLIC = ("board", "web")
NUMBER, CHILD_NUMBER, PHONE, BANK = "11010519491231002X", "230281201503030010", "13800002203", "6228480000001234"


@pytest.fixture
def village(store: Store) -> Store:
    """A household with a grown head and a child, each with everything that is private."""
    store.write([Put(Division(id="v1", name="国兴村", level="village"))], "区划")
    home = Household(id="h1", village="v1", hh_no="2302810001", base_type=ORDINARY, phone=PHONE, bank_no=BANK, head="p1")
    head = Person(
        id="p1", household="h1", name="张桂兰", relation="01", id_no=NUMBER, sex="2",
        birth=date(1949, 12, 31), phone=PHONE,
    )  # fmt: skip
    born = date(2015, 3, 3)
    child = Person(id="p2", household="h1", name="张小宝", relation="02", id_no=CHILD_NUMBER, sex="1", birth=born)
    store.write([Put(home), Put(head), Put(child)], "农户")
    return store


def printed(store: Store, table: str, audience: str) -> str:
    request = Request("LIST", COUNTY, ledger=table, audience=audience)
    return "".join(texts(preview_of(store, request, sample=False).pdf))


@pytest.mark.parametrize("audience", PUBLIC)
@pytest.mark.parametrize("table", sorted(LEDGERS))
def test_no_column_of_a_posting_can_hold_what_is_private(table: str, audience: str) -> None:
    try:
        columns = posted_columns(LEDGERS[table], audience)
    except Refused:
        return
    for field in columns:
        assert field.private in ("", "name", "income"), field.name
        assert field.private != "income" or audience == "board"
        assert not isinstance(field.kind, Note)
        assert not isinstance(field.kind, Text) or isinstance(field.kind, Name) or field.posted


@pytest.mark.parametrize("audience", PUBLIC)
@pytest.mark.parametrize("table", ["household", "person"])
def test_a_posted_paper_names_nobody_under_age_and_no_number(village: Store, table: str, audience: str) -> None:
    page = printed(village, table, audience)
    for secret in (NUMBER, CHILD_NUMBER, PHONE, BANK, "张小宝", NUMBER[-4:], "1949", "2015"):
        assert secret not in page
    assert ("张桂兰" in page) == (audience == "board")
    assert ("张*兰" in page) == (audience == "web")


def test_a_child_is_the_son_of_its_head_on_the_board_and_nobody_on_the_web(village: Store) -> None:
    assert "张桂兰之子" in printed(village, "person", "board")
    assert "之子" not in printed(village, "person", "web")


def test_of_whom_no_age_is_known_is_not_named(village: Store) -> None:
    village.write([Put(Person(id="p3", household="h1", name="王不详", relation="02"))], "农户")
    assert "王不详" not in printed(village, "person", "board")


def test_what_the_office_keeps_for_itself_is_never_posted(village: Store) -> None:
    for table in ("account", "audit_log", "consent", "conflict", "printed_paper"):
        with pytest.raises(Refused, match="没有可以公开"):
            printed(village, table, "board")


@pytest.mark.parametrize("audience", PUBLIC)
def test_a_posted_workbook_holds_no_more_than_the_paper(village: Store, tmp_path: Path, audience: str) -> None:
    out = tmp_path / "公示.xlsx"
    assert export(village, Export("person", out, audience=audience)) == 2
    cells = " ".join(str(cell) for row in open_workbook(out).sheets[0].rows for cell in row)
    assert not [secret for secret in (NUMBER, CHILD_NUMBER, PHONE, "张小宝", "1949") if secret in cells]


@pytest.fixture
def units(store: Store) -> Store:
    """Three units, of which two are marked."""
    store.write([Put(Unit(id=f"u{n}", name=f"帮扶单位{n}")) for n in (1, 2, 3)], "单位")
    return store


@pytest.mark.parametrize("audience", ["internal", *PUBLIC])
def test_a_printed_list_holds_the_marked_rows_only(units: Store, audience: str) -> None:
    rows = Request("LIST", CHOSEN, ledger="unit", audience=audience, chosen=("u1", "u3"), chosen_of="unit")
    page = "".join(texts(preview_of(units, rows, sample=False).pdf))
    assert ("帮扶单位1" in page, "帮扶单位2" in page, "帮扶单位3" in page) == (True, False, True)
    assert people_on(units, rows) == 2


@pytest.mark.parametrize("audience", ["internal", *PUBLIC])
def test_an_excel_list_holds_the_marked_rows_only(units: Store, tmp_path: Path, audience: str) -> None:
    out = tmp_path / "单位.xlsx"
    assert export(units, Export("unit", out, ids=("u1", "u3"), audience=audience)) == 2
    cells = {cell for row in open_workbook(out).sheets[0].rows for cell in row}
    assert {"帮扶单位1", "帮扶单位2", "帮扶单位3"} & cells == {"帮扶单位1", "帮扶单位3"}


def test_rows_marked_in_one_ledger_are_not_taken_for_rows_of_another() -> None:
    assert Request("LIST", CHOSEN, ledger="team", chosen=("u1",), chosen_of="unit").rows == ()
    assert Request("LIST", CHOSEN, ledger="household", chosen=("h1",)).rows == ("h1",)


def test_rows_are_named_by_what_people_call_them(units: Store) -> None:
    assert rows_called(units, Unit.ledger, ["帮扶单位2", "u3"]) == ("u2", "u3")
    with pytest.raises(Refused, match="没有“帮扶单位9”"):
        rows_called(units, Unit.ledger, ["帮扶单位9"])


def test_a_posting_has_no_mark_of_who_printed_it(village: Store) -> None:
    assert not Request("LIST", COUNTY, ledger="household", audience="board").marked
    assert "内部资料" not in printed(village, "household", "web")
