"""D02 says what the grid says, and a month goes through Excel and back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Put, Store
from nehe_desktop.documents.attendance_sheet import days_counted
from nehe_desktop.documents.job import print_batch
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.features.attendance import rules, sheet_acts
from nehe_desktop.features.attendance.document import sheet_content
from nehe_desktop.features.attendance.intake import export_month, import_month, read_month
from nehe_desktop.features.attendance.ledger import HALVES, HalfDay, Night
from nehe_desktop.features.attendance.screen_queries import month_of
from nehe_desktop.features.attendance.sheet_queries import sheet_of
from tests.attendance.conftest import FOUR, confirmed

AUGUST = ["V"] * 38 + ["O"] * 3 + ["S"] * 2 + ["B"] + ["R"] * 18  # domain §8.3, test vector
STAMP = Stamp("D02", "D02-230281102201-2020-0001")


@pytest.fixture
def filled(august: Store) -> Store:
    """The month of the domain's test vector for the leader."""
    days = [(date(2020, 8, n), half) for n in range(1, 32) for half in HALVES]
    halves = [
        HalfDay(member="m0", team="team", day=day, half=half, status=status, late=day.day == 3)
        for (day, half), status in zip(days, AUGUST, strict=True)
    ]
    night = Night(member="m0", team="team", day=date(2020, 8, 4), stayed="住村")
    august.write(map(Put, (*halves, night)), "考勤")
    return august


def test_the_grid_counts_the_test_vector(filled: Store) -> None:
    month = month_of(filled, "202008")
    statuses = [month.halves["m0", day, half].status for day in month.days for half in HALVES]
    assert month.credit(month.mates[0]) == Decimal("20.5")
    assert rules.attendance_rate(statuses, month.weights) == Decimal("93.18")
    assert rules.subsidy(rules.subsidy_days(statuses, month.weights)) == Decimal("1900.00")


def test_the_sheet_counts_the_same(filled: Store) -> None:
    sheet = sheet_content(filled, "team", "202008", STAMP)
    assert days_counted(sheet.members[0]) == tuple(map(Decimal, ("19.0", "1.5", "9.0", "1.5", "0.0")))
    assert (sheet.due_days, sheet.leader, sheet.township, sheet.village, sheet.unit) == (
        21, "王海波", "学田镇", "明星村", "市财政局",
    )  # fmt: skip


def test_the_sheet_marks_nights_late_entries_and_who_came_later(filled: Store) -> None:
    leader, _, late_comer = sheet_content(filled, "team", "202008", STAMP).members
    assert (leader.night[3], leader.late) == ("√", {(3, 0), (3, 1)})
    assert late_comer.morning[:11] == ("—",) * 10 + ("",)


def test_the_year_so_far_stands_against_its_target(filled: Store) -> None:
    year = sheet_content(filled, "team", "202008", STAMP).members[0].year
    assert year is not None
    assert (year.total, year.target) == (Decimal("20.5"), 160)  # 240 × 244 / 366


def test_the_printed_sheet_can_be_read(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "考勤表.pdf"
    print_batch([sheet_content(filled, "team", "202008", STAMP)], path)
    text = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
    assert "学田镇明星村驻村工作队2020年8月考勤表" in text.replace("\r\n", "")
    assert all(word in text for word in ("王海波", "陈雪", "√", "○", "派出单位"))


def test_a_team_that_is_not_there_has_no_sheet(august: Store) -> None:
    with pytest.raises(Trouble, match="没有找到"):
        sheet_content(august, "nobody", "202008", STAMP)


def test_an_exported_month_comes_back_unchanged(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "考勤.xlsx"
    assert export_month(filled, "team", "202008", path) == 9
    preview = read_month(filled, path)
    assert (preview.filling.count, preview.refused) == (0, ())


def edited(path: Path, cells: dict[str, str]) -> Path:
    """The workbook with some cells typed over."""
    book = load_workbook(path)
    for place, value in cells.items():
        book.worksheets[0][place] = value
    book.save(path)
    return path


def test_words_and_symbols_are_taken_and_the_rest_is_named(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "考勤.xlsx"
    export_month(filled, "team", "202008", path)
    edited(path, {"F6": "培训", "F7": "√", "G6": "去哪了", "F9": "在村", "D8": "住村"})
    receipt, refused = import_month(filled, path)
    month = month_of(filled, "202008")
    taken = [month.halves["m1", date(2020, 8, 3), half] for half in HALVES]
    assert [(half.status, half.source) for half in taken] == [("O", "补签"), ("V", "补签")]
    assert month.nights["m1", date(2020, 8, 1)].stayed == "住村"
    assert refused == ("李工 8月4日上午：看不懂“去哪了”", "陈雪 8月3日：不在任的日子不能登记")
    assert receipt.inserted == 3


def test_a_sheet_of_nobody_is_refused(august: Store, tmp_path: Path) -> None:
    path = tmp_path / "考勤.xlsx"
    export_month(august, "team", "202008", path)
    edited(path, {"A1": "胜利村工作队 2020年8月考勤表"})
    with pytest.raises(Trouble, match="没有叫“胜利村工作队”"):
        read_month(august, path)


def printed(store: Store, path: Path) -> str:
    print_batch([sheet_content(store, "team", "202008", STAMP)], path)
    return pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range().replace("\r\n", "")


def test_the_sheet_says_who_confirmed_it_and_which_draft_it_is(full: Store, tmp_path: Path) -> None:
    assert "已在系统确认" not in printed(full, tmp_path / "1.pdf")
    sheet_acts.lock(full, confirmed(full, *FOUR)).result()
    first = printed(full, tmp_path / "2.pdf")
    assert "已在系统确认：队长确认 王海波 8月31日；村党组织书记确认 赵书记" in first
    assert "已锁定。以签字盖章为准" in first
    sheet_acts.reopen(full, sheet_of(full, "team", "202008"), "核查").result()
    confirmed(full, FOUR[0])
    assert "8月考勤表（第2稿）" in printed(full, tmp_path / "3.pdf")
