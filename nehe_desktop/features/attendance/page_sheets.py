"""The sheet and the late entries of the month that is shown: what is offered, and what is done with them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Receipt, Store
from nehe_desktop.features.attendance import sheet_acts
from nehe_desktop.features.attendance.entering import Shown
from nehe_desktop.features.attendance.page_late import LateLine, LatePanel
from nehe_desktop.features.attendance.page_sheet import Offer, SheetLine
from nehe_desktop.features.attendance.sheet_queries import LateEntry, Sheet, late_entries, with_hands
from nehe_desktop.features.attendance.sheet_rules import LOCK
from nehe_desktop.security.rights import WRITERS
from nehe_desktop.ui.page import Desk


def offer_of(store: Store, sheet: Sheet, others: int) -> Offer:
    """What who is at the keyboard may do with a sheet."""
    told = sheet.progress
    if told.closed:
        return Offer(reopen=WRITERS["month_lock"] in sheet_acts.roles_of(store), others=others)
    turn, why = sheet_acts.is_his_turn(store, sheet), sheet_acts.refusal(store, sheet)
    back = turn and bool(told.done) and (not why or told.following == LOCK)
    return Offer("" if why else told.following, back, reopen=False, why=why, others=others)


class Sheets(QObject):
    """Line and list of a page; `wanted` asks for another team, `shown` says whether the list is open."""

    wanted = Signal(str)
    shown = Signal(bool)

    def __init__(self, desk: Desk, ended: Callable[[], object], owner: QObject) -> None:
        super().__init__(owner)
        self._desk, self._ended = desk, ended
        self.line, self.late = SheetLine(), LatePanel()
        self._all: dict[str, Sheet] = {}
        self._sheet: Sheet | None = None
        self._month, self._team = "", ""
        self.line.asked.connect(self._do)
        self.late.said.connect(self._say)
        self.late.left.connect(lambda: self.shown.emit(False))
        self.line.hide()

    def take(self, answer: Shown, team: str) -> None:
        """Keeps how the sheets of a month stand; `team` is the one asked for, empty for all."""
        self._all, self._month, self._team = answer.sheets, answer.month.month, team

    def show_for(self, team: str, room: int) -> None:
        """Shows the sheet of a team, once its month is over or its steps have begun."""
        sheet = self._all.get(team)
        self._sheet = sheet
        begun = sheet is not None and (sheet.over or bool(sheet.progress.done) or sheet.waiting > 0)
        self.line.setVisible(begun)
        if sheet is not None and begun:
            mine = [each for each in self._all.values() if self._waits(each)]
            self.line.show_sheet(
                sheet, offer_of(self._desk.store, sheet, sum(each != sheet for each in mine)), room
            )

    def words(self, team: str) -> str:
        """How the sheet of a team stands, for the list of teams."""
        sheet = self._all.get(team)
        return sheet.progress.words if sheet is not None and sheet.over else ""

    def open_late(self) -> None:
        """Reads what was made up in a worker and shows it."""
        self._desk.tasks.ask(self._read_late, self._show_late, owner=self, slot="late")
        self.shown.emit(True)

    def leave(self) -> None:
        """Esc: leaves the question, else the list."""
        if not self.line.leave():
            self.shown.emit(False)

    def reload_late(self) -> None:
        """Reads the list anew where it is open."""
        if self.late.isVisible():
            self._desk.tasks.ask(self._read_late, self.late.show_lines, owner=self, slot="late")

    def _read_late(self) -> list[LateLine]:
        store = self._desk.store
        found = with_hands(store, late_entries(store, self._month, self._team))
        lines = [LateLine(entry, sheet_acts.late_refusal(store, entry)) for entry in found]
        return sorted(lines, key=lambda line: (line.entry.made.confirmed, bool(line.why)))

    def _show_late(self, lines: list[LateLine]) -> None:
        self.late.show_lines(lines)
        self.late.begin()

    def _waits(self, sheet: Sheet) -> bool:
        return not sheet.progress.closed and not sheet_acts.refusal(self._desk.store, sheet)

    def _do(self, what: str, reason: str) -> None:
        if what == "late":
            self.open_late()
        elif what == "next":
            self._next()
        elif self._sheet is not None:
            sheet, store = self._sheet, self._desk.store
            acts: dict[str, tuple[Callable[[], Future[Receipt]], str]] = {
                "confirm": (partial(sheet_acts.confirm, store, sheet), f"已办“{sheet.progress.following}”"),
                "lock": (partial(sheet_acts.lock, store, sheet), "已锁定"),
                "back": (partial(sheet_acts.send_back, store, sheet, reason), "已退回队里"),
                "reopen": (partial(sheet_acts.reopen, store, sheet, reason), "已重开，从队长确认重新办"),
            }
            self._write(*acts[what])

    def _next(self) -> None:
        teams = list(self._all)
        at = teams.index(self._sheet.team) + 1 if self._sheet and self._sheet.team in teams else 0
        found = next((t for t in teams[at:] + teams[:at] if self._waits(self._all[t])), "")
        if found:
            self.wanted.emit(found)

    def _say(self, entries: list[LateEntry], decision: str, reason: str) -> None:
        done = f"已{'确认' if decision == '同意' else '退回'} {len(entries)} 处补签"
        self._write(partial(sheet_acts.say_late, self._desk.store, entries, decision, reason), done)

    def _write(self, act: Callable[[], Future[Receipt]], said: str) -> None:
        work = lambda: act().result()  # noqa: E731 - reads before it writes: not for the window's thread
        self._desk.tasks.ask(work, lambda _receipt: self._done(said), owner=self, failed=self._failed)

    def _done(self, said: str) -> None:
        self._desk.notices.toast(said)
        self._ended()
        self.reload_late()

    def _failed(self, error: BaseException) -> Any:
        trouble = error if isinstance(error, Trouble) else Trouble(f"没有办成：{error}")
        self._desk.notices.trouble(trouble)
        self._ended()
