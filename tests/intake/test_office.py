"""The office's own files, end to end."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from nehe_desktop.core.store import Store
from nehe_desktop.features.households.ledger import Household, Membership, Person
from nehe_desktop.features.intake.apply import apply_plan, undo_import
from nehe_desktop.features.intake.compare import plan_households
from nehe_desktop.features.intake.give_back import write_back
from nehe_desktop.features.intake.plan import Options, Plan
from nehe_desktop.spreadsheets.reading import open_workbook
from tests.spreadsheets.office import EXPECTED, OFFICE

FILES = list(EXPECTED["files"])


def office_plan(store: Store, name: str) -> Plan:
    return plan_households(store, open_workbook(OFFICE / name), Options(create_villages=True, base_type="01"))


@pytest.mark.parametrize("name", FILES)
def test_good_rows_are_new_and_bad_rows_are_refused(store: Store, name: str) -> None:
    plan, facts = office_plan(store, name), EXPECTED["files"][name]
    assert plan.households["new"] == facts["households"]
    assert (plan.rows["new"], plan.rows["refused"]) == (facts["good"], len(facts["bad"]))
    assert {reason.row for reason in plan.refused} == {bad["row"] for bad in facts["bad"]}


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_again_changes_nothing(store: Store, name: str) -> None:
    apply_plan(store, office_plan(store, name))
    again = office_plan(store, name)
    assert again.empty
    assert again.rows["same"] == EXPECTED["files"][name]["good"]


@pytest.mark.parametrize("name", FILES)
def test_an_import_is_taken_back_as_one_step(store: Store, name: str) -> None:
    receipt = apply_plan(store, office_plan(store, name))
    undo_import(store, receipt.tx)
    assert [store.count(cls) for cls in (Household, Person, Membership)] == [0, 0, 0]


def test_each_bad_cell_is_named_with_its_reason(store: Store) -> None:
    plan = office_plan(store, FILES[0])
    why = {reason.row: reason.sentence for reason in plan.refused}
    assert {reason.heading for reason in plan.refused} == {"证件号码"}
    words = {"ID check digit": "校验位", "ID stored as number, digits lost": "丢失", "ID 17 digits": "17 位"}
    assert all(words[bad["why"]] in why[bad["row"]] for bad in EXPECTED["files"][FILES[0]]["bad"])


def test_rare_names_are_stored_as_they_are(store: Store) -> None:
    for name in FILES:
        apply_plan(store, office_plan(store, name))
    stored = {row[0] for row in store.rows("SELECT name FROM person")}
    assert set(EXPECTED["names_with_rare"]) - {"董庆囍"} <= stored  # he is in a refused row


def test_a_household_whose_head_was_refused_waits_for_him(store: Store) -> None:
    plan = office_plan(store, FILES[0])
    waiting = {reason.row for reason in plan.warnings if "DQ03" in reason.sentence}
    assert {189, 922, 1250, 1289} <= waiting


def test_the_national_list_gives_households_and_people_their_fields(store: Store) -> None:
    apply_plan(store, office_plan(store, FILES[0]))
    [home] = store.all(Household, "hh_no = ?", ("23022676316326",))
    head = store.find(Person, home.head or "")
    assert (home.poor_attr, home.cause_main, home.phone) == ("低保贫困户", "01", "13038281881")
    assert head
    assert (head.name, head.sex, head.edu, head.labour, str(head.birth)) == (
        "廖德贵",
        "2",
        "04",
        "04",
        "1945-12-14",
    )


def test_the_given_back_file_shows_the_bad_cells_in_red(store: Store, tmp_path: Path) -> None:
    plan = office_plan(store, FILES[0])
    assert write_back(plan, tmp_path / "结果.xlsx")
    page = openpyxl.load_workbook(tmp_path / "结果.xlsx").active
    assert page
    assert (page.cell(3, 22).value, page.cell(36, 22).value, page.cell(4, 22).value) == (
        "导入结果",
        "未导入",
        "新增",
    )
    assert page.cell(36, 11).fill.fgColor.rgb == "00FFC7CE"
    assert page.cell(36, 11).comment


@pytest.mark.parametrize("name", FILES)
def test_every_office_file_can_be_given_back(store: Store, tmp_path: Path, name: str) -> None:
    plan = office_plan(store, name)
    write_back(plan, tmp_path / "结果.xlsx")
    words = [cell for row in open_workbook(tmp_path / "结果.xlsx").sheets[0].rows for cell in row]
    assert words.count("新增") == EXPECTED["files"][name]["good"]
