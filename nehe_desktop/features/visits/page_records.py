"""走访记录: what was visited, read-only; print, correct with a reason, strike out what was entered by mistake."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QFrame, QVBoxLayout, QWidget

from nehe_desktop.core.store import Remove, Store
from nehe_desktop.features.exchange.page_marks import STATE_COLUMN, state_cell, state_mark
from nehe_desktop.features.exchange.state_queries import is_enrolled, states
from nehe_desktop.features.visits.ledger import GUARANTEES, Visit, trouble_words
from nehe_desktop.features.visits.page_due import choose_first
from nehe_desktop.features.visits.page_side import short_day, yuan
from nehe_desktop.features.visits.screen_queries import (
    ListedVisit,
    Visits,
    household_title,
    village_of,
    visit_ids,
    visit_rows,
)
from nehe_desktop.ui.covering import lens_of
from nehe_desktop.ui.editors import LineEditor
from nehe_desktop.ui.layouts import box, column, emptied, row, scrolled
from nehe_desktop.ui.listing import Cell, Column, Listing, Row
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.split import split
from nehe_desktop.ui.theme import em
from nehe_desktop.ui.widgets import button, card, empty_state, label, line, pairs

Shown = tuple[Visit | None, str, str, str]
"""A visit, the head of its household, who entered and corrected it, and how it stands on its way to the county."""
_STATE_AT = 4
PERIODS = {"month": "本月", "year": "本年", "all": "全部"}


class VisitSource:
    """The visits of a list, newest first where no column is chosen."""

    columns: Sequence[Column] = (
        Column("day", "日期", 6.4),
        Column("head", "户主", 6, bold=True),
        Column("visitors", "走访人", 6.4),
        Column("kind", "方式", 6),
        STATE_COLUMN,
        Column("note", "记实", 14, sortable=False),
    )

    def __init__(self, store: Store) -> None:
        self._store = store

    def ids(self, sort: str, descending: bool, wanted: Visits | None, limit: int = 0) -> array[int]:  # noqa: FBT001
        """Row ids in the order of a column."""
        newest = descending or not sort
        return visit_ids(self._store, wanted or Visits(), sort, descending=newest, limit=limit)

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """The rows of these ids."""
        found, today = visit_rows(self._store, ids), self._store.clock.today()
        known = states(self._store, "visit", [each.id for each in found.values()])
        return [_row(found[number], today, known.get(found[number].id, "")) if number in found else None for number in ids]


def _row(visit: ListedVisit, today: date, state: str) -> Row:
    trouble = Cell(f"{visit.troubles} 项有问题", "red", dot=True) if visit.troubles else visit.note.replace("\n", " ")
    return Row(visit.id, (short_day(visit.day, today), visit.head, visit.visitors, visit.kind, state_cell(state), trouble))


class RecordsPage(Page):
    """The list at the left, one visit at the right."""

    key, title, icon, help_topic = "visits", "走访记录", "footprints", "visit"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._household, self._period = "", "month"
        first = button("登记走访", lambda: desk.go("visit"), icon="clipboard-pen", kind="primary")
        empty = empty_state("footprints", "这段时间还没有走访记录", first)
        self.listing = Listing(VisitSource(desk.store), desk.tasks, "走访记录", empty)
        self._body, self._foot = QVBoxLayout(), label("", "caption")
        self._shown: Visit | None = None
        self._last: Shown = (None, "", "", "")
        self.lens = lens_of(desk, self)
        detail = card(column((scrolled(self._padded()), 1), line(), self._bar(), gap=0), margins=(0, 0, 0, 0))
        listed = column(row(*self._chips(), gap=6, margins=(12, 10, 12, 8)), line(), (self.listing, 1), line(),
                        row(self._foot, margins=(14, 6, 14, 6)), gap=0)  # fmt: skip
        column((split(card(listed, margins=(0, 0, 0, 0)), detail, (3, 2)), 1), margins=(16, 14, 16, 14), on=self)
        self._show_states(False)
        self.listing.chosen.connect(self.show_visit)
        self.listing.opened.connect(lambda _id: self.correct())
        self.listing.counted.connect(self._counted)
        if self.lens is not None:
            self.lens.turned.connect(lambda _whole: self._fill(self._last))
        self.shortcut("Ctrl+P", self.print_shown)

    def opened(self, household: str = "", visit: str = "", month: str = "", **_where: Any) -> None:  # noqa: ARG002
        """All visits of the month, those of one household, or one visit."""
        self._household = household
        self._one.setVisible(bool(household))
        if household or visit:
            self._period = "all"
        self._group_button()
        self.load()
        if visit:
            self.listing.select(visit)

    def changed(self, tables: frozenset[str]) -> None:
        """The list follows what is stored."""
        if tables & {"visit", "household", "person"}:
            self.listing.refresh()

    def exchanged(self) -> None:
        """Rows were sent or came to the same on both ends: their marks change."""
        self.listing.refresh()

    def load(self) -> None:
        """Lists the period."""
        store, household, period = self.desk.store, self._household, self._period
        first = {"month": f"{store.clock.today():%Y-%m-01}", "year": f"{store.clock.today():%Y-01-01}", "all": ""}[period]
        self.desk.tasks.ask(lambda: Visits(village_of(store), first, "9999", household), self.listing.show_where,
                            owner=self, slot="wanted")  # fmt: skip
        self.desk.tasks.ask(lambda: is_enrolled(store), self._show_states, owner=self, slot="enrolled")

    def show_visit(self, visit: str) -> None:
        """Shows one visit at the right."""
        store = self.desk.store

        def ask() -> Shown:
            found = store.find(Visit, visit)
            head = household_title(store, found.household) if found else ""
            return found, head, _trail(store, visit), states(store, "visit", [visit]).get(visit, "")

        self.desk.tasks.ask(ask, self._show, owner=self, slot="detail")

    def print_shown(self) -> None:
        """The record of the visit on paper."""
        if self._shown:
            self.desk.go("papers", kind="D09", visit=self._shown.id)

    def correct(self) -> None:
        """Opens the visit in the form; the journal keeps what stood there."""
        if self._shown:
            self.desk.go("visit", visit=self._shown.id)

    def reveal(self) -> None:
        """Asks for what was said of an illness in clear for a minute, or covers it again; the log is told."""
        if self.lens is not None and self._shown:
            self.lens.press("visit", [self._shown.id])

    def ask_strike(self) -> None:
        """Asks why a visit is taken out."""
        self._asking.show()
        self._why.setFocus()

    def strike(self) -> None:
        """Takes a visit out that was entered by mistake; a reason is needed."""
        reason = self._why.text().strip()
        self._why.mark_wrong(wrong=not reason)
        if reason and self._shown:
            self.desk.save([Remove(Visit, self._shown.id)], f"误录：{reason}", "已作为误录删除", owner=self)
            self._close_asking()

    def _chips(self) -> list[QWidget | None]:
        self._group = QButtonGroup(self)
        self._periods = {k: button(words, lambda k=k: self._choose(k), kind="chip") for k, words in PERIODS.items()}
        for chip in self._periods.values():
            self._group.addButton(chip)
        self._one = button("只看这一户", self._every, icon="x", kind="tonal", tip="按下看全村的")
        new = button("登记走访", lambda: self.desk.go("visit"), icon="clipboard-pen", kind="primary", key="F2")
        return [*self._periods.values(), self._one, None, new]

    def _bar(self) -> QWidget:
        self._why = LineEditor(width=60, hint="为什么是误录，如：登错了户")
        self._why.setAccessibleName("误录原因")
        self._asking = QFrame()
        self._asking.setProperty("note", "red")
        go = button("确认删除", self.strike, kind="danger")
        row((self._why, 1), go, button("算了", self._close_asking), margins=(10, 6, 10, 6), on=self._asking)
        self._why.returnPressed.connect(self.strike)
        self._asking.hide()
        buttons = row(
            button("打印", self.print_shown, icon="printer", tip="Ctrl+P"),
            button("更正", self.correct, icon="pencil", tip="打开表单改，原来的内容留痕"),
            None,
            button("误录", self.ask_strike, icon="trash-2", kind="danger", tip="登错了，作为误录删除"),
        )
        return box(column(self._asking, buttons, margins=(12, 8, 12, 8)))

    def _close_asking(self) -> None:
        self._asking.hide()
        self._why.clear()
        self._why.mark_wrong(wrong=False)

    def _padded(self) -> QVBoxLayout:
        self._body.setSpacing(10)
        return column(self._body, None, margins=(16, 12, 16, 12))

    def _choose(self, period: str) -> None:
        self._period = period
        self.load()

    def _every(self) -> None:
        self.opened()

    def _group_button(self) -> None:
        self._periods[self._period].setChecked(True)

    def _counted(self, count: int) -> None:
        self._foot.setText(f"共 {count} 次走访")
        choose_first(self.listing)
        if not count:
            self._show((None, "", "", ""))

    def _show_states(self, enrolled: bool) -> None:  # noqa: FBT001 - an answer
        self.listing.table.setColumnHidden(_STATE_AT, not enrolled)

    def _show(self, found: Shown) -> None:
        if self.lens is not None and (found[0] is None or self._shown is None or found[0].id != self._shown.id):
            self.lens.cover()
        self._last, self._shown = found, found[0]
        self._close_asking()
        self._fill(found)

    def _fill(self, found: Shown) -> None:
        visit, head, trail, state = found
        emptied(self._body)
        if visit is None:
            self._body.addWidget(label("选一次走访，这里看详细内容", "muted"))
            return
        title = label(f"{head} 户 · {short_day(visit.day, self.desk.store.clock.today())}", "h2")
        eye = [self.lens.eye(self.reveal)] if self.lens is not None and visit.medical_note else []
        self._body.addWidget(box(row(title, state_mark(state), None, *eye, gap=10)))
        for part in _parts(visit, whole=self.lens is not None and self.lens.whole):
            self._body.addWidget(part)
        self._body.addWidget(label(trail, "caption", wrap=True))


def _parts(visit: Visit, *, whole: bool) -> list[QWidget]:
    """A visit as it is read."""
    who = f"{visit.met_person}（{visit.met_relation}）" if visit.met_relation else visit.met_person
    facts: list[tuple[str, str | QWidget]] = [
        ("走访方式", visit.kind),
        ("走访人", visit.visitors),
        ("受访人", who),
        ("时长", f"{visit.minutes} 分钟" if visit.minutes else ""),
        ("人均纯收入", yuan(visit.income_per_head)),
        ("务工收入", yuan(visit.wage_income)),
        ("农户签字", visit.signature),
        ("照片", f"{len(visit.photos)} 张" if visit.photos else ""),
    ]
    found: list[QWidget] = [pairs(facts), line()]
    found += [_guarantee(visit, name, whole=whole) for name in GUARANTEES if getattr(visit, name)]
    for caption, text in (("走访内容", "、".join(visit.items)), ("发现的问题", visit.findings), ("帮扶措施", visit.measures),
                          ("记实", visit.note)):  # fmt: skip
        if text:
            found.append(box(column(label(caption, "caption"), label(text, wrap=True), gap=1)))
    return found


def _guarantee(visit: Visit, name: str, *, whole: bool) -> QWidget:
    answer, note = getattr(visit, name), trouble_words(visit, name, whole=whole)
    tone = {"有问题": "red", "正常": "green"}.get(answer, "grey")
    made = label(GUARANTEES[name])
    made.setMinimumWidth(em(3))
    return box(row(made, label(answer, tone=tone), (label(note, wrap=True), 1), gap=12))


def _trail(store: Store, visit: str) -> str:
    """Who entered and corrected a visit, when and why."""
    events = store.history(Visit, visit)
    told = (f"{event.at:%Y-%m-%d %H:%M} {event.author} {event.reason}{event.outcome}" for event in events)
    return "\n".join(told)
