"""Beside the form of a visit: the household, what is still missing, the last visit, open problems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout, QWidget

from nehe_desktop.core.errors import Problem
from nehe_desktop.core.masks import masked_phone
from nehe_desktop.features.households.words import BASE_TYPES
from nehe_desktop.features.visits.entry import Entry
from nehe_desktop.features.visits.ledger import GUARANTEES, ProblemTicket, Visit
from nehe_desktop.features.visits.rules import due_of, is_overdue
from nehe_desktop.ui.layouts import box, column, emptied, row
from nehe_desktop.ui.painted import Avatar, Pill
from nehe_desktop.ui.widgets import button, label, line, pairs, retone

SHOWN = 5
_TONES = {"建档立卡户": "teal", "脱贫户": "teal", "一般户": "grey", "边缘户": "gold"}


def short_day(day: date, today: date) -> str:
    """8 月 10 日, with the year where it is another one."""
    year = "" if day.year == today.year else f"{day.year} 年 "
    return f"{year}{day.month} 月 {day.day} 日"


def days_ago(day: date | None, today: date) -> str:
    """How long ago a visit was, in words."""
    if day is None:
        return "没走访过"
    days = (today - day).days
    return "今天" if days == 0 else "昨天" if days == 1 else f"{days} 天前"


def yuan(amount: Decimal | None) -> str:
    """9,600 元, or a dash."""
    return "—" if amount is None else f"{amount:,.0f} 元"


class CaseCard(QFrame):
    """Who is visited: name, what the household is, hamlet, people, telephone with its middle covered."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self._face = Avatar("", 2.7)
        self._name, self._where = label("", "h3"), label("", "caption", wrap=True)
        self._pills = row(gap=4)
        words = column(row(self._name, self._pills, None, gap=8), self._where, gap=2)
        row(self._face, (words, 1), gap=10, margins=(14, 10, 14, 10), on=self)

    def show_entry(self, entry: Entry) -> None:
        """Another household."""
        case = entry.case
        self._face.show_letter(case.head[:1])
        self._name.setText(f"{case.head} 户")
        names = dict.fromkeys([*case.categories, BASE_TYPES[case.household.base_type]])
        emptied(self._pills)
        for name in sorted(names, key=lambda each: _TONES.get(each, "") in ("teal", "grey"))[:1]:
            self._pills.addWidget(Pill(name, _TONES.get(name, "orange"), dot=True))
        phone = masked_phone(case.phone) if case.phone else "没有电话"
        parts = (case.household.hamlet, f"{len(case.members)} 口人", phone)
        self._where.setText(" · ".join(part for part in parts if part))


class MissingCard(QFrame):
    """还差 N 项才能提交; each line goes to its field. Below, what should be looked at again."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self._title = label("", "h3")
        self.next = button("下一个", kind="ghost", key="F8")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        column(row(self._title, None, self.next), self._lines, gap=4, margins=(14, 8, 8, 8), on=self)

    @property
    def heading(self) -> str:
        """What it says above."""
        return self._title.text()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Errors first; what can be confirmed does not count as missing."""
        errors = [p for p in problems if p.level == "error"]
        doubts = [p for p in problems if p.level == "warning"]
        rest = (f"有 {len(doubts)} 处请再看看" if doubts else "都填好了，可以提交")
        self._title.setText(f"还差 {len(errors)} 项才能提交" if errors else rest)
        self.next.setVisible(bool(problems))
        emptied(self._lines)
        for problem in [*errors, *doubts][:SHOWN]:
            self._lines.addWidget(self._line(problem))

    def _line(self, problem: Problem) -> QWidget:
        wrong = problem.level == "error"
        tone, icon = ("red", "circle-alert") if wrong else ("orange", "triangle-alert")
        sentence = problem.sentence if len(problem.sentence) < 19 else f"{problem.sentence[:18]}…"
        act = lambda: self.asked.emit(problem.field)  # noqa: E731
        made = button(sentence, act, kind="status", icon=icon, tip=problem.sentence)
        made.setAccessibleName(problem.sentence)
        retone(made, tone=tone)
        return box(row(made, None))


class LastCard(QFrame):
    """上次走访, with F5 to bring its content."""

    asked = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self._today = today
        self._title, self._body = label("", "h3"), QVBoxLayout()
        self._bring = button("带入上次内容", self.asked.emit, icon="history", kind="tonal", key="F5")
        column(self._title, self._body, self._bring, gap=8, margins=(14, 10, 14, 12), on=self)

    def show_entry(self, entry: Entry) -> None:
        """The visit before another one, or none; an income is the last that was asked."""
        last = entry.last
        emptied(self._body)
        self._bring.setVisible(last is not None)
        if last is None:
            self._title.setText("第一次走访")
            self._body.addWidget(label("这户还没有走访记录", "muted"))
            return
        self._title.setText(f"上次走访 · {short_day(last.day, self._today)}")
        facts: list[tuple[str, str | QWidget]] = [
            ("人均纯收入", yuan(entry.case.said_before("income_per_head", entry.id))),
            ("务工收入", yuan(entry.case.said_before("wage_income", entry.id))),
            ("走访人", last.visitors),
            ("两不愁三保障", _guarantees(last)),
        ]
        self._body.addWidget(pairs(facts))
        if last.findings:
            self._body.addWidget(label(f"当时的问题：{last.findings}", "caption", wrap=True))


def _guarantees(visit: Visit) -> str:
    bad = [word for name, word in GUARANTEES.items() if getattr(visit, name) == "有问题"]
    said = any(getattr(visit, name) for name in GUARANTEES)
    return f"{'、'.join(bad)}有问题" if bad else "都正常" if said else "没有填"


class ProblemsCard(QFrame):
    """遗留问题 of the household, each with a box for what is found solved."""

    ticked = Signal(str, bool)

    def __init__(self, today: date) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self._today, self._lines = today, QVBoxLayout()
        column(label("遗留问题（看到已解决的打勾）", "h3"), self._lines, gap=6, margins=(14, 10, 14, 10), on=self)

    def show_problems(self, problems: Sequence[ProblemTicket], solved: set[str]) -> None:
        """Other problems; the card hides where there are none."""
        emptied(self._lines)
        self.setVisible(bool(problems))
        for at, ticket in enumerate(problems):
            if at:
                self._lines.addWidget(line())
            self._lines.addWidget(self._line(ticket, solved=ticket.id in solved))

    def _line(self, ticket: ProblemTicket, *, solved: bool) -> QWidget:
        due, late = due_of(ticket), is_overdue(ticket, self._today)
        done = QCheckBox("已解决")
        done.setChecked(solved or ticket.state == "已解决待核")
        done.setEnabled(ticket.state != "已解决待核")
        done.setAccessibleName(f"已解决：{ticket.description}")
        done.toggled.connect(lambda on: self.ticked.emit(ticket.id, on))
        days = f"{short_day(due, self._today)}到期" + ("，已超期" if late else "")
        state = label(f"{ticket.state} · {days}", "caption", tone="red" if late else "")
        words = f"{ticket.category}：{ticket.description}"
        return box(column(label(words, wrap=True), row(state, None, done), gap=0))


