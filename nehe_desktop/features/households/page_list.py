"""The list of households: search box, filter chips, table, what is marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from nehe_desktop.features.households import screen_queries
from nehe_desktop.features.households.likeness import similar_names
from nehe_desktop.features.households.page_rows import STATE_AT, Households, PillPainter
from nehe_desktop.features.households.screen_queries import Wanted
from nehe_desktop.ui.allowing import limit
from nehe_desktop.ui.editors import LineEditor
from nehe_desktop.ui.icons import icon
from nehe_desktop.ui.layouts import column, emptied, row
from nehe_desktop.ui.listing import Listing
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.theme import em, look, sized
from nehe_desktop.ui.widgets import Button, button, card, empty_state, key_hints, label, line

FILTERS = {
    "all": "全部",
    "registered": "建档立卡户",
    "monitored": "监测户",
    "borderline": "边缘户",
    "to_visit": "该走访",
    "overdue": "过期未访",
    "mine": "我负责",
    "ordinary": "一般户",
}
FROM_ELSEWHERE = {"watched": "监测和边缘户", "visited": "已走访", "doubts": "有疑点"}
"""Filters that only a number of another page opens; they get a chip while they hold."""
_CHIP_GAP = 6
_LEAST_EM = 30  # below this width of the list, in em, the columns for people and hamlet step back
TYPING_MS = 60


class ChipRow(QWidget):
    """Chips side by side; those that have no room step back, the checked one never."""

    def __init__(self, chips: Sequence[Button]) -> None:
        super().__init__()
        self._chips = chips
        self.off: set[Button] = set()
        row(*chips, None, gap=_CHIP_GAP, on=self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def fit(self) -> None:
        """Shows as many as the width holds."""
        wanted = [chip for chip in self._chips if chip not in self.off]
        room = self.width() - sum(chip.sizeHint().width() + _CHIP_GAP for chip in wanted if chip.isChecked())
        for chip in self._chips:
            need = 0 if chip.isChecked() else chip.sizeHint().width() + _CHIP_GAP
            room -= need if chip in wanted else 0
            chip.setVisible(chip in wanted and (chip.isChecked() or room >= 0))

    def minimumSizeHint(self) -> QSize:
        """As high as a chip, of any width."""
        return QSize(em(8), self._chips[0].sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width holds other chips."""
        super().resizeEvent(event)
        self.fit()


