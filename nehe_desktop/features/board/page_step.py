"""What is filled when something is hung, taken down, put right or entered by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.errors import Invalid
from nehe_desktop.core.store import Put
from nehe_desktop.features.board.ledger import PostingJob
from nehe_desktop.features.board.matters import Term
from nehe_desktop.features.board.queries import term
from nehe_desktop.features.board.rules import numbered
from nehe_desktop.features.papers.page_links import by_head
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.widgets import button, label

HANG, DOWN, EDIT, NEW = "登记张贴", "登记撤下", "修改", "登记公示"
ASKED = {
    HANG: ("since", "matter", "until", "place", "at_start"),
    DOWN: ("down_on", "down_by", "at_end", "note"),
    EDIT: ("title", "matter", "audience", "place", "since", "until", "household", "person", "shows", "at_start", "down_on",
           "down_by", "at_end", "note"),
    NEW: ("title", "matter", "audience", "place", "since", "until", "household", "person", "shows", "at_start", "note"),
}  # fmt: skip
"""What is filled at each step."""


class StepCard(QFrame):
    """The fields of a step; `ended` gives the id of what was stored, or nothing."""

    ended = Signal(str)

    def __init__(self, desk: Desk, step: str, job: PostingJob | None, village: str = "") -> None:
        super().__init__()
        self.setProperty("card", "flat")
        self._desk, self._step = desk, step
        self.form = Form(_draft(desk, step, job, village), by_head(desk), only=ASKED[step], titles=False)
        done = button("登记" if step == NEW else step, self.save, icon="check", kind="primary", key="Ctrl+Enter")
        done.setShortcut("Ctrl+Return")
        bar = row(None, button("算了", lambda: self.ended.emit("")), done)
        column(label(step, "h3"), self.form, bar, gap=8, margins=(12, 10, 12, 10), on=self)
        self.form.ended.connect(done.setFocus)
        self.form.edited.connect(self._edited)
        if step in (HANG, NEW):
            self._ask_term()
        self.form.focus_field(ASKED[step][0])

    def save(self) -> None:
        """Stores it, or goes to the first error."""
        if self.form.show_errors():
            return
        job, before = numbered(self.form.draft.finished(), self._desk.store.clock.today()), self.form.draft.record
        self._desk.save(
            [Put(job, before)], self._step, f"已{self._step}：{job.title}", then=lambda _r: self.ended.emit(job.id),
            failed=self._refused, owner=self,
        )  # fmt: skip

    def _refused(self, error: BaseException) -> None:
        """What the store finds wrong stands beside its field, or in a banner where there is no such field."""
        problems = error.problems if isinstance(error, Invalid) else ()
        beside = [problem for problem in problems if problem.field in self.form.boxes]
        for problem in beside:
            self.form.boxes[problem.field].say(problem.sentence, "error")
            self.form.focus_field(problem.field)
        if not beside:
            self._desk.notices.banner(str(error), "red")

    def _edited(self, name: str) -> None:
        if name in ("since", "matter"):
            self._ask_term()

    def _ask_term(self) -> None:
        """The last day follows from the matter and the first."""
        draft, store = self.form.draft, self._desk.store
        matter, since = draft.value("matter"), draft.value("since")
        self._desk.tasks.ask(
            lambda: term(store, matter, since) if since else None,
            lambda found: self._show_term(found, since), owner=self, slot="term",
        )  # fmt: skip

    def _show_term(self, found: Term | None, since: date | None) -> None:
        until = self.form.draft.value("until")
        if found is None or since is None:
            if until and since:
                self.form.take("until", "")
        elif until is None or until < found.ends(since):
            self.form.take("until", found.ends(since).isoformat())


def _draft(desk: Desk, step: str, job: PostingJob | None, village: str) -> Draft[PostingJob]:
    today, more = desk.store.clock.today(), dict[str, Any]()
    if step == HANG:
        more = {"since": today}
    elif step == DOWN:
        more = {"down_on": today, "down_by": desk.store.author}
    elif step == NEW:
        more = {"since": today, "village": village or None, "printed_by": "", "printed_on": None}
    return Draft(PostingJob, job, **more)
