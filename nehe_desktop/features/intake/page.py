"""导入: a file is read, understood, checked and shown before anything is written; then it is one step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Receipt
from nehe_desktop.features.intake import errand as errands
from nehe_desktop.features.intake.apply import apply_plan, imported_before, imports, undo_import
from nehe_desktop.features.intake.errand import Errand, Place
from nehe_desktop.features.intake.page_export import ExportPanel
from nehe_desktop.features.intake.page_files import Files
from nehe_desktop.features.intake.page_mapping import ColumnsPanel, VillagesPanel
from nehe_desktop.features.intake.page_plan import PlanPanel
from nehe_desktop.features.intake.page_start import StartPanel, first_file
from nehe_desktop.features.intake.page_steps import Steps
from nehe_desktop.features.intake.page_watch import watched
from nehe_desktop.features.intake.plan import Options, Plan
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.spreadsheets.sheets import Workbook
from nehe_desktop.spreadsheets.unlocking import PasswordNeeded
from nehe_desktop.ui.allowing import refusal
from nehe_desktop.ui.layouts import box, column, row, scrolled
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.tasks import Progress
from nehe_desktop.ui.widgets import label

_FILES = "表格 (*.xlsx *.xls *.xlsm *.csv *.txt *.html *.htm *.xml *.et *.ods);;所有文件 (*)"


class ImportPage(Page):
    """Five steps from a file to the ledgers, the latest imports, templates and exports."""

    key, title, icon, help_topic = "import", "导入", "file-input", "import"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.path: Path | None = None
        self.workbook: Workbook | None = None
        self.plan: Plan | None = None
        self.errand = Errand()
        self._villages: dict[str, str] = {}
        self._older, self._asked = Event(), False  # whether settings were asked for
        self.steps, self.what = Steps(), label("", "muted")
        self.start, self.out = StartPanel(), ExportPanel()
        self.files = Files(self, self._failed)
        self.columns, self.places = ColumnsPanel(desk.tasks), VillagesPanel(desk.tasks)
        self.preview = PlanPanel(desk.tasks)
        self.stack = QStackedWidget()
        for panel in (self.start, self.columns, self.places, self.preview, self.out):
            self.stack.addWidget(panel)
        head = box(row((self.steps, 1), self.what))
        column(head, (scrolled(column((self.stack, 1), gap=0)), 1), gap=10, margins=(16, 12, 16, 12), on=self)
        self.setAcceptDrops(True)
        self.start.limit(desk.store.guard)
        self.out.limit(desk.store.guard)
        self._wire()

    def opened(self, **where: Any) -> None:
        """The latest imports; `ledger` chooses what is imported, `export` and `ids` what goes out, `file` reads."""
        self._ask_recent()
        if "export" in where:
            self.show_export(where["export"], tuple(where.get("ids", ())))
        elif "ledger" in where or "file" in where:
            self.restart()
            self.start.kind.setCurrentIndex(max(self.start.kind.findData(where.get("ledger", "")), 0))
        if "file" in where:
            self.read(Path(where["file"]))

    def changed(self, tables: frozenset[str]) -> None:  # noqa: ARG002 - any step may take an import back
        """Lists the imports anew."""
        self._ask_recent()

    def restart(self) -> None:
        """Back to the first step; what is remembered stays."""
        self._older.set()
        self.path = self.workbook = self.plan = None
        self.errand = Errand(self.start.kind.currentData())
        self.what.setText("")
        self.start.locked.hide()
        self._show(self.start, 0)

    # -- reading -----------------------------------------------------------------------------------

    def choose(self) -> None:
        """Asks for a file."""
        name, _ = QFileDialog.getOpenFileName(self, "选择要导入的文件", "", _FILES)
        if name:
            self.read(Path(name))

    def read(self, path: Path, password: str = "") -> None:
        """Reads and compares a file in a worker."""
        if not self.start.kind.count():
            self.desk.notices.banner(refusal(self.desk.store.guard, "create", "household"), "orange")
            return
        self.restart()
        self.path = path
        self.columns.chosen, self.places.chosen, self._asked = {}, {}, False
        self.preview.forget()
        store, errand = self.desk.store, self.errand

        def work(progress: Progress) -> tuple[Workbook, Plan, dict[str, str], Any]:
            watch, stopped = watched(progress, "读取"), lambda: progress.cancelled
            book = open_workbook(path, password, progress=watch, cancelled=stopped)
            plan = errands.prepare(store, book, errand, watched(progress, "比对"), stopped)
            return book, plan, errands.villages(store), imported_before(store, plan)

        self.desk.tasks.run(f"正在读取 {path.name}", work, self._show_read, failed=self._failed)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere on the page."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Reads what is dropped."""
        if (path := first_file(event.mimeData().urls())) is not None:
            self.read(path)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, PasswordNeeded):
            self.start.ask_password(error.sentence)
        elif isinstance(error, Trouble):
            self.desk.notices.trouble(error)
        else:
            self.desk.notices.banner(f"没有导入：{error}", "red")

    def _show_read(self, answer: tuple[Workbook, Plan, dict[str, str], Any]) -> None:
        self.workbook, plan, self._villages, before = answer
        if before:
            when = before["at"][:16].replace("T", " ")
            self.desk.notices.banner(f"这个文件 {when} 已由 {before['author']} 导入过，再导一次只会更新有变化的", "blue")
        self.start.locked.hide()
        self.what.setText(f"{self.workbook.path.name} · {len(plan.workbook.sheets)} 张表")
        if errands.open_columns(plan) or errands.asks_settings(plan):
            self._show_columns(plan)
        else:
            self._show_plan(plan)

    def _show_columns(self, plan: Plan) -> None:
        self.plan, self._asked = plan, errands.asks_settings(plan)
        self.columns.show_plan(plan, self.errand.table, self._villages)
        self._show(self.columns, 1)

    # -- planning again ----------------------------------------------------------------------------

    def again(self, errand: Errand, tab: str = "") -> None:
        """Compares anew in a worker with what a person decided; an older comparison is stopped."""
        self._older.set()
        stop = self._older = Event()
        self.errand, book, store = errand, self.workbook, self.desk.store
        if book is None:
            return
        self.what.setText("正在重新核对…")

        def work() -> Plan:
            errands.learn(store, errand)
            return errands.prepare(store, book, errand, None, stop.is_set)

        def done(plan: Plan) -> None:
            self.what.setText(book.path.name)
            self._show_plan(plan, tab)

        self.desk.tasks.ask(work, done, owner=self, slot="again", failed=self._failed)

    def _options(self, **changes: Any) -> None:
        options: Options = replace(self.errand.options, **changes)
        self.again(replace(self.errand, options=options), self.preview.current_tab())

    def _show_plan(self, plan: Plan, tab: str = "") -> None:
        self.plan = plan
        if errands.asks_settings(plan) and not self._asked:
            self._show_columns(plan)  # once the columns are known, rows may still lack a village or a kind
            return
        asked = set(plan.unknown_villages) - set(self.places.chosen)
        if asked and not tab and self.stack.currentWidget() is not self.places:
            self.places.show_plan(plan, self._villages)
            self._show(self.places, 2)
            return
        self.preview.show_plan(plan, self.errand.table, len(self.errand.left), tab)
        self._show(self.preview, 3)

    def _columns_said(self) -> None:
        if not self.columns.unconfirmed():
            self.again(replace(self.errand, options=self.columns.options(self.errand.options)))

    def _places_said(self) -> None:
        options = replace(self.errand.options, villages=dict(self.places.chosen))
        self.again(replace(self.errand, options=options))

    def _fixed(self, place: Place, text: str) -> None:
        self.again(replace(self.errand, fixes={**self.errand.fixes, place: text}), "refused")

    def _left(self, rows: frozenset[tuple[str, int]] | None) -> None:
        left = self.errand.left | rows if rows is not None else frozenset()
        self.again(replace(self.errand, left=left), self.preview.current_tab())

    # -- storing -----------------------------------------------------------------------------------

    def store_plan(self) -> None:
        """Stores the plan as one step, with progress and 取消."""
        plan, store = self.plan, self.desk.store
        if plan is None or plan.empty:
            return
        self._show(self.preview, 4)
        self.preview.store.setEnabled(False)

        def work(progress: Progress) -> Receipt:
            return apply_plan(store, plan, watched(progress, "导入"), lambda: progress.cancelled)

        def stopped(error: BaseException) -> None:
            self._show(self.preview, 3)
            self.preview.store.setEnabled(True)
            self._failed(error)

        self.desk.tasks.run(f"正在导入 {plan.workbook.path.name}", work, self._stored, failed=stopped)

    def take_back(self, tx: str) -> None:
        """Undoes an import as one step."""
        store = self.desk.store
        self.desk.tasks.run("正在撤销导入", lambda _progress: undo_import(store, tx), self._taken_back)

    def _stored(self, receipt: Receipt) -> None:
        rows = self.plan.rows if self.plan else {}
        said = f"已导入：新增 {rows.get('new', 0)} 行，更新 {rows.get('changed', 0)} 行"
        self.restart()
        self._ask_recent()
        self.desk.notices.toast(said, lambda: self.take_back(receipt.tx))

    def _taken_back(self, receipt: Receipt) -> None:
        kept = f"；{receipt.kept} 条之后又改过，保留不动" if receipt.kept else ""
        self.desk.notices.toast(f"已撤销这次导入{kept}")
        self._ask_recent()

    def _ask_recent(self) -> None:
        store = self.desk.store
        self.desk.tasks.ask(lambda: imports(store), self.start.show_recent, owner=self, slot="recent")

    # -- wiring ------------------------------------------------------------------------------------

    def show_export(self, table: str = "", ids: tuple[str, ...] = ()) -> None:
        """The questions of an export."""
        store = self.desk.store

        def show(villages: dict[str, str]) -> None:
            self.out.show_for(table, ids, villages)

        self.desk.tasks.ask(lambda: errands.villages(store), show, owner=self, slot="villages")
        self.what.setText("")
        self._show(self.out, 0)

    def _show(self, panel: QWidget, step: int) -> None:
        self.stack.setCurrentWidget(panel)
        self.steps.setVisible(panel is not self.out)
        self.steps.show_step(step)

    def _wire(self) -> None:
        start, preview = self.start, self.preview
        start.chosen.connect(self.choose)
        start.templates.connect(lambda: self.files.template(start.kind.currentData(), start.kind.currentText()))
        start.exports.connect(self.show_export)
        start.unlocked.connect(lambda word: self.read(self.path, word) if self.path else None)
        start.taken_back.connect(self.take_back)
        start.kind.currentIndexChanged.connect(lambda _at: self.restart())
        self.columns.back.connect(self.restart)
        self.columns.answered.connect(self._columns_said)
        self.places.back.connect(self.restart)
        self.places.answered.connect(self._places_said)
        preview.back.connect(self.restart)
        preview.wanted.connect(self.store_plan)
        preview.give_back.connect(lambda: self.files.give_back(self.plan))
        preview.only_new.connect(lambda yes: self._options(only_new=yes))
        preview.take_all.connect(self._take_all)
        preview.fields_left.connect(lambda keys: self.again(errands.without_columns(self.errand, keys), "changed"))
        preview.rows_left.connect(self._left)
        preview.fixed.connect(self._fixed)
        self.out.back.connect(self.restart)
        self.out.wanted.connect(lambda: self.files.ledger(self.out))
        self.shortcut("Ctrl+O", self.choose)
        self.shortcut("F8", self._next_error)

    def _take_all(self, yes: bool) -> None:  # noqa: FBT001 - a signal's word
        self._options(local_wins=frozenset() if yes else Options().local_wins)

    def _next_error(self) -> None:
        if self.stack.currentWidget() is self.preview:
            self.preview.next_error()
