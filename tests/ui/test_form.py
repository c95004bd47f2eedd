"""The generated form: it flows without holes, walks by Enter, says what is wrong, keeps and undoes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QCompleter, QLineEdit
from pytestqt.qtbot import QtBot

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.record import LEDGERS, Ledger
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.ui.editors import ComboEditor, DayEditor, Links, whole_day
from nehe_desktop.ui.flow import placed
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.form_panel import MissingPanel
from nehe_desktop.ui.layouts import column, scrolled
from nehe_desktop.ui.segmented import Segmented
from nehe_desktop.ui.tasks import Tasks
from tests.samples import sample_value

MakeForm = Callable[..., Form]


@pytest.fixture
def form_of(qtbot: QtBot, tasks: Tasks) -> MakeForm:
    """A form that is on the screen and has the keyboard."""

    def make(draft: Draft, **more: object) -> Form:
        form = Form(draft, Links(tasks), **more)  # type: ignore[arg-type]
        qtbot.addWidget(form)
        form.resize(1100, 700)
        form.show()
        form.activateWindow()
        qtbot.waitUntil(form.isActiveWindow)
        return form

    return make


@pytest.fixture
def household(form_of: MakeForm) -> Form:
    return form_of(Draft(Household), only=("hamlet", "group_no", "base_type", "poor_attr", "phone"))


@given(some.lists(some.integers(1, 12), min_size=1, max_size=30))
def test_fields_never_overlap_and_never_leave_the_grid(spans: list[int]) -> None:
    plan = placed([(str(at), span) for at, span in enumerate(spans)])
    taken = [(p.row, column) for p in plan for column in range(p.column, p.column + p.span)]
    assert len(taken) == len(set(taken))
    assert all(column < 12 for _, column in taken)
    assert [p.name for p in plan] == [str(at) for at in range(len(spans))]


def test_a_row_with_room_left_is_filled() -> None:
    assert [(p.column, p.span) for p in placed([("a", 4), ("b", 4), ("c", 6), ("d", 6)])][:2] == [(0, 6), (6, 6)]


@pytest.mark.parametrize("ledger", LEDGERS.values(), ids=LEDGERS)
def test_every_ledger_has_an_editor_for_each_field_that_shows_its_value(ledger: Ledger, form_of: MakeForm) -> None:
    values = {name: sample_value(field) for name, field in ledger.fields.items() if field.kind.editor != "ref"}
    form = form_of(Draft(ledger.cls, **values))
    assert set(form.boxes) == set(ledger.fields)
    assert all(box.editor.accessibleName() for box in form.boxes.values())


def test_enter_goes_to_the_next_field_and_shift_enter_back(household: Form, qtbot: QtBot) -> None:
    household.focus_field("hamlet")
    qtbot.keyClick(household.focusWidget(), Qt.Key.Key_Return)
    assert household.current() == "group_no"
    qtbot.keyClick(household.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert household.current() == "hamlet"


def test_enter_while_a_word_is_composed_stays_in_the_field(household: Form, qtbot: QtBot) -> None:
    household.focus_field("hamlet")
    editor = household.boxes["hamlet"].editor
    QApplication.sendEvent(editor, QInputMethodEvent("er tun", []))
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert household.current() == "hamlet"
    assert household.draft.value("hamlet") in (None, "")


def test_a_composed_word_is_taken_when_it_is_committed(household: Form) -> None:
    editor = household.boxes["hamlet"].editor
    QApplication.sendEvent(editor, QInputMethodEvent("er tun", []))
    committed = QInputMethodEvent("", [])
    committed.setCommitString("二屯")
    QApplication.sendEvent(editor, committed)
    assert household.draft.value("hamlet") == "二屯"


def test_a_digit_chooses_an_answer_and_shows_the_fields_it_needs(household: Form, qtbot: QtBot) -> None:
    assert household.boxes["poor_attr"].isHidden()
    household.focus_field("base_type")
    qtbot.keyClick(household.focusWidget(), Qt.Key.Key_1)
    assert household.draft.value("base_type") == "01"
    assert not household.boxes["poor_attr"].isHidden()


def test_what_is_wrong_is_said_beside_the_field_once_it_is_left(household: Form, qtbot: QtBot) -> None:
    household.focus_field("phone")
    qtbot.keyClicks(household.focusWidget(), "1380000220")
    assert "11 位" not in household.boxes["phone"].message
    household.focus_field("hamlet")
    assert household.boxes["phone"].message == "手机号要 11 位，现在 10 位"
    assert household.draft.text("phone") == "1380000220"


def test_a_field_that_was_only_passed_is_not_blamed(household: Form) -> None:
    household.focus_field("base_type")
    household.focus_field("hamlet")
    assert household.boxes["base_type"].message == ""


def test_f8_walks_the_errors_round(household: Form) -> None:
    household.take("phone", "12")
    assert household.show_errors()
    assert household.current() == "phone"
    household.next_error()
    assert household.current() == "base_type"
    household.next_error()
    assert household.current() == "phone"


def test_undo_takes_one_fields_edits_back_as_one(household: Form, qtbot: QtBot) -> None:
    household.focus_field("hamlet")
    qtbot.keyClicks(household.focusWidget(), "abc")
    qtbot.keyClick(household.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert household.draft.text("hamlet") == ""
    assert household.boxes["hamlet"].editor.property("text") == ""
    qtbot.keyClick(household.focusWidget(), Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert household.draft.text("hamlet") == "abc"


def test_the_draft_is_offered_once_after_the_last_key(household: Form, qtbot: QtBot) -> None:
    with qtbot.waitSignal(household.autosave, timeout=3000) as kept:
        for text in ("二", "二屯"):
            household.take("hamlet", text)
    assert kept.args
    assert kept.args[0]["values"]["hamlet"] == "二屯"


def test_missing_says_how_many_and_leads_there(household: Form, qtbot: QtBot) -> None:
    panel = MissingPanel(household)
    qtbot.addWidget(panel)
    household.take("phone", "12")
    wrong = len(household.draft.errors())
    assert panel.heading == f"还差 {wrong} 项才能提交"


def test_an_id_number_tells_sex_and_birth_while_it_is_typed(form_of: MakeForm) -> None:
    form = form_of(Draft(LEDGERS["person"].cls, relation="01"), only=("id_no",))
    form.take("id_no", "11010519491231002X")
    assert form.boxes["id_no"].message == "女，1949 年 12 月 31 日生"


@pytest.mark.parametrize("width", [500, 760, 1100])
def test_a_form_is_never_wider_than_its_room(tasks: Tasks, qtbot: QtBot, width: int) -> None:
    form = Form(Draft(Household), Links(tasks))
    room = scrolled(column(form))
    qtbot.addWidget(room)
    room.resize(1100, 700)
    room.show()
    room.resize(width, 700)
    qtbot.wait(20)
    shown = [box for box in form.boxes.values() if box.isVisible()]
    assert shown
    assert all(box.mapTo(form, box.rect().topRight()).x() <= width for box in shown)


@pytest.mark.parametrize(
    ("typed", "day"),
    [("8.10", "2020-08-10"), ("8月10日", "2020-08-10"), ("0810", "2020-08-10"), ("昨天", "2020-10-19"), ("13.40", "13.40")],
)
def test_a_day_may_be_written_short(typed: str, day: str) -> None:
    assert whole_day(typed, date(2020, 10, 20)) == day


def test_leaving_a_day_writes_it_out(qtbot: QtBot) -> None:
    editor, said = DayEditor(lambda: date(2020, 10, 20)), []
    qtbot.addWidget(editor)
    editor.edited.connect(said.append)
    editor.setText("前天")
    editor.clearFocus()
    editor.focusOutEvent(QFocusEvent(QFocusEvent.Type.FocusOut))
    assert said == ["2020-10-18"]


def test_a_combo_finds_an_option_by_any_part_of_it(qtbot: QtBot) -> None:
    combo, said = ComboEditor([("01", "因病"), ("11", "自身发展动力不足")]), []
    qtbot.addWidget(combo)
    combo.edited.connect(said.append)
    completer = cast("QCompleter", combo.completer())
    completer.setCompletionPrefix("动力")
    assert completer.currentCompletion() == "自身发展动力不足"
    combo.setEditText("自身发展动力不足")
    cast("QLineEdit", combo.lineEdit()).editingFinished.emit()
    assert said[-1] == "11"


def test_a_segment_can_be_cleared(qtbot: QtBot) -> None:
    segments = Segmented(("正常", "有问题"), "正常", clearable=True)
    qtbot.addWidget(segments)
    with qtbot.waitSignal(segments.chosen) as said:
        qtbot.keyClick(segments, Qt.Key.Key_Backspace)
    assert said.args == [""]
    assert segments.value() is None
