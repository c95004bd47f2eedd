"""The month worked by keyboard, the numbers above it, and today's sign-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.attendance import fill, sheet_acts
from nehe_desktop.features.attendance.entering import entered_month
from nehe_desktop.features.attendance.intake import export_month
from nehe_desktop.features.attendance.ledger import HalfDay, Night
from nehe_desktop.features.attendance.month import LOCKED, OTHERS, Cell, numbers
from nehe_desktop.features.attendance.page import AttendancePage
from nehe_desktop.features.attendance.page_files import read_month
from nehe_desktop.features.attendance.screen_queries import month_of
from nehe_desktop.features.attendance.sheets import LateStep, MonthLock, SheetStep
from nehe_desktop.ui import theme
from nehe_desktop.ui.page import Page, PageSpec, lazy
from nehe_desktop.ui.window import Window
from tests.attendance.conftest import FOUR, confirmed, second_team, sit

SPEC = PageSpec(
    "attendance", "考勤", "calendar-check", lazy("nehe_desktop.features.attendance.page", "AttendancePage")
)
KEY = Qt.Key


class Papers(Page):
    """Remembers what it was asked to print."""

    key, title = "papers", "文件"
    asked: dict[str, Any] = {}  # noqa: RUF012

    def opened(self, **where: Any) -> None:
        Papers.asked = where


@pytest.fixture
def bugs() -> list[BaseException]:
    """What was reported as a bug."""
    return []


@pytest.fixture
def window(august: Store, qapp: QApplication, qtbot: QtBot, bugs: list[BaseException]) -> Iterator[Window]:
    """The window on 考勤 in a small size."""
    theme.load_fonts()
    theme.apply(qapp)
    made = Window((SPEC, PageSpec("papers", "文件", "printer", Papers)), august, bugs.append)
    qtbot.addWidget(made)
    made.resize(1093, 550)
    made.show()
    made.go("attendance")
    yield made
    made.close()
    assert bugs == []


@pytest.fixture
def page(window: Window, qtbot: QtBot) -> AttendancePage:
    """The page with August on it."""
    found = window.findChild(AttendancePage)
    assert found is not None
    qtbot.waitUntil(lambda: found.month is not None)
    found.grid.setFocus()
    return found


@pytest.fixture
def press(page: AttendancePage, qtbot: QtBot) -> Callable[..., None]:
    """Presses keys on the grid."""

    def keys(*pressed: Qt.Key, shift: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        for key in pressed:
            qtbot.keyClick(page.grid, key, modifier)

    return keys


Press = Callable[..., None]


def settled(page: AttendancePage, qtbot: QtBot) -> None:
    """Waits until everything is stored."""
    qtbot.waitUntil(lambda: not page.writing.busy)


def test_the_page_opens_on_today(page: AttendancePage) -> None:
    assert page.month is not None
    cell = page.grid.selection.cell(page.month)
    assert cell is not None
    assert cell.day == page.month.today


def test_it_fits_a_small_screen(window: Window, page: AttendancePage) -> None:
    assert page.month
    assert window.width() <= 1093


def test_a_digit_shows_at_once_and_is_stored(
    page: AttendancePage, press: Press, qtbot: QtBot, august: Store
) -> None:
    press(KEY.Key_2)
    assert page.month is not None
    assert {half.status for half in page.month.halves.values()} == {"O"}
    settled(page, qtbot)
    assert august.count(HalfDay, "status = 'O'") == 2


def test_halves_are_chosen_by_letters(page: AttendancePage, press: Press) -> None:
    press(KEY.Key_A, KEY.Key_1, KEY.Key_P, KEY.Key_4, KEY.Key_Tab)
    assert page.month is not None
    cell = page.grid.selection.cell(page.month)
    assert cell is not None
    assert [page.month.status(cell, half) for half in ("AM", "PM")] == ["V", "S"]
    assert page._part() == "全天"


def test_enter_goes_to_the_next_empty_workday(page: AttendancePage, press: Press) -> None:
    press(KEY.Key_Home, KEY.Key_Return)
    assert page.month is not None
    cell = page.grid.selection.cell(page.month)
    assert cell is not None
    assert cell.day.day == 3


def test_n_notes_the_night(page: AttendancePage, press: Press) -> None:
    press(KEY.Key_N)
    assert page.month is not None
    assert [night.stayed for night in page.month.nights.values()] == ["住村"]
    assert page.grid.nights


def test_a_refused_fill_leaves_the_grid_and_says_why(
    window: Window, page: AttendancePage, press: Press
) -> None:
    press(KEY.Key_Down, KEY.Key_Down, KEY.Key_Home, KEY.Key_1)
    assert page.month is not None
    assert not page.month.halves
    assert "不在任" in window.notices.toasted


def test_a_whole_month_of_three_is_filled_by_keyboard_and_taken_back(
    page: AttendancePage, press: Press, qtbot: QtBot, august: Store
) -> None:
    press(KEY.Key_Up, KEY.Key_Up, KEY.Key_Home)
    press(KEY.Key_Down, KEY.Key_Down, KEY.Key_End, shift=True)
    press(KEY.Key_1)
    settled(page, qtbot)
    assert august.count(HalfDay) == (31 + 31 + 21) * 2
    assert not numbers(month_of(august, "202008")).open
    qtbot.keyClick(page.grid, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: august.count(HalfDay) == 0)
    qtbot.keyClick(page.grid, KEY.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: august.count(HalfDay) == 166)


def test_a_number_selects_the_cells_it_counts(page: AttendancePage) -> None:
    page.cards.open.click()
    assert page.counted is not None
    assert frozenset(page.grid.chosen()) == page.counted.open


def test_the_sign_in_of_the_evening_is_the_night(page: AttendancePage, qtbot: QtBot) -> None:
    assert page.sign.main is not None
    page.sign.main.click()
    qtbot.waitUntil(lambda: page.month is not None and bool(page.month.nights))
    assert page.month is not None
    assert [key[0] for key in page.month.nights] == ["m1"]


def test_an_explanation_goes_to_the_trip(page: AttendancePage, press: Press, qtbot: QtBot, august: Store) -> None:
    press(KEY.Key_2, KEY.Key_B)
    qtbot.keyClicks(page.words, "x")
    page.words.setText("到市里开会")
    qtbot.keyClick(page.words, KEY.Key_Return)
    settled(page, qtbot)
    assert august.count(HalfDay, "place = '到市里开会'") == 2


def test_ctrl_p_prints_the_month_of_the_team(page: AttendancePage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.grid, KEY.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert Papers.asked == {"kind": "D02", "team": "team", "month": "202008"}


def test_a_month_without_members_says_what_to_do(page: AttendancePage, qtbot: QtBot) -> None:
    page.opened(month="201912")
    qtbot.waitUntil(lambda: page._stack.currentIndex() == 1)


def test_a_filled_workbook_is_offered_before_it_is_stored(
    window: Window, page: AttendancePage, qtbot: QtBot, august: Store, tmp_path: Path
) -> None:
    path = tmp_path / "考勤.xlsx"
    export_month(august, "team", "202008", path)
    book = load_workbook(path)
    book.worksheets[0]["D3"] = "在村"
    book.save(path)
    read_month(page.desk, path, page.take)
    qtbot.waitUntil(lambda: any(b.text() == "导入" for b in window.findChildren(QPushButton)))
    assert august.count(HalfDay) == 0
    next(b for b in window.findChildren(QPushButton) if b.text() == "导入").click()
    qtbot.waitUntil(lambda: august.count(HalfDay) == 1)


def test_the_menu_copies_a_colleague_to_the_member_at_the_cursor(page: AttendancePage, press: Press) -> None:
    press(KEY.Key_1, KEY.Key_Down)
    copies = {action.text(): action for menu in page.menu().findChildren(QMenu) for action in menu.actions()}
    assert list(copies) == ["王海波", "陈雪"]
    copies["王海波"].trigger()
    assert page.month is not None
    assert page.month.status(page.grid.chosen()[0], "PM") == "V"


# -- whose it is, and the sheet's way up ---------------------------------------------------------------


def again(page: AttendancePage, qtbot: QtBot) -> None:
    """Shows the month anew for who has sat down."""
    page.month = None
    page.opened(month="202008")
    qtbot.waitUntil(lambda: page.month is not None)
    page.grid.setFocus()


def test_a_member_fills_his_own_line_and_reads_why_not_the_others(
    window: Window, page: AttendancePage, press: Press, qtbot: QtBot, august: Store
) -> None:
    sit(august, "李工", "R1")
    again(page, qtbot)
    press(KEY.Key_1)
    settled(page, qtbot)
    press(KEY.Key_Up, KEY.Key_1)
    assert window.notices.toasted == OTHERS
    assert "只能看" in page.said.text()
    page._ask("workdays")
    settled(page, qtbot)
    assert august.rows("SELECT DISTINCT member FROM attendance_half") == [("m1",)]


def test_a_member_signs_for_himself_only(page: AttendancePage, qtbot: QtBot, august: Store) -> None:
    sit(august, "李工", "R1")
    again(page, qtbot)
    chips = {b.accessibleName(): b.isEnabled() for b in page.sign.findChildren(QPushButton) if b.isCheckable()}
    assert {name.split()[0] for name, enabled in chips.items() if enabled} == {"李工"}
    assert any(name.startswith("王海波") for name in chips)


def test_what_the_leader_signs_for_another_is_no_signature(
    window: Window, page: AttendancePage, qtbot: QtBot, august: Store
) -> None:
    sit(august, "王海波", "R2")
    again(page, qtbot)
    next(b for b in page.sign.findChildren(QPushButton) if b.accessibleName().startswith("李工 住村")).click()
    qtbot.waitUntil(lambda: august.count(Night) == 1)
    assert august.one("SELECT source FROM night") == ("手工",)
    qtbot.waitUntil(lambda: "记为手工" in window.notices.toasted)


def test_the_leader_confirms_the_sheet_by_keyboard_after_being_asked_once_more(
    page: AttendancePage, qtbot: QtBot, full: Store
) -> None:
    sit(full, "王海波", "R2")
    again(page, qtbot)
    pressed(page, "队长确认", qtbot).click()
    assert page.sheets.line.go is not None
    assert page.sheets.line.go.hasFocus()
    assert full.count(SheetStep) == 0
    qtbot.keyClick(page.sheets.line.go, KEY.Key_Return)
    qtbot.waitUntil(lambda: full.count(SheetStep) == 1)
    qtbot.waitUntil(lambda: any("√ 队长 王海波" in each.text() for each in page.sheets.line.findChildren(QLabel)))


def offered(page: AttendancePage, words: str) -> list[QPushButton]:
    """The buttons of the sheet's line with these words."""
    buttons = page.sheets.line.findChildren(QPushButton)
    return [each for each in buttons if words in each.text() and each.isVisible()]


