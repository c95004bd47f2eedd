"""A problem that no visit found, such as what a family puts right on its own sheet."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Store
from nehe_desktop.features.visits.ledger import ProblemTicket
from nehe_desktop.features.visits.page_problems import ProblemsPage
from nehe_desktop.features.visits.page_raising import Raising
from nehe_desktop.ui.window import Window


def raising_in(window: Window, qtbot: QtBot) -> tuple[ProblemsPage, Raising]:
    window.go("problems")
    page = window.page
    assert isinstance(page, ProblemsPage)
    page.add()
    qtbot.waitUntil(lambda: bool(page.findChildren(Raising)))
    return page, page.findChildren(Raising)[0]


def test_what_a_family_puts_right_becomes_a_problem_with_a_day(window: Window, village: Store, qtbot: QtBot) -> None:
    page, raising = raising_in(window, qtbot)
    raising.save()
    assert village.count(ProblemTicket) == 1
    raising.form.take("household", "b")
    raising.form.take("description", "电话错一位")
    raising.save()
    qtbot.waitUntil(lambda: page._shown is not None and page._shown.description == "电话错一位")
    made = next(each for each in village.all(ProblemTicket) if each.household == "b")
    assert (made.source, made.village, made.state) == ("本人核对", "village", "登记")
    assert (str(made.due), made.number[:9]) == ("2020-10-27", "20201020-")


def test_giving_it_up_stores_nothing_and_shows_the_old_one(window: Window, village: Store, qtbot: QtBot) -> None:
    window.go("problems")
    page = window.page
    assert isinstance(page, ProblemsPage)
    qtbot.waitUntil(lambda: page._shown is not None)
    _, raising = raising_in(window, qtbot)
    raising.ended.emit("")
    qtbot.waitUntil(lambda: page._shown is not None and page._shown.id == "t")
    assert village.count(ProblemTicket) == 1


def test_what_comes_from_elsewhere_takes_no_half_written_problem_away(window: Window, village: Store, qtbot: QtBot) -> None:
    page, raising = raising_in(window, qtbot)
    raising.form.take("description", "写了一半")
    page.changed(frozenset({"problem"}))
    page.listing.chosen.emit("t")
    qtbot.wait(50)
    assert page.findChildren(Raising) == [raising]
    assert raising.form.draft.text("description") == "写了一半"
    assert village.count(ProblemTicket) == 1
