"""The window: pages made when opened, keys, search, notices, and room for everything on a small screen."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.reference.ledger import Setting
from nehe_desktop.ui import theme
from nehe_desktop.ui.bars import Status
from nehe_desktop.ui.charts import Bar, Bars, HBars, scale_top
from nehe_desktop.ui.help import HELP, HelpView, topics
from nehe_desktop.ui.layouts import column
from nehe_desktop.ui.ledger_page import LedgerPage, ledger_spec
from nehe_desktop.ui.page import Desk, Page, PageSpec
from nehe_desktop.ui.palette import Found
from nehe_desktop.ui.widgets import label
from nehe_desktop.ui.window import Window

Open = Callable[..., Window]
STATUS = [
    Status("net", "离线工作中", "wifi-off"),
    Status("upload", "待上传 12 条", "upload", "orange", go="two"),
    Status("backup", "U 盘备份 昨天 18:30", "usb", "green"),
    Status("lock", "数据已加密", "lock", "green", least=False),
]


class Plain(Page):
    """A page that remembers what it was opened with."""

    made = 0

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        Plain.made += 1
        self.where: dict[str, object] = {}
        self.stays = False
        self.seen: frozenset[str] = frozenset()
        column(label("正文"), on=self)

    def opened(self, **where: object) -> None:
        self.where = where

    def may_leave(self) -> bool:
        return not self.stays

    def changed(self, tables: frozenset[str]) -> None:
        self.seen = tables


ONE, TWO = PageSpec("one", "首页", "house", Plain), PageSpec("two", "农户", "users", Plain, keys="F4")


@pytest.fixture
def window(window_of: Open) -> Window:
    made = window_of(ONE, TWO, find=lambda text: [Found("农户", f"{text}桂兰", "MX-001", go="two", where=(("id", "h1"),))])
    made.go("one")
    return made


def test_a_page_is_made_when_it_is_first_opened(window: Window) -> None:
    before = Plain.made
    window.go("two", id="h1")
    window.go("one")
    window.go("two", id="h2")
    assert Plain.made == before + 1
    assert isinstance(window.page, Plain)
    assert window.page.where == {"id": "h2"}


def test_a_page_that_may_not_be_left_keeps_its_place(window: Window) -> None:
    assert isinstance(window.page, Plain)
    window.page.stays = True
    window.go("two")
    assert window.page.key == "one"
    assert window.rail.items["one"].isChecked()
    window.page.stays = False


def test_digits_and_function_keys_change_pages(window: Window, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F4)
    assert window.page
    assert window.page.key == "two"
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.page
    assert window.page.key == "one"


def test_a_narrow_window_or_large_letters_make_the_rail_compact(window: Window, qapp: QApplication) -> None:
    window.resize(1366, 728)
    assert not window.rail.compact
    window.resize(1093, 550)
    assert window.rail.compact
    window.resize(1366, 728)
    theme.apply(qapp, "特大")
    assert window.rail.compact


@pytest.mark.parametrize("size", ["标准", "大", "特大"])
@pytest.mark.parametrize("width_height", [(1366, 728), (1093, 550)])
def test_the_window_fits_small_screens_at_every_text_size(
    window: Window, qapp: QApplication, qtbot: QtBot, size: str, width_height: tuple[int, int]
) -> None:
    window.show_user("李建国", "学田镇 · 明星村")
    window.show_status(STATUS, demo=True)
    theme.apply(qapp, size)
    window.resize(*width_height)
    qtbot.wait(20)
    assert (window.width(), window.height()) == width_height
    texts = [w for w in window.findChildren(QPushButton) if w.isVisible()]
    assert all(w.mapTo(window, w.rect().bottomRight()).x() <= window.width() for w in texts)


def test_changing_the_look_says_so_and_ends(window: Window, qtbot: QtBot) -> None:
    window.change_look("大", high_contrast=True)
    assert window.notices.toasted == "正在调整…"
    qtbot.waitUntil(lambda: theme.look().base == 18 and not window.notices.toasted)


def test_the_window_comes_up_without_the_heavy_libraries() -> None:
    heavy = "reportlab pypdfium2 pikepdf openpyxl xlsxwriter python_calamine pypinyin rapidfuzz httpx PIL"
    asks = f"import sys, nehe_desktop.ui.window; print(*(set({heavy.split()}) & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


def test_every_part_of_the_status_bar_is_a_button_to_its_screen(window: Window, qtbot: QtBot) -> None:
    window.show_status(STATUS, demo=False)
    part = window.status.part("upload")
    assert part is not None
    qtbot.mouseClick(part, Qt.MouseButton.LeftButton)
    assert window.page
    assert window.page.key == "two"


def test_sample_data_is_said_in_gold(window: Window) -> None:
    window.show_status([], demo=True)
    assert any(b.text() == "示例数据" and b.isVisible() for b in window.findChildren(QPushButton))


def test_the_sheet_finds_people_and_functions_and_opens_them(window: Window, qtbot: QtBot) -> None:
    sheet = window.palette_sheet
    sheet.open_with("农")
    qtbot.waitUntil(lambda: sheet.titles == ["农桂兰", "农户"])
    qtbot.keyClick(sheet.line, Qt.Key.Key_Return)
    assert isinstance(window.page, Plain)
    assert window.page.where == {"id": "h1"}
    sheet.open_with("")
    qtbot.waitUntil(lambda: "农桂兰" in sheet.titles)  # now among the recent ones


def test_the_sheet_never_searches_a_word_that_is_being_composed(window_of: Open, qtbot: QtBot) -> None:
    asked: list[str] = []
    window = window_of(ONE, find=lambda text: asked.append(text) or [])
    window.palette_sheet.open_with()
    QApplication.sendEvent(window.palette_sheet.line, QInputMethodEvent("song", []))
    qtbot.wait(80)
    assert asked == []
    done = QInputMethodEvent("", [])
    done.setCommitString("宋")
    QApplication.sendEvent(window.palette_sheet.line, done)
    qtbot.waitUntil(lambda: asked == ["宋"])


def test_the_shown_page_hears_of_changes(window: Window, store: Store, qtbot: QtBot) -> None:
    store.write([Put(Setting(name="poverty_line", year=2020, value="4000", source="国扶办"))], "测试")
    qtbot.waitUntil(lambda: isinstance(window.page, Plain) and "setting" in window.page.seen)


def test_a_save_offers_to_take_it_back(window: Window, store: Store, qtbot: QtBot) -> None:
    setting = Setting(name="poverty_line", year=2020, value="4000", source="国扶办")
    window.desk.save([Put(setting)], "改标准", "已保存标准")
    qtbot.waitUntil(lambda: window.notices.toasted == "已保存标准")
    undo = next(b for b in window.findChildren(QPushButton) if b.text() == "撤销" and b.isVisible())
    undo.click()
    qtbot.waitUntil(lambda: window.notices.toasted == "已撤销")
    assert store.find(Setting, setting.id) is None


def test_trouble_is_a_banner_with_advice_and_never_blocks(window: Window) -> None:
    window.notices.trouble(Trouble("磁盘满了", "请清理后再试"))
    assert any(w.text() == "磁盘满了。请清理后再试" for w in window.findChildren(QLabel))
    assert QApplication.activeModalWidget() is None


def test_a_slow_question_does_not_stop_the_window(window: Window, qtbot: QtBot) -> None:
    answers: list[str] = []
    began = time.monotonic()
    window.tasks.ask(lambda: time.sleep(0.4) or "完", answers.append)
    window.go("two")
    assert time.monotonic() - began < 0.3
    assert answers == []
    qtbot.waitUntil(lambda: answers == ["完"])


def test_every_page_of_help_is_short_and_has_a_title(qtbot: QtBot) -> None:
    assert {"home", "households", "visit", "attendance", "documents", "import", "settings", "ledger"} <= set(topics())
    assert all(topics().values())
    assert all(len(path.read_text(encoding="utf-8")) < 1200 for path in HELP.glob("*.md"))
    view = HelpView()
    qtbot.addWidget(view)
    view.show_topic("visit")
    assert "走访" in view.page.toPlainText()


@pytest.mark.parametrize(("largest", "top"), [(58, 60), (7, 8), (0, 1), (1, 1), (17110, 20000)])
def test_an_axis_ends_on_a_round_number_above_the_largest(largest: float, top: int) -> None:
    assert scale_top(largest)[0] == top


def test_a_chart_is_read_out_and_a_click_opens_its_query(qtbot: QtBot) -> None:
    chart = HBars("四级预警", "户", (Bar("一级·红", 1, tone="red", key="red"), Bar("四级·蓝", 3, tone="blue", key="blue")))
    qtbot.addWidget(chart)
    chart.resize(400, 80)
    assert chart.accessibleName() == "四级预警：一级·红 1 户，四级·蓝 3 户"
    with qtbot.waitSignal(chart.opened) as said:
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.rect().center() + chart.rect().bottomLeft() / 4)
    assert said.args == ["blue"]


def test_a_chart_without_values_is_drawn(qtbot: QtBot) -> None:
    chart = Bars("每月走访", "户")
    qtbot.addWidget(chart)
    assert not chart.grab().isNull()


def test_any_ledger_is_listed_entered_and_saved(window_of: Open, store: Store, qtbot: QtBot) -> None:
    store.write([Put(Setting(name="poverty_line", year=2020, value="4000", source="国扶办"))], "测试")
    window = window_of(ledger_spec(Setting))
    window.go("ledger:setting", new=True)
    page = window.page
    assert isinstance(page, LedgerPage)
    assert page.panel is not None
    qtbot.waitUntil(lambda: page.listing.count == 1)
    page.panel.save()
    assert page.stack.currentWidget() is page.panel  # nothing was filled in
    for name, raw in {"name": "monitor_line", "year": "2020", "value": "5000", "source": "市扶贫办"}.items():
        page.panel.form.take(name, raw)
    page.panel.save()
    qtbot.waitUntil(lambda: page.listing.count == 2)
    assert {s.value for s in store.all(Setting)} == {"4000", "5000"}


def test_what_was_found_or_marked_goes_out_and_nothing_else(window_of: Open, store: Store, qtbot: QtBot) -> None:
    names = ("poverty_line", "monitor_line", "insurance_line")
    store.write([Put(Setting(id=n, name=n, year=2020, value="1", source="市扶贫办")) for n in names], "测试")
    gone: list[tuple[str, ...]] = []
    window = window_of(ledger_spec(Setting), tools={"export": lambda _cls, ids: gone.append(ids)})
    window.go("ledger:setting")
    page = window.page
    assert isinstance(page, LedgerPage)
    qtbot.waitUntil(lambda: page.listing.count == 3)
    searched, marked_one = ("or_l", [], ("monitor_line",)), ("", ["insurance_line"], ("insurance_line",))
    for text, marked, found in (("", [], ()), searched, marked_one):
        page._search.setText(text)
        qtbot.waitUntil(lambda text=text: page.listing.count == (1 if text else 3))  # type: ignore[misc]
        page.listing.model.marked = {page.listing.model.ids[page.listing.model.position(each)] for each in marked}
        page._given["export"].click()
        qtbot.waitUntil(lambda found=found: gone[-1:] == [found])  # type: ignore[misc]


def test_a_form_that_was_left_comes_back(window_of: Open, store: Store, qtbot: QtBot) -> None:
    store.keep_draft("setting:new", {"id": "", "values": {"name": "insurance_line"}, "refused": {"year": "二〇"}}).result()
    window = window_of(ledger_spec(Setting))
    window.go("ledger:setting", new=True)
    page = window.page
    assert isinstance(page, LedgerPage)
    assert page.panel is not None
    form = page.panel.form
    qtbot.waitUntil(lambda: form.draft.text("name") == "insurance_line")
    assert form.draft.text("year") == "二〇"
