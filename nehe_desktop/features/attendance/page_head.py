"""The bar over the grid and the four numbers below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

from nehe_desktop.features.attendance.month import Numbers
from nehe_desktop.features.attendance.page_parts import NumberCard
from nehe_desktop.features.attendance.screen_queries import TeamLine
from nehe_desktop.ui.layouts import row
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import button

_ALL = "全部工作队"


class Bar(QWidget):
    """Month, team, and what is done with the whole month; `asked` names it."""

    turned = Signal(int)
    month_chosen = Signal(str)
    team_chosen = Signal(str)
    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._month = ""
        self._month_button = button("", self._pick_month, kind="ghost", tip="选月份")
        self._month_button.setProperty("em_w", None)
        self._month_button.setMinimumWidth(0)
        self._month_button.setMaximumWidth(16777215)
        self._teams = QComboBox()
        self._teams.setAccessibleName("工作队")
        self._teams.activated.connect(lambda at: self.team_chosen.emit(self._teams.itemData(at)))
        sized(self._teams, least=7, most=15)
        fill_tip = "没登记的过去工作日都填在村，一步可撤销"
        self.nights = button("夜间", self._ask("nights"), kind="chip", tip="显示夜间住村（N 登记）")
        self.workdays = button("按工作日填满 √", self._ask("workdays"), kind="tonal", tip=fill_tip)
        self.leave = button("请销假", self._ask("leave"), icon="calendar-days", kind="ghost", tip="写请假单、审批、销假")
        self.more = button("更多", self._ask("more"), icon="chevron-down", tip="复制、导出、导入")
        row(
            button("", lambda: self.turned.emit(-1), icon="chevron-left", tip="上一月（Page Up）"),
            self._month_button,
            button("", lambda: self.turned.emit(1), icon="chevron-right", tip="下一月（Page Down）"),
            self._teams,
            None,
            self.leave,
            self.nights,
            self.workdays,
            self.more,
            button("月报表", self._ask("print"), icon="printer", kind="primary", tip="Ctrl+P"),
            gap=6,
            on=self,
        )

    def show_month(self, month: str, teams: Sequence[TeamLine], team: str, words: Callable[[str], str]) -> None:
        """Shows the month and the teams that can be chosen with how their sheets stand; one team needs no choice."""
        self._month = month
        self._month_button.reword(f"{month[:4]} 年 {int(month[4:])} 月")
        self._teams.setVisible(len(teams) > 1)
        self._teams.clear()
        self._teams.addItem(_ALL, "")
        for each in teams:
            self._teams.addItem(" · ".join(filter(None, (each.name, words(each.id)))), each.id)
        self._teams.setCurrentIndex(max(0, self._teams.findData(team)))

    def _ask(self, what: str) -> Callable[[], None]:
        return lambda: self.asked.emit(what)

    def _pick_month(self) -> None:
        menu, year = QMenu(self), self._month[:4]
        for number in range(1, 13):
            menu.addAction(f"{year} 年 {number} 月", lambda n=number: self.month_chosen.emit(f"{year}{n:02}"))
        menu.popup(self._month_button.mapToGlobal(self._month_button.rect().bottomLeft()))


class Cards(QWidget):
    """The four numbers; a click asks for the cells of one: served, open, absent or behind."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.served = NumberCard("calendar-check", "teal", lambda: self.asked.emit("served"))
        self.open = NumberCard("circle-alert", "orange", lambda: self.asked.emit("open"))
        self.absent = NumberCard("circle-x", "red", lambda: self.asked.emit("absent"))
        self.pace = NumberCard("badge-check", "green", lambda: self.asked.emit("behind"))
        row(*((each, 1) for each in (self.served, self.open, self.absent, self.pace)), on=self)

    def show_numbers(self, counted: Numbers) -> None:
        """Shows the numbers; a number that asks for work is not green."""
        self.served.show_number(f"应在岗 {len(counted.due)} 人次", f"在岗 {len(counted.served)}", "teal")
        self.open.show_number("待补签", f"{len(counted.open)} 人次", "orange" if counted.open else "green")
        self.absent.show_number("缺勤", f"{len(counted.absent)} 人次", "red" if counted.absent else "green")
        reached = f"{len(counted.on_pace)} / {len(counted.all)} 人"
        well = len(counted.on_pace) == len(counted.all)
        self.pace.show_number("全年进度达标", reached, "green" if well else "orange")
