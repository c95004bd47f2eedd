"""What a page is, what it gets, and how it is registered before anything of it is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from nehe_desktop.core.guard import Guard, Verb
from nehe_desktop.core.store import Change, Receipt, Store
from nehe_desktop.ui.notices import Notices
from nehe_desktop.ui.tasks import Failed, Tasks


@dataclass(frozen=True)
class Desk:
    """What every page works with. `tools` is what app.py hands on: preview, print, session, export."""

    store: Store
    tasks: Tasks
    notices: Notices
    go: Callable[..., None]
    tools: Mapping[str, Any] = field(default_factory=dict)

    def save(
        self,
        changes: Iterable[Change],
        reason: str,
        said: str = "已保存",
        then: Callable[[Receipt], object] | None = None,
        failed: Failed | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Writes in the background, then says so with 撤销; Trouble is shown, Invalid goes to `failed`."""

        def told(receipt: Receipt) -> None:
            if receipt.tables and said:
                self.notices.toast(said, lambda: self.take_back(receipt.tx))
            if then is not None:
                then(receipt)

        self.tasks.watch(self.store.submit(changes, reason), told, owner=owner, failed=failed)

    def take_back(self, tx: str) -> None:
        """Undoes a transaction as one step and says so."""
        self.tasks.watch(self.store.submit_undo(tx), lambda _receipt: self.notices.toast("已撤销"))


class Page(QWidget):
    """One screen. `help_topic` names a file of resources/help."""

    key = ""
    title = ""
    icon = "file-text"
    help_topic = ""
    titled = Signal(str, str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setObjectName(self.key)

    def opened(self, **where: Any) -> None:
        """Called each time the page is shown, with what `go` was given."""

    def may_leave(self) -> bool:
        """Whether another page may be shown now; a page that says no says why in a notice."""
        return True

    def changed(self, tables: frozenset[str]) -> None:
        """Called on the window's thread when ledgers have changed, while the page is shown."""

    def exchanged(self) -> None:
        """Called while the page is shown when rows were sent or came to the same on both ends."""

    def shortcut(self, keys: str, act: Callable[[], object]) -> QShortcut:
        """A key that works while this page has the keyboard."""
        made = QShortcut(QKeySequence(keys), self)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.activated.connect(act)
        return made


@dataclass(frozen=True)
class PageSpec:
    """A page as the window knows it: on the rail ("main", "foot") or only reached by `go` ("").

    `reads` is the ledger that one must be allowed to read to see the page; empty for a page for all. Who may do
    none of what it `does` is not offered it, though a link may lead there.
    """

    key: str
    title: str
    icon: str
    build: Callable[[Desk], Page]
    rail: Literal["main", "foot", ""] = "main"
    keys: str = ""
    reads: str = ""
    does: tuple[tuple[Verb, str], ...] = ()

    def is_for(self, guard: Guard) -> bool:
        """Whether the page is offered to who is at the keyboard: there is something that he may do on it."""
        reads = not self.reads or guard.may("read", self.reads)
        return reads and (not self.does or any(guard.may(verb, table) for verb, table in self.does))


def lazy(module: str, name: str) -> Callable[[Desk], Page]:
    """A builder that imports a page's module when the page is first opened."""
    def build(desk: Desk) -> Page:
        return getattr(import_module(module), name)(desk)

    return build
