"""疑似重复: rows that say they are the same, side by side: made one, or remembered as two."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QWidget

from nehe_desktop.core.store import Receipt, Store
from nehe_desktop.features.exchange import merging, queries
from nehe_desktop.features.exchange.ledger import Double
from nehe_desktop.features.exchange.naming import Mask, covered, unmasked
from nehe_desktop.features.exchange.page_cards import COLUMN, CardListing, card_cell, quiet
from nehe_desktop.features.exchange.page_pair import PairPanel
from nehe_desktop.features.exchange.pairing import PairSheet, card_words, pair_sheet
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.listing import Column, Row
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.split import split
from nehe_desktop.ui.widgets import button, card, empty_state, line

_HALVES = {"open": "待处理", "past": "已处理"}
_SHOWN = 2000  # of what was decided already
_COLOURS = {"待处理": ("疑似重复", "orange"), "已合并": ("已合并", "green"), "不是同一个": ("不是同一个", "grey")}


class DoubleSource:
    """The cards of the list: one a double."""

    columns: Sequence[Column] = COLUMN

    def __init__(self, store: Store) -> None:
        self._store = store

    def ids(self, sort: str, descending: bool, wanted: str | None, limit: int = 0) -> array[int]:  # noqa: ARG002, FBT001
        """Row ids, the newest first."""
        which = wanted or "open"
        return queries.double_numbers(self._store, which, limit or (0 if which == "open" else _SHOWN))

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """The cards of these."""
        found = queries.doubles(self._store, ids)
        return [self._card(found[number]) if number in found else None for number in ids]

    def _card(self, double: Double) -> Row:
        pill, colour = _COLOURS[double.state]
        return Row(double.id, (card_cell(*card_words(self._store, double), pill, colour),))


class DoublesPage(Page):
    """Merge, keep apart, put off."""

    key, title, icon, help_topic = "doubles", "疑似重复", "copy", "doubles"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.which = "open"
        self.listing = CardListing(DoubleSource(desk.store), desk.tasks, "疑似重复的记录", quiet("这里没有记录"))
        self.panel = PairPanel(desk, self._nothing)
        self.chips = {key: button(words, lambda key=key: self.show_half(key), kind="chip") for key, words in _HALVES.items()}
        self._group = QButtonGroup(self)
        for chip in self.chips.values():
            self._group.addButton(chip)
        head = row(*self.chips.values(), None, gap=6, margins=(12, 10, 12, 8))
        left = card(column(head, line(), (self.listing, 1), gap=0), margins=(1, 1, 1, 1))
        column((split(left, self.panel, (3, 8)), 1), margins=(16, 14, 16, 14), on=self)
        self._wire()

    def opened(self, id: str = "", which: str = "", **_where: Any) -> None:
        """Lists what waits; `id` chooses one."""
        self.show_half(which or "open")
        if id:
            self.listing.select(id)

    def changed(self, tables: frozenset[str]) -> None:
        """The list follows what is stored; the pair that is being compared is asked anew when it changed."""
        if "double" in tables:
            self.listing.refresh()
            self._count()
        sheet = self.panel.sheet
        if sheet is not None and tables & {"double", sheet.pair.double.tbl}:
            self._ask(sheet.pair.double.id)

    def show_half(self, which: str) -> None:
        """What waits, or what was decided already."""
        if which != self.which:
            self.panel.show_sheet(None)
        self.which = which
        self.chips[which].setChecked(True)
        self.listing.show_where(which)
        self._count()
        self.listing.table.setFocus()

    def postpone(self) -> None:
        """Goes to the next double without deciding."""
        self.listing.step()
        self.listing.table.setFocus()

    def merge(self, kept: int) -> None:
        """Makes one row of both; the number says which stays."""
        sheet = self.panel.sheet
        if sheet is None:
            return
        values = sheet.values(kept, self.panel.choices)
        future = merging.submit_merge(self.desk.store, sheet.pair.double.id, sheet.sides[kept].id, values)
        self._watch(future, f"已合并：{sheet.titles[kept]}")

    def part(self) -> None:
        """不是同一个."""
        if self.panel.sheet is not None:
            id = self.panel.sheet.pair.double.id
            self._watch(merging.submit_apart(self.desk.store, id), "已记下：不是同一个")

    def _watch(self, future: Any, words: str) -> None:
        self.desk.tasks.watch(
            future,
            lambda receipt: self._done(words, receipt),
            owner=self,
            failed=lambda error: self.panel.refuse(str(error)),
        )

    def _done(self, words: str, receipt: Receipt) -> None:
        self.desk.notices.toast(words, lambda: self.desk.take_back(receipt.tx))
        self.listing.table.setFocus()

    def _wire(self) -> None:
        self.listing.chosen.connect(self._choose)
        self.listing.opened.connect(lambda _id: self.panel.begin())
        self.listing.counted.connect(self._counted)
        self.panel.merged.connect(self.merge)
        self.panel.parted.connect(self.part)
        self.panel.postponed.connect(self.postpone)
        self.panel.revealed.connect(self._reveal)
        self.panel.lens.turned.connect(lambda _whole: self._turned())
        self.shortcut("Ctrl+Return", self.panel.confirm)
        self.shortcut("Ctrl+Enter", self.panel.confirm)
        self.shortcut("Escape", self.listing.table.setFocus)

    def _choose(self, id: str) -> None:
        sheet = self.panel.sheet
        if sheet is None or sheet.pair.double.id != id:
            self.panel.lens.cover()
            self._ask(id)

    def _ask(self, id: str) -> None:
        store, mask = self.desk.store, self._mask()
        self.desk.tasks.ask(lambda: pair_sheet(store, id, mask), self._show, owner=self, slot="sheet")

    def _mask(self) -> Mask:
        return unmasked if self.panel.lens.whole else covered

    def _show(self, sheet: PairSheet | None) -> None:
        waits = sheet is not None and sheet.pair.double.state == "待处理"
        if sheet is not None and sheet != self.panel.sheet and waits == (self.which == "open"):
            self.panel.show_sheet(sheet)

    def _reveal(self) -> None:
        if (sheet := self.panel.sheet) is not None:
            self.panel.lens.press(sheet.pair.double.tbl, [side.id for side in sheet.sides])

    def _turned(self) -> None:
        if (sheet := self.panel.sheet) is not None:
            self._ask(sheet.pair.double.id)

    def _nothing(self) -> QWidget:
        if self.which == "open":
            words = "没有疑似重复的记录。同一个证件号码登记了两次、同一个半天登记了两遍，会列在这里，由您来定。"
            return empty_state("copy", words, button("看已处理的", lambda: self.show_half("past"), icon="history"))
        return empty_state("history", "还没有处理过疑似重复。合并过的和定为“不是同一个”的会留在这里。")

    def _counted(self, count: int) -> None:
        if not count:
            self.desk.tasks.stale(self, "sheet")
            self.panel.show_sheet(None)
        self.titled.emit(self.title, f"{count} 条" if self.which == "open" and count else "")

    def _count(self) -> None:
        store = self.desk.store
        self.desk.tasks.ask(lambda: queries.double_counts(store), self._show_counts, owner=self, slot="halves")

    def _show_counts(self, found: tuple[int, int]) -> None:
        for (key, words), count in zip(_HALVES.items(), found, strict=True):
            self.chips[key].reword(f"{words} {count}")
