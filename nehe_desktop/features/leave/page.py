"""请销假: what waits for one's word, who is away, one leave with its words and the next step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from nehe_desktop.core.store import Receipt
from nehe_desktop.features.leave import acts
from nehe_desktop.features.leave.ledger import RETURN, Leave
from nehe_desktop.features.leave.page_detail import Seen, parts
from nehe_desktop.features.leave.page_form import AskCard, Begun
from nehe_desktop.features.leave.page_list import ALL, GONE, MINE, LeaveSource
from nehe_desktop.features.leave.page_word import BACK, WordCard
from nehe_desktop.features.leave.queries import Case, cases
from nehe_desktop.features.leave.rules import DRAFT
from nehe_desktop.features.visits.page_due import choose_first
from nehe_desktop.security.rights import Rights, only_own
from nehe_desktop.ui.allowing import limit, refusal
from nehe_desktop.ui.covering import lens_of
from nehe_desktop.ui.layouts import box, column, emptied, row, scrolled
from nehe_desktop.ui.listing import Listing
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.split import split
from nehe_desktop.ui.widgets import Button, button, card, empty_state, label, line

CHIPS = {MINE: "待我审批", GONE: "在假", ALL: "全部"}
_NOTHING = "没有这样的请假单。要请假点“写请假单”（Ctrl+N）"
_TABLES = {"leave", "leave_step", "member", "posting", "team", "workday", "setting"}


def _source(desk: Desk) -> LeaveSource:
    session = desk.tools.get("session")
    return LeaveSource(desk.store, teams=not (session and session.profile.village))


class LeavePage(Page):
    """The list at the left, one leave with its words and the next step at the right."""

    key, title, icon, help_topic = "leave", "请销假", "calendar-days", "leave"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._filter = ALL
        self._shown: Seen | None = None
        self.card: AskCard | WordCard | None = None
        self.listing = Listing(_source(desk), desk.tasks, self.title, empty_state("calendar-days", _NOTHING))
        self._body, self._place, self._foot = QVBoxLayout(), QVBoxLayout(), label("", "caption")
        self._body.setSpacing(10)
        self.new = button("写请假单", self.ask, icon="plus", kind="primary", key="Ctrl+N")
        back = button(
            "考勤", lambda: desk.go("attendance"), icon="calendar-check", kind="ghost", tip="回到考勤月历"
        )
        self.lens = lens_of(desk, self)
        if self.lens is not None:
            self.lens.turned.connect(lambda _whole: self._show(self._shown))
        top = row(*self._chips(), None, back, self.new, gap=6, margins=(12, 10, 12, 8))
        listed = column(
            top, line(), (self.listing, 1), line(), row(self._foot, margins=(14, 6, 14, 6)), gap=0
        )
        detail = scrolled(column(self._place, self._body, None, gap=12, margins=(16, 12, 16, 12)))
        right = card(column((detail, 1)), margins=(0, 0, 0, 0))
        column(
            (split(card(listed, margins=(0, 0, 0, 0)), right, (1, 1)), 1), margins=(16, 14, 16, 14), on=self
        )
        self._wire()

    # -- what is shown ---------------------------------------------------------------------------

    def opened(self, filter: str = "", id: str = "", new: bool = False, **_where: Any) -> None:  # noqa: A002, FBT001, FBT002
        """What waits for one's word where something does, another filter, one leave, or an empty application."""
        limit(self.new, self.desk.store.guard, "create", Leave.ledger.table)
        self.chips[MINE].setVisible(acts.says_words(self.desk.store))
        if filter in CHIPS or id:
            self._choose(filter if filter in CHIPS else ALL)
        else:
            store = self.desk.store
            self.desk.tasks.ask(
                lambda: bool(acts.for_me(store, cases(store))), lambda some: self._choose(MINE if some else ALL),
                owner=self, slot="first",
            )  # fmt: skip
        if id:
            self.listing.select(id)
            self.show_leave(id)
        if new:
            self.ask()

    def may_leave(self) -> bool:
        """Always: what is being written is kept as a draft."""
        if isinstance(self.card, AskCard):
            self.card.form.keep_now()
        return True

    def changed(self, tables: frozenset[str]) -> None:
        """The list follows what is stored."""
        if tables & _TABLES:
            self.listing.refresh()
            if self._shown is not None:
                self.show_leave(self._shown.case.leave.id)

    def show_leave(self, id: str) -> None:
        """Shows one leave at the right; not while something is being written there."""
        if self.card is None:
            store = self.desk.store
            self.desk.tasks.ask(lambda: Seen.of(store, id), self._show, owner=self, slot="detail")

    def _show(self, seen: Seen | None) -> None:
        if self.card is not None:
            return
        before = self._shown.case.leave.id if self._shown else ""
        self._shown = seen
        if self.lens is not None and self.lens.whole and seen and seen.case.leave.id != before:
            self.lens.cover()
        emptied(self._body)
        if seen is None:
            self._body.addWidget(label("选一张请假单，这里看事由、谁签过意见和下一步", "muted", wrap=True))
            return
        whole = self.lens is not None and self.lens.whole
        eye = self.lens.eye(self._reveal) if self.lens is not None and seen.case.leave.phone else None
        for part in parts(seen, self._steps(seen.case), eye, whole=whole):
            self._body.addWidget(part)

    def _reveal(self) -> None:
        if self.lens is not None and self._shown is not None:
            self.lens.press(Leave.ledger.table, [self._shown.case.leave.id])

    # -- what is done ----------------------------------------------------------------------------

    def ask(self) -> None:
        """Opens an empty application, or says why not."""
        if why := refusal(self.desk.store.guard, "create", Leave.ledger.table):
            self.desk.notices.banner(why, "orange")
            return
        store = self.desk.store
        self.desk.tasks.ask(
            lambda: Begun.of(store), lambda begun: self._write(None, begun), owner=self, slot="card"
        )

    def edit(self) -> None:
        """Opens the application that is shown."""
        if self._shown is not None:
            self._write(self._shown.case.leave, Begun())

    def take_step(self, step: str) -> None:
        """Opens what is filled when a level says its word, or somebody came back."""
        if self._shown is not None:
            self._put(WordCard(self.desk, self._shown.case, step))

    def _write(self, leave: Leave | None, begun: Begun) -> None:
        guard = self.desk.store.guard
        own = isinstance(guard, Rights) and only_own(guard.actor, "create", Leave.ledger.table)
        if own and leave is None and begun.member is None:
            self.desk.notices.banner("名册里没有您，请队长先在“台账 → 工作队队员”里登记", "orange")
            return
        self._put(AskCard(self.desk, leave, begun, own=own))

    def _put(self, made: AskCard | WordCard) -> None:
        """Opens a card; what a word is about stays to be read below it."""
        self.desk.tasks.stale(self, "detail")
        emptied(self._place)
        emptied(self._body)
        self.card = made
        if isinstance(made, WordCard) and self._shown is not None:
            for part in parts(self._shown, None, None, whole=False):
                self._body.addWidget(part)
        made.ended.connect(self._ended)
        self._place.addWidget(made)

    def _ended(self, said: str = "") -> None:
        """Goes on with what was written, with the next leave that waits after a word, else with the one before."""
        word, id = isinstance(self.card, WordCard), said
        if word:
            id = self._next() if said and self._filter == MINE else ""
        emptied(self._place)
        self.card = None
        if id and not word and self._filter != ALL:
            self._choose(ALL)
        self.listing.refresh()
        if id:
            self.listing.select(id)
        if found := id or (self._shown.case.leave.id if self._shown else ""):
            self.show_leave(found)
        else:
            self._show(None)
        self.listing.table.setFocus()

    def _next(self) -> str:
        """The leave below the chosen one, else the one above; empty where it is the only one."""
        model, at = self.listing.model, self.listing.table.currentIndex().row()
        around = (model.row_at(place) for place in (at + 1, at - 1) if 0 <= place < model.rowCount())
        return next((row.id for row in around if row), "")

    def _do(self, act: Callable[[], Any], said: str) -> None:
        def told(receipt: Receipt) -> None:
            self.desk.notices.toast(said, lambda: self.desk.take_back(receipt.tx))

        failed = lambda error: self.desk.notices.banner(str(error), "red")  # noqa: E731
        self.desk.tasks.ask(lambda: act().result(), told, owner=self, slot="do", failed=failed)

    def _steps(self, case: Case) -> QWidget:
        """The buttons of what who is at the keyboard may do; who else may is said in the line below."""
        store, made, mine = self.desk.store, list[Button](), acts.my_steps(self.desk.store, case)
        for step in mine:
            words = "销假确认" if step == RETURN else "签意见（同意 / 不同意）"
            made.append(
                button(words, partial(self.take_step, step), icon="stamp", kind="primary", key="Enter")
            )
        writes = not acts.change_refusal(store, case)
        if writes and case.state == DRAFT:
            made.append(button("提交", partial(self._hand_in, case), icon="check", kind="primary"))
        if case.state in acts.IN_VILLAGE and not acts.writing_refusal(store, case.who.name):
            made.append(button(BACK, partial(self.take_step, BACK), icon="log-in", kind="tonal"))
        made += [button("修改", self.edit, icon="pencil")] if writes and not mine else []
        if not acts.withdrawing_refusal(store, case) and not mine:
            made.append(
                button("撤回", lambda: self._do(lambda: acts.withdraw(store, case), "已撤回"), icon="undo-2")
            )
        if writes and case.state == DRAFT and not case.steps:
            made.append(
                button(
                    "删除", lambda: self._do(lambda: acts.discard(store, case), "草稿已删除"), icon="trash-2"
                )
            )
        if store.guard.may("print", Leave.ledger.table) and case.state != DRAFT:
            made.append(button("打印", self.print, icon="printer", tip="请（销）假审批单，Ctrl+P"))
        hindrance = "" if mine else acts.hindrance(store, case)
        why = [label(hindrance, "caption", wrap=True)] if hindrance else []
        lines = [row(*made[at : at + 3], None) for at in range(0, len(made), 3)]
        return box(column(*lines, *why, gap=6))

    def _hand_in(self, case: Case) -> None:
        store = self.desk.store
        self._do(lambda: acts.hand_in(store, case.leave, case.leave), "已提交")

    def print(self) -> None:
        """Goes to the printing of the leave that is shown."""
        if self._shown is not None:
            leave = self._shown.case.leave
            self.desk.go("papers", kind="D03", leave=leave.id, member=leave.member)

    # -- parts -----------------------------------------------------------------------------------

    def _chips(self) -> list[QWidget]:
        self._group = QButtonGroup(self)
        self.chips = {k: button(words, partial(self._choose, k), kind="chip") for k, words in CHIPS.items()}
        for chip in self.chips.values():
            self._group.addButton(chip)
        return list(self.chips.values())

    def _choose(self, key: str) -> None:
        self._filter = key
        self.chips[key].setChecked(True)
        self.listing.show_where(key)

    def _counted(self, count: int) -> None:
        self._foot.setText(f"共 {count} 张")
        choose_first(self.listing)
        if not count and self.card is None:
            self._show(None)

    def _enter(self) -> None:
        """Enter on a line opens the word that is waited for, else the application."""
        if self._shown is None:
            return
        mine = acts.my_steps(self.desk.store, self._shown.case)
        if mine:
            self.take_step(mine[0])
        elif not acts.change_refusal(self.desk.store, self._shown.case):
            self.edit()

    def _wire(self) -> None:
        self.listing.chosen.connect(self.show_leave)
        self.listing.opened.connect(lambda _id: self._enter())
        self.listing.counted.connect(self._counted)
        self.shortcut("Ctrl+N", self.ask)
        self.shortcut("Ctrl+P", self.print)
        self.shortcut(
            "Esc",
            lambda: self.card and (self.card.leave() if isinstance(self.card, AskCard) else self._ended()),
        )