def pressed(page: AttendancePage, words: str, qtbot: QtBot) -> QPushButton:
    """One of them, as soon as it is there."""
    qtbot.waitUntil(lambda: bool(offered(page, words)))
    return offered(page, words)[0]


def test_the_secretary_sends_the_sheet_back_only_with_a_reason(
    page: AttendancePage, qtbot: QtBot, full: Store
) -> None:
    confirmed(full, FOUR[0])
    sit(full, "赵书记", "R4")
    again(page, qtbot)
    pressed(page, "退回", qtbot).click()
    qtbot.keyClick(page.sheets.line.reason, KEY.Key_Return)
    assert page.sheets.line.reason.isVisible()
    page.sheets.line.reason.setText("28 日不符")
    qtbot.keyClick(page.sheets.line.reason, KEY.Key_Return)
    qtbot.waitUntil(lambda: full.count(SheetStep, "decision = '退回' AND opinion = '28 日不符'") == 1)


def test_escape_leaves_the_question_with_nothing_done(page: AttendancePage, qtbot: QtBot, full: Store) -> None:
    sit(full, "王海波", "R2")
    again(page, qtbot)
    pressed(page, "队长确认", qtbot).click()
    page.sheets.leave()
    assert pressed(page, "队长确认", qtbot)
    assert full.count(SheetStep) == 0


