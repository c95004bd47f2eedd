"""The import page: files are read, understood, put right, stored and taken back without a stall."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import msoffcrypto
import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Store
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.intake.page import ImportPage
from nehe_desktop.features.intake.page_tools import export_tool
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.ui import theme
from nehe_desktop.ui.page import PageSpec
from nehe_desktop.ui.window import Window
from tests.intake.lists import HEAD, HEADINGS, OTHER, WIFE, home, with_divisions
from tests.spreadsheets.office import OFFICE, xlsx

LARGEST = OFFICE / "已脱贫户家庭成员信息_20200801.xlsx"
_WAIT = 20_000


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication, store: Store) -> Iterator[ImportPage]:
    """The page in a window of the smallest size, with two villages known; nothing may break in it."""
    theme.load_fonts()
    theme.apply(qapp)
    with_divisions(store)
    bugs: list[BaseException] = []
    window = Window([PageSpec("import", "导入", "file-input", ImportPage)], store, bugs.append)
    qtbot.addWidget(window)
    window.resize(1093, 550)
    window.show()
    window.go("import")
    made = window.stack.currentWidget()
    assert isinstance(made, ImportPage)
    yield made
    window.close()
    assert bugs == []


def read(qtbot: QtBot, page: ImportPage, path: Path) -> None:
    page.read(path)
    qtbot.waitUntil(lambda: page.workbook is not None, timeout=_WAIT)


def shown(qtbot: QtBot, page: ImportPage, panel: object) -> None:
    qtbot.waitUntil(lambda: page.stack.currentWidget() is panel, timeout=_WAIT)


def store_it(qtbot: QtBot, page: ImportPage) -> None:
    shown(qtbot, page, page.preview)
    page.store_plan()
    shown(qtbot, page, page.start)
    qtbot.waitUntil(lambda: bool(page.desk.notices.toasted), timeout=_WAIT)


def names_list(folder: Path, *rows: list[object], headings: list[str] = HEADINGS) -> Path:
    return xlsx(folder / "名单.xlsx", [headings, *(rows or home())])


def again(qtbot: QtBot, page: ImportPage, act: Callable[[], object]) -> None:
    before = page.plan
    act()
    qtbot.waitUntil(lambda: page.plan is not before, timeout=_WAIT)


def test_nothing_is_written_before_it_is_told(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    read(qtbot, page, names_list(tmp_path))
    shown(qtbot, page, page.preview)
    assert page.preview.store.text().startswith("\u2009导入 2 行")
    assert page.desk.store.count(Person) == 0


def test_a_dropped_file_is_stored_and_taken_back(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    drop(page, names_list(tmp_path))
    store_it(qtbot, page)
    assert page.desk.store.count(Person) == 2
    page.take_back(page.desk.store.recall("intake.log")[0]["tx"])
    qtbot.waitUntil(lambda: page.desk.store.count(Person) == 0, timeout=_WAIT)


def test_the_largest_office_file_never_stalls_the_window(qtbot: QtBot, page: ImportPage) -> None:
    with Gaps() as gaps:
        read(qtbot, page, LARGEST)
        shown(qtbot, page, page.places)
        page.places.create_all()
        page._places_said()
        store_it(qtbot, page)
    assert page.desk.store.count(Person) == 1328
    assert gaps.longest < 0.25


def test_the_same_file_again_says_so(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    path = names_list(tmp_path)
    read(qtbot, page, path)
    store_it(qtbot, page)
    read(qtbot, page, path)
    shown(qtbot, page, page.preview)
    assert any("已由 李工 导入过" in words for words in banners(page))
    assert not page.preview.store.isEnabled()


def test_a_wrong_password_is_asked_for_again(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    page.read(locked(names_list(tmp_path), tmp_path / "加密.xlsx", "春风"))
    qtbot.waitUntil(page.start.locked.isVisible, timeout=_WAIT)
    page.start.unlocked.emit("秋雨")
    qtbot.waitUntil(lambda: "密码不对" in page.start._why.text(), timeout=_WAIT)
    page.start.unlocked.emit("春风")
    shown(qtbot, page, page.preview)


def test_an_unknown_column_is_asked_for_once(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    headings = [heading if heading != "户联系电话" else "大哥大" for heading in HEADINGS]
    path = names_list(tmp_path, headings=headings)
    read(qtbot, page, path)
    shown(qtbot, page, page.columns)
    page.columns.chosen["大哥大"] = "household.phone"
    page._columns_said()
    store_it(qtbot, page)
    assert page.desk.store.all(Household)[0].phone == "13812345678"
    read(qtbot, page, path)
    shown(qtbot, page, page.preview)


def test_a_likeness_is_taken_only_when_confirmed(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    headings = [heading if heading != "姓名" else "成员名" for heading in HEADINGS]
    read(qtbot, page, names_list(tmp_path, headings=headings))
    shown(qtbot, page, page.columns)
    page.columns.answered.emit()
    assert "先定下来" in page.columns.note.text()
    qtbot.waitUntil(lambda: bool(page.columns.listing.current()), timeout=_WAIT)
    page.columns.agree.click()
    page.columns.answered.emit()
    shown(qtbot, page, page.preview)
    assert page.plan
    assert page.plan.people == {"new": 2}


def test_a_list_that_says_no_kind_of_household_asks_for_it(
    qtbot: QtBot, page: ImportPage, tmp_path: Path
) -> None:
    read(qtbot, page, names_list(tmp_path, *[row[:6] for row in home()], headings=HEADINGS[:6]))
    shown(qtbot, page, page.columns)
    page.columns.base_type.show_value("", "03")
    page._columns_said()
    store_it(qtbot, page)
    assert page.desk.store.all(Household)[0].base_type == "03"


@pytest.mark.parametrize("choice", [OTHER, "+"])
def test_an_unknown_village_is_chosen_or_made(
    qtbot: QtBot, page: ImportPage, tmp_path: Path, choice: str
) -> None:
    read(qtbot, page, names_list(tmp_path, *home(village="国新村")))
    shown(qtbot, page, page.places)
    page.places.answer(0, choice)
    page._places_said()
    store_it(qtbot, page)
    made = page.desk.store.count(Division, "name = '国新村' AND NOT verified")
    assert made == (1 if choice == "+" else 0)


def test_a_wrong_cell_is_put_right_in_place(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    rows = home("23020001", ("张三", HEAD, "户主"), ("李四", "123", "配偶"))
    read(qtbot, page, names_list(tmp_path, *rows))
    shown(qtbot, page, page.preview)
    page.preview.next_error()
    qtbot.waitUntil(lambda: "***" in page.preview.fix.placeholderText(), timeout=_WAIT)
    assert page.preview.fix.text() == "", "a number of somebody is written anew, not looked at"
    page.preview.fix.setText(WIFE)
    again(qtbot, page, lambda: QTest.keyClick(page.preview.fix, Qt.Key.Key_Return))
    assert page.plan
    assert (page.plan.rows, page.plan.refused) == ({"new": 2}, [])


def test_rows_may_be_left_out_and_put_back(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    read(qtbot, page, names_list(tmp_path))
    shown(qtbot, page, page.preview)
    again(qtbot, page, lambda: page.preview.rows_left.emit(frozenset({("Sheet1", 3)})))
    assert page.plan
    assert page.plan.rows == {"new": 1}
    again(qtbot, page, page.preview.put_back.click)
    assert page.plan.rows == {"new": 2}


def test_changes_are_shown_and_may_be_left(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    read(qtbot, page, names_list(tmp_path))
    store_it(qtbot, page)
    read(qtbot, page, names_list(tmp_path, *home("23020001", ("张三", HEAD, "户主"), ("李四", WIFE, "其他"))))
    shown(qtbot, page, page.preview)
    assert page.preview.current_tab() == "changed"
    again(qtbot, page, lambda: page.preview.fields_left.emit(frozenset({"person.relation"})))
    assert page.plan
    assert not any(update.values.get("relation") for update in page.plan.updates)
    again(qtbot, page, page.preview.new_only.click)
    assert page.plan.empty


def test_numbers_that_would_change_stand_covered_beside_each_other(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    read(qtbot, page, names_list(tmp_path))
    store_it(qtbot, page)
    other = [[*row[:-1], "13900004567"] for row in home()]
    read(qtbot, page, names_list(tmp_path, *other))
    shown(qtbot, page, page.preview)
    assert page.plan
    assert {(each.before, each.after) for each in page.plan.differences} == {("138****5678", "139****4567")}


def test_the_marked_list_is_given_back(
    qtbot: QtBot, page: ImportPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = home("23020001", ("张三", HEAD, "户主"), ("李四", "123", "配偶"))
    read(qtbot, page, names_list(tmp_path, *rows))
    shown(qtbot, page, page.preview)
    out = saving_to(monkeypatch, tmp_path / "错误.xlsx")
    page.preview.errors.click()
    qtbot.waitUntil(out.exists, timeout=_WAIT)
    sheet = openpyxl.load_workbook(out).active
    assert sheet
    assert sheet.cell(3, 9).value == "未导入"


def test_a_ledger_goes_out_masked_unless_told(
    qtbot: QtBot, page: ImportPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(qtbot, page, names_list(tmp_path))
    store_it(qtbot, page)
    export_tool(page.desk.go)(Person, ())
    qtbot.waitUntil(lambda: page.out.ledger.currentData() == "person", timeout=_WAIT)
    out = saving_to(monkeypatch, tmp_path / "人.xlsx")
    page.out.wanted.emit()
    qtbot.waitUntil(out.exists, timeout=_WAIT)
    cells = {cell for row in open_workbook(out).sheets[0].rows for cell in row}
    assert HEAD not in cells
    assert "李四" in cells


def test_a_file_that_is_no_table_says_so(qtbot: QtBot, page: ImportPage) -> None:
    page.read(OFFICE / "照片.xlsx")
    qtbot.waitUntil(lambda: any("不是表格" in words for words in banners(page)), timeout=_WAIT)
    assert page.stack.currentWidget() is page.start


def test_everything_is_reached_by_tab(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    read(qtbot, page, names_list(tmp_path))
    shown(qtbot, page, page.preview)
    widgets = [page.preview.store, page.preview.errors, page.preview.new_only, page.preview.tabs["new"].chip]
    assert all(widget.focusPolicy() & Qt.FocusPolicy.TabFocus for widget in widgets)
    assert all(widget.accessibleName() or widget.text() for widget in widgets)


def banners(page: ImportPage) -> list[str]:
    layout = page.desk.notices.banners
    items = (layout.itemAt(at) for at in range(layout.count()))
    return [widget.accessibleName() for item in items if item and (widget := item.widget())]


def saving_to(monkeypatch: pytest.MonkeyPatch, path: Path) -> Path:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    return path


def locked(source: Path, target: Path, password: str) -> Path:
    with source.open("rb") as plain, target.open("wb") as sealed:
        msoffcrypto.OfficeFile(plain).encrypt(password, sealed)  # type: ignore[attr-defined]
    return target


def drop(page: ImportPage, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(9, 9), copy, mime, left, none))


class Gaps:
    """The longest time in which the window's thread did not come round; a 10 ms clock measures it."""

    def __enter__(self) -> Self:
        gc.collect()
        gc.freeze()  # what thousands of tests before left behind is not what the window waits for
        self.longest, self._last = 0.0, time.perf_counter()
        self._timer = QTimer(interval=10)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()
        gc.unfreeze()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now