class SearchBox(LineEditor):
    """Searches a moment after the last key, never while a word is being composed."""

    searched = Signal(str)
    going_down = Signal()

    def __init__(self, hint: str) -> None:
        super().__init__(hint=hint)
        self.setClearButtonEnabled(True)
        self.setAccessibleName("查找农户")
        self.addAction(icon("search", look().text3), LineEditor.ActionPosition.LeadingPosition)
        self._timer = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._timer.timeout.connect(lambda: self.searched.emit(self.text().strip()))
        self.textChanged.connect(lambda _text: None if self.composing else self._timer.start())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Enter go to the list, Escape clears."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.composing:
            self.going_down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class ListPanel(QWidget):
    """The left half of 农户台账."""

    chosen = Signal(str)
    opened = Signal(str)
    counted = Signal(int, int)

    def __init__(self, desk: Desk, *, new: Callable[[], object], act: Callable[[str], object]) -> None:
        """`new` adds a household; `act` prints or exports what is marked: "print" or "export"."""
        super().__init__()
        self.desk, self._new = desk, new
        self.wanted = Wanted(desk.store.clock.today())
        self._chosen, self._totals = "", (0, 0)
        self._asked_for = ""  # a household that somebody came to see: no other is chosen in its place
        self._enrolled = False
        self._empty_body = QVBoxLayout()
        empty = QWidget()
        empty.setLayout(self._empty_body)
        self.listing = Listing(Households(desk.store), desk.tasks, "农户", empty)
        self.listing.model.wanted = self.wanted  # it may be asked anew before anybody was told what to list
        self.listing.table.setItemDelegate(PillPainter(self.listing.table))
        self.box = SearchBox("姓名 / 拼音首字母 / 身份证后 4 位 / 电话")
        self.chips: dict[str, Button] = {}
        self._group = QButtonGroup(self)
        self._foot = label("", "caption")
        self._hints = key_hints(("↑↓", "换户"), ("空格", "勾选"), ("F2", "走访"), ("Ctrl+P", "打印"))
        self._chip_row = ChipRow(self._made_chips())
        self._chip_row.off.add(self._extra)
        head = column(row((self.box, 1), *self._buttons(act)), self._chip_row, gap=10, margins=(14, 12, 14, 10))
        foot = row(self._foot, None, self._hints, margins=(14, 6, 14, 6))
        body = column(head, line(), (self.listing, 1), line(), foot, gap=0)
        column((card(body, margins=(0, 0, 0, 0)), 1), on=self)
        self._wire()

    def show_wanted(self, wanted: Wanted) -> None:
        """Lists other households."""
        self.wanted, self._asked_for = wanted, ""
        self._light_chip()
        self.listing.show_where(wanted)

    def show_one(self, household: str) -> None:
        """Chooses a household as soon as it has come, and none in its place where it is not listed."""
        self._asked_for = household
        self.listing.select(household)

    def count_filters(self) -> None:
        """Counts what each chip would show, in a worker."""
        store, wanted, names = self.desk.store, self.wanted, tuple(FILTERS)
        self.desk.tasks.ask(
            lambda: screen_queries.counts(store, wanted, names), self._show_counts, owner=self, slot="counts"
        )

    def show_states(self, *, enrolled: bool) -> None:
        """Shows how rows stand on their way to the county, where there is one."""
        self._enrolled = enrolled
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow list keeps who, what and when."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Which columns stand; with states there is less room for the rest."""
        table, wide = self.listing.table, self.width() >= em(_LEAST_EM)
        least = em(_LEAST_EM + (12 if self._enrolled else 0))
        table.setColumnHidden(STATE_AT, not self._enrolled)
        table.setColumnHidden(2, self.width() < least)
        table.setColumnHidden(4, self.width() < em(_LEAST_EM + (19 if self._enrolled else 13)))
        if self._enrolled and table.horizontalHeader().visualIndex(STATE_AT) == STATE_AT:
            table.horizontalHeader().moveSection(STATE_AT, 2)
            table.setColumnWidth(3, em(10))
        self._hints.setVisible(wide)
        self.export.setVisible(self.width() >= em(_LEAST_EM + 10))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Typing letters in the list goes on in the search box."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.text().isalnum() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if plain:
                self.box.setFocus()
                self.box.setText(self.box.text() + event.text())
                return True
        return super().eventFilter(watched, event)

    def _buttons(self, act: Callable[[str], object]) -> tuple[Button, ...]:
        self.print = button("打印", lambda: act("print"), icon="printer", tip="打印勾选的农户，Ctrl+P")
        self.export = button(
            "导出", lambda: act("export"), icon="file-spreadsheet", tip="把勾选的农户导出成 Excel"
        )
        self.new = button("新增户", self._new, icon="plus", kind="primary", tip="Ctrl+N")
        guard = self.desk.store.guard
        limit(self.print, guard, "print", "household", self.print.toolTip())
        limit(self.export, guard, "export", "household", self.export.toolTip())
        limit(self.new, guard, "create", "household", self.new.toolTip())
        return self.print, self.export, self.new

    def _made_chips(self) -> list[Button]:
        for key, words in FILTERS.items():
            self._add_chip(key, words)
        self._extra = self._add_chip("", "")
        return list(self.chips.values())

    def _add_chip(self, key: str, words: str) -> Button:
        chip = button(words, lambda: self._filter(key), kind="chip")
        self.chips[key] = chip
        self._group.addButton(chip)
        return chip

    def _filter(self, key: str) -> None:
        if key:
            self.show_wanted(replace(self.wanted, filter=key, among=None, month=""))

    def _light_chip(self) -> None:
        elsewhere = self.wanted.filter not in FILTERS
        (self._chip_row.off.discard if elsewhere else self._chip_row.off.add)(self._extra)
        if elsewhere:
            month = f"{int(self.wanted.month[4:])} 月" if self.wanted.month else ""
            self._extra.reword(month + FROM_ELSEWHERE[self.wanted.filter])
        self.chips["" if elsewhere else self.wanted.filter].setChecked(True)
        self._chip_row.fit()

    def _show_counts(self, found: dict[str, int]) -> None:
        for key, number in found.items():
            self.chips[key].reword(f"{FILTERS[key]} {number}")
        self._chip_row.fit()

    def _wire(self) -> None:
        self.listing.chosen.connect(self._choose)
        self.listing.opened.connect(self.opened)
        self.listing.marked.connect(lambda _count: self._say_counts())
        self.listing.counted.connect(self._counted)
        self.box.searched.connect(self._search)
        self.box.going_down.connect(self.listing.table.setFocus)
        self.listing.table.installEventFilter(self)

    def _choose(self, id: str) -> None:
        self._chosen = id
        self.chosen.emit(id)

    def _search(self, text: str) -> None:
        if not text:
            self.show_wanted(replace(self.wanted, found=None))
            return
        store = self.desk.store
        self.desk.tasks.ask(
            lambda: screen_queries.found(store, text), self._show_found, owner=self, slot="find"
        )

    def _show_found(self, found: tuple[str, ...]) -> None:
        self.show_wanted(replace(self.wanted, found=found))

    def _counted(self, households: int) -> None:
        wanted, store = self.wanted, self.desk.store
        self.desk.tasks.ask(
            lambda: screen_queries.totals(store, wanted), self._show_totals, owner=self, slot="totals"
        )
        if households == 0:
            self._show_empty()
        for id in () if self._asked_for else (self._chosen, ""):
            if households and not self.listing.current():
                self.listing.select(id)

    def _show_totals(self, numbers: tuple[int, int]) -> None:
        self._totals = numbers
        self._say_counts()
        self.counted.emit(*numbers)

    def _say_counts(self) -> None:
        households, persons = self._totals
        marked = len(self.listing.model.marked)
        more = f" · 已勾选 {marked} 户" if marked else ""
        self._foot.setText(f"共 {households} 户 {persons} 人{more}")

    def _show_empty(self) -> None:
        emptied(self._empty_body)
        typed = self.box.text().strip()
        if typed:
            self._empty_body.addWidget(empty_state("search", f"没找到“{typed}”"))
            store, village = self.desk.store, self.wanted.village
            self.desk.tasks.ask(
                lambda: similar_names(store, typed, village), self._offer, owner=self, slot="similar"
            )
        elif self.wanted.filter == "all" and not self.desk.store.guard.may("create", "household"):
            self._empty_body.addWidget(empty_state("house-plus", "还没有农户。加入县里的网以后，村里登记的会同步过来"))
        elif self.wanted.filter == "all":
            add = button("新增户", self._new, icon="plus", kind="primary")
            bring = button("导入 Excel", lambda: self.desk.go("import"), icon="file-input")
            self._empty_body.addWidget(_both("还没有农户。从 Excel 导入台账，或一户一户新增", bring, add))
        else:
            self._empty_body.addWidget(empty_state("circle-check", "没有这样的农户"))

    def _offer(self, alike: list[str]) -> None:
        if not alike:
            return
        emptied(self._empty_body)
        chips = [button(name, lambda name=name: self.box.setText(name), kind="tonal") for name in alike]
        words = f"没找到“{self.box.text().strip()}”，您是不是要找…"
        self._empty_body.addWidget(_both(words, *chips))


def _both(words: str, *buttons: QWidget) -> QWidget:
    holder = QWidget()
    row(None, *buttons, None, on=holder)
    return sized(empty_state("house-plus" if "还没有" in words else "search", words, holder), least=20)
