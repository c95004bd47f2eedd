"""Files that the import page writes: marked lists, templates, exports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from nehe_desktop.features.intake.export import export, template
from nehe_desktop.features.intake.give_back import suggested_name, write_back
from nehe_desktop.features.intake.page_export import ExportPanel
from nehe_desktop.features.intake.page_watch import watched
from nehe_desktop.features.intake.page_whole import WholeExport
from nehe_desktop.features.intake.plan import Plan
from nehe_desktop.ui.page import Page
from nehe_desktop.ui.tasks import Failed, Progress

_SHEETS = "Excel (*.xlsx)"
_TEXTS = "CSV (*.csv)"


class Files:
    """Asks where to and writes in a worker, with progress and 取消."""

    def __init__(self, page: Page, failed: Failed) -> None:
        self._page, self._failed = page, failed
        self._whole = WholeExport(page, failed)

    def give_back(self, plan: Plan | None) -> None:
        """The sender's file with reasons beside what is refused."""
        if plan is not None:
            self._write(suggested_name(plan), lambda path, _progress: write_back(plan, path))

    def template(self, table: str, title: str) -> None:
        """An empty list of one kind."""
        self._write(f"{title}模板.xlsx", lambda path, _progress: template(table, path))

    def ledger(self, asked: ExportPanel) -> None:
        """A ledger as it was asked for; the answers are taken before the work begins."""
        wanted = asked.export_to(Path())
        store = self._page.desk.store
        if asked.whole:
            self._whole.ask(wanted, asked.suggested())
            return

        def write(path: Path, progress: Progress) -> int:
            told = watched(progress, "导出")
            return export(store, wanted.at(path), told, lambda: progress.cancelled)

        self._write(asked.suggested(), write)

    def _write(self, name: str, write: Callable[[Path, Progress], object]) -> None:
        kind = _TEXTS if name.endswith(".csv") else _SHEETS
        chosen, _ = QFileDialog.getSaveFileName(self._page, "存到哪里", name, kind)
        if not chosen:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(chosen + Path(name).suffix)
        notices = self._page.desk.notices
        self._page.desk.tasks.run(
            f"正在写 {path.name}",
            lambda progress: write(path, progress),
            lambda _answer: notices.toast(f"已存到 {path}"),
            failed=self._failed,
        )

