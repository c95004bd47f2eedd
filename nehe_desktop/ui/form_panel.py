"""Around a form: the bar with 撤销, 取消 and 保存, and the list of what is still missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.errors import Invalid, Overtaken, Problem
from nehe_desktop.core.record import Record
from nehe_desktop.core.store import Put, Receipt
from nehe_desktop.ui.covering import lens_of
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.layouts import column, emptied, row, scrolled
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.widgets import Icon, bind, button, label, line, retone

SHOWN = 6


class MissingPanel(QFrame):
    """还差 N 项才能提交: each line goes to its field, F8 to the next one."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self._form = form
        self._title = label("", "h3")
        self._next = bind(button("下一个", form.next_error, kind="ghost", key="F8"), "F8")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        column(row(self._title, None, self._next), self._lines, gap=6, margins=(14, 10, 14, 10), on=self)
        form.missing.connect(self.show_problems)
        self.show_problems(form.problems())

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Errors first; warnings do not count as missing."""
        errors = [p for p in problems if p.level == "error"]
        warnings = [p for p in problems if p.level == "warning"]
        self._title.setText(f"还差 {len(errors)} 项才能提交" if errors else "都填好了，可以保存")
        self._next.setVisible(bool(errors))
        emptied(self._lines)
        for problem in [*errors, *warnings][:SHOWN]:
            self._lines.addWidget(self._line(problem))

    @property
    def heading(self) -> str:
        """What it says above."""
        return self._title.text()

    def _line(self, problem: Problem) -> QWidget:
        wrong = problem.level == "error"
        made = button(problem.sentence, lambda: self._go(problem.field), kind="status",
                      icon="circle-alert" if wrong else "info")
        retone(made, tone="red" if wrong else "orange")
        return made

    def _go(self, name: str) -> None:
        if name in self._form.boxes:
            self._form.focus_field(name)


class FormPanel(QFrame):
    """A form with its bar. The draft is kept while typing under `key` and dropped when saved."""

    saved = Signal(object)
    cancelled = Signal()

    def __init__(self, desk: Desk, form: Form, key: str, reason: str, more: Sequence[QWidget] = ()) -> None:
        """`reason` is kept in the history; `more` are buttons before 保存."""
        super().__init__()
        self.setProperty("card", "plain")
        self.form, self._desk, self._key, self._reason = form, desk, key, reason
        self.before_save: Callable[[Record], Sequence[Any]] = lambda record: (Put(record, form.draft.record),)
        self._state, self._sign = label("", "caption"), Icon("circle-check", "green", 1.2)
        self._sign.hide()
        self._why = ""
        undo = button("撤销", form.undo, icon="undo-2", key="Ctrl+Z")
        cancel = button("取消", self.cancel)
        self._save = bind(button("保存", self.save, icon="check", kind="primary", key="Ctrl+S"), "Ctrl+S")
        self.lens = lens_of(desk, self)
        eye = [self.lens.eye(self.reveal)] if self.lens is not None else []
        bar = row(self._sign, self._state, None, *eye, undo, cancel, *more, self._save, margins=(16, 10, 16, 10))
        body = scrolled(column(form, margins=(18, 12, 18, 12)))
        column((body, 1), line(), bar, gap=0, margins=(1, 1, 1, 1), on=self)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.save)
        form.autosave.connect(self._keep)
        form.ended.connect(self._save.setFocus)
        if self.lens is not None:
            self.lens.turned.connect(lambda whole: form.uncover(whole=whole))
            form.refreshed.connect(lambda: eye[0].setVisible(form.covers and form.draft.record is not None))

    def show_draft(self, draft: Draft[Any], key: str) -> None:
        """Edits another record; a kept draft of it comes back."""
        self._key = key
        if self.lens is not None:
            self.lens.cover()
        self._state.clear()
        self._sign.hide()
        self.form.show_draft(draft)
        self._desk.tasks.ask(lambda: self._desk.store.draft(key), self._restore, owner=self, slot="draft")

    def reveal(self) -> None:
        """Asks for the record's private values in clear for a minute, or covers them again; the log is told."""
        record = self.form.draft.record
        if self.lens is not None and record is not None:
            self.lens.press(record.ledger.table, [record.id])

    def limit(self, why: str) -> None:
        """Only to be read, with the reason, where `why` says that nothing may be stored."""
        self._why = why
        self.form.setEnabled(not why)
        self._save.setEnabled(not why)
        self._save.setToolTip(why)
        if why:
            self._state.setText(why)

    def save(self) -> None:
        """Stores the record, or goes to the first error."""
        if self._why:
            return
        if self.form.show_errors():
            self._tell_hidden()
            return
        record = self.form.draft.finished()
        self._save.setEnabled(False)
        self._desk.save(self.before_save(record), self._reason, then=lambda r: self._done(record, r),
                        failed=self._refused, owner=self)

    def cancel(self) -> None:
        """Gives the edits up; the kept draft goes, with a way back."""
        kept = self.form.draft.to_json()
        if self.form.draft.dirty:
            self._desk.store.drop_draft(self._key)
            self._desk.notices.toast("已放弃修改", lambda: self._restore(kept))
        self.cancelled.emit()

    def _tell_hidden(self) -> None:
        """An error of a field that this form does not show is said in a banner."""
        hidden = [p for p in self.form.draft.errors() if p.field not in self.form.shown()]
        if hidden:
            self._desk.notices.banner(hidden[0].sentence, "red")

    def _restore(self, kept: dict[str, Any] | None) -> None:
        if kept:
            self.form.draft.from_json(kept)
            self.form.refresh()
            self._say("接着上次没存完的草稿")

    def _keep(self, payload: dict[str, Any]) -> None:
        self._desk.tasks.watch(self._desk.store.keep_draft(self._key, payload), lambda _none: self._told(), owner=self)

    def _told(self) -> None:
        self._say(f"草稿已自动保存 {datetime.now():%H:%M:%S}")  # noqa: DTZ005 - the laptop's own clock is shown

    def _say(self, text: str) -> None:
        self._state.setText(text)
        self._sign.show()

    def _done(self, record: Record, _receipt: Receipt) -> None:
        self._save.setEnabled(True)
        self._desk.store.drop_draft(self._key)
        self._state.clear()
        self._sign.hide()
        self.saved.emit(record)

    def _refused(self, error: BaseException) -> None:
        self._save.setEnabled(True)
        self._desk.notices.banner(str(error), "red")
        for problem in error.problems if isinstance(error, Invalid) else ():
            if problem.field in self.form.boxes:
                self.form.boxes[problem.field].say(problem.sentence, "error")
        record = self.form.draft.record
        if isinstance(error, Overtaken) and record is not None:
            self._desk.tasks.ask(
                lambda: self._desk.store.find(type(record), record.id),
                lambda now: self._overtaken(now, error), owner=self, slot="now",
            )  # fmt: skip

    def _overtaken(self, now: Record | None, error: Overtaken) -> None:
        """Shows what came from elsewhere; what was typed stays, and the next 保存 stores it."""
        if now is None:
            self.form.draft.record = None
            return
        self.form.draft.rebase(now)
        self.form.refresh()
        for problem in error.problems:
            if problem.field in self.form.boxes:
                self.form.boxes[problem.field].say(problem.sentence, "warning")
