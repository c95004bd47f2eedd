"""A cadre who forgot the PIN asks the county from the log-in page, closes the program, and comes in with the answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from nehe_desktop.features.entry.page_county import CountyPanel
from nehe_desktop.features.entry.page_login import Doors, Login
from nehe_desktop.security import escrow, vault
from nehe_desktop.security.envelope import Cost, Key
from nehe_desktop.ui.notices import Notices
from nehe_desktop.ui.tasks import Tasks

CHEAP = Cost(memory=8, passes=1, lanes=1)
PIN, NEW = "805172", "730164"


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Key:
    monkeypatch.setattr(escrow, "STRONG", CHEAP)
    return vault.create(tmp_path / "nehe.vault", "李建国", PIN, cost=CHEAP)[0]


class Desk:
    """The log-in page of a laptop, as often as the program is started; `came` is what opened."""

    def __init__(self, qtbot: Any, vault_file: Path) -> None:
        self.qtbot, self.vault = qtbot, vault_file
        self.came: list[object] = []
        self.tasks: list[Tasks] = []

    def starts(self) -> CountyPanel:
        notices = Notices(stage := QWidget())
        tasks = Tasks(notices.trouble, pytest.fail)
        self.tasks.append(tasks)
        doors = Doors(
            lambda: vault.people(self.vault),
            lambda *_: None,
            lambda text, who, pin: escrow.enter(self.vault, text, who, pin),
            self.came.append,
            stage.close,
            lambda *_: None,
            vault=self.vault,
        )
        made = Login(tasks, notices, doors)
        self.qtbot.addWidget(made)
        self.qtbot.addWidget(stage)
        made.show()
        made._ask_county()
        assert made.county is not None
        return made.county


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path, key: Key) -> Iterator[Desk]:
    assert key
    made = Desk(qtbot, tmp_path / "nehe.vault")
    yield made
    for each in made.tasks:
        each.close()


def test_the_request_waits_through_a_restart_and_the_answer_opens(desk: Desk, key: Key) -> None:
    first = desk.starts()
    first.new.setText(NEW)
    first.again.setText(NEW)
    first.proceed()
    desk.qtbot.waitUntil(lambda: first.steps.currentIndex() == 1)
    second = desk.starts()
    request = escrow.read_request(second.text.toPlainText())
    second.answer.setPlainText("\n".join(escrow.answer(request, key)))
    second.pin.setText(NEW)
    second.proceed()
    desk.qtbot.waitUntil(lambda: desk.came == [key])
    assert vault.unlock(desk.vault, "李建国", NEW) == key


def test_what_is_no_answer_is_told_beside_it(desk: Desk) -> None:
    asked = escrow.ask(desk.vault, "李建国", NEW)
    shown = desk.starts()
    shown.answer.setPlainText("\n".join(asked.lines()))
    shown.proceed()
    desk.qtbot.waitUntil(lambda: "不是答复" in shown.answer_box.message)
    assert not desk.came


def test_a_stick_that_was_pulled_out_is_told_beside_the_answer(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    escrow.ask(desk.vault, "李建国", NEW)
    shown, gone = desk.starts(), str(tmp_path / "U盘" / "请求.txt")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (gone, ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (gone, ""))
    shown.save()
    assert "没有存成" in shown.answer_box.message
    shown.load()
    assert "读不了" in shown.answer_box.message
