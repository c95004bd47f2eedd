"""考勤: the month of a team or of all, filled by keyboard, with the numbers that matter above it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QMenu, QStackedWidget

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.core.store import Receipt
from nehe_desktop.features.attendance import fill, intake
from nehe_desktop.features.attendance.fill import Filling
from nehe_desktop.features.attendance.month import (
    Cell,
    Mate,
    Month,
    Numbers,
    next_open,
    numbers,
    shifted,
    words_of,
)
from nehe_desktop.features.attendance.page_grid import Grid
from nehe_desktop.features.attendance.page_parts import Legend, NumberCard, SignIn
from nehe_desktop.features.attendance.screen_queries import (
    clock_went_back,
    member_at_keyboard,
    month_of,
    newest_month,
    teams_in,
)
from nehe_desktop.features.attendance.steps import Steps
from nehe_desktop.ui.layouts import box, column, row
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.segmented import Segmented
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import button, card, empty_state, label, line

_TABLES = {"attendance_half", "night", "workday", "posting", "member", "team", "setting"}
_ALL = "全部工作队"


class AttendancePage(Page):
    """The month of attendance."""

    key, title, icon, help_topic = "attendance", "考勤", "calendar-check", "attendance"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.month: Month | None = None
        self.counted: Numbers | None = None
        self.steps = Steps(desk.store)
        self._wanted, self._team, self._to_sign = "", "", False
        self._writing: list[Future[Receipt]] = []
        self.grid, self.legend, self.sign = Grid(), Legend(), SignIn()
        self.parts, self.said, self.words = Segmented(tuple(fill.PARTS), "全天"), label("", "caption"), QLineEdit()
        self._cards = self._make_cards()
        self._bar = self._make_bar()
        self._stack = QStackedWidget()
        self._stack.addWidget(box(self._body()))
        self._stack.addWidget(self._empty())
        column(self._stack, margins=(16, 10, 16, 10), on=self)
        self._connect()

    # -- parts -----------------------------------------------------------------------------------

    def _make_cards(self) -> tuple[NumberCard, ...]:
        return (
            NumberCard("calendar-check", "teal", lambda: self._choose("served")),
            NumberCard("circle-alert", "orange", lambda: self._choose("open")),
            NumberCard("circle-x", "red", lambda: self._choose("absent")),
            NumberCard("badge-check", "green", self._choose_behind),
        )

    def _make_bar(self) -> Any:
        self.month_button = button("", self._pick_month, kind="ghost", tip="选月份")
        self.month_button.setMaximumWidth(16777215)
        self.month_button.setMinimumWidth(0)
        self.teams = QComboBox()
        self.teams.setAccessibleName("工作队")
        sized(self.teams, least=7, most=15)
        self.night_button = button("夜间", self._switch_nights, kind="chip", tip="显示夜间住村（N 登记）")
        return row(
            button("", lambda: self._go_month(-1), icon="chevron-left", tip="上一月（Page Up）"),
            self.month_button,
            button("", lambda: self._go_month(1), icon="chevron-right", tip="下一月（Page Down）"),
            self.teams,
            None,
            self.night_button,
            button("按工作日填满 √", self._fill_workdays, kind="tonal", tip="没登记的过去工作日都填在村，一步可撤销"),
            button("更多", self._more, icon="chevron-down", tip="复制、导出、导入"),
            button("月报表", self._print, icon="printer", kind="primary", tip="Ctrl+P"),
            gap=6,
        )

    def _body(self) -> Any:
        self.words.setPlaceholderText("说明：公出写去哪里办什么事，其他写情况（按 B）")
        self.words.setAccessibleName("说明")
        foot = row(self.parts, (self.legend, 1), gap=10, margins=(10, 5, 10, 2))
        note = row((self.said, 1), (self.words, 1), gap=10, margins=(12, 0, 10, 6))
        grid = card(column((self.grid, 1), line(), foot, note, gap=0), margins=(1, 1, 1, 1))
        cards = row(*((each, 1) for each in self._cards), gap=8)
        return column(self._bar, cards, self.sign, (grid, 1), gap=8)

    def _empty(self) -> Any:
        act = button("登记工作队和队员", lambda: self.desk.go("ledger:team"), icon="users", kind="primary")
        return empty_state("calendar-check", "这个月还没有在任的驻村队员。先登记工作队、队员和任职，再来考勤。", act)

    def _connect(self) -> None:
        self.grid.filled.connect(self.fill)
        self.legend.filled.connect(self.fill)
        self.grid.asked.connect(self._ask)
        self.grid.moved.connect(self._describe)
        self.parts.chosen.connect(lambda _part: self.grid.setFocus())
        self.sign.signed.connect(self._sign)
        self.teams.activated.connect(lambda at: self._choose_team(self.teams.itemData(at)))
        self.words.returnPressed.connect(self._explain)
        for keys, act in (
            ("Ctrl+Z", self.undo),
            ("Ctrl+Y", self.redo),
            ("Ctrl+P", self._print),
            ("PgUp", lambda: self._go_month(-1)),
            ("PgDown", lambda: self._go_month(1)),
        ):
            self.shortcut(keys, act)

    # -- what is shown ---------------------------------------------------------------------------

    def opened(self, **where: Any) -> None:
        """Shows today, or the month, team and the sign-in asked for."""
        self._team = where.get("team", self._team)
        self._to_sign = not where.get("month")
        self._wanted = where.get("month") or newest_month(self.desk.store)
        self.month = None if self.month and self.month.month != self._wanted else self.month
        self.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room shows more members in the sign-in."""
        super().resizeEvent(event)
        if self.month is not None:
            self._show_month(self.month)

    def changed(self, tables: frozenset[str]) -> None:
        """Reads anew what somebody changed."""
        if tables & _TABLES and not self._busy():
            self.reload()

    def reload(self) -> None:
        """Reads the month in a worker."""
        store, month, team = self.desk.store, self._wanted, self._team
        self.desk.tasks.ask(
            lambda: (month_of(store, month, team), teams_in(store, month)), self._show, owner=self, slot="month"
        )

    def _show(self, answer: tuple[Month, list[Any]]) -> None:
        month, teams = answer
        if self._busy() or month.month != self._wanted:
            return
        self.month_button.reword(f"{month.month[:4]} 年 {int(month.month[4:])} 月")
        self._show_teams(teams)
        self._show_month(month)
        self._stack.setCurrentIndex(0 if month.mates else 1)
        self.titled.emit("考勤", f"{len(month.groups)} 支工作队 {len(month.mates)} 人")
        if self._to_sign and month.mates:
            self._to_sign = False
            (self.sign.main or self.grid).setFocus()

    def _show_teams(self, teams: list[Any]) -> None:
        self.teams.setVisible(len(teams) > 1)
        self.teams.clear()
        self.teams.addItem(_ALL, "")
        for team in teams:
            self.teams.addItem(team.name, team.id)
        self.teams.setCurrentIndex(max(0, self.teams.findData(self._team)))

    def _show_month(self, month: Month) -> None:
        self.month, self.counted = month, numbers(month)
        self.grid.show_month(month)
        self._count(self.counted)
        self._describe()
        own = member_at_keyboard(self.desk.store, month)
        team = own.team if own else month.groups[0].team if month.groups else ""
        mates = tuple(mate for mate in month.mates if mate.team == team and mate.posted(month.today))
        self.sign.setVisible(month.today in month.calendar and bool(mates))
        if self.sign.isVisibleTo(self):
            self.sign.show_month(month, mates, own if own in mates else None, self.width() - 32)

    def _count(self, counted: Numbers) -> None:
        served, waiting, absent, pace = self._cards
        served.show_number(f"应在岗 {len(counted.due)} 人次", f"在岗 {len(counted.served)}", "teal")
        waiting.show_number("待补签", f"{len(counted.open)} 人次", "orange" if counted.open else "green")
        absent.show_number("缺勤", f"{len(counted.absent)} 人次", "red" if counted.absent else "green")
        all_well = len(counted.on_pace) == len(counted.all)
        reached = f"{len(counted.on_pace)} / {len(counted.all)} 人"
        pace.show_number("全年进度达标", reached, "green" if all_well else "orange")

    def _describe(self) -> None:
        if self.month is None:
            return
        cell, chosen = self.grid.selection.cell(self.month), self.grid.chosen()
        many = f"选中 {len(chosen)} 格　" if len(chosen) > 1 else ""
        self.said.setText(many + words_of(self.month, cell) if cell else "")
        if cell and not self.words.hasFocus():
            self.words.setText(fill.explained(self.month, cell, self._part()))

    # -- writing ---------------------------------------------------------------------------------

    def fill(self, status: str) -> None:
        """Fills the chosen cells with a status; "" clears."""
        if self.month is not None:
            step = fill.fill(self.month, self.grid.chosen(), self._part(), status)
            self._write(step, "考勤", fill.said_of(step, status))
            self.grid.setFocus()

    def _write(self, step: Filling, reason: str, said: str) -> None:
        """Shows a step at once and stores it; it goes back with a notice when refused."""
        if self.month is None:
            return
        if not step.changes:
            self.desk.notices.toast(step.why or "没有要改的格子")
            return
        self._show_month(self.month.taking(step.halves, step.nights))
        self._follow(self.steps.do(step.changes, reason), said, self.undo)

    def _follow(self, future: Future[Receipt], said: str, undo: Callable[[], object] | None = None) -> None:
        self._writing.append(future)

        def stored(_receipt: Receipt) -> None:
            self.desk.notices.toast(said, undo)
            self.reload()

        self.desk.tasks.watch(future, stored, owner=self, failed=self._refused)

    def _refused(self, error: BaseException) -> None:
        words = error if isinstance(error, Trouble) else Trouble(str(error))
        self.desk.notices.trouble(Trouble(f"没有保存，已恢复原样：{words.sentence}", words.advice))
        self.reload()

    def _busy(self) -> bool:
        self._writing = [future for future in self._writing if not future.done()]
        return bool(self._writing)

    def undo(self) -> None:
        """Takes the last fill back."""
        future = self.steps.undo()
        if future is None:
            self.desk.notices.toast("没有可撤销的考勤")
        else:
            self._follow(future, "已撤销", self.redo)

    def redo(self) -> None:
        """Does the last fill again."""
        future = self.steps.redo()
        if future is None:
            self.desk.notices.toast("没有可重做的考勤")
        else:
            self._follow(future, "已重做", self.undo)

    def _sign(self, mate: Mate, what: str) -> None:
        store = self.desk.store
        self.desk.tasks.ask(
            lambda: clock_went_back(store), lambda back: self._signed(mate, what, back), owner=self, slot="sign"
        )

    def _signed(self, mate: Mate, what: str, back: bool) -> None:  # noqa: FBT001
        if self.month is None:
            return
        try:
            step = fill.sign_in(self.month, mate, what, clock_went_back=back)
        except Refused as refused:
            self.desk.notices.trouble(Trouble(refused.sentence))
            return
        if step.changes:
            self._write(step, "签到", f"{mate.name} 今天{what}已签到")
        else:
            self.desk.notices.toast(step.why or f"{mate.name} 今天{what}已经签过")

    def _explain(self) -> None:
        if self.month is not None:
            step = fill.explain(self.month, self.grid.chosen(), self._part(), self.words.text().strip())
            self.grid.setFocus()
            self._write(step, "考勤说明", "说明已保存")

    def _fill_workdays(self) -> None:
        if self.month is not None:
            step = fill.fill_workdays(self.month, self.month.mates)
            self._write(step, "按工作日填满", f"按工作日填满：{fill.said_of(step, 'V')}")

    def _copy(self, source: Mate, target: Mate) -> None:
        if self.month is not None:
            step = fill.copy_line(self.month, source, target)
            self._write(step, "复制考勤", f"已把{source.name}的 {step.count} 个半天复制给{target.name}")

    # -- moving ----------------------------------------------------------------------------------

    def _part(self) -> str:
        return self.parts.value() or "全天"

    def _ask(self, what: str) -> None:
        if what in fill.PARTS:
            self.parts.show_value(what)
        elif what == "part":
            names = tuple(fill.PARTS)
            self.parts.show_value(names[(names.index(self._part()) + 1) % len(names)])
        elif what == "note":
            self.words.setFocus()
            self.words.selectAll()
        elif what == "next":
            self._next()
        elif self.month is not None:
            step = fill.toggle_nights(self.month, self.grid.chosen())
            self._show_nights(shown=True)
            self._write(step, "住村", f"{step.count} 个夜间已登记")
        self._describe()

    def _next(self) -> None:
        if self.month is None:
            return
        cell = next_open(self.month, self.grid.selection.cell(self.month))
        if cell is None:
            self.desk.notices.toast("过去的工作日都登记了")
        else:
            self.grid.select(self.grid.selection.onto(self.month, cell))

    def _choose(self, what: str) -> None:
        if self.counted is not None:
            self._select(getattr(self.counted, what))

    def _choose_behind(self) -> None:
        if self.month is not None and self.counted is not None:
            behind = self.counted.all - self.counted.on_pace
            self._select(frozenset(cell for cell in self.month.cells if cell.mate in behind))

    def _select(self, cells: frozenset[Cell]) -> None:
        if self.month is None or not cells:
            self.desk.notices.toast("一个也没有")
            return
        first = next(cell for cell in self.month.cells if cell in cells)
        self.grid.select(self.grid.selection.onto(self.month, first).choosing(cells))
        self.grid.setFocus()

    def _go_month(self, by: int) -> None:
        self._wanted = shifted(self._wanted, by)
        self.reload()

    def _pick_month(self) -> None:
        menu = QMenu(self)
        year = int(self._wanted[:4])
        for month in (f"{year}{n:02}" for n in range(1, 13)):
            menu.addAction(f"{year} 年 {int(month[4:])} 月", lambda m=month: self.opened(month=m, team=self._team))
        menu.popup(self.month_button.mapToGlobal(self.month_button.rect().bottomLeft()))

    def _choose_team(self, team: str) -> None:
        self._team = team
        self.reload()
        self.grid.setFocus()

    def _switch_nights(self) -> None:
        self._show_nights(shown=not self.grid.nights)

    def _show_nights(self, *, shown: bool) -> None:
        self.night_button.setChecked(shown)
        self.grid.show_nights(shown)

    # -- papers and files ------------------------------------------------------------------------

    def _here(self) -> str:
        """The team of the cursor, or the one chosen."""
        cell = self.grid.selection.cell(self.month) if self.month else None
        return self._team or (cell.mate.team if cell else "")

    def _print(self) -> None:
        self.desk.go("papers", kind="D02", team=self._here(), month=self._wanted)

    def _more(self) -> None:
        self.menu().popup(self.cursor().pos())

    def menu(self) -> QMenu:
        """What is needed less often."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        cell = self.grid.selection.cell(self.month) if self.month else None
        if cell and self.month:
            copies = menu.addMenu(f"从其他队员复制给{cell.mate.name}")
            for mate in self.month.mates:
                if mate != cell.mate and mate.team == cell.mate.team:
                    copies.addAction(mate.name, lambda m=mate: self._copy(m, cell.mate))
        menu.addAction("导出本月 Excel（也是填报模板）", self._export)
        menu.addAction("导入填好的 Excel", self._import)
        return menu

    def _export(self) -> None:
        name = f"考勤{self._wanted}.xlsx"
        path, _ = QFileDialog.getSaveFileName(self, "导出考勤表", name, "Excel (*.xlsx)")
        if path:
            self.export_to(Path(path))

    def export_to(self, path: Path) -> None:
        """Writes the month of the team at the cursor."""
        store, team, month = self.desk.store, self._here(), self._wanted
        self.desk.tasks.run(
            "正在导出考勤",
            lambda _progress: intake.export_month(store, team, month, path),
            lambda _lines: self.desk.notices.toast(f"已导出 {path.name}"),
        )

    def _import(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "导入考勤表", "", "表格 (*.xlsx *.xls *.et *.ods *.csv)")
        if path:
            self.import_from(Path(path))

    def import_from(self, path: Path) -> None:
        """Reads a filled month and says what it would change; nothing is stored before 导入 is pressed."""
        store = self.desk.store
        self.desk.tasks.run("正在核对考勤表", lambda _progress: intake.read_month(store, path), self._preview)

    def _preview(self, preview: intake.Preview) -> None:
        count, refused = preview.filling.count, preview.refused
        words = f"这张表将登记 {count} 处" + (f"，其中 {preview.late} 处记为补签" if preview.late else "")
        if refused:
            more = f" 等 {len(refused)} 处" if len(refused) > 3 else ""
            words += f"；不能导入：{'；'.join(refused[:3])}{more}"
        if not count:
            self.desk.notices.banner(words, "orange" if refused else "blue")
            return

        def take() -> None:
            self.desk.notices.drop(frame)
            self._wanted = preview.month.month
            self._follow(self.steps.do(preview.filling.changes, "导入考勤表"), f"已导入 {count} 处", self.undo)

        frame = self.desk.notices.banner(words, "orange" if refused else "blue", word="导入", act=take)
        frame.setToolTip("\n".join(refused))
