"""今天该走的户: who is to be visited, the longest waiting first, and a box that finds any household."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from nehe_desktop.core.store import Store
from nehe_desktop.features.households.screen_queries import found
from nehe_desktop.features.visits.page_side import days_ago
from nehe_desktop.features.visits.queries import Due, visits_by_due_day
from nehe_desktop.features.visits.screen_queries import named, village_of
from nehe_desktop.ui.editors import LineEditor
from nehe_desktop.ui.icons import icon
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.listing import Cell, Column, Listing, Row
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.theme import look
from nehe_desktop.ui.widgets import button, card, empty_state, key_hints, label, line

COLUMNS = (
    Column("head", "户主", 7, bold=True),
    Column("hamlet", "屯", 6),
    Column("last", "上次走访", 9),
    Column("due", "该走访的日期", 9),
    Column("late", "情况", 11),
)
TYPING_MS = 60
_KEYS = {"head": 1, "hamlet": 2, "last": 4, "due": 5, "late": 6}


class DueSource:
    """Households by due day, or the ones that what was typed finds."""

    columns: Sequence[Column] = COLUMNS

    def __init__(self, store: Store) -> None:
        self._store = store
        self._numbers: dict[str, int] = {}
        self._lines: dict[int, tuple[Due | None, str, str, str]] = {}

    def ids(self, sort: str, descending: bool, wanted: str | None, limit: int = 0) -> array[int]:  # noqa: FBT001
        """Numbers of the households that are listed."""
        store, today = self._store, self._store.clock.today()
        due = visits_by_due_day(store, village_of(store), today)
        if sort in _KEYS:
            due.sort(key=lambda each: str(each[_KEYS[sort]] or ""), reverse=descending)
        if wanted:
            by_id = {each.household: each for each in due}
            others = named(store, found(store, wanted))
            lines = [(by_id.get(o.household), o.household, o.head, o.hamlet) for o in others]
        else:
            lines = [(each, each.household, each.head, each.hamlet) for each in due]
        numbers = array("q")
        for each in lines[: limit or None]:
            number = self._numbers.setdefault(each[1], len(self._numbers))
            self._lines[number] = each
            numbers.append(number)
        return numbers

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """The rows of these numbers."""
        return [self._row(number) for number in ids]

    def _row(self, number: int) -> Row | None:
        line_of = self._lines.get(number)
        if line_of is None:
            return None
        due, household, head, hamlet = line_of
        if due is None:
            return Row(household, (head or "未登记", hamlet, "", "", Cell("一般户，不限次数", "grey")))
        today = self._store.clock.today()
        return Row(
            household,
            (head or "未登记", hamlet, days_ago(due.last, today), f"{due.due:%m-%d}", _state(due, due.due <= today)),
        )


def _state(due: Due, now: bool) -> Cell:  # noqa: FBT001
    if due.last is None:
        return Cell("从没走访过", "red", dot=True)
    if due.days_overdue:
        return Cell(f"过期 {due.days_overdue} 天", "red" if due.days_overdue > 7 else "orange", dot=True)
    return Cell("今天到期", "gold", dot=True) if now else Cell("还没到期", "grey")


class FindBox(LineEditor):
    """Finds a moment after the last key, never while a word is being composed."""

    searched = Signal(str)
    going_down = Signal()

    def __init__(self, hint: str) -> None:
        super().__init__(hint=hint)
        self.setClearButtonEnabled(True)
        self.setAccessibleName("找一户")
        self.addAction(icon("search", look().text3), LineEditor.ActionPosition.LeadingPosition)
        self._timer = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._timer.timeout.connect(lambda: self.searched.emit(self.text().strip()))
        self.textChanged.connect(lambda _text: None if self.composing else self._timer.start())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Enter go to the list."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.composing:
            self.going_down.emit()
        else:
            super().keyPressEvent(event)


def choose_first(listing: Listing) -> None:
    """Chooses the first row of a list that has just been asked anew, where none is chosen."""
    first = listing.model.row_at(0)
    if first is not None and not listing.current():
        listing.select(first.id)


class DuePanel(QWidget):
    """The list with its box; Enter begins a visit."""

    picked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        empty = empty_state("circle-check", "没有找到这样的户，换个名字或拼音首字母试试")
        self.listing = Listing(DueSource(desk.store), desk.tasks, "该走访的户", empty)
        self.box = FindBox("找任意一户：姓名 / 拼音首字母 / 身份证后 4 位 / 电话")
        self._title, self._hint = label("今天该走的户", "h2"), label("", "caption")
        buttons = (
            button("走访记录", lambda: desk.go("visits"), icon="footprints"),
            button("问题台账", lambda: desk.go("problems"), icon="clipboard-list"),
            button("登记这户", self._begin, icon="clipboard-pen", kind="primary", key="Enter"),
        )
        head = column(row(self._title, self._hint, None, *buttons), self.box, gap=10, margins=(16, 12, 16, 10))
        hints = key_hints(("↑↓", "换户"), ("Enter", "开始登记"))
        body = column(head, line(), (self.listing, 1), line(), row(hints, margins=(14, 6, 14, 6)), gap=0)
        column((card(body, margins=(0, 0, 0, 0)), 1), on=self)
        self.box.searched.connect(self.listing.show_where)
        self.box.going_down.connect(self.listing.table.setFocus)
        self.listing.opened.connect(self.picked)
        self.listing.counted.connect(lambda _count: choose_first(self.listing))
        self.setFocusProxy(self.listing.table)

    def load(self) -> None:
        """Asks anew who is due."""
        self.listing.show_where(self.box.text().strip())

    def say(self, due: int) -> None:
        """How many are due."""
        self._hint.setText(f"到今天该走 {due} 户，等得最久的在前" if due else "今天没有到期的，下面是接下来该走的户")

    def _begin(self) -> None:
        if household := self.listing.current():
            self.picked.emit(household)
