"""考勤: the month of a team or of all, filled by keyboard, with the numbers that matter above it."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QStackedWidget

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.features.attendance import fill, screen_queries
from nehe_desktop.features.attendance import month as months
from nehe_desktop.features.attendance.entering import Shown
from nehe_desktop.features.attendance.fill import Filling
from nehe_desktop.features.attendance.intake import Preview
from nehe_desktop.features.attendance.month import Cell, Mate, Month, Numbers
from nehe_desktop.features.attendance.page_files import more_menu
from nehe_desktop.features.attendance.page_filling import Filler
from nehe_desktop.features.attendance.page_grid import Grid
from nehe_desktop.features.attendance.page_head import Bar, Cards
from nehe_desktop.features.attendance.page_parts import Legend, SignIn
from nehe_desktop.features.attendance.page_sheets import Sheets
from nehe_desktop.features.attendance.page_writing import Writing
from nehe_desktop.features.leave.slips import month_with_slips
from nehe_desktop.ui.layouts import box, column, row
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.segmented import Segmented
from nehe_desktop.ui.theme import em
from nehe_desktop.ui.widgets import button, card, empty_state, label, line

_TABLES = {"attendance_half", "night", "workday", "posting", "member", "team", "setting", "sheet_step", "month_lock",
           "late_step", "late_night_step", "leave", "leave_step"}  # fmt: skip


class AttendancePage(Page):
    """The month of attendance."""

    key, title, icon, help_topic = "attendance", "考勤", "calendar-check", "attendance"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.month: Month | None = None
        self.counted: Numbers | None = None
        self.writing, self.sheets = Writing(desk, self.reload, self), Sheets(desk, self.reload, self)
        self._wanted, self._team, self._to_sign = "", "", False
        self.grid, self.legend, self.sign = Grid(), Legend(), SignIn()
        self.filler = Filler(lambda: self.month, self.grid.chosen, self._part, self._write)
        self.parts, self.said, self.words = Segmented(tuple(fill.PARTS), "全天"), label("", "caption"), QLineEdit()
        self.bar, self.cards, self.only = Bar(), Cards(), label("", "muted")
        self._stack, self._below = QStackedWidget(), QStackedWidget()
        self._stack.addWidget(box(self._body()))
        self._stack.addWidget(self._empty())
        column(self._stack, margins=(16, 10, 16, 10), on=self)
        self._connect()

    def _body(self) -> Any:
        self.words.setPlaceholderText("说明：公出写去哪里办什么事，其他写情况（按 B）")
        self.words.setAccessibleName("说明")
        foot = row(self.parts, (self.legend, 1), gap=10, margins=(10, 5, 10, 2))
        note = row((self.said, 1), (self.words, 1), gap=10, margins=(12, 0, 10, 6))
        self._below.addWidget(card(column((self.grid, 1), line(), foot, note, gap=0), margins=(1, 1, 1, 1)))
        self._below.addWidget(self.sheets.late)
        return column(self.bar, self.cards, self.sheets.line, self.only, self.sign, (self._below, 1), gap=8)

    def _empty(self) -> Any:
        if not self.desk.store.guard.may("create", "team"):
            words = "这个月还没有在任的驻村队员。村里登记了工作队、队员和任职，同步以后这里就会显示。"
            return empty_state("calendar-check", words)
        act = button("登记工作队和队员", lambda: self.desk.go("ledger:team"), icon="users", kind="primary")
        return empty_state("calendar-check", "这个月还没有在任的驻村队员。先登记工作队、队员和任职，再来考勤。", act)

    def _connect(self) -> None:
        self.grid.filled.connect(self.fill)
        self.legend.filled.connect(self.fill)
        self.grid.asked.connect(self._ask)
        self.grid.moved.connect(self._describe)
        self.sheets.wanted.connect(self._choose_team)
        self.sheets.shown.connect(self._show_late)
        self.parts.chosen.connect(lambda _part: self.grid.setFocus())
        self.sign.signed.connect(self._sign)
        self.bar.turned.connect(self._go_month)
        self.bar.month_chosen.connect(lambda month: self.opened(month=month))
        self.bar.team_chosen.connect(self._choose_team)
        self.bar.asked.connect(self._ask)
        self.cards.asked.connect(self._choose)
        self.words.returnPressed.connect(self._explain)
        for keys, act in (
            ("Ctrl+Z", self.writing.undo),
            ("Ctrl+Y", self.writing.redo),
            ("Ctrl+P", self._print),
            ("Esc", self.sheets.leave),
            ("PgUp", lambda: self._go_month(-1)),
            ("PgDown", lambda: self._go_month(1)),
        ):
            self.shortcut(keys, act)

    # -- what is shown ---------------------------------------------------------------------------

    def opened(self, **where: Any) -> None:
        """Shows today, or the month, team and the sign-in asked for."""
        self._team = where.get("team", self._team)
        self._to_sign = not where.get("month")
        self._below.setCurrentIndex(1 if where.get("late") else 0)
        self._wanted = where.get("month") or screen_queries.newest_month(self.desk.store)
        self.month = None if self.month and self.month.month != self._wanted else self.month
        self.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room shows more members in the sign-in."""
        super().resizeEvent(event)
        if self.month is not None:
            self._show_month(self.month)

    def changed(self, tables: frozenset[str]) -> None:
        """Reads anew what somebody changed."""
        if tables & _TABLES and not self.writing.busy:
            self.reload()

    def reload(self) -> None:
        """Reads the month in a worker."""
        ask = partial(month_with_slips, self.desk.store, self._wanted, self._team)
        self.desk.tasks.ask(ask, self._show, owner=self, slot="month")

    def _show(self, answer: Shown) -> None:
        month = answer.month
        if self.writing.busy or month.month != self._wanted:
            return
        self.sheets.take(answer, self._team)
        self.bar.show_month(month.month, answer.teams, self._team, self.sheets.words)
        self._show_month(month)
        self.sheets.reload_late()
        self._stack.setCurrentIndex(0 if month.mates else 1)
        self.titled.emit("考勤", f"{len(month.groups)} 支工作队 {len(month.mates)} 人")
        if self._to_sign and month.mates:
            self._to_sign = False
            (self.sign.main or self.grid).setFocus()

    def _show_month(self, month: Month) -> None:
        self.month, self.counted = month, months.numbers(month)
        self.grid.show_month(month)
        self.cards.show_numbers(self.counted)
        self._describe()
        own = screen_queries.member_at_keyboard(self.desk.store, month)
        team = own.team if own else month.groups[0].team if month.groups else ""
        mates = tuple(mate for mate in month.mates if mate.team == team and mate.posted(month.today))
        self.sign.setVisible(month.today in month.calendar and any(not month.hands.refusal(mate) for mate in mates))
        if self.sign.isVisibleTo(self):
            self.sign.show_month(month, mates, own if own in mates else None, self.width() - 32)
        self.bar.workdays.setVisible(bool(fill.own_lines(month, month.mates)))
        self.only.setText(month.barred)
        self.only.setVisible(bool(month.barred) and (self.height() > em(36) or self.sheets.line.isHidden()))

    def _describe(self) -> None:
        if self.month is None:
            return
        cell, chosen = self.grid.selection.cell(self.month), self.grid.chosen()
        many = f"选中 {len(chosen)} 格　" if len(chosen) > 1 else ""
        self.sheets.show_for(self._here(), self.width() - 32)
        barred = bool(cell and self.month.hands.refusal(cell.mate))
        self.said.setText(many + months.words_of(self.month, cell) + "　（只能看）" * barred if cell else "")
        self.words.setEnabled(not barred)
        if cell and not self.words.hasFocus():
            self.words.setText(fill.explained(self.month, cell, self._part()))

    # -- writing ---------------------------------------------------------------------------------

    def fill(self, status: str) -> None:
        """Fills the chosen cells with a status; "" clears."""
        self.filler.fill(status)
        self.grid.setFocus()

    def _explain(self) -> None:
        self.filler.explain(self.words.text().strip())
        self.grid.setFocus()

    def _write(self, step: Filling, reason: str, said: str) -> None:
        """Shows a step at once and stores it; it goes back with a notice when refused."""
        if self.month is None:
            return
        if not step.changes:
            self.desk.notices.toast(step.why or (said if reason == "" else "没有要改的格子"))
            return
        self._show_month(self.month.taking(step.halves, step.nights))
        self.writing.do(step.changes, reason, said)

    def _sign(self, mate: Mate, what: str) -> None:
        ask = partial(screen_queries.clock_went_back, self.desk.store)
        self.desk.tasks.ask(ask, partial(self._signed, mate, what), owner=self, slot="sign")

    def _signed(self, mate: Mate, what: str, back: bool) -> None:  # noqa: FBT001
        try:
            self.filler.sign(mate, what, self.desk.store.author, clock_went_back=back)
        except Refused as refused:
            self.desk.notices.trouble(Trouble(refused.sentence))

    def _show_late(self, shown: bool) -> None:  # noqa: FBT001
        self._below.setCurrentIndex(1 if shown else 0)
        if not shown:
            self.grid.setFocus()

    # -- moving ----------------------------------------------------------------------------------

    def _part(self) -> str:
        return self.parts.value() or "全天"

    def _ask(self, what: str) -> None:
        acts = {
            "part": self._next_part,
            "note": self._edit_words,
            "next": self._next,
            "night": self._toggle_nights,
            "nights": lambda: self._show_nights(shown=not self.grid.nights),
            "workdays": self.filler.workdays,
            "leave": lambda: self.desk.go("leave"),
            "more": lambda: self.menu().popup(self.bar.more.mapToGlobal(self.bar.more.rect().bottomLeft())),
            "print": self._print,
        }
        if what in fill.PARTS:
            self.parts.show_value(what)
        else:
            acts[what]()
        self._describe()

    def _next_part(self) -> None:
        names = tuple(fill.PARTS)
        self.parts.show_value(names[(names.index(self._part()) + 1) % len(names)])

    def _edit_words(self) -> None:
        self.words.setFocus()
        self.words.selectAll()

    def _toggle_nights(self) -> None:
        self._show_nights(shown=True)
        self.filler.nights()

    def _next(self) -> None:
        if self.month is None:
            return
        cell = months.next_open(self.month, self.grid.selection.cell(self.month))
        if cell is None:
            self.desk.notices.toast("过去的工作日都登记了")
        else:
            self.grid.select(self.grid.selection.onto(self.month, cell))

    def _choose(self, what: str) -> None:
        if self.month is None or self.counted is None:
            return
        behind = self.counted.all - self.counted.on_pace
        if what == "behind":
            self._select(frozenset(cell for cell in self.month.cells if cell.mate in behind))
        else:
            self._select(getattr(self.counted, what))

    def _select(self, cells: frozenset[Cell]) -> None:
        if self.month is None or not cells:
            self.desk.notices.toast("一个也没有")
            return
        first = next(cell for cell in self.month.cells if cell in cells)
        self.grid.select(self.grid.selection.onto(self.month, first).choosing(cells))
        self.grid.setFocus()

    def _go_month(self, by: int) -> None:
        self._wanted = months.shifted(self._wanted, by)
        self.reload()

    def _choose_team(self, team: str) -> None:
        self._team = team
        self.reload()
        self.grid.setFocus()

    def _show_nights(self, *, shown: bool) -> None:
        self.bar.nights.setChecked(shown)
        self.grid.show_nights(shown)

    # -- papers and files ------------------------------------------------------------------------

    def _here(self) -> str:
        """The team of the cursor, or the one chosen."""
        cell = self.grid.selection.cell(self.month) if self.month else None
        return self._team or (cell.mate.team if cell else "")

    def _print(self) -> None:
        self.desk.go("papers", kind="D02", team=self._here(), month=self._wanted)

    def menu(self) -> QMenu:
        """What is needed less often: copy, export, import."""
        cell = self.grid.selection.cell(self.month) if self.month else None
        return more_menu(self.desk, self, self.month, cell, self.filler.copy, self.take, self.filler.rest, self.filler.slips)

    def take(self, preview: Preview) -> None:
        """Stores a month that was looked through, and shows it."""
        self._wanted = preview.month.month
        self.writing.do(preview.filling.changes, "导入考勤表", f"已导入 {preview.filling.count} 处")
