"""首页: every number opens its own rows, and what is to be done today comes from the ledgers."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.home import agenda, queries
from nehe_desktop.features.home.page import HomePage
from nehe_desktop.features.households import screen_queries
from nehe_desktop.features.teams.ledger import Member, Posting, Team
from nehe_desktop.features.visits.ledger import ProblemTicket
from nehe_desktop.ui.page import Page, PageSpec
from nehe_desktop.ui.window import Window
from tests.households.conftest import bugs, look, tasks, troubles, village, window_of  # noqa: F401

TODAY = date(2020, 10, 20)


class Elsewhere(Page):
    """Notes how it was opened."""

    where: dict[str, object]

    def opened(self, **where: object) -> None:
        self.where = where


@pytest.fixture
def window(window_of: Callable[..., Window]) -> Window:  # noqa: F811 - a fixture asks for a fixture
    """The window with 首页 and pages that note how they were opened."""
    names = ("households", "visit", "attendance", "import", "problems", "ledger:member", "settings", "papers")
    return window_of(PageSpec("home", "首页", "house", HomePage), *(PageSpec(n, n, "users", Elsewhere) for n in names))


def at_home(window: Window, qtbot: QtBot) -> HomePage:
    window.go("home")
    page = window.page
    assert isinstance(page, HomePage)
    qtbot.waitUntil(lambda: page.cards["households"].number.text() != "…" and page._tasks.count() > 0)
    return page


def where(window: Window, key: str) -> dict[str, object]:
    page = window.page
    assert isinstance(page, Elsewhere)
    assert page.key == key
    return page.where


def titles(store: Store) -> list[str]:
    return [task.title for task in agenda.today_tasks(store, "village", None, backs_up=False)]


def test_every_number_is_the_length_of_its_list(village: Store) -> None:  # noqa: F811
    found = queries.numbers(village, "village")
    for number, name in ((found.visited, "visited"), (found.to_visit, "to_visit"), (found.watched, "watched")):
        assert number == len(screen_queries.ids(village, queries.wanted(village, "village", name)))
    assert (found.households, found.persons, found.registered) == (4, 5, 2)


def test_six_months_end_with_this_one() -> None:
    assert queries.last_months(date(2020, 2, 3)) == ["201909", "201910", "201911", "201912", "202001", "202002"]


def test_overdue_visits_are_named(village: Store) -> None:  # noqa: F811
    assert "走访 2 户到期农户" in titles(village)


def test_a_problem_past_its_day_is_to_be_done(village: Store) -> None:  # noqa: F811
    ticket = ProblemTicket(village="village", category="饮水", description="水管冻住", raised_on=date(2020, 10, 1))
    village.write([Put(ticket)], "登记")
    assert titles(village)[0] == "办结饮水问题：水管冻住"


def test_a_draft_waits_to_be_gone_on_with(village: Store) -> None:  # noqa: F811
    village.keep_draft("visit:h1", {}).result()
    assert "接着填没存完的入户走访" in titles(village)
    assert agenda.draft_place("visit", "h1") == ("visit", {"household": "h1"})


def test_unfilled_working_days_are_to_be_filled(village: Store) -> None:  # noqa: F811
    team, member = Team(id="t", village="village", name="工作队"), Member(id="m", name="李工", team="t")
    posting = Posting(team="t", member="m", since=date(2020, 10, 19))
    village.write([Put(team), Put(member), Put(posting)], "登记")
    assert queries.unfilled_days(village, "m") == [date(2020, 10, 19)]
    assert "补登 1 天考勤" in titles(village)


def test_an_old_backup_is_to_be_made_anew() -> None:
    assert [t.act for t in agenda.backup_tasks(date(2020, 10, 1), TODAY)] == ["去备份"]
    assert list(agenda.backup_tasks(date(2020, 10, 18), TODAY)) == []


def test_the_month_ends_and_the_sheet_is_due(village: Store) -> None:  # noqa: F811
    days = {each.day: each.words for each in agenda.coming(village, "village", 2)}
    assert days == {date(2020, 10, 31): "10 月走访截止，还差 2 户", date(2020, 11, 3): "报送 10 月考勤表"}


def test_the_greeting_goes_by_the_hour() -> None:
    assert agenda.greeting(9, "李建国") == "上午好，建国"
    assert agenda.greeting(19, "李工") == "晚上好，李工"


@pytest.mark.usefixtures("village")
def test_the_card_of_visits_opens_who_is_still_to_be_visited(window: Window, qtbot: QtBot) -> None:
    page = at_home(window, qtbot)
    qtbot.mouseClick(page.cards["visits"], Qt.MouseButton.LeftButton)
    assert where(window, "households") == {"filter": "to_visit"}


@pytest.mark.usefixtures("village")
def test_a_month_of_the_chart_opens_its_households(window: Window, qtbot: QtBot) -> None:
    at_home(window, qtbot).visits.opened.emit("202010")
    assert where(window, "households") == {"filter": "visited", "month": "202010"}


def test_an_empty_laptop_is_told_what_to_do(window: Window, qtbot: QtBot) -> None:
    page = at_home(window, qtbot)
    qtbot.waitUntil(lambda: page.cards["households"].more.text() == "导入 Excel 或新增户")
    assert page.cards["served"].more.text() == "名册里没有您，先登记队员"
