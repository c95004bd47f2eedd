"""The problem found on a visit: an offer that opens into the few fields of the problem ledger."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from nehe_desktop.features.visits.entry import Entry, new_ticket
from nehe_desktop.features.visits.ledger import DEADLINES, GUARANTEES
from nehe_desktop.features.visits.rules import deadline
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.ledger_page import links
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.widgets import bind, button, label

FIELDS = ("category", "level", "handler", "description")


class TicketPart(QFrame):
    """Shown where a trouble was found; stored together with the visit."""

    edited = Signal()
    ended = Signal()

    def __init__(self, desk: Desk, entry: Entry) -> None:
        super().__init__()
        self.setProperty("card", "flat")
        self._desk, self._entry = desk, entry
        self._form: Form | None = None
        self._place = QVBoxLayout()
        self._words = label("发现了问题，要登记到问题台账吗？", wrap=True)
        self._open = bind(button("登记问题", self.open, icon="clipboard-list", kind="tonal", key="Alt+T"), "Alt+T")
        self._close = button("不登记", self.close_ticket, kind="ghost")
        column(row((self._words, 1), self._open, self._close), self._place, gap=8, margins=(14, 8, 10, 8), on=self)

    @property
    def is_open(self) -> bool:
        """Whether a problem will be registered."""
        return self._entry.ticket is not None

    def show_entry(self, entry: Entry) -> None:
        """Another visit."""
        self._entry = entry
        self._show()

    def offer(self) -> None:
        """Shows or hides the offer after an edit of the visit."""
        draft = self._entry.draft
        troubled = any(draft.value(name) == "有问题" for name in GUARANTEES) or bool(draft.value("findings"))
        self.setVisible((troubled or self.is_open) and not self._entry.corrects)

    def open(self) -> None:
        """Opens the fields, filled as far as the visit says it."""
        self._entry.ticket = self._entry.ticket or new_ticket(self._entry)
        self._show()
        self.edited.emit()
        self.begin()

    def close_ticket(self) -> None:
        """No problem is registered."""
        self._entry.ticket = None
        self._show()
        self.edited.emit()

    def begin(self) -> None:
        """Puts the keyboard on the first field."""
        if self._form is not None:
            self._form.focus_field(FIELDS[0])

    def show_errors(self) -> bool:
        """Shows what is missing; whether anything is."""
        return self._form is not None and self._form.show_errors()

    def _show(self) -> None:
        ticket = self._entry.ticket
        self._open.setVisible(ticket is None)
        self._close.setVisible(ticket is not None)
        if ticket is not None and self._form is None:
            self._form = Form(ticket, links(self._desk), only=FIELDS, titles=False)
            self._form.edited.connect(lambda _name: self._changed())
            self._form.ended.connect(self.ended)
            self._place.addWidget(self._form)
        elif ticket is not None and self._form is not None:
            self._form.show_draft(ticket)
        if self._form is not None:
            self._form.setVisible(ticket is not None)
        self._say()
        self.offer()

    def _changed(self) -> None:
        self._say()
        self.edited.emit()

    def _say(self) -> None:
        ticket = self._entry.ticket
        if ticket is None:
            self._words.setText("发现了问题，要登记到问题台账吗？")
            return
        level, day = ticket.value("level"), self._entry.draft.value("day")
        due = f"，{deadline(day, level)} 前办结" if day and level in DEADLINES else ""
        self._words.setText(f"和走访一起登记到问题台账{due}")
