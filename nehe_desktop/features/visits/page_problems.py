"""问题台账: open problems by their day, and the steps from being raised to being struck off."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.visits.ledger import DONE, ProblemTicket
from nehe_desktop.features.visits.page_due import choose_first
from nehe_desktop.features.visits.page_raising import Raising
from nehe_desktop.features.visits.page_side import short_day
from nehe_desktop.features.visits.rules import TRANSITIONS, due_of, is_overdue, moved
from nehe_desktop.features.visits.screen_queries import (
    ListedProblem,
    Problems,
    household_title,
    problem_ids,
    problem_rows,
    village_of,
)
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.layouts import box, column, emptied, row, scrolled
from nehe_desktop.ui.ledger_page import links
from nehe_desktop.ui.listing import Cell, Column, Listing, Row
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.painted import Pill
from nehe_desktop.ui.split import split
from nehe_desktop.ui.widgets import button, card, empty_state, label, line, pairs

WORDS = {"交办": "交办", "办理中": "开始办理", "已解决待核": "已解决，待核", "销号": "核实销号", "退回": "退回重办",
         "上报": "上报", "挂起": "挂起", "重复合并": "重复，合并"}  # fmt: skip
ASKED = {
    "交办": ("handler", "due"), "办理中": ("measures",), "已解决待核": ("measures", "result"),
    "销号": ("satisfied", "closed_on", "verified_by", "result"), "退回": ("measures",), "上报": ("raised_to",),
    "挂起": ("pause_reason",), "重复合并": ("merged_into",),
}  # fmt: skip
"""What is filled at each step."""
TONES = {"登记": "grey", "交办": "blue", "办理中": "blue", "已解决待核": "teal", "销号": "green", "退回": "orange",
         "上报": "orange", "挂起": "grey", "重复合并": "grey"}  # fmt: skip
FILTERS = {"open": "没办完的", "late": "超期的", "done": "已销号"}


class ProblemSource:
    """The problems of a list, by their day where no column is chosen."""

    columns: Sequence[Column] = (
        Column("due", "办结期限", 7),
        Column("head", "农户", 6, bold=True),
        Column("category", "类别", 4.4),
        Column("state", "状态", 8.4),
        Column("what", "问题", 14, sortable=False),
    )

    def __init__(self, store: Store) -> None:
        self._store = store

    def ids(self, sort: str, descending: bool, wanted: Problems | None, limit: int = 0) -> array[int]:  # noqa: FBT001
        """Row ids in the order of a column."""
        return problem_ids(self._store, wanted or Problems(), sort, descending=descending, limit=limit)

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """The rows of these ids."""
        found, today = problem_rows(self._store, ids), self._store.clock.today()
        return [_row(found[number], today) if number in found else None for number in ids]


def _row(problem: ListedProblem, today: date) -> Row:
    ticket = problem.ticket
    due = Cell(_due_words(ticket, today), "red", plain=True) if is_overdue(ticket, today) else _due_words(ticket, today)
    state = Cell(ticket.state, TONES[ticket.state], dot=True)
    return Row(problem.id, (due, problem.head or "全村", ticket.category, state, ticket.description.replace("\n", " ")))


def _due_words(ticket: ProblemTicket, today: date) -> str:
    due = due_of(ticket)
    late = (today - due).days
    return f"超期 {late} 天" if is_overdue(ticket, today) else short_day(due, today)


class ProblemsPage(Page):
    """The list at the left, one problem with its possible steps at the right."""

    key, title, icon, help_topic = "problems", "问题台账", "clipboard-list", "visit"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._filter, self._household = "open", ""
        empty = empty_state("circle-check", "没有这样的问题")
        self.listing = Listing(ProblemSource(desk.store), desk.tasks, "问题台账", empty)
        self._body, self._step_place = QVBoxLayout(), QVBoxLayout()
        self._foot = label("", "caption")
        self.step: Form | None = None
        self._shown: ProblemTicket | None = None
        self._raising: Raising | None = None  # while it is there, nothing else takes its place
        detail = scrolled(column(self._body, self._step_place, None, gap=12, margins=(16, 12, 16, 12)))
        new = button("登记问题", self.add, icon="plus", kind="tonal", key="Ctrl+N")
        listed = column(row(*self._chips(), None, new, gap=6, margins=(12, 10, 12, 8)), line(), (self.listing, 1), line(),
                        row(self._foot, margins=(14, 6, 14, 6)), gap=0)  # fmt: skip
        right = card(column((detail, 1)), margins=(0, 0, 0, 0))
        column((split(card(listed, margins=(0, 0, 0, 0)), right, (3, 2)), 1), margins=(16, 14, 16, 14), on=self)
        self.listing.chosen.connect(self.show_problem)
        self.listing.counted.connect(self._counted)
        self.shortcut("Ctrl+N", self.add)

    def opened(self, problem: str = "", household: str = "", filter: str = "", **_where: Any) -> None:  # noqa: A002
        """Open problems, those of one household, or one problem."""
        self._household = household
        self._choose(filter if filter in FILTERS else "open")
        if problem:
            self.listing.select(problem)

    def changed(self, tables: frozenset[str]) -> None:
        """The list follows what is stored."""
        if tables & {"problem", "household", "person"}:
            self.listing.refresh()
            if self._shown is not None:
                self.show_problem(self._shown.id)

    def show_problem(self, problem: str) -> None:
        """Shows one problem at the right; not while a new one is being written there."""
        if self._raising is not None:
            return
        store = self.desk.store

        def ask() -> tuple[ProblemTicket | None, str, str]:
            found = store.find(ProblemTicket, problem)
            return found, household_title(store, found.household) if found else "", _trail(store, problem)

        self.desk.tasks.ask(ask, self._show, owner=self, slot="detail")

    def add(self) -> None:
        """Opens the fields of a problem that no visit found."""
        store = self.desk.store
        self.desk.tasks.ask(lambda: village_of(store), self._raise, owner=self, slot="raise")

    def _raise(self, village: str) -> None:
        if self._raising is not None:
            return
        before = self._shown.id if self._shown else ""
        self.desk.tasks.stale(self, "detail")
        self._show((None, "", ""))
        emptied(self._body)
        self._raising = raising = Raising(self.desk, village)
        raising.ended.connect(lambda id: self._raised(id or before))
        self._body.addWidget(raising)

    def _raised(self, id: str) -> None:
        self._raising = None
        self._show((None, "", ""))
        self.listing.refresh()
        if id:
            self.listing.select(id)
            self.show_problem(id)

    def take_step(self, to: str) -> None:
        """Opens what is filled when the problem goes to a state."""
        if self._shown is None:
            return
        more: dict[str, Any] = {"state": moved(self._shown.state, to)}
        if to == "销号":
            more |= {"closed_on": self.desk.store.clock.today(), "verified_by": self.desk.store.author}
        emptied(self._step_place)
        self.step = Form(Draft(ProblemTicket, self._shown, **more), links(self.desk), only=ASKED[to], titles=False)
        done = button(WORDS[to], lambda: self._finish(to), icon="check", kind="primary", key="Ctrl+Enter")
        done.setShortcut("Ctrl+Return")
        head = label(f"{self._shown.state} → {to}", "h3")
        bar = row(None, button("算了", self._drop_step), done)
        self._step_place.addWidget(card(column(head, self.step, bar, gap=8), kind="flat"))
        self.step.ended.connect(done.setFocus)
        self.step.focus_field(ASKED[to][0])

    def _finish(self, to: str) -> None:
        if self.step is None or self._shown is None or self.step.show_errors():
            return
        ticket = replace(self.step.draft.finished(), due=self.step.draft.value("due") or due_of(self._shown))
        change = Put(ticket, self.step.draft.record)
        self.desk.save([change], f"问题{WORDS[to]}", f"已改为“{to}”", then=lambda _r: self._drop_step(), owner=self)

    def _drop_step(self) -> None:
        emptied(self._step_place)
        self.step = None

    def _chips(self) -> list[QWidget]:
        self._group = QButtonGroup(self)
        self._made = {k: button(words, lambda k=k: self._choose(k), kind="chip") for k, words in FILTERS.items()}
        for chip in self._made.values():
            self._group.addButton(chip)
        return list(self._made.values())

    def _choose(self, key: str) -> None:
        self._filter = key
        self._made[key].setChecked(True)
        store, household = self.desk.store, self._household
        late = store.clock.today().isoformat() if key == "late" else ""
        self.desk.tasks.ask(lambda: Problems(village_of(store), key == "done", household, late),
                            self.listing.show_where, owner=self, slot="wanted")  # fmt: skip

    def _counted(self, count: int) -> None:
        self._foot.setText(f"共 {count} 件")
        choose_first(self.listing)
        if not count and self._raising is None:
            self._show((None, "", ""))

    def _show(self, found: tuple[ProblemTicket | None, str, str]) -> None:
        ticket, head, trail = found
        if self._shown is None or ticket is None or ticket != self._shown:
            self._drop_step()
        self._shown = ticket
        emptied(self._body)
        if ticket is None:
            self._body.addWidget(label("选一个问题，这里看怎么办的", "muted"))
            return
        for part in self._parts(ticket, head, trail):
            self._body.addWidget(part)

    def _parts(self, ticket: ProblemTicket, head: str, trail: str) -> list[QWidget]:
        today = self.desk.store.clock.today()
        late = is_overdue(ticket, today)
        state = Pill(ticket.state, TONES[ticket.state], dot=True)
        facts: list[tuple[str, str | QWidget]] = [
            ("编号", ticket.number),
            ("来源", ticket.source),
            ("登记日期", short_day(ticket.raised_on, today)),
            ("办结期限", label(_due_words(ticket, today), tone="red" if late else "")),
            ("缓急", ticket.level),
            ("责任人", ticket.handler),
        ]
        if ticket.state in DONE:
            facts += [("群众满意度", ticket.satisfied or ""), ("核验人", ticket.verified_by)]
        texts = (("办理措施", ticket.measures), ("办理结果", ticket.result), ("挂起原因", ticket.pause_reason))
        written = [box(column(label(c, "caption"), label(t, wrap=True), gap=1)) for c, t in texts if t]
        title = box(row(label(f"{head or '全村'} · {ticket.category}", "h2"), state, None))
        return [title, label(ticket.description, wrap=True), pairs(facts), *written, self._steps(ticket),
                label(trail, "caption", wrap=True)]  # fmt: skip

    def _steps(self, ticket: ProblemTicket) -> QWidget:
        possible = TRANSITIONS[ticket.state]
        if not possible:
            return label("已经办结，有新情况请另登记一条", "muted")
        kinds = ["primary", *[""] * len(possible)]
        made = [
            button(WORDS[to], lambda to=to: self.take_step(to), kind=kind)
            for to, kind in zip(possible, kinds, strict=False)
        ]
        lines = [row(*made[at : at + 3], None) for at in range(0, len(made), 3)]
        return box(column(*lines, gap=6))


def _trail(store: Store, problem: str) -> str:
    """Who did what with a problem, and when."""
    events = store.history(ProblemTicket, problem)
    return "\n".join(f"{e.at:%Y-%m-%d %H:%M} {e.author} {e.reason}{e.outcome}" for e in events)