def test_a_locked_month_is_only_looked_at(
    window: Window, page: AttendancePage, press: Press, qtbot: QtBot, full: Store
) -> None:
    sheet_acts.lock(sit(full, "周主任", "R7"), confirmed(full, *FOUR)).result()
    sit(full, "王海波", "R2")
    again(page, qtbot)
    press(KEY.Key_7)
    assert window.notices.toasted == LOCKED
    assert not page.bar.workdays.isVisible()
    assert full.count(HalfDay, "status = 'A'") == 0
    assert not offered(page, "")


def test_the_county_opens_a_locked_month_with_a_reason(page: AttendancePage, qtbot: QtBot, full: Store) -> None:
    sheet_acts.lock(sit(full, "周主任", "R7"), confirmed(full, *FOUR)).result()
    again(page, qtbot)
    pressed(page, "重开", qtbot).click()
    page.sheets.line.reason.setText("核查")
    page.sheets.line.send()
    qtbot.waitUntil(lambda: full.count(MonthLock, "closed = 0 AND revision = 2 AND reason = '核查'") == 1)


def test_late_entries_are_listed_and_those_of_others_confirmed(page: AttendancePage, qtbot: QtBot, august: Store) -> None:
    view = entered_month(sit(august, "王海波", "R2"), "202008")
    cells = [Cell(view.mates[n], view.days[19]) for n in (0, 1)]
    august.write(fill.fill(view, cells, "上午", "V").changes, "考勤")
    again(page, qtbot)
    pressed(page, "补签待确认 2", qtbot).click()
    qtbot.waitUntil(lambda: len(page.sheets.late.boxes) == 1)
    page.sheets.late.every.click()
    page.sheets.late.yes.click()
    qtbot.waitUntil(lambda: august.count(LateStep) == 1)
    sql = "SELECT h.member FROM late_step s JOIN attendance_half h ON h.id = s.half"
    assert august.one(sql) == ("m1",)


