"""The page of any declared ledger that has no page of its own: list, form, export and print."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.fields import Field
from nehe_desktop.core.guard import Verb
from nehe_desktop.core.kinds import Choice, Measure, Whole
from nehe_desktop.core.record import LEDGERS, Ledger, Record
from nehe_desktop.core.store import Remove, Store
from nehe_desktop.documents.photos import shrunk
from nehe_desktop.ui.allowing import limit, refusal
from nehe_desktop.ui.bars import search_line
from nehe_desktop.ui.editors import Links
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.form_panel import FormPanel
from nehe_desktop.ui.layouts import box, column, row
from nehe_desktop.ui.ledger_rows import named_like, row_ids, title_column, titles, values_of
from nehe_desktop.ui.listing import Cell, Column, Listing, Row
from nehe_desktop.ui.page import Desk, Page, PageSpec
from nehe_desktop.ui.widgets import button, card, empty_state, label, line

TOOLS = (("export", "导出", "file-spreadsheet", ""), ("print", "打印", "printer", "Ctrl+P"))
Mask = Callable[[Field, str], str]


def _unmasked(_field: Field, text: str) -> str:
    return text


class LedgerSource:
    """Rows of a ledger for a list: its listed fields, or the first six where none is listed."""

    def __init__(self, store: Store, ledger: Ledger, mask: Mask = _unmasked) -> None:
        self._store, self._ledger, self._mask = store, ledger, mask
        self._fields = ledger.listed or tuple(ledger.fields.values())[:6]
        self._named = title_column(ledger)
        self.columns: Sequence[Column] = [self._column(field) for field in self._fields]

    def ids(self, sort: str, descending: bool, wanted: Any, limit: int = 0) -> array[int]:  # noqa: FBT001
        """Row ids; `wanted` is a part of what the records are called."""
        where = f"[{self._named}] LIKE ?" if wanted else ""
        params = (f"%{wanted}%",) if wanted else ()
        return row_ids(self._store, self._ledger, sort, descending=descending, where=where, params=params, limit=limit)

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """Shown values; a reference is shown by what it is called."""
        found = values_of(self._store, self._ledger, ids)
        names = self._names([values for _, values in found.values()])
        return [self._row(*found[number], names) if number in found else None for number in ids]

    def _column(self, field: Field) -> Column:
        number = isinstance(field.kind, Whole | Measure)
        width = min(16, max(5, len(field.label) + 2.5, field.span * 1.6))
        return Column(field.name, field.label, width, right=number, bold=field.name == self._named)

    def _names(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, str]]:
        refs = [field for field in self._fields if field.kind.editor == "ref"]
        return {
            field.name: titles(self._store, getattr(field.kind, "table", ""), list({r[field.name] for r in rows} - {None}))
            for field in refs
        }

    def _row(self, id: str, values: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> Row:
        return Row(id, tuple(self._cell(field, values[field.name], names) for field in self._fields))

    def _cell(self, field: Field, value: Any, names: Mapping[str, Mapping[str, str]]) -> str | Cell:
        if field.name in names:
            return names[field.name].get(value, "") if value else ""
        text = field.kind.show(value)
        if type(field.kind) is Choice and text and len(field.kind.options) <= 6:
            return Cell(text, "teal")
        return self._mask(field, text) if field.private and text else text


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

    def __init__(self, desk: Desk, cls: type[Record], source: LedgerSource | None = None) -> None:
        """`source` gives the rows where they are not simply those of the ledger."""
        super().__init__(desk)
        self.cls, self.ledger = cls, LEDGERS[cls.ledger.table]
        self.title, self.links = self.ledger.title, links(desk)
        self._source = source or LedgerSource(desk.store, self.ledger, desk.tools.get("mask", _unmasked))
        self._first = button("新增第一条", self.add, icon="plus", kind="primary")
        empty = empty_state("inbox", f"还没有{self.title}", self._first)
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
        bar = row((self._search, 1), self._gone, *self.tools(), self._new, margins=(14, 12, 14, 10))
        keys = label("↑↓ 换行　Enter 打开　空格 勾选", "caption")
        foot = row(self._foot, None, keys, margins=(12, 5, 12, 6))
        return card(column(box(bar), line(), (self.listing, 1), line(), foot, gap=0), margins=(1, 1, 1, 1))

    def _limit(self) -> None:
        """Off and with the reason is what who is at the keyboard may not do; what only the program adds to has neither."""
        guard, table = self.desk.store.guard, self.ledger.table
        limit(self._new, guard, "create", table)
        limit(self._first, guard, "create", table)
        limit(self._gone, guard, "remove", table, "删除勾选的，没有勾选就删除当前这条")
        for name, made in self._given.items():
            limit(made, guard, "export" if name == "export" else "print", table)
        for made in (self._new, self._first, self._gone):
            made.setVisible(not self.ledger.append_only)

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
        self.desk.tools[tool](self.cls, tuple(self.listing.model.marked and self.listing.marked_ids()))

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


