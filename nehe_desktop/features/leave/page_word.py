"""What is filled when a level says its word, and when somebody came back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.errors import Invalid
from nehe_desktop.core.store import Receipt
from nehe_desktop.features.leave import acts
from nehe_desktop.features.leave.ledger import RETURN, Leave, LeaveStep
from nehe_desktop.features.leave.queries import Case
from nehe_desktop.features.leave.rules import day_of, digest_of, due_back, present
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.ledger_page import links
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.widgets import bind, button, label

BACK = "登记返村"


class WordCard(QFrame):
    """An opinion with 同意 and 不同意, or the day of a return; `ended` gives what was stored, or nothing."""

    ended = Signal(str)

    def __init__(self, desk: Desk, case: Case, step: str) -> None:
        """`step` is a step of the ledger, or BACK for what the member himself tells."""
        super().__init__()
        self.setProperty("card", "flat")
        self._desk, self._case, self._step = desk, case, step
        self.form = _form(desk, case, step)
        self.yes = button(
            _yes(step), partial(self.say, "同意"), icon="check", kind="primary", key="Ctrl+Enter"
        )
        self.yes.setShortcut("Ctrl+Return")
        no = "情况不符" if step == RETURN else "不同意"
        self.no = bind(button(no, partial(self.say, "不同意"), icon="x", kind="danger", key="Alt+N"), "Alt+N")
        self.no.setVisible(step != BACK)
        stop = button("算了", lambda: self.ended.emit(""), key="Esc")
        words = f"{step}（{desk.store.author}）"
        bar = row(None, stop, self.no, self.yes)
        column(label(words, "h3"), self.form, bar, gap=8, margins=(12, 10, 12, 10), on=self)
        self.form.ended.connect(self.yes.setFocus)
        self.form.focus_field(next(iter(self.form.boxes)))

    def say(self, decision: str) -> None:
        """Stores the word; what keeps it from that stands beside its field."""
        if not self.isEnabled():
            return
        if self._step != BACK:
            self.form.draft.set("decision", decision)
        if self._blocked():
            return
        act = self._act(decision)
        self.setEnabled(False)
        self._desk.tasks.ask(
            lambda: act().result(),
            lambda _receipt: self._stored(decision),
            owner=self,
            slot="say",
            failed=self._refused,
        )

    def _blocked(self) -> bool:
        """Whether a field that is shown here has an error; goes to it."""
        wrong = [problem for problem in self.form.draft.errors() if problem.field in self.form.boxes]
        for problem in wrong:
            self.form.boxes[problem.field].say(problem.sentence, "error")
        if wrong:
            self.form.focus_field(wrong[0].field)
        return bool(wrong)

    def _act(self, decision: str) -> Callable[[], Future[Receipt]]:
        store, case, value = self._desk.store, self._case, self.form.draft.value
        if self._step == BACK:
            return lambda: acts.tell_back(
                store, case, value("returned_on"), value("returned_half"), value("overstay") or ""
            )
        if self._step == RETURN:
            return lambda: acts.confirm_back(
                store, case, value("returned_on"), value("returned_half"), decision, value("opinion") or ""
            )
        return lambda: acts.decide(store, case, decision, value("opinion") or "", self._step)

    def _stored(self, decision: str) -> None:
        said = BACK if self._step == BACK else f"{self._step}：{decision}"
        self._desk.notices.toast(f"已登记 {said}")
        self.ended.emit(decision)

    def _refused(self, error: BaseException) -> None:
        self.setEnabled(True)
        problems = error.problems if isinstance(error, Invalid) else ()
        beside = [each for each in problems if each.field in self.form.boxes]
        for each in beside:
            self.form.boxes[each.field].say(each.sentence, "error")
        if not beside:
            self._desk.notices.banner(str(error), "red")


def _yes(step: str) -> str:
    return {RETURN: "确认销假", BACK: "登记"}.get(step, "同意")


def _form(desk: Desk, case: Case, step: str) -> Form:
    """The fields of a step, filled as far as it is known."""
    leave, store = case.leave, desk.store
    at = min(present(store.clock.now()), due_back(leave, {})) if leave.returned_on is None else 0
    day, half = (leave.returned_on, leave.returned_half or "AM") if leave.returned_on else day_of(at)
    if step == BACK:
        draft = Draft(Leave, replace(leave, returned_half=leave.returned_half or half), returned_on=day)
        return Form(draft, links(desk), only=("returned_on", "returned_half", "overstay"), titles=False)
    word = Draft(
        LeaveStep, None, leave=leave.id, step=step, decision="同意", by=store.author, at=store.clock.now(),
        digest=digest_of(leave, case.who), **({"returned_on": day, "returned_half": half} if step == RETURN else {}),
    )  # fmt: skip
    only = ("returned_on", "returned_half", "opinion") if step == RETURN else ("opinion",)
    return Form(word, links(desk), only=only, titles=False)
