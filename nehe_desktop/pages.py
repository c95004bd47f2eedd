"""Every page of the window, in the order of the rail; none is imported before it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Literal

from nehe_desktop.core.guard import Verb
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.features.ledgers import ALL
from nehe_desktop.ui.page import Desk, Page, PageSpec, lazy

_FEATURES = "nehe_desktop.features"
_OWN_PAGE = {"household", "person", "membership", "household_category", "visit", "problem", "attendance_half", "night",
             "conflict", "double", "consent", "audit_log", "leave", "leave_step", "posting_job"}  # fmt: skip
"""Ledgers that are worked on in a page of their own."""

_READS = {
    "home": "household", "households": "household", "visit": "visit", "visits": "visit", "problems": "problem",
    "attendance": "attendance_half", "leave": "leave", "conflicts": "conflict",
    "doubles": "double", "ledger:consent": "consent", "log": "audit_log", "board": "posting_job",
}  # fmt: skip
"""Which ledger somebody must be allowed to read to see a page (domain §11.2); the other pages are for all."""

_WRITTEN = tuple(ledger.table for ledger in ALL if not ledger.by_program)
_DOES: Mapping[str, tuple[tuple[Verb, str], ...]] = {
    "visit": (("create", "visit"), ("update", "visit")),
    "papers": tuple(("print", ledger.table) for ledger in ALL),
    "import": (*(("create", table) for table in _WRITTEN), *(("export", ledger.table) for ledger in ALL)),
    "shelf": tuple(("read", ledger.table) for ledger in ALL),
}
"""What a page is for, where reading alone is not it: who may do nothing of that is not offered the page."""


def _page(
    key: str,
    title: str,
    icon: str,
    module: str,
    name: str,
    *,
    rail: Literal["main", "foot", ""] = "main",
    keys: str = "",
) -> PageSpec:
    build = lazy(f"{_FEATURES}.{module}", name)
    return PageSpec(key, title, icon, build, rail, keys, _READS.get(key, ""), _DOES.get(key, ()))


_MAIN = (
    _page("home", "首页", "house", "home.page", "HomePage"),
    _page("households", "农户", "users", "households.page", "HouseholdsPage", keys="F4"),
    _page("visit", "走访", "clipboard-pen", "visits.page", "VisitPage", keys="F2"),
    _page("visits", "走访记录", "footprints", "visits.page_records", "RecordsPage", rail=""),
    _page("problems", "问题台账", "clipboard-list", "visits.page_problems", "ProblemsPage", rail=""),
    _page("attendance", "考勤", "calendar-check", "attendance.page", "AttendancePage", keys="F3"),
    _page("leave", "请销假", "calendar-days", "leave.page", "LeavePage", rail=""),
    _page("papers", "文件", "printer", "papers.page", "PapersPage", keys="F6"),
    _page("import", "导入", "file-input", "intake.page", "ImportPage"),
    _page("shelf", "台账", "clipboard-list", "shelf.page", "ShelfPage"),
    _page("sync", "同步", "refresh-cw", "exchange.page", "SyncPage", keys="F9"),
    _page("conflicts", "冲突处理", "git-merge", "exchange.page_conflicts", "ConflictsPage", rail=""),
    _page("doubles", "疑似重复", "copy", "exchange.page_doubles", "DoublesPage", rail=""),
    _page("ledger:consent", "同意书", "signature", "consents.page", "ConsentsPage", rail=""),
    _page("board", "公示", "megaphone", "board.page", "BoardPage", rail=""),
    _page("log", "操作日志", "history", "custody.page_log", "LogPage", rail=""),
    _page("settings", "设置", "settings", "administration.page", "SettingsPage", rail="foot"),
)


def _ledger_page(table: str, title: str) -> PageSpec:
    def build(desk: Desk) -> Page:
        page: Page = import_module("nehe_desktop.ui.ledger_page").LedgerPage(desk, LEDGERS[table].cls)
        return page

    return PageSpec(f"ledger:{table}", title, "clipboard-list", build, "", reads=table)


SPECS: tuple[PageSpec, ...] = (
    *_MAIN,
    *(_ledger_page(ledger.table, ledger.title) for ledger in ALL if ledger.table not in _OWN_PAGE),
)
