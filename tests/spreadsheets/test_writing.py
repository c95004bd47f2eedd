"""Lists leave the program so that Excel, and the next import, find what was meant."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.kinds import Text
from nehe_desktop.spreadsheets.cells import read_cell
from nehe_desktop.spreadsheets.headers import Target, find_tables
from nehe_desktop.spreadsheets.marking import Marks, write_marked
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.spreadsheets.sheets import Stopped
from nehe_desktop.spreadsheets.templates import write_template
from nehe_desktop.spreadsheets.writing import Column, write_csv, write_list
from tests.spreadsheets.office import OFFICE, PEOPLE, lines, saved, xlsx

ID = "11010519491231002X"
COLUMNS = (
    Column("姓名", required=True, hint="与身份证一致"),
    Column("证件号码", width=22, id_number=True),
    Column("生日", "yyyy-mm-dd"),
    Column("收入", "#,##0.00"),
    Column("性别", options=("男", "女")),
)
ROWS = [
    ["=HYPERLINK(1)", ID, date(1949, 12, 31), Decimal("12.50"), "女"],
    ["@汤䶮", "00123", None, None, "http://x"],
]


def test_a_list_comes_back_as_it_was(tmp_path: Path) -> None:
    write_list(tmp_path / "a.xlsx", COLUMNS, ROWS, title="名单")
    rows = open_workbook(tmp_path / "a.xlsx").sheets[0].rows
    assert rows[2:] == [
        ("=HYPERLINK(1)", ID, date(1949, 12, 31), 12.5, "女"),
        ("@汤䶮", "00123", None, None, "http://x"),
    ]


def test_nothing_in_a_list_is_a_formula_or_a_link(tmp_path: Path) -> None:
    write_list(tmp_path / "a.xlsx", COLUMNS, ROWS)
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert page
    assert {cell.data_type for row in page.iter_rows(min_row=2) for cell in row} == {"s", "d", "n"}
    assert not any(cell.hyperlink for row in page.iter_rows() for cell in row)


def test_a_list_has_a_frozen_header_and_a_filter(tmp_path: Path) -> None:
    write_list(tmp_path / "a.xlsx", COLUMNS, ROWS, title="名单")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert page
    assert (page.freeze_panes, page.auto_filter.ref, page["B3"].number_format) == ("A3", "A2:E4", "@")


def test_stopping_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    saved(tmp_path / "a.xlsx", b"old")
    with pytest.raises(Stopped):
        write_list(tmp_path / "a.xlsx", COLUMNS, ROWS, cancelled=lambda: True)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a.xlsx", b"old")]


def test_a_folder_that_is_gone_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="写不了"):
        write_list(tmp_path / "没有" / "a.xlsx", COLUMNS, ROWS)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_comes_back_with_rare_names_and_whole_numbers(tmp_path: Path, encoding: str) -> None:
    write_csv(tmp_path / "a.csv", COLUMNS[:2], [["汤䶮𬍛", ID], ["=1+1", "2"]], encoding)
    assert open_workbook(tmp_path / "a.csv").sheets[0].rows == [
        ("姓名", "证件号码"),
        ("汤䶮𬍛", f"{ID}\t"),
        ("'=1+1", "2"),
    ]


def test_a_template_has_drop_downs_hints_and_a_version(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx", COLUMNS, title="人员", version="person-1", example=["张三", ID])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    rules = {rule.type: rule for rule in book.worksheets[0].data_validations.dataValidation}
    assert rules["list"].formula1 == "=字典!$E$1:$E$2".removeprefix("=")
    assert "LEN(B3)=18" in str(rules["custom"].formula1)
    assert book["字典"].sheet_state == "veryHidden"
    assert open_workbook(tmp_path / "a.xlsx").template == "person-1"


def test_the_example_row_of_a_template_is_no_record(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx", COLUMNS, title="人员", version="1", example=["张三", ID])
    targets = [Target(column.label, column.label) for column in COLUMNS]
    [table] = find_tables(open_workbook(tmp_path / "a.xlsx"), targets)
    assert (table.header.first, list(table.records())) == (2, [])


MARKS = {"Sheet1": Marks(1, {2: "未导入", 3: "已导入"}, {2: {2: "证件号码：校验码不对"}})}


def test_the_senders_file_is_marked_and_keeps_its_look(tmp_path: Path) -> None:
    book = open_workbook(xlsx(tmp_path / "a.xlsx", PEOPLE))
    assert write_marked(book, MARKS, tmp_path / "b.xlsx")
    page = openpyxl.load_workbook(tmp_path / "b.xlsx").active
    assert page
    assert [page["G1"].value, page["G2"].value, page["H2"].value] == [
        "导入结果",
        "未导入",
        "证件号码：校验码不对",
    ]
    assert page["C2"].comment
    assert page["C2"].fill.fgColor.rgb == "00FFC7CE"


def test_a_disguised_file_is_rewritten_with_the_marks(tmp_path: Path) -> None:
    book = open_workbook(saved(tmp_path / "a.xls", lines(PEOPLE, "\t")))
    assert not write_marked(book, {"a": MARKS["Sheet1"]}, tmp_path / "b.xlsx")
    page = openpyxl.load_workbook(tmp_path / "b.xlsx").active
    assert page
    assert [page["C2"].value, page["G2"].value, page["C2"].comment.text] == [
        ID,
        "未导入",
        "证件号码：校验码不对",
    ]  # type: ignore[union-attr]


def test_the_marked_file_of_the_office_can_be_opened_again(tmp_path: Path) -> None:
    book = open_workbook(OFFICE / "2018年贫困人口花名册.xls")
    write_marked(book, {"花名册": Marks(2, {3: "未导入"}, {3: {5: "x"}})}, tmp_path / "b.xlsx")
    assert open_workbook(tmp_path / "b.xlsx").sheets[0].rows[2][:2] == book.sheets[0].rows[2][:2]


@pytest.mark.parametrize("words", ["=1+1", "+1-1", "-1+1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠1"])
def test_csv_reckons_nothing_and_the_import_reads_the_same(tmp_path: Path, words: str) -> None:
    write_csv(tmp_path / "a.csv", [Column("备注")], [[words]])
    line = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1]
    assert line == f"'{words}"
    assert read_cell(Text(width=40), line) in (words, unicodedata.normalize("NFKC", words))
