"""A problem that nobody's visit found: what a family puts right on its sheet, what is found in a check."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.papers.page_links import by_head
from nehe_desktop.features.visits.ledger import CORRECTION, ProblemTicket
from nehe_desktop.features.visits.rules import deadline
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.widgets import button, label

FIELDS = ("household", "village", "source", "category", "level", "handler", "description")


class Raising(QFrame):
    """The few fields of a new problem; `ended` gives the id of the stored one, or nothing."""

    ended = Signal(str)

    def __init__(self, desk: Desk, village: str) -> None:
        super().__init__()
        self.setProperty("card", "flat")
        self._desk = desk
        today = desk.store.clock.today()
        draft = Draft(ProblemTicket, village=village, source=CORRECTION, category="其他", raised_on=today)
        self.form = Form(draft, by_head(desk), only=FIELDS, titles=False)
        done = button("登记", self.save, icon="check", kind="primary", key="Ctrl+Enter")
        done.setShortcut("Ctrl+Return")
        bar = row(None, button("算了", lambda: self.ended.emit("")), done)
        column(label("登记问题", "h3"), self.form, bar, gap=8, margins=(12, 10, 12, 10), on=self)
        self.form.ended.connect(done.setFocus)
        self.form.focus_field("household")

    def save(self) -> None:
        """Stores it with its number and its day, in the village of the household."""
        if self.form.show_errors():
            return
        ticket, store = self.form.draft.finished(), self._desk.store
        self._desk.tasks.ask(lambda: numbered(store, ticket), self._store, owner=self)

    def _store(self, ticket: ProblemTicket) -> None:
        words = "已登记到问题台账"
        self._desk.save([Put(ticket)], "登记问题", words, then=lambda _r: self.ended.emit(ticket.id), owner=self)


def numbered(store: Store, ticket: ProblemTicket) -> ProblemTicket:
    """The problem with the number, day and village that follow from what was written."""
    home = store.find(Household, ticket.household) if ticket.household else None
    return replace(
        ticket,
        number=ticket.number or f"{ticket.raised_on:%Y%m%d}-{ticket.id[-4:].upper()}",
        due=ticket.due or deadline(ticket.raised_on, ticket.level),
        village=home.village if home and home.village else ticket.village,
    )
