"""A form on a stored row: what is private is written anew as a whole, never seen, never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.masks import FILLED
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.ui.covering import HINT, CoverLine
from nehe_desktop.ui.editors import Links
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.tasks import Tasks

OLD, NEW, CTRL = "13800002203", "13900004567", Qt.KeyboardModifier.ControlModifier
ILL = {"health": ("02", "04"), "chronic_type": "糖尿病", "disab_cat": "4", "disab_grade": "1"}
Made = Callable[..., Form]


@pytest.fixture
def form_of(qtbot: QtBot, tasks: Tasks) -> Made:
    """A form that is on the screen and has the keyboard."""

    def make(draft: Draft, *only: str) -> Form:
        form = Form(draft, Links(tasks), only=only)
        qtbot.addWidget(form)
        form.resize(1000, 600)
        form.show()
        form.activateWindow()
        qtbot.waitUntil(form.isActiveWindow)
        return form

    return make


@pytest.fixture
def home(form_of: Made) -> Form:
    """The form of a stored household, on its telephone."""
    stored = Household(village="v1", base_type="03", phone=OLD, bank_no="6228480000001234", hamlet="二屯")
    form = form_of(Draft(Household, stored), "hamlet", "phone", "bank_no")
    form.focus_field("phone")
    return form


@pytest.fixture
def ill(form_of: Made) -> Form:
    """The form of a stored person who is ill, on the name."""
    stored = Person(name="张桂兰", relation="01", **ILL)  # type: ignore[arg-type]
    form = form_of(Draft(Person, stored), "name", "health", "chronic_type", "disab_cat", "disab_grade", "doctor")
    form.focus_field("name")
    return form


def front(form: Form, name: str = "") -> QWidget:
    """What stands in a field, or in the one that has the keyboard."""
    return form.boxes[name or form.current()].front


def words(form: Form, name: str) -> str:
    """What can be read in a field."""
    return str(front(form, name).property("text"))


def test_a_stored_number_stands_covered_and_says_what_may_be_done(home: Form) -> None:
    assert isinstance(front(home), CoverLine)
    assert (words(home, "phone"), words(home, "bank_no")) == ("138****2203", "************1234")
    assert home.boxes["phone"].message == HINT
    assert home.boxes["phone"].editor.property("text") == ""


def test_typing_replaces_the_whole_number_which_is_seen_until_it_is_saved(home: Form, qtbot: QtBot) -> None:
    qtbot.keyClick(home.focusWidget(), Qt.Key.Key_1)
    qtbot.keyClicks(home.focusWidget(), NEW[1:])
    home.focus_field("hamlet")
    assert (home.draft.value("phone"), words(home, "phone")) == (NEW, NEW)
    home.show_draft(Draft(Household, home.draft.finished()))
    assert words(home, "phone") == "139****4567"


def test_what_is_wrong_with_a_new_number_is_said_beside_it(home: Form, qtbot: QtBot) -> None:
    qtbot.keyClicks(home.focusWidget(), "1")
    qtbot.keyClicks(home.focusWidget(), "39")
    home.focus_field("hamlet")
    assert home.boxes["phone"].message == "手机号要 11 位，现在 3 位"
    assert words(home, "phone") == "139"


def test_a_pasted_number_replaces_the_old_one(home: Form, qtbot: QtBot) -> None:
    QApplication.clipboard().setText(NEW)
    qtbot.keyClick(home.focusWidget(), Qt.Key.Key_V, CTRL)
    assert home.draft.value("phone") == NEW


def test_a_pasted_cover_is_refused(home: Form, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("************1234")
    home.focus_field("bank_no")
    qtbot.keyClick(home.focusWidget(), Qt.Key.Key_V, CTRL)
    assert {p.field for p in home.draft.errors()} == {"bank_no"}
    assert home.draft.value("bank_no") == "6228480000001234"


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_empties_and_undo_covers_again(home: Form, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(home.focusWidget(), key)
    assert home.draft.value("phone") is None
    qtbot.keyClick(home.focusWidget(), Qt.Key.Key_Z, CTRL)
    assert (home.draft.value("phone"), words(home, "phone")) == (OLD, "138****2203")
    qtbot.keyClick(home.focusWidget(), Qt.Key.Key_Y, CTRL)
    assert home.draft.value("phone") is None


def test_enter_and_tab_walk_through_covered_fields_and_change_nothing(home: Form, qtbot: QtBot) -> None:
    home.focus_field("hamlet")
    for key, name in ((Qt.Key.Key_Return, "phone"), (Qt.Key.Key_Return, "bank_no"), (Qt.Key.Key_Backtab, "phone")):
        qtbot.keyClick(home.focusWidget(), key)
        assert home.current() == name
        assert isinstance(front(home), CoverLine)
    qtbot.keyClick(home.focusWidget(), Qt.Key.Key_Tab)
    assert (home.current(), home.draft.dirty) == ("bank_no", False)


def test_uncovered_values_are_covered_again_but_for_what_was_typed(home: Form, qtbot: QtBot) -> None:
    home.uncover(whole=True)
    assert (words(home, "phone"), words(home, "bank_no")) == (OLD, "6228480000001234")
    qtbot.keyClick(home.focusWidget(), Qt.Key.Key_Backspace)
    home.uncover(whole=False)
    assert (words(home, "phone"), words(home, "bank_no")) == (OLD[:-1], "************1234")
    assert home.current() == "phone"


def test_a_kept_draft_comes_back_with_what_was_typed_and_covers_the_rest(home: Form, form_of: Made) -> None:
    home.take("phone", NEW)
    again = Draft(Household, home.draft.record)
    again.from_json(home.draft.to_json())
    form = form_of(again, "hamlet", "phone", "bank_no")
    assert (words(form, "phone"), words(form, "bank_no")) == (NEW, "************1234")
    assert again.finished().bank_no == "6228480000001234"


def test_what_came_from_elsewhere_meanwhile_is_covered(home: Form) -> None:
    home.take("hamlet", "三屯")
    record = home.draft.record
    assert record is not None
    home.draft.rebase(Household(id=record.id, village="v1", base_type="03", phone=NEW, hamlet="二屯"))
    home.refresh()
    assert (words(home, "phone"), words(home, "hamlet")) == ("139****4567", "三屯")


def test_of_an_illness_only_that_something_is_filled_can_be_seen(ill: Form) -> None:
    assert ill.shown() == ["name", "health", "chronic_type", "doctor"], "that somebody is disabled is told by no field"
    assert (words(ill, "health"), words(ill, "chronic_type")) == (FILLED, FILLED)
    assert "残疾" not in " ".join(p.sentence for p in ill.problems())
    ill.uncover(whole=True)
    assert {"disab_cat", "disab_grade"} <= set(ill.shown())


def test_a_hidden_disability_is_kept_when_the_rest_is_changed(ill: Form) -> None:
    ill.take("doctor", "李大夫")
    kept = ill.draft.finished()
    assert {name: getattr(kept, name) for name in ILL} == ILL


def test_boxes_that_were_opened_and_left_stand_covered_again(ill: Form, qtbot: QtBot) -> None:
    ill.focus_field("health")
    qtbot.keyClick(ill.focusWidget(), Qt.Key.Key_A)
    assert not isinstance(front(ill, "health"), CoverLine)
    ill.focus_field("name")
    assert isinstance(front(ill, "health"), CoverLine)
    assert ill.draft.value("health") == ILL["health"]


def test_a_list_that_was_opened_and_left_empties_nothing(form_of: Made, qtbot: QtBot) -> None:
    stored = Person(name="张桂兰", relation="01", disab_cat="4")
    form = form_of(Draft(Person, stored), "name", "disab_cat")
    form.draft.record = None  # the field applies to who is disabled only; here it is shown
    form.draft.fields = {n: replace(f, when=None) for n, f in form.draft.fields.items()}
    form.refresh()
    for leave in (lambda: form.focus_field("name"), lambda: form.uncover(whole=False)):
        form.focus_field("disab_cat")
        qtbot.keyClick(form.focusWidget(), Qt.Key.Key_A)
        assert not isinstance(front(form, "disab_cat"), CoverLine)
        leave()
        form.focus_field("name")
        assert (form.draft.value("disab_cat"), words(form, "disab_cat")) == ("4", FILLED)
    form.uncover(whole=True)
    form.focus_field("disab_cat")
    form.uncover(whole=False)
    assert (form.draft.value("disab_cat"), words(form, "disab_cat")) == ("4", FILLED)


def test_a_composed_word_begins_an_illness_anew(ill: Form) -> None:
    ill.focus_field("chronic_type")
    cover = front(ill)
    QApplication.sendEvent(cover, QInputMethodEvent("gao xue ya", []))
    assert ill.draft.value("chronic_type") == "糖尿病"
    committed = QInputMethodEvent("", [])
    committed.setCommitString("高血压")
    QApplication.sendEvent(cover, committed)
    assert (ill.draft.value("chronic_type"), words(ill, "chronic_type")) == ("高血压", "高血压")
