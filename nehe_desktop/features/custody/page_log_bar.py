"""The filters of 操作日志: what, who, which ledger, which day, which words; each of the usual ones one click."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QDateEdit, QWidget

from nehe_desktop.features.custody.ledger import KINDS
from nehe_desktop.features.custody.log_queries import Wanted
from nehe_desktop.features.custody.rules import last_days, week_of
from nehe_desktop.ui.bars import search_line
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import Button, button, label

_USUAL = ("打印", "导出", "查看完整号码", "登录")
Days = tuple[date | None, date | None]


class LogBar(QWidget):
    """Two rows: kinds with people, ledgers and words; days."""

    changed = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self.wanted = Wanted()
        self.search = search_line("说明、理由、去向里的字")
        self.person, self.table, self.more = (_choice(name) for name in ("谁", "台账", "其他事项"))
        self.kinds = {name: self._chip(name or "全部", self._take_kind, name) for name in ("", *_USUAL)}
        days = {"全部日子": (None, None), "今天": (today, today), "本周": week_of(today)}
        days |= {words: (day, day) for words, day in last_days(today).items()}
        self.days: dict[str, Button] = {
            words: self._chip(words, self._take_days, span) for words, span in days.items()
        }
        for words, (since, until) in days.items():
            if since is not None and since == until:
                self.days[words].setToolTip(f"{since.month}月{since.day}日")
        self.picker = QDateEdit(QDate(today.year, today.month, today.day))
        self.picker.setCalendarPopup(True)
        self.picker.setDisplayFormat("yyyy-MM-dd")
        self.picker.setAccessibleName("挑一天")
        self._group_kinds, self._group_days = (
            _group(self, self.kinds.values()),
            _group(self, self.days.values()),
        )
        first = row(*self.kinds.values(), self.more, self.person, self.table, (self.search, 1), gap=6)
        second = row(*self.days.values(), None, label("或挑一天", "caption"), self.picker, gap=4)
        column(first, second, gap=8, margins=(12, 8, 12, 8), on=self)
        self.more.addItems(["其他事项…", *(kind for kind in KINDS if kind not in _USUAL)])
        self.offer([], {})
        self._wire()
        self.show_wanted(self.wanted)

    def offer(self, people: Sequence[str], tables: Mapping[str, str]) -> None:
        """Fills what can be chosen; what is chosen stays."""
        _fill(self.person, "所有人", {name: name for name in people}, self.wanted.person)
        _fill(self.table, "所有台账", tables, self.wanted.tbl)

    def show_wanted(self, wanted: Wanted) -> None:
        """Shows filters as set, without telling anybody."""
        self.wanted = wanted
        kind = wanted.kinds[0] if wanted.kinds else ""
        self._mark_kind(kind)
        self.days["全部日子"].setChecked(True)
        self.search.blockSignals(True)
        self.search.setText(wanted.words)
        self.search.blockSignals(False)

    def _mark_kind(self, kind: str) -> None:
        usual = kind in self.kinds
        self._group_kinds.setExclusive(usual)
        for name, chip in self.kinds.items():
            chip.setChecked(name == kind)
        self.more.setCurrentText("其他事项…" if usual else kind)

    def _chip(self, words: str, take: Callable[[Any], None], value: object) -> Button:
        made = button(words, lambda: take(value), kind="chip")
        made.setAutoDefault(False)
        return made

    def _take_kind(self, kind: str) -> None:
        self._mark_kind(kind)
        self._want(replace(self.wanted, kinds=(kind,) if kind else ()))

    def _take_days(self, days: Days) -> None:
        self._group_days.setExclusive(True)
        self._want(replace(self.wanted, since=days[0], until=days[1]))

    def _take_day(self, picked: QDate) -> None:
        self._group_days.setExclusive(False)
        for chip in self.days.values():
            chip.setChecked(False)
        day = date(picked.year(), picked.month(), picked.day())
        self._want(replace(self.wanted, since=day, until=day))

    def _want(self, wanted: Wanted) -> None:
        if wanted != self.wanted:
            self.wanted = wanted
            self.changed.emit()

    def _wire(self) -> None:
        self._typing = QTimer(self, singleShot=True, interval=150)
        self._typing.timeout.connect(
            lambda: self._want(replace(self.wanted, words=self.search.text().strip()))
        )
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.more.activated.connect(lambda at: self._take_kind(self.more.currentText() if at else ""))
        self.person.activated.connect(
            lambda _at: self._want(replace(self.wanted, person=self.person.currentData()))
        )
        self.table.activated.connect(
            lambda _at: self._want(replace(self.wanted, tbl=self.table.currentData()))
        )
        self.picker.dateChanged.connect(self._take_day)


def _choice(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    sized(made, width=8)
    return made


def _fill(choice: QComboBox, every: str, options: Mapping[str, str], chosen: str) -> None:
    choice.clear()
    choice.addItem(every, "")
    for value, words in options.items():
        choice.addItem(words, value)
    choice.setCurrentIndex(max(0, choice.findData(chosen)))


def _group(owner: QWidget, chips: Iterable[Button]) -> QButtonGroup:
    made = QButtonGroup(owner)
    for chip in chips:
        made.addButton(chip)
    return made
