"""The application as it is written: fields with what is wrong beside them, the days, and whose word it needs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.errors import Invalid, Problem
from nehe_desktop.core.store import Receipt, Store
from nehe_desktop.features.leave import acts
from nehe_desktop.features.leave.checks import problems_of
from nehe_desktop.features.leave.ledger import Leave
from nehe_desktop.features.leave.queries import Book, around, my_member
from nehe_desktop.features.leave.rules import ALL_DAYS, counted, days
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.ledger_page import links
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.widgets import button, label, note_card

FIELDS = ("member", "kind", "since", "since_half", "until", "until_half", "reason", "destination", "phone", "substitute",
          "attachments")  # fmt: skip
KEY = "leave:new"


@dataclass(frozen=True)
class Told:
    """What is said of an application while it is written."""

    problems: tuple[Problem, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Begun:
    """What a new application begins with."""

    member: str | None = None
    team: str | None = None
    kept: dict[str, Any] | None = None

    @classmethod
    def of(cls, store: Store) -> Begun:
        """The member at the keyboard, and a draft that was not stored. For a worker."""
        member, team = my_member(store) or (None, None)
        return cls(member, team, store.draft(KEY))


def told_of(store: Store, leave: Leave) -> Told:
    """How long it is, whose word it needs, what is wrong with it. For a worker."""
    known, book = around(store, leave), Book(store, [leave])
    found = tuple(problems_of(leave, known))
    if leave.until < leave.since:
        return Told(found)
    length = days(counted(leave, known.calendar))
    rest = "休息日也算" if leave.kind in ALL_DAYS else "休息日不算"
    return Told(found, f"共 {length:g} 天（{rest}）　审批：{book.chain(leave).words}")


class AskCard(QFrame):
    """The fields of an application, kept while typing; `ended` gives the id of what was stored, or nothing."""

    ended = Signal(str)

    def __init__(self, desk: Desk, leave: Leave | None, begun: Begun, *, own: bool) -> None:
        """`own` says that only one's own application may be written."""
        super().__init__()
        self.setProperty("card", "flat")
        self._desk, self._seen, self._key = desk, leave, f"leave:{leave.id}" if leave else KEY
        tomorrow = desk.store.clock.today() + timedelta(days=1)
        first = (
            {}
            if leave
            else {"member": begun.member, "team": begun.team, "since": tomorrow, "until": tomorrow}
        )
        draft = Draft(Leave, leave, **first)
        if begun.kept and leave is None:
            draft.from_json(begun.kept)
        self.form = Form(draft, links(desk), only=FIELDS, titles=False)
        self.form.boxes["member"].setEnabled(not own)
        self._said, self._told = label("", "bold", wrap=True), Told()
        self.hand = button("提交", self.hand_in, icon="check", kind="primary", key="Ctrl+Enter")
        self.hand.setShortcut("Ctrl+Return")
        self.draft = button("存草稿", self.keep, tip="先不提交，Ctrl+S")
        self.draft.setShortcut("Ctrl+S")
        stop = button("取消", self.leave, tip="Esc")
        head = label("改请假单" if leave else "写请假单", "h3")
        asked_before = leave is not None and leave.submitted and not leave.withdrawn
        self.draft.setVisible(not asked_before)
        notes = (
            [note_card("已经提交过：改了日期、事由等，审批过的要重新审批", "orange")] if asked_before else []
        )
        top = row(head, None, stop, self.draft, self.hand)
        column(top, *notes, self._said, self.form, gap=8, margins=(12, 10, 12, 10), on=self)
        self._wire(own=own)

    def _wire(self, *, own: bool) -> None:
        self.form.ended.connect(self.hand.setFocus)
        self.form.edited.connect(self._edited)
        self.form.missing.connect(lambda _problems: self._say())
        self.form.autosave.connect(lambda payload: self._desk.store.keep_draft(self._key, payload))
        self.form.focus_field("kind" if own or self.form.draft.value("member") else "member")
        self._ask()

    def leave(self) -> None:
        """Gives it up, with a way back."""
        kept = self.form.draft.to_json()
        if self.form.draft.dirty and self._seen is None:
            self._desk.store.drop_draft(self._key)
            self._desk.notices.toast("没有保存，已放弃", lambda: self._desk.store.keep_draft(KEY, kept))
        self.ended.emit("")

    def keep(self) -> None:
        """Stores it without handing it in."""
        self._write(acts.keep, "草稿已保存，提交以后才开始审批")

    def hand_in(self) -> None:
        """Hands it in, or goes to what keeps it from that."""
        self._write(acts.hand_in, "已提交")

    def _write(self, act: Callable[[Store, Leave, Leave | None], Future[Receipt]], said: str) -> None:
        if self.form.show_errors() or not self.isEnabled():
            return
        leave = self.form.draft.finished()
        self.setEnabled(False)
        store = self._desk.store
        self._desk.tasks.ask(
            lambda: act(store, leave, self.form.draft.record).result(), partial(self._stored, leave, said),
            owner=self, slot="write", failed=self._refused,
        )  # fmt: skip

    def _stored(self, leave: Leave, said: str, receipt: Receipt) -> None:
        self._desk.store.drop_draft(self._key)
        self._desk.notices.toast(said, lambda: self._desk.take_back(receipt.tx))
        self.ended.emit(leave.id)

    def _refused(self, error: BaseException) -> None:
        """What is wrong stands beside its field, else in a banner."""
        self.setEnabled(True)
        problems = error.problems if isinstance(error, Invalid) else ()
        beside = [each for each in problems if each.field in self.form.boxes]
        for each in beside:
            self.form.boxes[each.field].say(each.sentence, "error")
        if beside:
            self.form.focus_field(beside[0].field)
        else:
            self._desk.notices.banner(str(error), "red")

    def _edited(self, name: str) -> None:
        draft = self.form.draft
        since, until = draft.value("since"), draft.value("until")
        if name == "since" and isinstance(since, date) and (until is None or until < since):
            self.form.carry("until", since)
        if name == "member":
            ask = partial(_team_of, self._desk.store, draft.value("member"))
            self._desk.tasks.ask(ask, self._team, owner=self, slot="team")
        self._ask()

    def _team(self, team: str | None) -> None:
        self.form.draft.values["team"] = team
        self._ask()

    def _ask(self) -> None:
        try:
            leave = Leave(id=self._seen.id if self._seen else "", **self.form.draft.values)
        except TypeError:
            return
        if leave.member and leave.team and leave.since and leave.until:
            self._desk.tasks.ask(
                partial(told_of, self._desk.store, leave), self._judged, owner=self, slot="told"
            )

    def _judged(self, told: Told) -> None:
        self._told = told
        self._said.setText(told.words)
        self._say()

    def _say(self) -> None:
        """What the other rows say stands beside the fields, where the field itself has nothing worse."""
        own = {problem.field for problem in self.form.draft.errors()}
        for name in ("member", "kind", "since", "until", "substitute"):
            found = [p for p in self._told.problems if p.field == name]
            worst = min(found, key=lambda p: p.level != "error", default=None)
            if worst and name in self.form.boxes and name not in own:
                self.form.boxes[name].say(worst.sentence, worst.level)


def _team_of(store: Store, member: str | None) -> str | None:
    row = store.one("SELECT team FROM member WHERE id = ?", (member,)) if member else None
    return row[0] if row else None
