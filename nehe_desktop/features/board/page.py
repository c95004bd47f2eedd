"""公示: what hangs and what is to come down, and the steps from being printed to being taken down."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from nehe_desktop.core.store import Put
from nehe_desktop.features.board.ledger import PostingJob
from nehe_desktop.features.board.page_detail import Seen, parts
from nehe_desktop.features.board.page_list import PostingSource
from nehe_desktop.features.board.page_step import DOWN, EDIT, HANG, NEW, StepCard
from nehe_desktop.features.board.queries import Wanted
from nehe_desktop.features.board.rules import DOWN as IS_DOWN
from nehe_desktop.features.board.rules import UNHUNG, UNUSED, set_aside, state_of
from nehe_desktop.features.visits.page_due import choose_first
from nehe_desktop.features.visits.screen_queries import village_of
from nehe_desktop.ui.allowing import limit, refusal
from nehe_desktop.ui.bars import search_line
from nehe_desktop.ui.layouts import box, column, emptied, row, scrolled
from nehe_desktop.ui.ledger_page import TOOLS
from nehe_desktop.ui.ledger_rows import ids_at
from nehe_desktop.ui.listing import Listing
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.split import split
from nehe_desktop.ui.widgets import button, card, empty_state, label, line

CHIPS = {"todo": "要办的", "up": "公示中", "staying": "长期张贴", "down": "已撤下", "all": "全部"}
_NOTHING = "打印公示清单、上墙明白卡后，这里自动有一条；别处来的、手写的，点“登记公示”"


class BoardPage(Page):
    """The list at the left, one posted thing with its next step at the right."""

    key, title, icon, help_topic = "board", "公示", "megaphone", "board"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._filter = "todo"
        self.listing = Listing(PostingSource(desk.store), desk.tasks, self.title, empty_state("megaphone", _NOTHING))
        self._body, self._step_place, self._foot = QVBoxLayout(), QVBoxLayout(), label("", "caption")
        self.step: StepCard | None = None
        self._shown: Seen | None = None
        self._search = search_line("按内容或编号查找")
        self._new = button(NEW, self.add, icon="plus", kind="primary", key="Ctrl+N")
        self._given = {
            name: button(word, partial(self._hand_over, name), icon=icon)
            for name, word, icon, _ in TOOLS
            if name in desk.tools
        }
        detail = scrolled(column(self._step_place, self._body, None, gap=12, margins=(16, 12, 16, 12)))
        top = row((self._search, 1), *self._given.values(), self._new, gap=8, margins=(12, 10, 12, 6))
        chips = row(*self._chips(), None, gap=6, margins=(12, 0, 12, 8))
        listed = column(top, chips, line(), (self.listing, 1), line(), row(self._foot, margins=(14, 6, 14, 6)), gap=0)
        right = card(column((detail, 1)), margins=(0, 0, 0, 0))
        column((split(card(listed, margins=(0, 0, 0, 0)), right, (3, 2)), 1), margins=(16, 14, 16, 14), on=self)
        self._wire()

    def opened(self, filter: str = "", id: str = "", **_where: Any) -> None:  # noqa: A002 - its name in the list
        """What is to be done, another filter, or one posted thing."""
        guard = self.desk.store.guard
        limit(self._new, guard, "create", "posting_job")
        for name, made in self._given.items():
            limit(made, guard, "export" if name == "export" else "print", "posting_job")
        self._choose(filter if filter in CHIPS else "all" if id else "todo")
        if id:
            self.listing.select(id)

    def changed(self, tables: frozenset[str]) -> None:
        """The list follows what is stored."""
        if tables & {"posting_job", "household", "setting"}:
            self.listing.refresh()
            if self._shown is not None:
                self.show_job(self._shown.job.id)

    def show_job(self, id: str) -> None:
        """Shows one posted thing at the right; not while a step of it is being written there."""
        if self.step is None:
            self.desk.tasks.ask(lambda: Seen.of(self.desk.store, id), self._show, owner=self, slot="detail")

    def add(self) -> None:
        """Opens the fields of something that was not printed here, or says why not."""
        if why := refusal(self.desk.store.guard, "create", "posting_job"):
            self.desk.notices.banner(why, "orange")
            return
        self.desk.tasks.ask(
            lambda: village_of(self.desk.store), lambda village: self._begin(NEW, None, village), owner=self, slot="step"
        )

    def take_step(self, step: str) -> None:
        """Opens what is filled when it is hung, taken down or put right."""
        if self._shown is not None:
            self._begin(step, self._shown.job)

    def set_aside(self) -> None:
        """It was printed and never hung."""
        if self._shown is not None:
            before = self._shown.job
            self.desk.save([Put(set_aside(before), before)], "公示作废", f"已作废：{before.title}", owner=self)

    def _begin(self, step: str, job: PostingJob | None, village: str = "") -> None:
        self.desk.tasks.stale(self, "detail")
        emptied(self._step_place)
        emptied(self._body)
        self.step = made = StepCard(self.desk, step, job, village)
        made.ended.connect(self._ended)
        self._step_place.addWidget(made)

    def _ended(self, id: str) -> None:
        emptied(self._step_place)
        self.step = None
        self.listing.refresh()
        if id:
            self.listing.select(id)
        if found := id or (self._shown.job.id if self._shown else ""):
            self.show_job(found)
        else:
            self._show(None)
        self.listing.table.setFocus()

    def _show(self, seen: Seen | None) -> None:
        if self.step is not None:
            return
        self._shown = seen
        emptied(self._body)
        if seen is None:
            self._body.addWidget(label("选一份公示，这里看从哪天到哪天、照片和下一步", "muted", wrap=True))
            return
        for part in parts(seen, self.desk.store.clock.today(), self._steps(seen.job)):
            self._body.addWidget(part)

    def _steps(self, job: PostingJob) -> QWidget:
        state = state_of(job, self.desk.store.clock.today())
        words = {UNHUNG: (HANG, EDIT), IS_DOWN: (EDIT,), UNUSED: (EDIT,)}.get(state, (DOWN, EDIT))
        made = [
            button(step, partial(self.take_step, step), kind="primary" if step in (HANG, DOWN) else "") for step in words
        ]
        made += [button("没有张贴，作废", self.set_aside)] if state == UNHUNG else []
        return box(row(*(limit(each, self.desk.store.guard, "update", "posting_job") for each in made), None, gap=8))

    def _chips(self) -> list[QWidget]:
        self._group = QButtonGroup(self)
        self._made = {k: button(words, partial(self._choose, k), kind="chip") for k, words in CHIPS.items()}
        for chip in self._made.values():
            self._group.addButton(chip)
        return list(self._made.values())

    def _wire(self) -> None:
        self._typing = QTimer(self, singleShot=True, interval=150)
        self._typing.timeout.connect(lambda: self._choose(self._filter))
        self._search.textChanged.connect(lambda _text: self._typing.start())
        self.listing.chosen.connect(self.show_job)
        self.listing.opened.connect(lambda _id: self._enter())
        self.listing.counted.connect(self._counted)
        self.shortcut("Ctrl+N", self.add)
        self.shortcut("Ctrl+F", self._search.setFocus)

    def _enter(self) -> None:
        """Enter in the list begins the next step."""
        if self._shown is not None and not refusal(self.desk.store.guard, "update", "posting_job"):
            state = state_of(self._shown.job, self.desk.store.clock.today())
            self.take_step(HANG if state == UNHUNG else EDIT if state in (IS_DOWN, UNUSED) else DOWN)

    def _choose(self, key: str) -> None:
        self._filter = key
        self._made[key].setChecked(True)
        self.listing.show_where(Wanted(key, self._search.text().strip()))

    def _counted(self, count: int) -> None:
        self._foot.setText(f"共 {count} 份　↑↓ 换行　Enter 办下一步")
        choose_first(self.listing)
        if not count:
            self._show(None)

    def _hand_over(self, tool: str) -> None:
        store, hand_over, model = self.desk.store, self.desk.tools[tool], self.listing.model
        numbers = sorted(model.marked) or list(model.ids)
        if not numbers:
            self.desk.notices.banner("这里没有公示，没有可以导出和打印的", "orange")
            return
        self.desk.tasks.ask(
            lambda: ids_at(store, PostingJob.ledger, numbers), lambda ids: hand_over(PostingJob, ids),
            owner=self, slot="chosen",
        )  # fmt: skip
