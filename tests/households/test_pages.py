"""农户台账 on the screen: choosing, searching, revealing, editing, drafts, steps of a family."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.custody.page_asking import AskingCard
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.households.page import HouseholdsPage
from nehe_desktop.security import vault
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop, Profile, Session
from nehe_desktop.security.rights import Actor, Rights
from nehe_desktop.ui.form_panel import FormPanel
from nehe_desktop.ui.page import Page, PageSpec
from nehe_desktop.ui.window import Window
from tests.households.conftest import WOMAN

PIN = "辽河 2020 春耕"


class Visits(Page):
    """Notes how it was opened."""

    where: dict[str, object]

    def opened(self, **where: object) -> None:
        self.where = where


@pytest.fixture
def here(tmp_path: Path, village: Store) -> Laptop:
    """The laptop of the village, which who is at the keyboard opens by a PIN."""
    made = Laptop(tmp_path / "laptop")
    made.vault.parent.mkdir(parents=True)
    vault.create(made.vault, village.author, PIN, cost=Cost(memory=8, passes=1, lanes=1))
    return made


@pytest.fixture
def window(window_of: Callable[..., Window], here: Laptop) -> Window:
    """The window with 农户 and a page that takes F2."""
    return window_of(
        PageSpec("households", "农户", "users", HouseholdsPage),
        PageSpec("visit", "走访", "footprints", Visits, keys="F2"),
        tools={"session": Session(here, Profile(), b"")},
    )


@pytest.fixture
def page(window: Window, qtbot: QtBot) -> HouseholdsPage:
    """农户, with the first household shown."""
    window.go("households", filter="all")
    found = window.page
    assert isinstance(found, HouseholdsPage)
    qtbot.waitUntil(lambda: found.detail.folder is not None)
    return found


def many(village: Store) -> list[str]:
    """More households than a page of the list holds, the last one first."""
    first = village.all(Household, "id = 'h1'")[0]
    new = [replace(first, id=f"m{n:03}", hh_no="", local_no="", head=None) for n in range(300)]
    village.write([Put(each) for each in new], "登记")
    return [each.id for each in reversed(new)]


@pytest.mark.parametrize("at", [0, 150, 299])
def test_a_household_that_somebody_comes_to_see_is_shown_wherever_it_stands_in_the_list(
    window: Window, qtbot: QtBot, village: Store, at: int
) -> None:
    wanted = many(village)[at]
    shown: list[str] = []
    window.go("households", id=wanted, filter="all")
    page = window.page
    assert isinstance(page, HouseholdsPage)
    page.list.listing.chosen.connect(shown.append)
    qtbot.waitUntil(lambda: page.list.listing.current() == wanted)
    qtbot.waitUntil(lambda: page.detail.folder is not None and page.detail.folder.household.id == wanted)
    assert set(shown) <= {wanted}


def test_a_household_that_is_not_listed_is_shown_all_the_same(
    window: Window, qtbot: QtBot, village: Store
) -> None:
    wanted = many(village)[0]
    window.go("households", id=wanted, filter="all", among=["h1", "h2"])
    page = window.page
    assert isinstance(page, HouseholdsPage)
    qtbot.waitUntil(lambda: page.list.listing.count == 2)
    qtbot.waitUntil(lambda: page.detail.folder is not None and page.detail.folder.household.id == wanted)
    assert page.list.listing.current() == ""


def words(page: HouseholdsPage) -> str:
    return " ".join(label.text() for label in page.detail.findChildren(QLabel) if label.isVisible())


def form(page: HouseholdsPage) -> FormPanel:
    assert isinstance(page.editor.panel, FormPanel)
    return page.editor.panel


def editing(page: HouseholdsPage, qtbot: QtBot, household: str, person: str = "") -> FormPanel:
    page.edit(household, person)
    qtbot.waitUntil(lambda: isinstance(page.editor.panel, FormPanel))
    return form(page)


def test_the_first_household_is_shown_with_its_trouble(page: HouseholdsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "医疗：已填" in words(page))
    assert "宋桂兰 户" in words(page)
    assert "药费没报销" not in words(page)


def test_f2_visits_the_household_that_is_shown(page: HouseholdsPage, window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(page.list.listing.table, Qt.Key.Key_F2)
    shown = window.page
    assert isinstance(shown, Visits)
    assert shown.where == {"household": "h1"}


def test_typing_in_the_search_box_narrows_the_list(page: HouseholdsPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.list.box, "zyg")
    qtbot.waitUntil(lambda: page.list.listing.count == 1)
    qtbot.waitUntil(lambda: page.detail.folder is not None and page.detail.folder.title == "赵永贵 户")


def test_who_is_not_found_is_offered_by_likeness(page: HouseholdsPage, qtbot: QtBot) -> None:
    page.list.box.setText("宋贵兰")
    qtbot.waitUntil(lambda: any("您是不是要找" in each.text() for each in page.list.findChildren(QLabel)))


def test_numbers_are_covered_until_they_are_asked_for(page: HouseholdsPage, qtbot: QtBot) -> None:
    assert WOMAN not in words(page)
    card = asking(page)
    assert WOMAN not in words(page)
    card.pin.setText(PIN)
    card.send()
    qtbot.waitUntil(lambda: WOMAN in words(page))
    assert card.isHidden()
    assert "药费没报销" in words(page)
    eyes = [each.text() for each in page.detail.findChildren(QPushButton) if "遮住" in each.text()]
    assert any("60" in words for words in eyes)


def asking(page: HouseholdsPage) -> AskingCard:
    """The card that stands before whole numbers."""
    page.detail.reveal()
    card = page.findChild(AskingCard)
    assert isinstance(card, AskingCard)
    return card


def test_a_wrong_pin_shows_nothing_and_counts(page: HouseholdsPage, qtbot: QtBot, here: Laptop) -> None:
    card = asking(page)
    card.pin.setText("不是这个口令")
    card.send()
    qtbot.waitUntil(lambda: any("口令不对" in each.text() for each in card.findChildren(QLabel)))
    assert (card.pin.text(), WOMAN in words(page)) == ("", False)
    assert vault.people(here.vault)[0].wrong == 1


def test_escape_covers_the_numbers_and_so_does_the_next_household(page: HouseholdsPage, qtbot: QtBot) -> None:
    for cover in (lambda: qtbot.keyClick(page.detail, Qt.Key.Key_Escape), lambda: page.detail.show_household("h2")):
        page.detail.show_household("h1")
        qtbot.waitUntil(lambda: page.detail.folder is not None and page.detail.folder.household.id == "h1")
        card = asking(page)
        card.pin.setText(PIN)
        card.send()
        qtbot.waitUntil(lambda: WOMAN in words(page))
        cover()
        qtbot.waitUntil(lambda: not page.detail.lens.whole)
        assert WOMAN not in words(page)


def test_when_the_minute_is_over_the_numbers_are_covered(page: HouseholdsPage, qtbot: QtBot) -> None:
    card = asking(page)
    card.pin.setText(PIN)
    card.send()
    qtbot.waitUntil(lambda: page.detail.lens.whole)
    page.detail.lens.left = 1
    page.detail.lens._tick()
    assert (page.detail.lens.whole, WOMAN in words(page)) == (False, False)


def test_escape_leaves_the_question_and_nothing_was_shown(page: HouseholdsPage, qtbot: QtBot) -> None:
    card = asking(page)
    qtbot.keyClick(card.pin, Qt.Key.Key_Escape)
    assert (card.isHidden(), WOMAN in words(page)) == (True, False)


def test_who_may_not_is_told_before_anything_is_asked(page: HouseholdsPage, village: Store) -> None:
    village.guard = Rights(Actor("周审计", frozenset({"R13"})))
    page.detail.reveal()
    assert page.findChild(AskingCard) is None


def test_chips_count_what_they_list(page: HouseholdsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "该走访 2" in page.list.chips["to_visit"].text())
    page.list.chips["to_visit"].click()
    qtbot.waitUntil(lambda: page.list.listing.count == 2)


def test_leaving_a_form_keeps_what_was_typed_and_brings_it_back(page: HouseholdsPage, qtbot: QtBot, village: Store) -> None:
    editing(page, qtbot, "h1").form.take("hamlet", "三屯")
    page.editor.back()
    qtbot.waitUntil(lambda: village.draft("household:h1") is not None)
    again = editing(page, qtbot, "h1")
    qtbot.waitUntil(lambda: again.form.draft.value("hamlet") == "三屯")


def test_looking_at_a_form_leaves_no_draft(page: HouseholdsPage, qtbot: QtBot, village: Store) -> None:
    editing(page, qtbot, "h1")
    page.editor.add_person()
    page.editor.back()
    assert village.drafts() == []


def test_saving_a_form_changes_the_household_and_can_be_undone(page: HouseholdsPage, qtbot: QtBot, village: Store) -> None:
    panel = editing(page, qtbot, "h2")
    panel.form.take("hamlet", "三屯")
    panel.save()
    qtbot.waitUntil(lambda: page.desk.notices.toasted == "已保存")
    assert hamlet(village) == "三屯"


def test_what_comes_in_while_somebody_types_is_shown_before_it_is_overwritten(
    page: HouseholdsPage, qtbot: QtBot, village: Store
) -> None:
    panel = editing(page, qtbot, "h2")
    panel.form.take("hamlet", "三屯")
    now = village.find(Household, "h2")
    assert now is not None
    village.write([Put(replace(now, hamlet="四屯", group_no="7"))], "收到", "王敏")
    panel.save()
    qtbot.waitUntil(lambda: panel.form.draft.value("group_no") == "7")
    assert "现在是“四屯”" in panel.form.boxes["hamlet"].message
    assert hamlet(village) == "四屯"
    panel.save()
    qtbot.waitUntil(lambda: hamlet(village) == "三屯")
    assert [h.group_no for h in village.all(Household, "id = 'h2'")] == ["7"]


def hamlet(store: Store) -> str:
    household = store.find(Household, "h2")
    return household.hamlet if household else ""


def test_a_number_that_somebody_has_is_said_while_typing(page: HouseholdsPage, qtbot: QtBot) -> None:
    panel = editing(page, qtbot, "h2", "p2")
    panel.form.take("id_no", WOMAN)
    qtbot.waitUntil(lambda: "已登记在宋桂兰户" in panel.form.boxes["id_no"].message)


def test_a_new_member_joins_on_a_day_for_a_reason(page: HouseholdsPage, qtbot: QtBot, village: Store) -> None:
    editing(page, qtbot, "h2")
    page.editor.add_person()
    for name, raw in (("name", "赵小宝"), ("relation", "03"), ("sex", "1")):
        form(page).form.take(name, raw)
    form(page).save()
    qtbot.waitUntil(lambda: bool(village.all(Person, "name = '赵小宝' AND household = 'h2' AND present = 1")))
    assert village.one("SELECT join_reason FROM membership WHERE household = 'h2'") == ("08",)


def test_a_second_head_is_refused(page: HouseholdsPage, qtbot: QtBot, village: Store) -> None:
    editing(page, qtbot, "h2")
    page.editor.add_person()
    for name, raw in (("name", "赵小宝"), ("relation", "01")):
        form(page).form.take(name, raw)
    form(page).save()
    qtbot.waitUntil(lambda: page.desk.notices.banners.count() == 1)
    assert not village.all(Person, "name = '赵小宝'")


def test_a_step_without_its_answers_says_what_is_missing(page: HouseholdsPage, qtbot: QtBot) -> None:
    editing(page, qtbot, "h1", "p1")
    step = page.editor.step("leave")
    assert step is not None
    step.save()
    assert step.refused == "请选减少原因"


def test_news_of_the_county_before_the_list_was_filled_are_no_fault(window: Window, qtbot: QtBot) -> None:
    window.go("households", new=True)
    found = window.page
    assert isinstance(found, HouseholdsPage)
    found.exchanged()
    qtbot.waitUntil(lambda: len(found.list.listing.model.ids) == 4)
