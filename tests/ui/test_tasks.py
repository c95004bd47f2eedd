"""Work in workers: answers in order, stale ones dropped, errors of three kinds, jobs that can be stopped."""

from __future__ import annotations

from threading import Event, Thread, current_thread, main_thread

import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.ui.tasks import Progress, Tasks


def test_an_answer_comes_home_to_the_windows_thread(qtbot: QtBot, tasks: Tasks) -> None:
    seen: list[tuple[Thread, Thread]] = []
    tasks.ask(current_thread, lambda worker: seen.append((worker, current_thread())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] is not main_thread()
    assert seen[0][1] is main_thread()


def test_only_the_newest_question_of_a_slot_is_answered(qtbot: QtBot, tasks: Tasks) -> None:
    owner, gate, seen = QObject(), Event(), []
    tasks.ask(lambda: gate.wait(5) and "旧", seen.append, owner=owner, slot="search")
    tasks.ask(lambda: "新", seen.append, owner=owner, slot="search")
    qtbot.waitUntil(lambda: seen == ["新"])
    gate.set()
    qtbot.wait(50)
    assert seen == ["新"]


def test_an_answer_for_a_page_that_is_gone_is_dropped(qtbot: QtBot, tasks: Tasks) -> None:
    owner, gate, seen = QObject(), Event(), []
    future = tasks.ask(lambda: gate.wait(5), seen.append, owner=owner)
    shiboken6.delete(owner)
    gate.set()
    future.result()
    qtbot.wait(50)
    assert seen == []


def fails(error: BaseException) -> object:
    """Raises it."""
    raise error


def test_trouble_is_a_notice_and_anything_else_a_bug(
    qtbot: QtBot, tasks: Tasks, troubles: list[Trouble], bugs: list[BaseException]
) -> None:
    full, slip = Trouble("磁盘满了"), ZeroDivisionError()
    tasks.ask(lambda: fails(full), print)
    tasks.ask(lambda: fails(slip), print)
    qtbot.waitUntil(lambda: bool(troubles and bugs))
    assert (troubles, bugs) == ([full], [slip])


def test_a_page_may_take_a_refusal_itself(qtbot: QtBot, tasks: Tasks, troubles: list[Trouble]) -> None:
    taken: list[BaseException] = []
    tasks.ask(lambda: fails(Refused("手机号要 11 位")), print, failed=taken.append)
    qtbot.waitUntil(lambda: bool(taken))
    assert troubles == []
    assert str(taken[0]) == "手机号要 11 位"


def test_a_cancelled_job_stops_at_its_next_step_and_says_nothing(
    qtbot: QtBot, tasks: Tasks, bugs: list[BaseException]
) -> None:
    begun, steps, done = Event(), [], []

    def work(progress: Progress) -> None:
        begun.set()
        for at in range(10_000):
            progress.step(at, 10_000)
            steps.append(at)
            Event().wait(0.005)

    job = tasks.run("正在打印", work, done.append)
    begun.wait(5)
    with qtbot.waitSignal(job.ended):
        job.cancel()
    assert done == []
    assert bugs == []
    assert len(steps) < 10_000


def test_a_job_that_breaks_ends_and_is_a_bug(qtbot: QtBot, tasks: Tasks, bugs: list[BaseException]) -> None:
    job = tasks.run("正在打印", lambda _progress: fails(ZeroDivisionError()), print)
    qtbot.waitSignal(job.ended).wait()
    qtbot.waitUntil(lambda: len(bugs) == 1)
