"""Every kind of file that an office sends is opened, or refused with a sentence that helps."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest

from nehe_desktop.core.errors import Trouble
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.spreadsheets.sheets import CellError, Limits, Stopped, filled_down
from nehe_desktop.spreadsheets.unlocking import PasswordNeeded
from tests.spreadsheets.office import EXPECTED, OFFICE, PEOPLE, html, lines, repacked, saved, xlsx, xml


def rows_of(path: Path) -> list[list[object]]:
    return [list(row) for row in open_workbook(path).sheets[0].rows]


def people_of(path: Path) -> list[list[object]]:
    return [[cell or "" for cell in row] + [""] * (6 - len(row)) for row in rows_of(path)]


@pytest.mark.parametrize("name", EXPECTED["files"])
def test_every_office_file_is_opened(name: str) -> None:
    facts = EXPECTED["files"][name]
    assert len(rows_of(OFFICE / name)) == facts["header_row"] + facts.get("persons", facts["households"])


@pytest.mark.parametrize("name", EXPECTED["refuse"])
def test_broken_office_files_are_refused_with_advice(name: str) -> None:
    with pytest.raises(Trouble) as trouble:
        open_workbook(OFFICE / name)
    assert trouble.value.advice


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8", "gb18030"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_is_read_in_every_encoding_and_with_every_separator(
    tmp_path: Path, encoding: str, mark: str
) -> None:
    assert people_of(saved(tmp_path / "名单.xls", lines(PEOPLE, mark), encoding)) == PEOPLE


def test_a_web_page_named_xls_is_read(tmp_path: Path) -> None:
    assert people_of(saved(tmp_path / "查询.xls", html(PEOPLE))) == PEOPLE


def test_a_web_page_keeps_its_merged_cells_apart(tmp_path: Path) -> None:
    page = "<table><tr><td rowspan=2>甲</td><td>1</td></tr><tr><td>2<br>3</td></tr></table>"
    book = open_workbook(saved(tmp_path / "a.xls", page))
    assert (book.sheets[0].rows, book.sheets[0].merged) == ([("甲", "1"), (None, "2\n3")], ((0, 0, 1, 0),))


def test_a_single_file_web_page_is_read(tmp_path: Path) -> None:
    page = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
    page += "Content-Type: text/html; charset=gb2312\r\n\r\n" + html(PEOPLE) + "\r\n--x--"
    assert people_of(saved(tmp_path / "a.xls", page)) == PEOPLE


def test_the_xml_of_excel_2003_is_read(tmp_path: Path) -> None:
    assert people_of(saved(tmp_path / "a.xls", xml(PEOPLE), "utf-8")) == PEOPLE


def test_the_xml_of_excel_2003_keeps_kinds_gaps_and_merges(tmp_path: Path) -> None:
    text = xml([["x"]]).replace(
        "<Row><Cell>",
        '<Row ss:Index="2"><Cell ss:Index="2"><Data ss:Type="Number">7</Data></Cell>'
        '<Cell ss:MergeAcross="1"><Data ss:Type="DateTime">2020-08-10T00:00:00.000</Data></Cell><Cell>',
    )
    sheet = open_workbook(saved(tmp_path / "a.xls", text, "utf-8")).sheets[0]
    assert sheet.rows == [(), (None, 7.0, datetime(2020, 8, 10), None, "x")]  # noqa: DTZ001
    assert sheet.merged == ((1, 2, 1, 3),)


def test_entities_in_xml_are_refused(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(Trouble, match="不安全"):
        open_workbook(saved(tmp_path / "a.xls", xml(PEOPLE, laughs), "utf-8"))


def test_entities_inside_a_workbook_are_refused(tmp_path: Path) -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    path = xlsx(tmp_path / "a.xlsx", PEOPLE)
    with pytest.raises(Trouble, match="不安全"):
        open_workbook(repacked(path, "xl/worksheets/sheet1.xml", lambda old: evil + old.split(b"?>", 1)[1]))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", PEOPLE)
    repacked(path, "xl/sharedStrings.xml", lambda old: old + b" " * 3_000_000)
    with pytest.raises(Trouble, match="太大"):
        open_workbook(path, limits=Limits(unpacked_bytes=2_000_000))


def test_a_cell_in_the_last_corner_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", PEOPLE)
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with pytest.raises(Trouble, match="太多"):
        open_workbook(
            repacked(path, "xl/worksheets/sheet1.xml", lambda old: old.replace(b"</sheetData>", far))
        )


def test_a_format_without_value_in_the_last_corner_is_harmless(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", PEOPLE)
    far = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    assert (
        len(
            rows_of(repacked(path, "xl/worksheets/sheet1.xml", lambda old: old.replace(b"</sheetData>", far)))
        )
        == 3
    )


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7 x", "PDF"),
        (b"\x89PNG\r\n", "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (bytes(range(256)), "不是表格"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, content: bytes, what: str) -> None:
    with pytest.raises(Trouble, match=what):
        open_workbook(saved(tmp_path / "a.xlsx", content))


def test_a_word_document_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as package:
        package.writestr("word/document.xml", "<x/>")
    with pytest.raises(Trouble, match="Word"):
        open_workbook(tmp_path / "a.xlsx")


def locked(tmp_path: Path) -> Path:
    source = xlsx(tmp_path / "open.xlsx", PEOPLE)
    target = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(source.open("rb")).encrypt("驻村2020", target)
    return saved(tmp_path / "locked.xlsx", target.getvalue())


def test_a_locked_workbook_asks_for_its_password(tmp_path: Path) -> None:
    with pytest.raises(PasswordNeeded, match="请输入密码"):
        open_workbook(locked(tmp_path))


def test_a_wrong_password_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(PasswordNeeded, match="密码不对"):
        open_workbook(locked(tmp_path), "1234")


def test_the_right_password_opens_a_locked_workbook(tmp_path: Path) -> None:
    assert open_workbook(locked(tmp_path), "驻村2020").sheets[0].rows[1][1] == "汤䶮"


def test_cells_keep_their_kinds(tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    book = Workbook(str(tmp_path / "a.xlsx"))
    page = book.add_worksheet()
    page.write_row(1, 1, ["字", 1.5, True])
    page.write_datetime(1, 4, datetime(1990, 1, 2), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
    page.write_formula(1, 5, "=1/0", None, "#DIV/0!")  # type: ignore[arg-type]
    book.close()
    assert rows_of(tmp_path / "a.xlsx")[1] == [None, "字", 1.5, True, date(1990, 1, 2), CellError("#DIV/0!")]


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    book = Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet("名单").write(0, 0, "姓名")
    book.add_worksheet("字典").hide()
    book.close()
    assert [sheet.name for sheet in open_workbook(tmp_path / "a.xlsx").sheets] == ["名单"]


def test_private_codes_become_standard_characters(tmp_path: Path) -> None:
    assert rows_of(saved(tmp_path / "a.csv", "姓名,村\n汤\ue863\u200b,学田\n", "utf-8"))[1][0] == "汤䶮"


def test_merged_cells_are_filled_down(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["户", "人"], ["甲", "1"], [None, "2"]], [(1, 0, 2, 0)])
    assert filled_down(open_workbook(path).sheets[0], [0])[2] == ("甲", "2")


def test_reading_can_be_stopped_and_tells_how_far_it_is(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["x", str(n)] for n in range(1200)])
    seen: list[tuple[int, int]] = []
    open_workbook(path, progress=lambda done, total: seen.append((done, total)))
    with pytest.raises(Stopped):
        open_workbook(path, cancelled=lambda: True)
    assert seen == [(0, 1200), (500, 1200), (1000, 1200), (1200, 1200)]


def test_a_missing_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="找不到"):
        open_workbook(tmp_path / "没有.xlsx")
