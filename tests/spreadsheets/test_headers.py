"""The header is found wherever it stands, and columns mean what a person would say."""

from __future__ import annotations

from pathlib import Path

import pytest

from nehe_desktop.core.errors import Trouble
from nehe_desktop.spreadsheets.headers import (
    Target,
    dictionary,
    find_header,
    find_tables,
    map_columns,
    remember,
)
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.spreadsheets.sheets import Workbook
from tests.spreadsheets.office import EXPECTED, OFFICE, PEOPLE, sheet_of

TARGETS = (
    Target("town", "乡镇", ("乡",)),
    Target("village", "行政村", ("村",)),
    Target("hh_no", "户编号"),
    Target("name", "姓名"),
    Target("head", "户主姓名"),
    Target("id_no", "证件号码", ("身份证号", "身份证号码")),
    Target("relation", "与户主关系", ("关系",)),
    Target("ethnic", "民族"),
    Target("phone", "联系电话", ("电话", "手机")),
    Target("income", "人均纯收入"),
    Target("size", "家庭人口"),
)
KNOWN = dictionary(TARGETS)


def keys(*names: str, remembered: dict[str, str] | None = None) -> list[str]:
    header = find_header(sheet_of("s", [list(names)]), KNOWN, 1)
    assert header
    return list(map_columns(header, TARGETS, remembered).columns.values())


@pytest.mark.parametrize("name", EXPECTED["files"])
def test_the_header_of_every_office_file_is_found(name: str) -> None:
    header = find_header(open_workbook(OFFICE / name).sheets[0], KNOWN)
    assert header
    assert header.first == EXPECTED["files"][name]["header_row"]


@pytest.mark.parametrize(
    "noise",
    [
        "姓 名",
        " 姓名 ",
        "*姓名",
        "姓名：",
        "姓名(必填)",
        "姓名\n（与身份证一致）",
        "1.姓名",
        "姓 名 Name",
        "\ufeff姓名",
        "姓　名",
    ],
)
def test_noise_in_a_heading_does_not_matter(noise: str) -> None:
    assert keys("户编号", noise) == ["hh_no", "name"]


def test_two_title_rows_and_a_blank_row_are_passed_over() -> None:
    sheet = sheet_of("s", [["花名册"], ["单位：人"], [], *PEOPLE], ((0, 0, 0, 5),))
    header = find_header(sheet, KNOWN)
    assert header
    assert (header.row, header.height) == (3, 1)


def test_a_header_in_two_rows_is_joined() -> None:
    upper = ["户编号", "户主", None, "住址", None, "联系电话"]
    lower = [None, "姓名", "证件号码", "乡镇", "行政村", None]
    sheet = sheet_of(
        "s", [upper, lower, ["1", "王五", "x", "学田镇", "国兴村", "138"]], ((0, 1, 0, 2), (0, 3, 0, 4))
    )
    header = find_header(sheet, KNOWN)
    assert header
    assert list(map_columns(header, TARGETS).columns.values()) == [
        "hh_no",
        "head",
        "id_no",
        "town",
        "village",
        "phone",
    ]
    assert header.first == 2


def test_a_likeness_is_offered_and_never_taken() -> None:
    header = find_header(sheet_of("s", [["户编号", "姓名", "身份证编号"]]), KNOWN, 2)
    assert header
    mapping = map_columns(header, TARGETS)
    assert (mapping.columns, mapping.offered[2][0]) == ({0: "hh_no", 1: "name"}, "id_no")


def test_an_unknown_column_is_left_for_the_person() -> None:
    header = find_header(sheet_of("s", [["户编号", "姓名", "Zzz"]]), KNOWN, 2)
    assert header
    assert map_columns(header, TARGETS).unknown == (2,)


def test_what_a_person_chose_once_is_known_the_next_time() -> None:
    header = find_header(sheet_of("s", [["户编号", "当家人", "序号"]]), KNOWN, 1)
    assert header
    memory = remember(header, {1: "name", 2: ""})
    assert keys("户编号", "当家人", "序号", remembered=memory) == ["hh_no", "name"]
    assert map_columns(header, TARGETS, memory).ignored == (2,)


def test_the_same_field_is_not_filled_from_two_columns() -> None:
    assert keys("联系电话", "电话", "姓名") == ["phone", "name"]


def test_rows_that_are_no_records_are_skipped() -> None:
    foot = [["合 计", "", "3"], ["填表人：王五", "", "", "审核人："], ["例：0001", "张三"], [None], PEOPLE[0]]
    [table] = find_tables(Workbook(OFFICE, "text", (sheet_of("s", [*PEOPLE, *foot]),)), TARGETS)
    assert [number for number, _ in table.records()] == [2, 3]


def test_a_person_whose_name_begins_like_a_foot_is_kept() -> None:
    row = ["备注", "张三", "1", "2", "3", "4", "5", "6"]
    [table] = find_tables(Workbook(OFFICE, "text", (sheet_of("s", [*PEOPLE, row]),)), TARGETS)
    assert len(list(table.records())) == 3


def test_a_sheet_of_notes_is_left_out() -> None:
    book = Workbook(
        OFFICE, "xlsx", (sheet_of("填表说明", [["1.姓名与身份证一致"]]), sheet_of("名单", list(PEOPLE)))
    )
    assert [table.sheet.name for table in find_tables(book, TARGETS)] == ["名单"]


def test_a_file_without_header_says_what_was_looked_for() -> None:
    with pytest.raises(Trouble) as trouble:
        find_tables(Workbook(Path("a"), "text", (sheet_of("s", [["a", "b"]]),)), TARGETS)
    assert "户编号" in trouble.value.advice
