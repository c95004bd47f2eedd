"""请销假 on the screen: asked for by keyboard, agreed to by whom it belongs to, absent for everybody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.home import agenda
from nehe_desktop.features.leave import acts
from nehe_desktop.features.leave.duties import duties
from nehe_desktop.features.leave.ledger import Leave, LeaveStep
from nehe_desktop.features.leave.page import LeavePage
from nehe_desktop.features.leave.page_form import AskCard
from nehe_desktop.features.leave.page_word import BACK, WordCard
from nehe_desktop.pages import SPECS
from nehe_desktop.ui.notices import Notices
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.tasks import Tasks
from tests.leave.conftest import asked, at, look, say, sit

TUE, WED, FRI = date(2020, 8, 18), date(2020, 8, 19), date(2020, 8, 21)
pytestmark = pytest.mark.usefixtures("swept")


class Office:
    """A page with its desk; where `go` led."""

    def __init__(self, bot: QtBot, store: Store, name: str) -> None:
        host = QWidget()
        bot.addWidget(host)
        self.bot, self.store, self.went = bot, store, list[tuple[str, dict[str, object]]]()
        self.host, notices = host, Notices(host)
        self.tasks = Tasks(lambda trouble: pytest.fail(str(trouble)), lambda bug: pytest.fail(repr(bug)))
        self.desk = Desk(
            sit(store, name), self.tasks, notices, lambda key, **where: self.went.append((key, where))
        )
        self.page = LeavePage(self.desk)
        bot.addWidget(self.page)
        self.page.resize(1100, 500)
        self.page.show()

    def open(self, **where: Any) -> LeavePage:
        self.page.opened(**where)
        self.settled()
        return self.page

    def settled(self) -> None:
        self.bot.waitUntil(lambda: not any(self.tasks.asking(each) for each in (self.page, *self._inner())))
        self.bot.waitUntil(lambda: self.page.listing.model.rowCount() >= 0)
        self.bot.wait(30)

    def _inner(self) -> list[QObject]:
        return [self.page.card] if self.page.card else []

    def buttons(self) -> list[str]:
        found = self.page.findChildren(QPushButton)
        return [each.accessibleName() for each in found if each.isVisibleTo(self.page)]

    def words(self) -> str:
        return "\n".join(
            each.text() for each in self.page.findChildren(QLabel) if each.isVisibleTo(self.page)
        )

    def shown(self) -> str:
        self.bot.waitUntil(lambda: self.page._shown is not None)
        return self.words()


@pytest.fixture
def leave(team: Store) -> str:
    return asked(team, "李工", TUE, FRI)


def close(office: Office) -> None:
    office.tasks.close()


def test_the_leader_finds_what_waits_for_him_and_agrees(qtbot: QtBot, team: Store, leave: str) -> None:
    office = Office(qtbot, team, "王海波")
    page = office.open()
    office.shown()
    assert page.chips["mine"].isChecked()
    qtbot.waitUntil(lambda: "签意见（同意 / 不同意）" in office.buttons())
    page.take_step("队长意见")
    assert isinstance(page.card, WordCard)
    page.card.form.take("opinion", "快去快回")
    page.card.yes.click()
    qtbot.waitUntil(lambda: team.count(LeaveStep) == 1 and page.card is None)
    assert (look(team, leave).state, team.all(LeaveStep)[0].opinion) == ("待乡镇", "快去快回")
    close(office)


def test_after_a_word_the_next_one_that_waits_comes_up(qtbot: QtBot, team: Store, leave: str) -> None:
    second = asked(team, "陈雪", date(2020, 8, 24), date(2020, 8, 24))
    office = Office(qtbot, team, "王海波")
    page = office.open()
    qtbot.waitUntil(lambda: page._shown is not None)
    first = page._shown.case.leave.id if page._shown else ""
    page.take_step("队长意见")
    assert isinstance(page.card, WordCard)
    page.card.yes.click()
    qtbot.waitUntil(
        lambda: page._shown is not None and page._shown.case.leave.id == ({leave, second} - {first}).pop()
    )
    close(office)


def test_a_no_without_a_reason_is_told_beside_the_field(qtbot: QtBot, team: Store, leave: str) -> None:
    office = Office(qtbot, team, "王海波")
    page = office.open(id=leave)
    office.shown()
    page.take_step("队长意见")
    assert isinstance(page.card, WordCard)
    page.card.no.click()
    qtbot.waitUntil(lambda: "不同意要写明理由" in office.words())
    assert team.count(LeaveStep) == 0
    close(office)


def test_the_leader_has_no_button_for_his_own_leave_and_reads_whose_it_is(qtbot: QtBot, team: Store) -> None:
    own = asked(team, "王海波", TUE, TUE)
    office = Office(qtbot, team, "王海波")
    office.open(id=own)
    qtbot.waitUntil(lambda: "王海波自己的请假，要由另一个人审批" in office.words())
    assert "等乡镇党委意见（乡镇扶贫专干或分管领导）" in office.words()
    assert [word for word in office.buttons() if "意见" in word] == []
    close(office)


def test_a_member_writes_his_leave_by_keyboard_with_the_days_and_the_way_beside_it(
    qtbot: QtBot, team: Store
) -> None:
    office = Office(qtbot, team, "李工")
    page = office.open()
    page.ask()
    qtbot.waitUntil(lambda: isinstance(page.card, AskCard))
    card = page.card
    assert isinstance(card, AskCard)
    assert not card.form.boxes["member"].isEnabled()
    assert page.chips["mine"].isHidden()
    for name, raw in {"kind": "事假", "until": "2020-08-21", "reason": "家里有事"}.items():
        card.form.take(name, raw)
    qtbot.waitUntil(lambda: "共 4 天（休息日不算）　审批：队长 → 乡镇党委 → 驻村办" in office.words())
    card.hand.click()
    qtbot.waitUntil(lambda: team.count(Leave) == 1 and page.card is None)
    assert look(team, team.all(Leave)[0].id).state == "待队长"
    close(office)


def test_days_taken_already_stand_beside_the_field_and_nothing_is_stored(
    qtbot: QtBot, team: Store, leave: str
) -> None:
    office = Office(qtbot, team, "李工")
    page = office.open()
    page.ask()
    qtbot.waitUntil(lambda: isinstance(page.card, AskCard))
    card = page.card
    assert isinstance(card, AskCard)
    for name, raw in {"kind": "事假", "since": "2020-08-19", "reason": "家里有事"}.items():
        card.form.take(name, raw)
    card.hand.click()
    qtbot.waitUntil(lambda: "的日子重叠，请核对" in office.words())
    assert team.count(Leave) == 1
    assert look(team, leave).state == "待队长"
    close(office)


def test_the_village_confirms_the_return_and_the_member_tells_of_it(qtbot: QtBot, team: Store) -> None:
    leave = asked(team, "李工", TUE, TUE)
    say(team, leave, "王海波")
    at(team, "2020-08-19T08:30")
    office = Office(qtbot, team, "李工")
    office.open(id=leave)
    qtbot.waitUntil(lambda: BACK in office.buttons())
    close(office)
    village = Office(qtbot, team, "赵书记")
    page = village.open()
    village.shown()
    page.take_step("销假确认")
    assert isinstance(page.card, WordCard)
    page.card.yes.click()
    qtbot.waitUntil(lambda: team.count(LeaveStep) == 2 and page.card is None)
    assert look(team, leave).state == "已销假"
    close(village)


def test_the_first_page_tells_what_waits_and_who_is_overdue(team: Store) -> None:
    first, second = asked(team, "李工", TUE, TUE), asked(team, "陈雪", FRI, FRI)
    words = [task.title for task in agenda.leave_tasks(duties(sit(team, "王海波")))]
    assert words == ["2 份请假等您审批"]
    say(team, first, "王海波")
    say(team, second, "王海波", decision="不同意", opinion="有检查")
    at(team, "2020-08-20T08:00")
    assert [task.title for task in agenda.leave_tasks(duties(sit(team, "赵书记")))] == ["李工逾期未归"]
    assert [task.title for task in agenda.leave_tasks(duties(sit(team, "陈雪")))] == ["您的请假被驳回"]
    assert agenda.draft_place("leave", "new") == ("leave", {"new": True})


def test_no_list_of_words_is_offered_to_type_into() -> None:
    keys = {spec.key for spec in SPECS}
    assert "leave" in keys
    assert not keys & {"ledger:leave", "ledger:leave_step"}


def test_a_draft_is_removed_only_before_anybody_was_asked(team: Store) -> None:
    own = Leave(member="m1", team="team", kind="事假", since=WED, until=WED, reason="家里有事")
    sit(team, "李工").write([Put(own)], "请假")
    acts.discard(team, look(team, own.id)).result()
    assert team.count(Leave) == 0
