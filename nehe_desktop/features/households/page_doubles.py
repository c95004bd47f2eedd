"""While somebody types: whether another household has the number already, and households by their people."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from nehe_desktop.features.households import folder_queries, screen_queries
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.ledger_page import links
from nehe_desktop.ui.page import Desk


class Doubles(QObject):
    """Looks in a worker; says below the field what it finds, and `found` for an ID number: words, household."""

    found = Signal(str, str)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk

    def look(self, form: Form, name: str, here: str) -> None:
        """Compares an ID number or a telephone number with the households other than this one."""
        value, store, ask = form.draft.value(name), self._desk.store, self._desk.tasks.ask
        if name == "id_no" and value:
            ask(lambda: folder_queries.elsewhere(store, here, value), lambda found: self._same_id(form, found),
                owner=self, slot="id")  # fmt: skip
        elif name == "phone" and value:
            ask(lambda: folder_queries.with_phone(store, here, value), lambda found: self._same_phone(form, found),
                owner=self, slot="phone")  # fmt: skip

    def _same_id(self, form: Form, found: tuple[str, str] | None) -> None:
        if found is not None:
            household, where = found
            words = f"这个证件号码已登记在{where}，一个人只能在一户"
            form.boxes["id_no"].say(words, "error")
            self.found.emit(words, household)

    def _same_phone(self, form: Form, found: Sequence[str]) -> None:
        if found:
            form.boxes["phone"].say(f"{'、'.join(found)}也登记了这个电话，请核对", "warning")


def search_by_people(desk: Desk, table: str, text: str) -> Sequence[tuple[str, str]]:
    """Records for an editor that refers to them; households are found by their people."""
    if table != "household":
        return links(desk).search(table, text)
    store = desk.store
    return [(id, folder_queries.household_name(store, id)) for id in screen_queries.found(store, text)[:12]]
