"""Visits on the screen: by the keyboard alone, with drafts, doubts, corrections, and without loss."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from nehe_desktop.core.clock import fixed
from nehe_desktop.core.masks import FILLED
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.visits.ledger import GUARANTEES, ProblemTicket, Visit
from nehe_desktop.features.visits.page import VisitPage
from nehe_desktop.features.visits.queries import last_visit
from nehe_desktop.ui import theme
from nehe_desktop.ui.window import Window
from tests.conftest import KEY, NOW
from tests.visits.conftest import NOTE, OpenVisit

CTRL, SHIFT, ALT = (getattr(Qt.KeyboardModifier, f"{name}Modifier") for name in ("Control", "Shift", "Alt"))


def focused() -> QWidget:
    """What has the keyboard in the window."""
    window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, Window) and each.isVisible())
    return window.focusWidget() or window


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(focused(), key, modifier)


def type_text(qtbot: QtBot, text: str) -> None:
    """Writes into what has the keyboard, as an input method commits it."""
    focus = focused()
    if text.isascii():
        qtbot.keyClicks(focus, text)
    elif isinstance(focus, QLineEdit):
        focus.insert(text)
        focus.textEdited.emit(focus.text())
    else:
        focus.insertPlainText(text)  # type: ignore[union-attr]


def test_a_whole_visit_is_entered_by_the_keyboard(window: Window, qtbot: QtBot, village: Store) -> None:
    window.activateWindow()
    press_on_window(qtbot, window, Qt.Key.Key_F2)
    page = window.page
    assert isinstance(page, VisitPage)
    qtbot.waitUntil(lambda: page.due.listing.current() == "b")
    qtbot.keyClick(page.due.listing.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.view is not None and page.view.isVisible())
    form = page.view.form
    qtbot.waitUntil(lambda: form.current() == "day")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Return)
    type_text(qtbot, "赵永贵")
    press(qtbot, Qt.Key.Key_Return, SHIFT)
    assert form.current() == "visitors"
    qtbot.keyClick(window, Qt.Key.Key_A, ALT)
    form.focus_field("food")
    press(qtbot, Qt.Key.Key_2)
    press(qtbot, Qt.Key.Key_Return)
    type_text(qtbot, "冬天粮食少")
    form.focus_field("income_per_head")
    type_text(qtbot, "9800")
    form.focus_field("note")
    type_text(qtbot, NOTE)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: village.count(Visit, "household = 'b'") == 2)
    stored = last_visit(village, "b")
    assert stored is not None
    assert (stored.food, stored.food_note, stored.water, stored.income_per_head, stored.met_person) == (
        "有问题", "冬天粮食少", "正常", Decimal(9800), "赵永贵")  # fmt: skip
    qtbot.waitUntil(lambda: page.view.entry.case.household.id == "a")
    assert window.notices.toasted == "已保存 赵永贵 户的走访"


def press_on_window(qtbot: QtBot, window: Window, key: Qt.Key) -> None:
    window.activateWindow()
    qtbot.wait(20)
    qtbot.keyClick(window, key)


def test_enter_does_not_go_on_while_a_word_is_composed(visit_to: OpenVisit, qtbot: QtBot) -> None:
    form = visit_to("a").view.form
    form.focus_field("visitors")
    form.boxes["visitors"].editor.composing = True
    press(qtbot, Qt.Key.Key_Return)
    assert form.current() == "visitors"


def test_what_is_doubtful_is_confirmed_with_one_key_and_kept_as_such(
    visit_to: OpenVisit, qtbot: QtBot, village: Store
) -> None:
    view = visit_to("a").view
    view.form.take("income_per_head", "540")
    view.form.take("note", NOTE)
    view.save()
    assert village.count(Visit, "household = 'a'") == 1
    with qtbot.waitSignal(view.stored) as said:
        view.save()
    assert "核对无误：只有上次 9,600 元的 6%" in village.history(Visit, said.args[0].id)[0].reason


def test_an_error_keeps_the_visit_and_what_was_typed(visit_to: OpenVisit, village: Store) -> None:
    view = visit_to("a").view
    view.form.take("water", "有问题")
    view.form.take("minutes", "三十")
    view.save()
    assert view.missing.heading == "还差 2 项才能提交"
    assert view.form.draft.text("minutes") == "三十"
    assert village.count(Visit, "household = 'a'") == 1


def test_all_well_leaves_a_trouble_alone(visit_to: OpenVisit) -> None:
    view = visit_to("a").view
    view.form.take("medical", "有问题")
    view.form.all_well.click()
    assert [view.entry.draft.value(name) for name in GUARANTEES] == ["正常", "正常", "正常", "有问题", "正常"]
    assert view.form.boxes["medical_note"].isVisible()
    assert not view.form.boxes["water_note"].isVisible()


def test_the_last_visit_comes_with_one_key_and_takes_nothing_away(visit_to: OpenVisit) -> None:
    view = visit_to("a").view
    view.form.take("met_person", "儿媳")
    view.bring_last()
    assert (view.form.draft.text("met_person"), view.form.draft.value("food")) == ("儿媳", "正常")
    assert view.form.draft.value("day") == date(2020, 10, 20)


def test_what_the_last_visit_said_of_an_illness_comes_covered_and_is_stored_whole(
    visit_to: OpenVisit, village: Store
) -> None:
    last = village.find(Visit, "va")
    assert last is not None
    village.write([Put(replace(last, medical="有问题", medical_note="尿毒症，药费高"))], "更正")
    view = visit_to("a").view
    view.bring_last()
    box = view.form.boxes["medical_note"]
    assert (box.front is box.cover, box.front.property("text")) == (True, FILLED)
    view.ticket.open()
    assert "尿毒症" not in view.entry.ticket.value("description")
    assert view.form.draft.finished().medical_note == "尿毒症，药费高"


def test_a_draft_comes_back_when_the_household_is_opened_again(
    visit_to: OpenVisit, qtbot: QtBot, village: Store
) -> None:
    visit_to("a").view.form.take("findings", "门前路不好走")
    qtbot.waitUntil(lambda: village.draft("visit:a") is not None, timeout=3000)
    visit_to("b")
    assert visit_to("a").view.form.draft.text("findings") == "门前路不好走"


def test_undo_of_a_stored_visit_gives_the_draft_back(visit_to: OpenVisit, qtbot: QtBot, village: Store) -> None:
    page = visit_to("a")
    page.view.form.take("note", NOTE)
    page.view.form.all_well.click()
    with qtbot.waitSignal(page.view.stored):
        page.view.save()
    qtbot.waitUntil(lambda: bool(page.desk.notices.toasted))
    undo = page.desk.notices._toast.findChild(QPushButton)
    undo.click()
    qtbot.waitUntil(lambda: village.count(Visit, "household = 'a'") == 1)
    assert village.draft("visit:a") is not None


def test_a_problem_is_raised_and_an_old_one_ticked_in_the_same_step(
    visit_to: OpenVisit, qtbot: QtBot, village: Store
) -> None:
    view = visit_to("a").view
    view.form.take("note", NOTE)
    view.form.all_well.click()
    view.form.take("findings", "井水浑")
    view.ticket.open()
    view.ticket._form.take("category", "饮水")
    view.problems.ticked.emit("t", True)
    with qtbot.waitSignal(view.stored):
        view.save()
    assert {t.category: t.state for t in village.all(ProblemTicket)} == {"就医": "已解决待核", "饮水": "登记"}
    assert village.steps(1)[0].reason == "走访登记"


def test_photos_are_kept_small_and_can_be_taken_away(
    visit_to: OpenVisit, qtbot: QtBot, village: Store, tmp_path: Path
) -> None:
    path = tmp_path / "照片.png"
    Image.new("RGB", (2000, 1000)).save(path)
    view = visit_to("a").view
    view.form.boxes["photos"].editor.add([str(path)])
    qtbot.waitUntil(lambda: len(view.entry.draft.value("photos")) == 1)
    kept = village.blob(view.entry.draft.value("photos")[0])
    assert kept is not None
    assert Image.open(BytesIO(kept)).size == (1600, 800)
    view.form.boxes["photos"].editor._drop(view.entry.draft.value("photos")[0])
    assert view.entry.draft.value("photos") == ()


def test_a_correction_needs_a_reason_and_leaves_a_trail(visit_to: OpenVisit, qtbot: QtBot, village: Store) -> None:
    view = visit_to(visit="va").view
    view.form.all_well.click()
    view.save()
    assert last_visit(village, "a").water is None
    view._reason.edited.emit("漏选了保障")
    with qtbot.waitSignal(view.stored):
        view.save()
    assert village.history(Visit, "va")[-1].reason == "更正：漏选了保障"


def test_a_visit_entered_by_mistake_goes_with_its_reason(window: Window, qtbot: QtBot, village: Store) -> None:
    window.go("visits", household="a")
    page = window.page
    qtbot.waitUntil(lambda: page._shown is not None and page._shown.id == "va")
    page.ask_strike()
    page.strike()
    assert village.count(Visit, "id = 'va'") == 1
    page._why.setText("登错了户")
    page.strike()
    qtbot.waitUntil(lambda: village.count(Visit, "id = 'va'") == 0)
    assert village.history(Visit, "va")[-1].reason == "误录：登错了户"


def test_a_problem_goes_on_by_the_steps_that_are_possible(window: Window, qtbot: QtBot, village: Store) -> None:
    window.go("problems", problem="t")
    page = window.page
    qtbot.waitUntil(lambda: page._shown is not None)
    page.take_step("交办")
    page._finish("交办")
    assert village.find(ProblemTicket, "t").state == "登记"
    page.step.take("handler", "王海波")
    page._finish("交办")
    qtbot.waitUntil(lambda: village.find(ProblemTicket, "t").state == "交办")


@pytest.mark.parametrize("size", ["标准", "大", "特大"])
@pytest.mark.parametrize("room", [(1093, 550), (1366, 728)])
def test_the_form_fits_its_window(
    visit_to: OpenVisit, window: Window, qtbot: QtBot, qapp: QApplication, size: str, room: tuple[int, int]
) -> None:
    view = visit_to("a").view
    theme.apply(qapp, size)
    window.resize(*room)
    qtbot.wait(50)
    assert (window.width(), window.height()) == room
    save = view._save
    assert save.mapTo(window, save.rect().bottomRight()).x() <= room[0]
    assert save.width() >= save.minimumSizeHint().width()
    assert view.form.width() <= view.area.viewport().width()


@pytest.mark.usefixtures("village")
def test_a_killed_program_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "village.db"
    command = [sys.executable, "-m", "tests.visits.typing_visits", str(path)]
    root = Path(__file__).parents[2]
    typing = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
    assert typing.stdout is not None
    said = [typing.stdout.readline().strip() for _ in range(3)]
    typing.kill()
    typing.wait()
    time.sleep(0.1)
    again = Store.open(path, KEY, "李工", fixed(NOW))
    assert said == ["saved b", "saved c", "typed a"]
    assert (again.count(Visit, "household = 'b'"), again.count(Visit, "household = 'c'")) == (2, 2)
    assert again.draft("visit:a")["visit"]["values"]["note"] == "刚敲到一半的记实"  # type: ignore[index]
    again.close()
