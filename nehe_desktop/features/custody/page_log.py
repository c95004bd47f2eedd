"""操作日志: who did what and when, whether the log is whole, and what one entry says."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import log_queries as queries
from nehe_desktop.features.custody import log_sheet
from nehe_desktop.features.custody.audit import Break, breaks, device_of
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.log_queries import Wanted
from nehe_desktop.features.custody.page_log_bar import LogBar
from nehe_desktop.features.custody.rules import device_words, state_words
from nehe_desktop.ui.layouts import box, column, emptied, row, scrolled
from nehe_desktop.ui.listing import Cell, Column, Listing, Row
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.split import split
from nehe_desktop.ui.tasks import Progress
from nehe_desktop.ui.widgets import Icon, button, card, empty_state, label, line, pairs, retone

_TONES = {"登录失败": "red", "被拒绝": "red", "查看完整号码": "orange", "导出": "orange", "打印": "blue",
          "导入": "blue", "恢复": "orange", "钥匙": "orange", "人员和权限": "orange"}  # fmt: skip
_PAGES = {"household": ("households", "household"), "person": ("households", "person"), "visit": ("visits", "id"),
          "problem": ("problems", "problem"), "double": ("doubles", "id")}  # fmt: skip
"""The pages of ledgers that are worked on in a page of their own, and how a record is named to them."""
_TOOLS = {"export": ("导出", "file-spreadsheet"), "print": ("打印", "printer")}
_CHECK_MS = 1500  # after the last new entry


class LogSource:
    """Entries for a list, the newest first."""

    columns: Sequence[Column] = (
        Column("at", "时间", 10.5),
        Column("person", "谁", 5, bold=True),
        Column("kind", "事项", 8),
        Column("tbl", "台账", 8.5),
        Column("count", "条数", 4, right=True),
        Column("detail", "说明", 16, sortable=False),
    )

    def __init__(self, store: Store) -> None:
        self._store = store

    def ids(self, sort: str, descending: bool, wanted: Wanted | None, limit: int = 0) -> array[int]:  # noqa: FBT001
        """Row ids in the order of a column."""
        return queries.entry_ids(self._store, wanted or Wanted(), sort, descending=descending, limit=limit)

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """The rows of these ids."""
        found = queries.entries_at(self._store, ids)
        return [_row(found[number]) if number in found else None for number in ids]


def _row(entry: AuditEntry) -> Row:
    words = "；".join(part for part in (entry.reason, entry.detail, entry.target) if part)
    kind = Cell(entry.kind, _TONES.get(entry.kind, "grey"))
    count = str(entry.count) if entry.count else ""
    return Row(
        entry.id,
        (f"{entry.at:%m-%d %H:%M:%S}", entry.person or "—", kind, queries.title_of(entry.tbl), count, words),
    )


class LogPage(Page):
    """The state of the log above, the filters, the entries at the left, one of them at the right."""

    key, title, icon, help_topic = "log", "操作日志", "history", "log"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.bar = LogBar(desk.store.clock.today())
        self.listing = Listing(
            LogSource(desk.store),
            desk.tasks,
            "操作日志",
            empty_state("inbox", "没有这样的记录，换个条件看看"),
        )
        self.state, self._sign = label("正在核对日志…", wrap=True), Icon("hourglass", "text3")
        self._body, self._foot = QVBoxLayout(), label("", "caption")
        self._own = ""
        detail = card(
            column((scrolled(column(self._body, None, margins=(16, 12, 16, 12))), 1)), margins=(0, 0, 0, 0)
        )
        tools = self._tools()
        head = row(self._sign, (self.state, 1), *tools, margins=(14, 8, 10, 8))
        foot = row(self._foot, None, label("↑↓ 换行　Ctrl+F 找字", "caption"), margins=(14, 6, 14, 6))
        left = card(column((self.listing, 1), line(), foot, gap=0), margins=(0, 0, 0, 0))
        top = card(column(box(head), line(), self.bar, gap=0), margins=(0, 0, 0, 0))
        column(top, (split(left, detail, (5, 2)), 1), gap=10, margins=(16, 14, 16, 14), on=self)
        self._wire()

    def opened(self, id: str = "", **where: Any) -> None:
        """Lists everything, or what is asked for (person, kind, ledger); checks the log."""
        kinds = tuple(filter(None, [where.get("kind", "")]))
        self.bar.show_wanted(Wanted(where.get("person", ""), kinds, where.get("tbl", "")))
        store = self.desk.store
        self.desk.tasks.ask(lambda: (queries.people_in(store), queries.tables_in(store), queries.only_of(store)),
                            self._offer, owner=self, slot="choices", failed=self._refused)  # fmt: skip
        self._load()
        self._check()
        if id:
            self.listing.select(id)

    def changed(self, tables: frozenset[str]) -> None:
        """New entries come to the top; the log is checked anew when none has come for a moment."""
        if "audit_log" in tables:
            self.listing.refresh()
            self._later.start()

    def show_entry(self, id: str) -> None:
        """Shows one entry at the right."""
        store = self.desk.store

        def ask() -> tuple[AuditEntry | None, bool]:
            found = queries.entry_of(store, id)
            return found, found is not None and queries.is_there(store, found)

        self.desk.tasks.ask(ask, lambda told: self._show(*told), owner=self, slot="entry")

    def _tools(self) -> list[QWidget]:
        """导出 and 打印, for those who may."""
        guard, tools = self.desk.store.guard, self.desk.tools
        found = [name for name in ("export", "print") if name in tools and guard.may(name, "audit_log")]
        return [self._tool(name, *_TOOLS[name]) for name in found]

    def _tool(self, name: str, words: str, icon: str) -> QWidget:
        tip = f"只{words}下面列出的；勾选了，只{words}勾选的"
        return button(words, lambda: self._hand_over(name), icon=icon, tip=tip)

    def _wire(self) -> None:
        self._later = QTimer(self, singleShot=True, interval=_CHECK_MS)
        self._later.timeout.connect(self._check)
        self.bar.changed.connect(self._load)
        self.listing.chosen.connect(self.show_entry)
        self.listing.opened.connect(self.show_entry)
        self.listing.counted.connect(self._counted)
        self.shortcut("Ctrl+F", self.bar.search.setFocus)

    def _load(self) -> None:
        self.listing.show_where(self.bar.wanted)

    def _offer(self, found: tuple[list[str], dict[str, str], str]) -> None:
        people, tables, self._own = found
        self.bar.offer(people, tables)

    def _refused(self, error: BaseException) -> None:
        self.desk.notices.banner(str(error), "orange")

    def _counted(self, count: int) -> None:
        whose = "（您自己的；全部的由县里看）" if self._own else ""
        self._foot.setText(f"列出 {count:,} 条{whose}")
        if count and not self.listing.current():
            self.listing.table.selectRow(0)
        if not count:
            self._show(None, there=False)

    def _check(self) -> None:
        store = self.desk.store
        self.desk.tasks.ask(lambda: (queries.count_all(store), breaks(store), device_of(store)),
                            lambda told: self._say_state(*told), owner=self, slot="chain")  # fmt: skip

    def _say_state(self, count: int, found: list[Break], own: str) -> None:
        self.state.setText(state_words(count, found, own))
        retone(self.state, tone="red" if found else "green")
        self._sign.change(*(("circle-x", "red") if found else ("shield-check", "green")))

    def _show(self, entry: AuditEntry | None, there: bool) -> None:  # noqa: FBT001 - as it is asked
        emptied(self._body)
        if entry is None:
            self._body.addWidget(label("选一条，这里看全部内容", "muted"))
            return
        for part in self._parts(entry, there=there):
            self._body.addWidget(part)

    def _parts(self, entry: AuditEntry, *, there: bool) -> list[QWidget]:
        own = device_of(self.desk.store)
        facts: list[tuple[str, str | QWidget]] = [
            ("时间", f"{entry.at:%Y-%m-%d %H:%M:%S}"),
            ("谁", entry.person),
            ("角色", entry.role),
            ("台账", queries.title_of(entry.tbl)),
            ("条数", str(entry.count or "")),
            ("电脑", f"{device_words(entry.device, own)} 第 {entry.number} 条"),
        ]
        texts = (
            ("理由", entry.reason),
            ("说明", entry.detail),
            ("去向", entry.target),
            ("印记", entry.mark[:16]),
        )
        written = [box(column(label(c, "caption"), label(t, wrap=True), gap=1)) for c, t in texts if t]
        return [label(entry.kind, "h2"), pairs(facts), *written, *self._way(entry, there=there)]

    def _way(self, entry: AuditEntry, *, there: bool) -> list[QWidget]:
        """The button that leads to the row, or why there is none."""
        if there:
            page, name = _PAGES.get(entry.tbl, (f"ledger:{entry.tbl}", "id"))
            go = lambda: self.desk.go(page, **{name: entry.row})  # noqa: E731
            return [box(row(button(f"打开这条{queries.title_of(entry.tbl)}", go, icon="arrow-right"), None))]
        return [label("这条记录已经不在这台电脑上，或您不能查看", "muted", wrap=True)] if entry.row else []

    def _hand_over(self, tool: str) -> None:
        """Just what is listed to paper or file; what is marked where something is."""
        if not self.listing.count:
            self.desk.notices.banner("没有列出记录，没有可以导出和打印的；换个条件再试", "orange")
        elif tool == "export":
            self._ask_file()
        else:
            store, numbers = self.desk.store, self._numbers()
            self.desk.tasks.ask(
                lambda: queries.ids_at(store, numbers), lambda ids: self.desk.tools[tool](AuditEntry, ids),
                owner=self, slot="chosen",
            )  # fmt: skip

    def _numbers(self) -> list[int]:
        model = self.listing.model
        return sorted(model.marked) or list(model.ids)

    def _ask_file(self) -> None:
        kinds = "Excel (*.xlsx);;CSV (*.csv)"
        path, _ = QFileDialog.getSaveFileName(self, "导出操作日志", "操作日志.xlsx", kinds)
        if path:
            self.save_to(Path(path if path.lower().endswith((".xlsx", ".csv")) else f"{path}.xlsx"))

    def save_to(self, path: Path) -> None:
        """What is listed, or marked, into a file."""
        store, wanted, marked = self.desk.store, self.bar.wanted, sorted(self.listing.model.marked)

        def job(progress: Progress) -> int:
            kept = replace(wanted, ids=queries.ids_at(store, marked)) if marked else wanted
            return log_sheet.save(store, kept, path, progress.step, lambda: progress.cancelled)

        said = lambda count: self.desk.notices.toast(f"已导出 {count:,} 条到 {path.name}，已记入日志")  # noqa: E731
        self.desk.tasks.run("正在导出操作日志", job, said)
