"""冲突处理: records with conflicts at the left, one of them at the right, decided line by line or all at once."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QWidget

from nehe_desktop.core.errors import Invalid, Problem
from nehe_desktop.core.store import Receipt, Store
from nehe_desktop.features.exchange import queries, resolving
from nehe_desktop.features.exchange.cases import Case
from nehe_desktop.features.exchange.naming import Mask, covered, label_of, unmasked
from nehe_desktop.features.exchange.page_cards import COLUMN, CardListing, card_cell, quiet
from nehe_desktop.features.exchange.page_case import CasePanel
from nehe_desktop.features.exchange.resolving import Batch, Decision
from nehe_desktop.features.exchange.showing import Sheet, me, moment_words, sheet_of
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.listing import Column, Row
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.split import split
from nehe_desktop.ui.widgets import button, card, empty_state, label, line

_HALVES = {"open": "待处理", "past": "已处理和自动的"}
_SHOWN = 2000  # of what was decided already


class CaseSource:
    """The cards of the list: one a record."""

    columns: Sequence[Column] = COLUMN

    def __init__(self, store: Store) -> None:
        self._store = store

    def ids(self, sort: str, descending: bool, wanted: str | None, limit: int = 0) -> array[int]:  # noqa: ARG002, FBT001
        """Row ids of one conflict a record."""
        which = wanted or "open"
        return queries.case_numbers(self._store, which, limit or (0 if which == "open" else _SHOWN))

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """The cards of these."""
        found = queries.cases(self._store, ids, me(self._store))
        return [self._card(found[number]) if number in found else None for number in ids]

    def _card(self, case: Case) -> Row:
        names = [name for each in case.lines for name in each.names]
        about = "整条记录" if any(each.about_existence for each in case.lines) else label_of(case.table, names)
        newest = max((v for each in case.lines for v in each.versions), key=lambda version: version.at)
        told = f"{moment_words(newest.at, self._store.clock.today())} {newest.who}"
        caption = " · ".join(filter(None, (told.strip(), case.village)))
        pill, colour = _pill(case)
        return Row(case.key, (card_cell(str(case.title), f"{about}不同", caption, pill, colour),))


def _pill(case: Case) -> tuple[str, str]:
    states = {conflict.state for each in case.lines for conflict in each.conflicts}
    if states == {"自动"}:
        return "自动", "blue"
    if "待处理" not in states:
        return "已处理", "green"
    return f"{len(case.lines)} 处", "orange"


@dataclass(frozen=True)
class _Halves:
    open: int
    past: int


class ConflictsPage(Page):
    """Decide, batch, put off, put back."""

    key, title, icon, help_topic = "conflicts", "冲突处理", "git-merge", "conflicts"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.which = "open"
        self.listing = CardListing(CaseSource(desk.store), desk.tasks, "有冲突的记录", quiet("这里没有记录"))
        self.panel = CasePanel(desk, self._nothing)
        self.chips = {key: button(words, lambda key=key: self.show_half(key), kind="chip") for key, words in _HALVES.items()}
        self._group = QButtonGroup(self)
        for chip in self.chips.values():
            self._group.addButton(chip)
        self.marked = label("", "caption")
        self._batch = self._batch_bar()
        head = row(*self.chips.values(), None, gap=6, margins=(12, 10, 12, 8))
        left = card(column(head, line(), (self.listing, 1), line(), self._batch, gap=0), margins=(1, 1, 1, 1))
        self._split = split(left, self.panel, (3, 8))
        column((self._split, 1), margins=(16, 14, 16, 14), on=self)
        self._wire()

    def opened(self, id: str = "", which: str = "", **_where: Any) -> None:
        """Lists what waits; `id` chooses a record's case, `which` "past" shows what was decided."""
        self.show_half(which or "open")
        if id:
            self.listing.select(id)

    def changed(self, tables: frozenset[str]) -> None:
        """The list follows what is stored; the case that is being decided stays as it is until it is decided."""
        if "conflict" in tables:
            self.listing.refresh()
            self._count()
            sheet = self.panel.sheet
            here = sheet is not None and self.listing.current() in ("", sheet.case.key)
            if sheet is not None and here and not any(each.is_chosen for each in self.panel.lines):
                self._ask(sheet.case.key)

    def show_half(self, which: str) -> None:
        """What waits, or what was decided already."""
        self.which = which
        self.chips[which].setChecked(True)
        self.listing.model.marked.clear()
        self.listing.show_where(which)
        self._tell_marked()
        self._count()
        self.listing.table.setFocus()

    def mark_all(self) -> None:
        """Marks every record of the list, or none."""
        model = self.listing.model
        model.marked = set() if len(model.marked) == len(model.ids) else set(model.ids)
        self.listing.table.viewport().update()
        self._tell_marked()

    def decide_marked(self, *, mine: bool) -> None:
        """都用我的 or 都用别处的 for every marked record, as one step."""
        store, ids = self.desk.store, sorted(self.listing.model.marked)

        def work() -> Batch:
            found = queries.cases(store, ids, me(store))
            return resolving.resolve_all(store, found.values(), mine=mine)

        self.desk.tasks.ask(work, self._batch_done, owner=self, slot="batch")

    def _nothing(self) -> QWidget:
        if self.which == "open":
            words = "没有要处理的冲突。两个人改了同一处，会列在这里，两边的内容都留着，由您来定。"
            return empty_state("git-merge", words, button("看自动合并的", lambda: self.show_half("past"), icon="history"))
        return empty_state("history", "还没有处理过或自动合并的冲突。定过的会留在这里，以后还可以换回来。")

    def _batch_bar(self) -> QWidget:
        made = QWidget()
        every = button("全选", self.mark_all, icon="list-checks", kind="ghost", tip="全部勾选或全部不勾，一条一条勾选用空格")
        self._mine = button("都用我的", lambda: self.decide_marked(mine=True))
        self._theirs = button("都用别处的", lambda: self.decide_marked(mine=False))
        column(row(every, None, self.marked), row(self._mine, self._theirs, None), gap=4, margins=(12, 6, 12, 8), on=made)
        return made

    def _wire(self) -> None:
        self.listing.chosen.connect(self._choose)
        self.listing.opened.connect(lambda _key: self.panel.begin())
        self.listing.marked.connect(lambda _count: self._tell_marked())
        self.listing.counted.connect(self._counted)
        self.panel.decided.connect(self._decide)
        self.panel.postponed.connect(self.postpone)
        self.panel.revealed.connect(self._reveal)
        self.panel.lens.turned.connect(lambda _whole: self._turned())
        self.shortcut("Ctrl+Return", self.panel.confirm)
        self.shortcut("Ctrl+Enter", self.panel.confirm)
        self.shortcut("Alt+1", lambda: self.panel.pick_all(mine=True))
        self.shortcut("Alt+2", lambda: self.panel.pick_all(mine=False))
        self.shortcut("Ctrl+A", self.mark_all)
        self.shortcut("Escape", self.listing.table.setFocus)

    def postpone(self) -> None:
        """Goes to the next record without deciding."""
        self.listing.step()
        self.listing.table.setFocus()

    def _choose(self, key: str) -> None:
        sheet = self.panel.sheet
        if sheet is not None and sheet.case.key == key and any(each.is_chosen for each in self.panel.lines):
            return  # the list was asked anew; what was begun stays
        self.panel.lens.cover()
        self._ask(key)

    def _ask(self, key: str) -> None:
        store, which, mask = self.desk.store, self.which, self._mask()
        self.desk.tasks.ask(lambda: sheet_of(store, which, key, mask), self._show, owner=self, slot="sheet")

    def _mask(self) -> Mask:
        return unmasked if self.panel.lens.whole else covered

    def _show(self, sheet: Sheet | None) -> None:
        if sheet is None or sheet != self.panel.sheet:
            self.panel.show_sheet(sheet, self.which)

    def _reveal(self) -> None:
        if (sheet := self.panel.sheet) is not None:
            self.panel.lens.press(sheet.case.table, [sheet.case.id])

    def _turned(self) -> None:
        if (sheet := self.panel.sheet) is not None:
            self._ask(sheet.case.key)

    def _decide(self, decisions: list[Decision]) -> None:
        sheet = self.panel.sheet
        if sheet is None:
            return
        words = f"{'已换成选中的' if self.which == 'past' else '已定下'}：{sheet.case.title}"
        future = resolving.submit(self.desk.store, decisions)
        self.desk.tasks.watch(future, lambda receipt: self._decided(words, receipt), owner=self, failed=self._refused)

    def _decided(self, words: str, receipt: Receipt) -> None:
        self.desk.notices.toast(words, lambda: self.desk.take_back(receipt.tx))
        self.listing.table.setFocus()
        sheet = self.panel.sheet
        if sheet is not None and self.listing.current() in ("", sheet.case.key):  # else the next one is on its way
            self._ask(sheet.case.key)

    def _refused(self, error: BaseException) -> None:
        problems = error.problems if isinstance(error, Invalid) else (Problem("", str(error)),)
        self.panel.refuse(problems)

    def _batch_done(self, batch: Batch) -> None:
        self.listing.model.marked.clear()
        self._tell_marked()
        if batch.done:
            words = f"已定下 {batch.done} 条记录" + (f"，{len(batch.left)} 条没有动" if batch.left else "")
            self.desk.notices.toast(words, lambda: self.desk.take_back(batch.receipt.tx))
        if batch.left:
            told = "；".join(f"{left.title}：{left.why}" for left in batch.left[:3])
            self.desk.notices.banner(f"这些要打开逐项看：{told}", "orange")

    def _tell_marked(self) -> None:
        count = len(self.listing.model.marked)
        self.marked.setText(f"勾选 {count} 条" if count else "空格勾选")
        for made in (self._mine, self._theirs):
            made.setVisible(bool(count))

    def _counted(self, count: int) -> None:
        self._batch.setVisible(bool(count))
        if not count:
            self.desk.tasks.stale(self, "sheet")
            self._show(None)
        self.titled.emit(self.title, f"{count} 条记录" if self.which == "open" and count else "")

    def _count(self) -> None:
        store = self.desk.store
        self.desk.tasks.ask(
            lambda: _Halves(queries.counts(store).records, queries.past_count(store)),
            self._show_counts, owner=self, slot="halves",
        )  # fmt: skip

    def _show_counts(self, found: _Halves) -> None:
        self.chips["open"].reword(f"{_HALVES['open']} {found.open}")
        self.chips["past"].reword(f"{_HALVES['past']} {found.past}")