def test_late_entries_are_not_sent_back_without_a_reason(page: AttendancePage, qtbot: QtBot, august: Store) -> None:
    view = entered_month(sit(august, "王海波", "R2"), "202008")
    august.write(fill.fill(view, [Cell(view.mates[1], view.days[19])], "上午", "V").changes, "考勤")
    sit(august, "赵书记", "R4")
    again(page, qtbot)
    page.sheets.open_late()
    qtbot.waitUntil(lambda: len(page.sheets.late.boxes) == 1)
    page.sheets.late.every.click()
    page.sheets.late.no.click()
    assert august.count(LateStep) == 0
    page.sheets.late.reason.setText("没见到人")
    page.sheets.late.no.click()
    qtbot.waitUntil(lambda: august.count(LateStep, "decision = '退回'") == 1)


def test_who_has_many_sheets_goes_to_the_next_that_waits_for_him(page: AttendancePage, qtbot: QtBot, full: Store) -> None:
    full.write(map(Put, second_team()), "建队")
    halves = [HalfDay(**{**half.values(), "member": "n0", "team": "team2"}) for half in full.all(HalfDay, "member = 'm0'")]
    full.write(map(Put, halves), "考勤")
    sit(full, "王海波", "R2")
    page._team = "team"
    again(page, qtbot)
    told = [page.bar._teams.itemText(n) for n in (1, 2)]
    assert told == ["明星村驻村工作队 · 待队长确认", "胜利村驻村工作队 · 待队长确认"]
    pressed(page, "下一张 1", qtbot).click()
    qtbot.waitUntil(lambda: page.month is not None and [group.team for group in page.month.groups] == ["team2"])


def test_the_first_page_leads_straight_to_the_late_entries(page: AttendancePage, qtbot: QtBot, august: Store) -> None:
    view = entered_month(sit(august, "王海波", "R2"), "202008")
    august.write(fill.fill(view, [Cell(view.mates[1], view.days[19])], "上午", "V").changes, "考勤")
    page.opened(month="202008", late=True)
    qtbot.waitUntil(lambda: len(page.sheets.late.boxes) == 1)
    page.sheets.leave()
    assert page.grid.isVisible()
