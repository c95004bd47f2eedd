"""The page of any declared ledger that has no page of its own: list, form, export and print."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.guard import Verb
from nehe_desktop.core.record import LEDGERS, Record
from nehe_desktop.core.store import Remove, Store
from nehe_desktop.documents.photos import shrunk
from nehe_desktop.ui.allowing import limit, refusal
from nehe_desktop.ui.bars import search_line
from nehe_desktop.ui.covering import lens_of
from nehe_desktop.ui.editors import Links
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.form_panel import FormPanel
from nehe_desktop.ui.layouts import box, column, row
from nehe_desktop.ui.ledger_rows import ids_at, named_like, title_column, titles
from nehe_desktop.ui.ledger_source import LedgerSource
from nehe_desktop.ui.listing import Listing
from nehe_desktop.ui.page import Desk, Page, PageSpec
from nehe_desktop.ui.widgets import button, card, empty_state, label, line

TOOLS = (("export", "导出", "file-spreadsheet", ""), ("print", "打印", "printer", "Ctrl+P"))


def links(desk: Desk) -> Links:
    """What editors need, from a desk."""
    store: Store = desk.store
    return Links(
        desk.tasks,
        search=lambda table, text: named_like(store, table, text),
        title=lambda table, id: titles(store, table, [id]).get(id, ""),
        keep=lambda content, _mime: store.keep_blob(shrunk(content).content, "image/jpeg"),
    )


class LedgerPage(Page):
    """A list with search, 新增, 导出 and 打印; Enter opens the generated form."""

    help_topic = "ledger"
    nothing = ""
    """What an empty list says; where it is empty, that there is none yet."""

    def __init__(self, desk: Desk, cls: type[Record], source: LedgerSource | None = None) -> None:
        """`source` gives the rows where they are not simply those of the ledger."""
        super().__init__(desk)
        self.cls, self.ledger = cls, LEDGERS[cls.ledger.table]
        self.title, self.links = self.ledger.title, links(desk)
        self._source = source or LedgerSource(desk.store, self.ledger)
        self._first = button("新增第一条", self.add, icon="plus", kind="primary")
        empty = empty_state("inbox", self.nothing or f"还没有{self.title}", self._first)
        self.listing = Listing(self._source, desk.tasks, self.title, empty)
        self._search = search_line(f"按{self.ledger.fields[title_column(self.ledger)].label}查找")
        self._foot = label("", "caption")
        self.stack = QStackedWidget()
        self.stack.addWidget(self._list_card())
        self.panel: FormPanel | None = None
        column(self.stack, margins=(16, 14, 16, 14), on=self)
        self._wire()

    def opened(self, **where: Any) -> None:
        """Shows the list; with `id` that record's form, with `new` an empty one."""
        desk, key = self.desk, f"columns:{self.ledger.table}"
        desk.tasks.ask(lambda: desk.store.recall(key, []), self.listing.restore, owner=self, slot="columns")
        self.stack.setCurrentIndex(0)
        self._limit()
        self.listing.refresh()
        if where.get("id"):
            self.open_record(where["id"])
        elif where.get("new"):
            self.add()

    def changed(self, tables: frozenset[str]) -> None:
        """Lists anew when this ledger changed."""
        if self.ledger.table in tables:
            self.listing.refresh()

    def add(self) -> None:
        """An empty form, or why there is none."""
        if why := refusal(self.desk.store.guard, "create", self.ledger.table):
            self.desk.notices.banner(why, "orange")
            return
        self._edit(Draft(self.cls), f"{self.ledger.table}:new")

    def open_record(self, id: str) -> None:
        """The form of a record, fetched in a worker."""
        self.desk.tasks.ask(lambda: self.desk.store.find(self.cls, id), self._show_record, owner=self, slot="record")

    def remove_marked(self) -> None:
        """Takes the marked records, or the current one, out of the ledger; 撤销 brings them back."""
        ids, why = self.listing.marked_ids(), refusal(self.desk.store.guard, "remove", self.ledger.table)
        if ids and why:
            self.desk.notices.banner(why, "orange")
        elif ids:
            self.listing.model.marked.clear()
            self.desk.save([Remove(self.cls, id) for id in ids], f"删除{self.title}", f"已删除 {len(ids)} 条")

    def reveal(self) -> None:
        """Asks for the private values of the marked records, or the current one, in clear for a minute."""
        store, ledger, numbers = self.desk.store, self.ledger, sorted(self.listing.model.marked)
        if numbers:
            self.desk.tasks.ask(lambda: ids_at(store, ledger, numbers), self._ask_for, owner=self, slot="reveal")
        else:
            self._ask_for(tuple(filter(None, [self.listing.current()])))

    def _ask_for(self, ids: tuple[str, ...]) -> None:
        if self.lens is not None and ids:
            self._asked = self._asked if self.lens.whole else ids
            self.lens.press(self.ledger.table, ids)

    def _turned(self, whole: bool) -> None:  # noqa: FBT001 - a signal
        self._source.whole = frozenset(self._asked) if whole else frozenset()
        self.listing.refresh()  # which remembers the chosen row
        self.listing.model.forget()

    def tools(self) -> list[Any]:
        """The buttons before 新增."""
        self._given = {
            name: button(word, partial(self._hand_over, name), icon=icon, key=key)
            for name, word, icon, key in TOOLS
            if name in self.desk.tools
        }
        return list(self._given.values())

    def _list_card(self) -> Any:
        self._new = button("新增", self.add, icon="plus", kind="primary", key="Ctrl+N")
        self._gone = button("删除", self.remove_marked, icon="trash-2")
        holder = QWidget()
        self.lens = lens_of(self.desk, holder)
        eye = [self.lens.eye(self.reveal)] if self.lens is not None and self._source.covers else []
        bar = row((self._search, 1), *eye, self._gone, *self.tools(), self._new, margins=(14, 12, 14, 10))
        keys = label("↑↓ 换行　Enter 打开　空格 勾选", "caption")
        foot = row(self._foot, None, keys, margins=(12, 5, 12, 6))
        body = column(box(bar), line(), (self.listing, 1), line(), foot, gap=0)
        column(card(body, margins=(1, 1, 1, 1)), gap=0, on=holder)
        return holder

    def _limit(self) -> None:
        """Off and with the reason is what who is at the keyboard may not do; what only the program adds to has neither."""
        guard, table = self.desk.store.guard, self.ledger.table
        limit(self._new, guard, "create", table)
        limit(self._first, guard, "create", table)
        limit(self._gone, guard, "remove", table, "删除勾选的，没有勾选就删除当前这条")
        for name, made in self._given.items():
            limit(made, guard, "export" if name == "export" else "print", table)
        for made in (self._new, self._first, self._gone):
            made.setVisible(not self.ledger.by_program)

    def _wire(self) -> None:
        self._typing = QTimer(self, singleShot=True, interval=150)
        self._typing.timeout.connect(lambda: self.listing.show_where(self._search.text().strip()))
        self._search.textChanged.connect(lambda _text: self._typing.start())
        self._widths = QTimer(self, singleShot=True, interval=800)
        self._widths.timeout.connect(self._remember)
        self.listing.resized.connect(lambda _widths: self._widths.start())
        self.listing.opened.connect(self.open_record)
        self.listing.counted.connect(lambda _count: self._tell())
        self.listing.marked.connect(lambda _count: self._tell())
        self._asked: tuple[str, ...] = ()
        if self.lens is not None:
            self.lens.turned.connect(self._turned)
        self.shortcut("Ctrl+N", self.add)
        self.shortcut("Ctrl+F", self._search.setFocus)
        if "print" in self.desk.tools:
            self.shortcut("Ctrl+P", partial(self._hand_over, "print"))

    def _remember(self) -> None:
        self.desk.store.remember(f"columns:{self.ledger.table}", self.listing.widths())

    def _tell(self) -> None:
        marked = len(self.listing.model.marked)
        self._foot.setText(f"共 {self.listing.count} 条" + (f" · 已勾选 {marked} 条" if marked else ""))
        self.titled.emit(self.title, f"{self.listing.count} 条")

    def _hand_over(self, tool: str) -> None:
        if why := refusal(self.desk.store.guard, "export" if tool == "export" else "print", self.ledger.table):
            self.desk.notices.banner(why, "orange")
            return
        store, ledger, hand_over = self.desk.store, self.ledger, self.desk.tools[tool]
        model, filtered = self.listing.model, bool(self._search.text().strip())
        numbers = sorted(model.marked) or (list(model.ids) if filtered else [])
        if filtered and not numbers:
            self.desk.notices.banner("没有找到这样的记录，没有可以导出和打印的", "orange")
            return
        self.desk.tasks.ask(
            lambda: ids_at(store, ledger, numbers) if numbers else (), lambda ids: hand_over(self.cls, ids),
            owner=self, slot="chosen",
        )  # fmt: skip

    def _show_record(self, record: Record | None) -> None:
        if record is None:
            self.desk.notices.banner("这条记录已经不在了", "orange")
        else:
            self._edit(Draft(self.cls, record), f"{self.ledger.table}:{record.id}")

    def _edit(self, draft: Draft[Any], key: str) -> None:
        if self.panel is None:
            self.panel = FormPanel(self.desk, Form(draft, self.links), key, f"录入{self.title}")
            self.panel.saved.connect(lambda record: self._back(record.id))
            self.panel.cancelled.connect(lambda: self._back(""))
            self.stack.addWidget(self.panel)
        self.panel.show_draft(draft, key)
        verb: Verb = "update" if draft.record is not None else "create"
        self.panel.limit(refusal(self.desk.store.guard, verb, self.ledger.table))
        self.stack.setCurrentWidget(self.panel)
        self.panel.form.focus_field(self.panel.form.shown()[0])

    def _back(self, id: str) -> None:
        self.stack.setCurrentIndex(0)
        self.listing.table.setFocus()
        if id:
            self.listing.refresh()
            self.listing.select(id)


def ledger_spec(cls: type[Record], icon: str = "file-text", *, rail: bool = False) -> PageSpec:
    """The page of a ledger as the window knows it, under the key "ledger:<table>"."""
    ledger = cls.ledger
    return PageSpec(f"ledger:{ledger.table}", ledger.title, icon, lambda desk: LedgerPage(desk, cls), "main" if rail else "")


