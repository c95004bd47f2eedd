"""走访登记 of one household: the form, the problem found, what stands beside it, and the bar below."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from nehe_desktop.core.errors import Overtaken, Problem
from nehe_desktop.core.store import Receipt
from nehe_desktop.features.visits.entry import Entry, carried, changes, doubts, reason_of
from nehe_desktop.features.visits.ledger import GUARANTEES, Visit
from nehe_desktop.features.visits.page_form import VisitForm
from nehe_desktop.features.visits.page_side import CaseCard, LastCard, MissingCard, ProblemsCard
from nehe_desktop.features.visits.page_ticket import TicketPart
from nehe_desktop.ui.editors import LineEditor
from nehe_desktop.ui.layouts import box, column, emptied, row, scrolled
from nehe_desktop.ui.ledger_page import links
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.theme import em, sized
from nehe_desktop.ui.widgets import Icon, button, key_hints, label, line, note_card

WIDE_EM = 60  # from this width on, in em, household and last visit stand beside the form


class EntryView(QWidget):
    """Edits one visit and stores it; `stored` is said with the visit once it is on the disk."""

    stored = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, entry: Entry) -> None:
        super().__init__()
        self.desk, self.entry = desk, entry
        self._asked: tuple[Problem, ...] = ()
        self._stored_id = ""  # of the visit that is on the disk, so that no draft of it is kept again
        today = desk.store.clock.today()
        self.form = VisitForm(desk, entry, links(desk))
        self.ticket = TicketPart(desk, entry)
        self.case, self.missing = CaseCard(), MissingCard()
        self.last, self.problems = LastCard(today), ProblemsCard(today)
        self._lay()
        self._wire()
        self.show_entry(entry, restored=False)

    def show_entry(self, entry: Entry, *, restored: bool) -> None:
        """Puts another visit on the desk; `restored` where a kept draft came back."""
        self.entry, self._stored_id = entry, ""
        self._ask(())
        self.ticket.show_entry(entry)
        self.form.show_entry(entry)
        self.case.show_entry(entry)
        self.last.show_entry(entry)
        self.problems.show_problems(entry.case.problems, entry.solved)
        self._reason.setVisible(entry.corrects)
        self._reason.setText(entry.reason)
        self._save.reword("保存更正" if entry.corrects else "保存并下一户")
        self._say("接着上次没存完的草稿" if restored else "")
        self._hint_changes()

    def save(self) -> None:
        """Stores the visit; first says what is wrong, and once what is doubtful."""
        if not self._save.isEnabled():
            return  # the same visit is on its way to the disk
        self.form.setFocus()
        if self.form.show_errors() or not self._ticket_well() or not self._reason_well():
            return
        found = tuple(p for p in self.form.problems() if p.level == "warning")
        if found and not self._asked:
            self._ask(found)
            return
        self._store(found)

    def keep(self) -> None:
        """Keeps the draft now."""
        self._keep()
        self.form.stop_saving()

    def bring_last(self) -> None:
        """带入上次内容: fills what is empty; takes nothing away that was typed."""
        found = carried(self.entry.draft, self.entry.last)
        for name, value in found.items():
            self.form.carry(name, self.entry.draft.fields[name].kind.show(value) if name not in GUARANTEES else value)
        self.desk.notices.toast(f"带入了上次的 {len(found)} 项" if found else "上次的内容都已经有了")

    def dirty(self) -> bool:
        """Whether anything was typed that is not stored."""
        if self._stored_id == self.entry.id:
            return False
        return self.entry.draft.dirty or self.entry.ticket is not None or bool(self.entry.solved)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows have one column."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """One column is enough."""
        return QSize(em(24), em(20))

    # -- how it looks ------------------------------------------------------------------------------

    def _lay(self) -> None:
        self._state, self._sign = label("", "caption"), Icon("circle-check", "green", 1.2)
        self._changes = note_card("有变化的，存好走访后到农户资料里改", "blue", self._folder_button())
        self._doubts = QFrame()
        self._doubt_words = column(gap=2)
        self._confirm = button("核对无误，保存", self.save, kind="tonal", key="Ctrl+Enter")
        self._dress_doubts()
        self._reason = LineEditor(width=60, hint="为什么更正，如：收入少写了一位")
        self._reason.setAccessibleName("更正原因")
        self._narrow_top, self._narrow_end = column(gap=8), column(gap=10)
        body = column(self._narrow_top, self.form, self._changes, self.ticket, self._narrow_end, gap=12,
                      margins=(18, 12, 18, 12))  # fmt: skip
        self.area = scrolled(body)
        panel = QFrame()
        panel.setProperty("card", "plain")
        foot = column(self._reason, self._bar(), gap=8, margins=(8, 8, 12, 8))
        column((self.area, 1), self._doubts, line(), foot, gap=0, margins=(1, 1, 1, 1), on=panel)
        self._side = column(gap=10)
        hints = key_hints(("Enter", "下一项"), ("Shift+Enter", "上一项"), ("1 2 3", "选答案"))
        self._side_box = scrolled(column(self._side, None, hints))
        sized(self._side_box, width=21)
        row((panel, 1), self._side_box, gap=12, on=self)
        self._wide: bool | None = None

    def _bar(self) -> QWidget:
        self._undo = button("撤销", self.form.undo, tip="Ctrl+Z")
        self._draft = button("存草稿", self.keep, tip="Ctrl+S")
        self._save = button("保存并下一户", self.save, icon="check", kind="primary", key="Ctrl+Enter")
        self._back = button("", self.left.emit, icon="chevron-left", kind="ghost", tip="换一户")
        return box(row(self._back, self._sign, (self._state, 1), self.form.eye, self._undo, self._draft, self._save))

    def _dress_doubts(self) -> None:
        self._doubts.setProperty("note", "orange")
        back = button("回去改", lambda: self._go(self._asked[0].field if self._asked else ""))
        words = (box(self._doubt_words), 1)
        row(Icon("triangle-alert", "orange"), words, back, self._confirm, margins=(14, 8, 10, 8), on=self._doubts)
        self._doubts.hide()

    def _folder_button(self) -> QWidget:
        return button("打开农户", lambda: self.desk.go("households", household=self.entry.case.household.id))

    def _fit(self) -> None:
        wide = self.width() >= em(WIDE_EM)
        if wide == self._wide:
            return
        self._wide = wide
        self._side_box.setVisible(wide)
        top, end = (self._side, self._side) if wide else (self._narrow_top, self._narrow_end)
        top.addWidget(self.case)
        for each in (self.missing, self.last, self.problems):
            end.addWidget(each)

    def _wire(self) -> None:
        form = self.form
        form.missing.connect(self._show_missing)
        form.autosave.connect(lambda _payload: self._keep())
        form.edited.connect(self._edited)
        form.ended.connect(self._past_end)
        self.missing.asked.connect(self._go)
        self.missing.next.clicked.connect(self._next_problem)
        self.last.asked.connect(self.bring_last)
        self.problems.ticked.connect(self._tick)
        self.ticket.edited.connect(self._edited)
        self.ticket.ended.connect(self._save.setFocus)
        self._reason.edited.connect(lambda text: setattr(self.entry, "reason", str(text).strip()))
        acts = {"Ctrl+Return": self.save, "Ctrl+Enter": self.save, "Ctrl+S": self.keep, "Ctrl+Z": form.undo,
                "Alt+A": form.say_all_well, "F5": self.bring_last, "F8": self._next_problem}  # fmt: skip
        for keys, act in acts.items():  # a button's own key waits for its picture to be pressed, 0.1 s
            made = QShortcut(QKeySequence(keys), self)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(act)

    # -- what happens ------------------------------------------------------------------------------

    def _edited(self, _name: str = "") -> None:
        if self._asked:
            self._ask(())
        self._hint_changes()
        self.ticket.offer()
        self.form.keep_soon()  # one timer keeps visit and ticket together

    def _hint_changes(self) -> None:
        names = ("income_change", "health_change", "member_change")
        self._changes.setVisible(any(self.entry.draft.value(name) for name in names))

    def _show_missing(self, problems: list[Problem]) -> None:
        self.missing.show_problems(problems)

    def _next_problem(self) -> None:
        if self.entry.draft.errors():
            self.form.blame()
            self.form.next_error()
            return
        found = [p.field for p in doubts(self.entry)] or [p.field for p in self.entry.draft.warnings()]
        if found:
            self.form.blame()
            self._go(found[0])

    def _past_end(self) -> None:
        if self.ticket.is_open:
            self.ticket.begin()
        else:
            self._save.setFocus(Qt.FocusReason.TabFocusReason)

    def _go(self, name: str) -> None:
        self._ask(())
        if name in self.form.boxes:
            self.form.focus_field(name)

    def _tick(self, ticket: str, on: bool) -> None:  # noqa: FBT001
        (self.entry.solved.add if on else self.entry.solved.discard)(ticket)
        self._edited()

    def _ask(self, found: tuple[Problem, ...]) -> None:
        """Shows what is to be confirmed before the visit is stored; nothing hides it."""
        self._asked = found
        emptied(self._doubt_words)
        for problem in found[:3]:
            self._doubt_words.addWidget(label(problem.sentence, tone="orange", wrap=True))
        self._doubts.setVisible(bool(found))
        if found:
            self.form.blame()
            QTimer.singleShot(0, self._confirm, lambda: self._confirm.setFocus(Qt.FocusReason.TabFocusReason))

    def _ticket_well(self) -> bool:
        return not self.ticket.is_open or not self.ticket.show_errors()

    def _reason_well(self) -> bool:
        if not self.entry.corrects or self.entry.reason:
            return True
        self._reason.mark_wrong(wrong=True)
        self._reason.setFocus()
        self._say("更正要写明原因")
        return False

    def _store(self, confirmed: tuple[Problem, ...]) -> None:
        entry = self.entry
        visit = replace(entry.draft.finished(), id=entry.id)
        self.form.stop_saving()
        self._save.setEnabled(False)
        future = self.desk.store.submit(changes(entry, visit), reason_of(entry, confirmed))
        self.desk.tasks.watch(future, lambda receipt: self._done(entry, visit, receipt), owner=self, failed=self._refused)

    def _done(self, entry: Entry, visit: Visit, receipt: Receipt) -> None:
        self._save.setEnabled(True)
        store, kept = self.desk.store, entry.to_json()
        store.drop_draft(entry.key)
        self._stored_id = entry.id

        def take_back() -> None:
            store.keep_draft(entry.key, kept)
            self.desk.take_back(receipt.tx)

        self._ask(())
        self.stored.emit(visit)
        self.desk.notices.toast(f"已保存 {entry.case.head} 户的走访", take_back)

    def _refused(self, error: BaseException) -> None:
        self._save.setEnabled(True)
        self.desk.notices.banner(str(error), "red")
        if isinstance(error, Overtaken):
            store, entry = self.desk.store, self.entry
            self.desk.tasks.ask(lambda: store.find(Visit, entry.id), self._overtaken, owner=self, slot="now")

    def _overtaken(self, now: Visit | None) -> None:
        """A correction goes on from the visit as it is by now; what was typed stays."""
        if now is None:
            self.entry.draft.record = None
        else:
            self.entry.draft.rebase(now)
        self.form.refresh()

    def _keep(self) -> None:
        entry = self.entry
        if self.dirty():
            future = self.desk.store.keep_draft(entry.key, entry.to_json())
            self.desk.tasks.watch(future, lambda _none: self._told(entry), owner=self)

    def _told(self, entry: Entry) -> None:
        if entry is self.entry:
            self._say(f"草稿已自动保存 {self.desk.store.clock.now():%H:%M:%S}")

    def _say(self, text: str) -> None:
        self._state.setText(text)
        self._sign.setVisible(bool(text))


